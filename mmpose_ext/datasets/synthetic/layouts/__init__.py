"""Official layouts of the data sets, filled with figures."""

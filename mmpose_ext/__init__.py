"""Under construction: see the modules."""

"""Joints, swaps and sigmas of the data sets, in the form that MMPose parses."""

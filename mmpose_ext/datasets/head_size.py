"""PCKh's unit of length."""

# MPII's head box runs from the upper neck to the head top; its diagonal is 5/4 of
# that distance, and PCKh's unit is 0.6 of the diagonal.
HEAD_SIZE_OF_LENGTH = 0.75

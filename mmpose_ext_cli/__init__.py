"""The command ``mmpose-ext``.

A package beside ``mmpose_ext``, because importing that one loads PyTorch and MMPose:
help, and errors in a command line, are printed without either.
"""

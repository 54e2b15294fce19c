"""The command ``mmpose-ext``.

It is a package beside ``mmpose_ext``, because importing that one loads PyTorch and
MMPose: this one prints help, and errors in a command line, without either.
"""

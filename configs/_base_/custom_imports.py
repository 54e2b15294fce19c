# Loads the plugin. A part of default_runtime.py; on its own it goes with one of MMPose's
# whole configs, which bring their own runtime. A child that sets it again replaces it.
custom_imports = dict(imports=['mmpose_ext'], allow_failed_imports=False)

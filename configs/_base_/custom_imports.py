# Loads the plugin. default_runtime.py includes it; configs that inherit one of MMPose's
# complete configs, with its own runtime, use it alone. A config that sets
# `custom_imports` itself replaces this list.
custom_imports = dict(imports=['mmpose_ext'], allow_failed_imports=False)

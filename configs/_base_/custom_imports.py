# Loads the plugin. default_runtime.py includes this file; configs that inherit one of
# MMPose's complete configs, which have their own runtime, include only this file. A
# config that sets `custom_imports` itself replaces this list.
custom_imports = dict(imports=['mmpose_ext'], allow_failed_imports=False)

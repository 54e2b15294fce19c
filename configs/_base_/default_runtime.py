# The one home of `custom_imports`: a child that sets it again replaces the list.
# Everything else is MMPose's default_runtime, which the data files bring along.
custom_imports = dict(imports=['mmpose_ext'], allow_failed_imports=False)

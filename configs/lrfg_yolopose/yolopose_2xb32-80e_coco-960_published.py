# The baseline for weights published with YOLO-Pose, which view the channels of both
# head branches as one; tools/model_converters/yolopose2mmpose.py makes the file.
_base_ = './yolopose_2xb32-80e_coco-960.py'

model = dict(head=dict(head_module=dict(layout='joint')))

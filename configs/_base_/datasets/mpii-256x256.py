# MPII, top-down, 256x256, boxes from the given centre and scale: MMPose's
# HRNet-W32 config with the folder named once (MPII_ROOT). `annotations/` holds
# MMPose's mpii_train.json, mpii_val.json and mpii_gt_val.mat.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/mpii/'
    'td-hm_hrnet-w32_8xb64-210e_mpii-256x256.py',
    '../default_runtime.py',
]

data_root = '{{$MPII_ROOT:data/mpii}}'

# The same steps as MMPose's, but a damaged image is an error that names it.
train_pipeline = [dict(type='LoadCheckedImage'), *_base_.train_pipeline[1:]]
val_pipeline = [dict(type='LoadCheckedImage'), *_base_.val_pipeline[1:]]

train_dataloader = dict(dataset=dict(data_root=data_root, pipeline=train_pipeline))
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        headbox_file=data_root + '/annotations/mpii_gt_val.mat',
        pipeline=val_pipeline,
    )
)
test_dataloader = val_dataloader

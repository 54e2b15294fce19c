# Test only: DAUNet trained on MPII, on frames of NTU RGB+D 60 (section 4.5). The
# paper's "accuracy" is not defined; PCKh@0.5 and PCK@0.2 of the torso are our choice.
# The frames come from tools/dataset_converters/ntu60_frames.py; NTU60_ROOT names
# another folder. Kinect's joints stand for MPII's where docs/datasets.md says so.
_base_ = './td-hm_daunet_1xb128-200e_mpii-256x256.py'

data_root = '{{$NTU60_ROOT:data/ntu60}}'

val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CombinedPoseDataset',
        convention='mpii',
        datasets=[
            dict(
                type='Ntu60Dataset',
                data_root=data_root,
                data_mode='topdown',
                ann_file='annotations/ntu60_xsub-val.json',
                data_prefix=dict(img='images/'),
                test_mode=True,
            )
        ],
        test_mode=True,
        pipeline=_base_.val_pipeline,
    )
)
test_dataloader = val_dataloader
val_evaluator = [
    dict(type='PCKhAccuracy', thr=0.5),
    dict(type='TorsoPCKAccuracy', thr=0.2),
]
test_evaluator = val_evaluator
default_hooks = dict(checkpoint=dict(save_best='PCKh@0.5'))

# The 25 joints of Kinect v2, in the order of NTU RGB+D's .skeleton files. Names
# are those of the Kinect SDK; left and right are the person's own, in images that are
# mirrored. "head" is the head's center, not its top.
dataset_info = dict(
    dataset_name='ntu60',
    paper_info=dict(
        author='Amir Shahroudy and Jun Liu and Tian-Tsong Ng and Gang Wang',
        title='NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis',
        container='IEEE Conference on Computer Vision and Pattern Recognition (CVPR)',
        year='2016',
        homepage='https://rose1.ntu.edu.sg/dataset/actionRecognition/',
    ),
    keypoint_info={
        0: dict(name='spine_base', id=0, color=[51, 153, 255], type='lower', swap=''),
        1: dict(name='spine_mid', id=1, color=[51, 153, 255], type='upper', swap=''),
        2: dict(name='neck', id=2, color=[51, 153, 255], type='upper', swap=''),
        3: dict(name='head', id=3, color=[51, 153, 255], type='upper', swap=''),
        4: dict(
            name='left_shoulder',
            id=4,
            color=[0, 255, 0],
            type='upper',
            swap='right_shoulder',
        ),
        5: dict(
            name='left_elbow', id=5, color=[0, 255, 0], type='upper', swap='right_elbow'
        ),
        6: dict(
            name='left_wrist', id=6, color=[0, 255, 0], type='upper', swap='right_wrist'
        ),
        7: dict(
            name='left_hand', id=7, color=[0, 255, 0], type='upper', swap='right_hand'
        ),
        8: dict(
            name='right_shoulder',
            id=8,
            color=[255, 128, 0],
            type='upper',
            swap='left_shoulder',
        ),
        9: dict(
            name='right_elbow',
            id=9,
            color=[255, 128, 0],
            type='upper',
            swap='left_elbow',
        ),
        10: dict(
            name='right_wrist',
            id=10,
            color=[255, 128, 0],
            type='upper',
            swap='left_wrist',
        ),
        11: dict(
            name='right_hand',
            id=11,
            color=[255, 128, 0],
            type='upper',
            swap='left_hand',
        ),
        12: dict(
            name='left_hip', id=12, color=[0, 255, 0], type='lower', swap='right_hip'
        ),
        13: dict(
            name='left_knee', id=13, color=[0, 255, 0], type='lower', swap='right_knee'
        ),
        14: dict(
            name='left_ankle',
            id=14,
            color=[0, 255, 0],
            type='lower',
            swap='right_ankle',
        ),
        15: dict(
            name='left_foot', id=15, color=[0, 255, 0], type='lower', swap='right_foot'
        ),
        16: dict(
            name='right_hip', id=16, color=[255, 128, 0], type='lower', swap='left_hip'
        ),
        17: dict(
            name='right_knee',
            id=17,
            color=[255, 128, 0],
            type='lower',
            swap='left_knee',
        ),
        18: dict(
            name='right_ankle',
            id=18,
            color=[255, 128, 0],
            type='lower',
            swap='left_ankle',
        ),
        19: dict(
            name='right_foot',
            id=19,
            color=[255, 128, 0],
            type='lower',
            swap='left_foot',
        ),
        20: dict(
            name='spine_shoulder', id=20, color=[51, 153, 255], type='upper', swap=''
        ),
        21: dict(
            name='left_hand_tip',
            id=21,
            color=[0, 255, 0],
            type='upper',
            swap='right_hand_tip',
        ),
        22: dict(
            name='left_thumb',
            id=22,
            color=[0, 255, 0],
            type='upper',
            swap='right_thumb',
        ),
        23: dict(
            name='right_hand_tip',
            id=23,
            color=[255, 128, 0],
            type='upper',
            swap='left_hand_tip',
        ),
        24: dict(
            name='right_thumb',
            id=24,
            color=[255, 128, 0],
            type='upper',
            swap='left_thumb',
        ),
    },
    skeleton_info={
        0: dict(link=('spine_base', 'spine_mid'), id=0, color=[51, 153, 255]),
        1: dict(link=('spine_mid', 'spine_shoulder'), id=1, color=[51, 153, 255]),
        2: dict(link=('spine_shoulder', 'neck'), id=2, color=[51, 153, 255]),
        3: dict(link=('neck', 'head'), id=3, color=[51, 153, 255]),
        4: dict(link=('spine_shoulder', 'left_shoulder'), id=4, color=[0, 255, 0]),
        5: dict(link=('left_shoulder', 'left_elbow'), id=5, color=[0, 255, 0]),
        6: dict(link=('left_elbow', 'left_wrist'), id=6, color=[0, 255, 0]),
        7: dict(link=('left_wrist', 'left_hand'), id=7, color=[0, 255, 0]),
        8: dict(link=('left_hand', 'left_hand_tip'), id=8, color=[0, 255, 0]),
        9: dict(link=('left_hand', 'left_thumb'), id=9, color=[0, 255, 0]),
        10: dict(link=('spine_base', 'left_hip'), id=10, color=[0, 255, 0]),
        11: dict(link=('left_hip', 'left_knee'), id=11, color=[0, 255, 0]),
        12: dict(link=('left_knee', 'left_ankle'), id=12, color=[0, 255, 0]),
        13: dict(link=('left_ankle', 'left_foot'), id=13, color=[0, 255, 0]),
        14: dict(link=('spine_shoulder', 'right_shoulder'), id=14, color=[255, 128, 0]),
        15: dict(link=('right_shoulder', 'right_elbow'), id=15, color=[255, 128, 0]),
        16: dict(link=('right_elbow', 'right_wrist'), id=16, color=[255, 128, 0]),
        17: dict(link=('right_wrist', 'right_hand'), id=17, color=[255, 128, 0]),
        18: dict(link=('right_hand', 'right_hand_tip'), id=18, color=[255, 128, 0]),
        19: dict(link=('right_hand', 'right_thumb'), id=19, color=[255, 128, 0]),
        20: dict(link=('spine_base', 'right_hip'), id=20, color=[255, 128, 0]),
        21: dict(link=('right_hip', 'right_knee'), id=21, color=[255, 128, 0]),
        22: dict(link=('right_knee', 'right_ankle'), id=22, color=[255, 128, 0]),
        23: dict(link=('right_ankle', 'right_foot'), id=23, color=[255, 128, 0]),
    },
    joint_weights=[1.0] * 25,
    # Not from a paper: NTU publishes none. Joints that COCO has get COCO's sigmas,
    # hands and fingers the wrist's, feet the ankle's, spine_base and spine_mid the
    # hip's, neck and spine_shoulder the shoulder's, the head's center the ear's.
    sigmas=[
        0.107,
        0.107,
        0.079,
        0.035,
        0.079,
        0.072,
        0.062,
        0.062,
        0.079,
        0.072,
        0.062,
        0.062,
        0.107,
        0.087,
        0.089,
        0.089,
        0.107,
        0.087,
        0.089,
        0.089,
        0.079,
        0.062,
        0.062,
        0.062,
        0.062,
    ],
)

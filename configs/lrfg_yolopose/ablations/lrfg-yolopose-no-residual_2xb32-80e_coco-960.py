# Not in the paper's tables: coordinate attention as in eq. 5, without the residual that
# the text of eq. 4 mentions.
_base_ = '../lrfg-yolopose_2xb32-80e_coco-960.py'

model = dict(
    backbone=dict(
        attention=dict(
            attention=dict(
                type='CoordAttention',
                residual=False,
                norm_cfg=dict(type='BN', momentum=0.03, eps=0.001),
            )
        )
    )
)

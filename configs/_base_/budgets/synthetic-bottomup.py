# Settings that the small budget of `mmpose-ext leaderboard` changes in a one-stage preset
# for synthetic scenes: 1000 steps. The rate's schedule spans all epochs. Not from any
# paper.
train_cfg = dict(max_epochs=4, val_interval=2)
default_hooks = dict(
    logger=dict(interval=25), checkpoint=dict(interval=1), freeze_norm=dict(begin=3)
)

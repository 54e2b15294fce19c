# Settings that the small budget of `mmpose-ext leaderboard` changes in a one-stage preset
# for synthetic scenes: half of the epochs, 504 steps. The rate's schedule spans all
# epochs. Not from any paper.
train_cfg = dict(max_epochs=8, val_interval=4)
default_hooks = dict(logger=dict(interval=25), checkpoint=dict(interval=1))

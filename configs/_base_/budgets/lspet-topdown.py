# Settings that the small budget of `mmpose-ext leaderboard` changes in a top-down preset
# for LSP-extended's sample: 340 steps. Not from any paper.
_base_ = './topdown-cosine.py'

train_cfg = dict(max_epochs=4, val_interval=2)
default_hooks = dict(logger=dict(interval=10), checkpoint=dict(interval=1))

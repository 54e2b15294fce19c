# Settings that the small budget of `mmpose-ext leaderboard` changes in a top-down preset
# for synthetic figures: easier figures and 150 steps. Not from any paper.
_base_ = ['./topdown-cosine.py', '../figures/standing.py']

train_dataloader = dict(dataset=dict(num_images=800, **_base_.figures))
val_dataloader = dict(dataset=dict(**_base_.figures))
test_dataloader = val_dataloader

train_cfg = dict(max_epochs=6, val_interval=2)
default_hooks = dict(logger=dict(interval=5), checkpoint=dict(interval=1))

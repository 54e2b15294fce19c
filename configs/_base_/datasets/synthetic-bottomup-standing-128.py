# Easy synthetic scenes, for a first look: one person who walks toward the camera, turned
# at most 30 degrees away, before moderate clutter; parts of the person may lie outside the
# picture. The validation figures come from another seed. The hard sets are
# synthetic-bottomup-128.py and -256.py. Not from any paper.
_base_ = './synthetic-bottomup-128.py'

figures = dict(persons=(1, 1), families=('walk',), turn=30, clutter=0.3)
train_dataloader = dict(dataset=dict(num_images=1000, **figures))
val_dataloader = dict(dataset=figures)
test_dataloader = val_dataloader

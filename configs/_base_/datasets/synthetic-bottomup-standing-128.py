# The easy synthetic scenes, for a first look: one person, whole in the picture, who walks
# towards the camera, turned at most 30 degrees away, before moderate clutter. Unseen
# figures are of another seed. synthetic-bottomup-128.py and -256.py are the hard sets. Not
# from any paper.
_base_ = './synthetic-bottomup-128.py'

figures = dict(persons=(1, 1), families=('walk',), turn=30, clutter=0.3)
train_dataloader = dict(dataset=dict(num_images=1000, **figures))
val_dataloader = dict(dataset=figures)
test_dataloader = val_dataloader

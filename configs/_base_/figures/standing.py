# Easy synthetic figures, for a first look: one person, whole in the picture, who stands or
# walks, turned at most 60 degrees away, before moderate clutter. Not from any paper.
figures = dict(
    size=(160, 160),
    persons=(1, 1),
    occluders=0.0,
    clutter=0.5,
    families=('stand', 'walk', 'contrapposto', 'straddle'),
    turn=60,
    whole=True,
)

"""Clothes: everybody is dressed, and it shows."""

import numpy as np
import pytest

from mmpose_ext.figures import wardrobe as clothes
from mmpose_ext.figures.textures import (
    ALIKE,
    garment_color,
    likeness_distance,
    random_color,
    skin_color,
)
from mmpose_ext.figures.wardrobe import Wardrobe, paint


def test_distance_hardly_sees_the_light():
    color = np.array([98.0, 134, 190])
    assert likeness_distance(color, color) == 0
    assert likeness_distance(color, 0.7 * color) < ALIKE  # in the shade
    assert likeness_distance(color, color[::-1]) > 2 * ALIKE
    assert likeness_distance(color, np.full(3, 140.0)) > ALIKE  # gray


def test_no_garment_has_the_color_of_the_skin():
    rng = np.random.default_rng(0)
    skins = [skin_color(rng) for _ in range(60)]
    least = min(
        likeness_distance(garment_color(rng, skin), skin)
        for skin in skins
        for _ in range(60)
    )
    assert least >= ALIKE


def test_most_colors_are_left_as_drawn():
    skin = skin_color(np.random.default_rng(1))
    worn = [garment_color(np.random.default_rng(i), skin) for i in range(200)]
    drawn = [random_color(np.random.default_rng(i)) for i in range(200)]
    same = sum(map(np.array_equal, worn, drawn))
    assert 150 < same < 200


@pytest.mark.parametrize('sleeve', [0.0, 0.5])
def test_everybody_wears_a_shirt_and_trousers(sleeve):
    for seed in range(60):
        stack = paint(np.random.default_rng(seed), Wardrobe(sleeve=sleeve))
        skin = stack[clothes.SKIN].mean((0, 1))
        for slot in (clothes.SHIRT, clothes.CHEST, clothes.BELLY, clothes.TROUSERS):
            assert not np.array_equal(stack[slot], stack[clothes.SKIN])
            # The larger part of it looks unlike skin; a pattern may mix two colors.
            texels = stack[slot].reshape(-1, 3)[::61]
            far = [likeness_distance(texel, skin) > ALIKE / 2 for texel in texels]
            assert np.mean(far) > 0.5, (seed, slot)

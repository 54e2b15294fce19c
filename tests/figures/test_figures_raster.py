"""The drawn surfaces against spheres by hand and against brute force."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mmpose_ext.figures.camera import Camera
from mmpose_ext.figures.raster import BACKGROUND, Buffers, Light, draw, shade
from mmpose_ext.figures.solids import Projected, Solids, rods
from mmpose_ext.figures.textures import TEXELS

CAMERA = Camera(100.0, np.array([32.0, 32.0]), np.eye(3), np.zeros(3))


def rod(start, end, radius, owner=0) -> Solids:
    as_array = [np.array([v], dtype=float) for v in (start, end, radius)]
    return rods(*as_array, np.array([0]), owner)


def drawn(*solids: Solids) -> tuple[Projected, Buffers]:
    parts, buffers = Projected(Solids.join(solids), CAMERA), Buffers((64, 64))
    draw(parts, buffers)
    return parts, buffers


def test_sphere():
    # Radius 0.5 m at 5 m is 10 pixels; its nearest point is at 4.5 m.
    _, buffers = drawn(rod((0, 0, 5), (0, 0, 5), (0.5, 0.5)))
    assert_allclose(buffers.depth[32, 32], 4.5, rtol=1e-6)
    assert buffers.owner[32, 32 + 9] == 0
    assert buffers.owner[32, 32 + 10] == BACKGROUND
    # sqrt(10^2 - 6^2) = 8 pixels = 0.4 m in front of the center
    assert_allclose(buffers.depth[32, 38], 4.6, rtol=1e-6)
    assert abs((buffers.owner == 0).sum() - np.pi * 100) < 12


def test_nearer_part_wins_whatever_the_order():
    near = rod((0, 0, 4), (0, 0, 4), (0.2, 0.2), owner=1)
    far = rod((0, 0, 5), (0, 0, 5), (0.5, 0.5), owner=2)
    for pair in ((near, far), (far, near)):
        _, buffers = drawn(*pair)
        assert buffers.owner[32, 32] == 1
        assert buffers.owner[32, 39] == 2


def test_stretched_sphere_is_an_ellipse():
    solids = rod((0, 0, 5), (0, 0, 5), (0.5, 0.5))
    solids.frame = np.eye(3)[None]
    solids.scale = np.array([[2.0, 1.0, 0.5]])
    parts, buffers = drawn(solids)
    assert_allclose(buffers.depth[32, 32], 4.75, rtol=1e-6)  # half as deep
    assert buffers.owner[32, 51] == 0  # 20 pixels wide, 10 high
    assert buffers.owner[32, 52] == BACKGROUND
    assert buffers.owner[41, 32] == 0
    assert buffers.owner[42, 32] == BACKGROUND
    assert_allclose((parts.low[0], parts.high[0]), [(12, 22), (52, 42)])


@pytest.mark.parametrize('seed', range(12))
def test_round_cone_equals_a_row_of_spheres(seed):
    rng = np.random.default_rng(seed)
    start = np.array([*rng.uniform(-0.6, 0.6, 2), 5.0])
    end = start + rng.uniform(-1, 1, 3) * (0.8, 0.8, 0.5)
    radius = rng.uniform(0.1, 0.4, 2)
    parts, buffers = drawn(rod(start, end, radius))
    # The same under parallel rays: perspective acts on ends and radii only.
    z = np.array([start[2], end[2]])
    pixels = CAMERA.project(np.stack([start, end]))
    meters = z.mean() / 100
    heights = np.array([0, (z[1] - z[0]) / meters])
    radii = np.array([parts.radius[0], parts.radius[0] + parts.taper[0]])
    x, y = np.meshgrid(np.arange(64.0), np.arange(64.0))
    expected = np.full((64, 64), np.inf)
    for s in np.linspace(0, 1, 1500):
        cx, cy = pixels[0] + s * (pixels[1] - pixels[0])
        square = (radii @ (1 - s, s)) ** 2 - (x - cx) ** 2 - (y - cy) ** 2
        height = heights @ (1 - s, s) - np.sqrt(np.maximum(square, 0))
        surface = start[2] + height * meters
        expected = np.where(square > 0, np.minimum(expected, surface), expected)
    hit = np.isfinite(expected)
    assert ((buffers.owner == 0) != hit).mean() < 2e-3
    both = hit & np.isfinite(buffers.depth)
    assert both.any()
    assert_allclose(buffers.depth[both], expected[both], atol=4e-3)


def test_rod_along_the_view_keeps_its_near_end():
    for near, far in ((0.2, 0.1), (0.1, 0.2)):
        _, buffers = drawn(rod((0, 0, 5.1), (0, 0, 4.9), (far, near)))
        assert_allclose(buffers.depth[32, 32], 4.9 - near, atol=6e-3)
        _, buffers = drawn(rod((0, 0, 4.9), (0, 0, 5.1), (near, far)))
        assert_allclose(buffers.depth[32, 32], 4.9 - near, atol=6e-3)


def test_shade_and_texture_side():
    # The right half takes the second texture; the lamp is behind the camera.
    solids = rod((0, 0, 5), (0, 0, 5), (0.5, 0.5))
    solids.frame = np.eye(3)[None]
    solids.materials = np.array([[3, 7]])
    solids.cut = np.array([[1.0, 0.0, 0.0, 0.0]])
    parts, buffers = drawn(solids)
    light = Light(np.array([0, 0, -1.0]), np.array([0, -1.0, 0]), 0.2, 0.5, 0.1)
    pixels, texels, bright = shade(parts, buffers, light)
    material = dict(zip(pixels.tolist(), (texels // TEXELS**2).tolist(), strict=True))
    assert (material[32 * 64 + 28], material[32 * 64 + 36]) == (3, 7)
    level = dict(zip(pixels.tolist(), bright.tolist(), strict=True))
    assert_allclose(level[32 * 64 + 32], 0.7, atol=1e-6)  # ambient + diffuse
    # 6 of 10 pixels up: normal (0, -0.6, -0.8).
    assert_allclose(level[26 * 64 + 32], 0.2 + 0.5 * 0.8 + 0.1 * 0.6, atol=1e-5)

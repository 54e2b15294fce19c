"""The solid parts of a figure: their places on the skeleton, and their textures."""

from dataclasses import dataclass

import numpy as np

from .body import FOREARM, SHANK, THIGH, UPPER_ARM, Body
from .faces import FACE_HEIGHT, FACE_LEFT, FACE_TOP, FACE_WIDTH
from .skeleton import NODE_INDEX
from .textures import TEXELS
from .wardrobe import (
    BELLY,
    CHEST,
    FACE,
    HAIR,
    HAT,
    SHIRT,
    SHOES,
    SKIN,
    TROUSERS,
    Wardrobe,
)

_TEXELS_PER_METER = TEXELS / 0.44
_NO_CUT = (0.0, 0.0, 0.0, 1.0)
# Around a limb, texels follow x and partly z, so that its sides are not stretched.
_LIMB_MAP = ((1.0, 0.0, 0.7, 32.0), (0.0, -1.0, 0.0, 0.0))
_TRUNK_MAP = ((1.0, 0.0, 0.25, 32.0), (0.0, -1.0, 0.0, 0.0))


@dataclass(frozen=True)
class Parts:
    """Solid parts in their nodes' frames, in meters; Q of them.

    Args:
        node (np.ndarray): Node that each part moves with, (Q,) integers.
        start (np.ndarray): First center, (Q, 3).
        end (np.ndarray): Second center, (Q, 3).
        radius (np.ndarray): (Q, 2).
        scale (np.ndarray): Stretch along the node's axes, (Q, 3).
        materials (np.ndarray): Texture slots on either side of ``cut``, (Q, 2).
        cut (np.ndarray): Plane relative to ``start``, (Q, 4).
        texture_map (np.ndarray): Local meters to texels, (Q, 2, 4).
    """

    node: np.ndarray
    start: np.ndarray
    end: np.ndarray
    radius: np.ndarray
    scale: np.ndarray
    materials: np.ndarray
    cut: np.ndarray
    texture_map: np.ndarray


class _Builder:
    """Collects parts; lengths in statures."""

    def __init__(self, stature: float) -> None:
        self.stature = stature
        self.rows: list[tuple] = []

    def add(
        self,
        node,
        start,
        end,
        radius,
        scale=(1, 1, 1),
        wear=(SKIN, SKIN),
        cut=_NO_CUT,
        texels=_LIMB_MAP,
        size=1.0,
    ) -> None:
        """Add one part; ``size`` scales positions and radii, for heads."""
        h = self.stature * size
        plane = (*cut[:3], cut[3] * h)
        self.rows.append(
            (NODE_INDEX[node], start, end, radius, scale, wear, plane, texels, h)
        )

    def build(self) -> Parts:
        """Stack the parts into arrays in meters."""
        node, start, end, radius, scale, wear, cut, texels, h = (
            np.array(column) for column in zip(*self.rows, strict=True)
        )
        texture = texels.astype(np.float64)
        texture[..., :3] *= _TEXELS_PER_METER
        faces = wear[:, 0] == FACE
        texture[faces] = np.stack(
            [_face_map(hh, s) for hh, s in zip(h[faces], start[faces], strict=True)]
        )
        return Parts(
            node,
            start * h[:, None],
            end * h[:, None],
            radius * h[:, None],
            scale.astype(np.float64),
            wear,
            cut.astype(np.float64),
            texture,
        )


def _face_map(h: float, start: np.ndarray) -> np.ndarray:
    """Map a head part's local meters to the face texture."""
    across, down = TEXELS / FACE_WIDTH, TEXELS / FACE_HEIGHT
    return np.array([
        (across / h, 0, 0, (start[0] - FACE_LEFT) * across),
        (0, -down / h, 0, (FACE_TOP - start[1]) * down),
    ])  # fmt: skip


# Columns of numbers: center, center, radii, stretch, textures, cut, texel map.
# fmt: off


def _trunk(b: _Builder, body: Body, wear: Wardrobe) -> None:
    t = body.build * wear.loose_top
    hip = body.hips / 0.052
    front = {'cut': (0, 0, 1, 0.005), 'texels': _TRUNK_MAP}
    b.add('pelvis', (0, -0.004, 0), (0, 0.050, -0.002), (0.057 * t, 0.053 * t),
          (1.40 * hip, 1, 1), (TROUSERS, SHIRT), (0, 1, 0, wear.belt), _TRUNK_MAP)
    for x in (-0.034, 0.034):
        b.add('pelvis', (x, -0.018, -0.020), (x, -0.018, -0.020), (0.047 * t,) * 2,
              wear=(TROUSERS, TROUSERS))
    waist = 1.32 * body.waist
    b.add('spine', (0, -0.02, 0), (0, 0.09, 0.002), (0.053 * t, 0.055 * t),
          (waist, 1, 1), (SHIRT, BELLY), **front)
    wide = 1.45 * body.shoulders / 0.106
    b.add('chest', (0, -0.005, 0.004), (0, 0.066, 0.0), (0.058 * t, 0.047 * t),
          (wide, 1, 1), (SHIRT, CHEST), **front)
    if body.bust:
        r = 0.020 + 0.012 * body.bust
        for x in (-0.034, 0.034):
            b.add('chest', (x, 0.030, 0.036 * t), (x, 0.030, 0.036 * t), (r, r),
                  wear=(SHIRT, SHIRT), texels=_TRUNK_MAP)
    if wear.skirt:
        b.add('pelvis', (0, 0.02, 0), (0, -wear.skirt, 0.01), (0.062 * t, 0.105 * t),
              (1.2, 0.2, 1), (TROUSERS, TROUSERS))


def _arm(b: _Builder, body: Body, wear: Wardrobe, side: str, x: int) -> None:
    t, a = body.build, body.arm
    sleeve = wear.sleeve
    top = t * (wear.loose_top if sleeve > 0.1 else 1.0)
    low = t * (wear.loose_top if sleeve > 1.0 else 1.0)
    shirt = SHIRT if sleeve > 0 else SKIN
    b.add(f'{side}_clavicle', (-x * 0.012, 0.004, -0.006),
          (x * (body.shoulders - 0.018) * 0.9, -0.004, -0.008),
          (0.030 * t, 0.030 * t), wear=(SHIRT, SHIRT))
    reach = UPPER_ARM * a * sleeve if sleeve < 1 else 1.0
    b.add(f'{side}_shoulder', (0, 0, 0), (0, -UPPER_ARM * a, 0),
          (0.0315 * top, 0.0235 * top), wear=(shirt, SKIN), cut=(0, -1, 0, reach))
    over = FOREARM * a * (sleeve - 1) if sleeve > 1 else -1.0
    wrist = 0.0155 * (low + t) / 2
    b.add(f'{side}_elbow', (0, 0, 0), (0, -FOREARM * a, 0), (0.0245 * low, wrist),
          wear=(SHIRT if sleeve > 1 else SKIN, SKIN), cut=(0, -1, 0, max(over, 0)))
    b.add(f'{side}_wrist', (0, -0.012, 0.001), (0, -0.048, 0.002), (0.0215, 0.0205),
          (0.55, 1, 1))
    b.add(f'{side}_wrist', (0, -0.05, 0.001), (-x * 0.006, -0.086, 0),
          (0.0185, 0.013), (0.55, 1, 1))
    b.add(f'{side}_wrist', (0, -0.020, 0.016), (0, -0.050, 0.031), (0.0085, 0.0065))


def _leg(b: _Builder, body: Body, wear: Wardrobe, side: str) -> None:
    t, g = body.build, body.leg
    length, thigh, shank = wear.leg, THIGH * g, SHANK * g
    upper = t * (wear.loose_leg if length > 0.1 else 1.0)
    lower = t * (wear.loose_leg if length > 1 else 1.0)
    knee = 0.0325 * (upper if length > 0.8 else t)
    reach = thigh * length if length < 1 else 1.0
    b.add(f'{side}_hip', (0, 0, 0), (0, -thigh, 0), (0.051 * upper, knee),
          wear=(TROUSERS, SKIN), cut=(0, -1, 0, reach))
    over = shank * (length - 1) if length > 1 else 0.0
    cloth = TROUSERS if length > 1 else SKIN
    ankle = 0.0205 * lower
    b.add(f'{side}_knee', (0, 0, 0), (0, -0.085 * g, -0.008),
          (0.0315 * lower, 0.0325 * lower), wear=(cloth, SKIN), cut=(0, -1, 0, over))
    b.add(f'{side}_knee', (0, -0.085 * g, -0.008), (0, -shank * 0.97, 0),
          (0.0325 * lower, ankle), wear=(cloth, SKIN),
          cut=(0, -1, 0, over - 0.085 * g))
    b.add(f'{side}_ankle', (0, -0.019, -0.018), (0, -0.026, 0.050), (0.0225, 0.0185),
          wear=(SHOES, SHOES))
    b.add(f'{side}_ankle', (0, -0.028, 0.048), (0, -0.031, 0.088), (0.0185, 0.0135),
          (1.25, 1, 1), wear=(SHOES, SHOES))


def _head(b: _Builder, body: Body, wear: Wardrobe) -> None:
    n = 0.7 + 0.3 * body.build
    b.add('neck', (0, -0.012, -0.004), (0, 0.060, 0.008), (0.032 * n, 0.0295 * n),
          wear=(SHIRT, SKIN), cut=(0, 1, 0, 0.020))
    s = {'size': body.head}
    back = SKIN if wear.hair == 'bald' else HAIR
    b.add('head', (0, 0.068, 0.012), (0, 0.068, 0.012), (0.055, 0.055),
          (0.80, 1.03, 1.0), (FACE, back), (0, 0.25, -1, 0.002), **s)
    b.add('head', (0, 0.040, 0.028), (0, 0.016, 0.040), (0.036, 0.023), (0.96, 1, 1),
          (FACE, SKIN), (0, 0, -1, 0.004), **s)
    b.add('head', (0, 0.060, 0.066), (0, 0.043, 0.072), (0.005, 0.0085), **s)
    for x in (-1, 1):
        b.add('head', (x * 0.0455, 0.052, 0.003), (x * 0.0455, 0.052, 0.003),
              (0.0155, 0.0155), (0.35, 1, 0.62), **s)
    _hair(b, wear, s)


def _hair(b: _Builder, wear: Wardrobe, s: dict) -> None:
    style = wear.hair
    strands = {'wear': (HAIR, HAIR), **s}
    if style == 'bald':
        return
    if style in ('cap', 'beanie'):
        lid = {'wear': (HAT, HAT), **s}
        b.add('head', (0, 0.088, 0.008), (0, 0.088, 0.008), (0.057, 0.057),
              (0.86, 0.8, 1.03), **lid)
        if style == 'cap':
            b.add('head', (0, 0.092, 0.055), (0, 0.086, 0.092), (0.036, 0.028),
                  (1, 0.16, 1), **lid)
        return
    thick = 1.0 if style == 'short' else 1.1
    b.add('head', (0, 0.080, 0.001), (0, 0.080, 0.001), (0.054 * thick,) * 2,
          (0.88, 0.96, 1.0), **strands)
    if style == 'full':
        b.add('head', (0, 0.070, -0.012), (0, 0.040, -0.016), (0.058, 0.046),
              (0.98, 1, 0.85), **strands)
    if style == 'long':
        b.add('head', (0, 0.065, -0.014), (0, -0.055, -0.034), (0.054, 0.036),
              (1.05, 1, 0.72), **strands)
    if style == 'tail':
        b.add('head', (0, 0.085, -0.055), (0, -0.01, -0.080), (0.018, 0.013), **strands)
    if style == 'bun':
        b.add('head', (0, 0.110, -0.050), (0, 0.110, -0.050), (0.024, 0.024), **strands)


# fmt: on
def build_parts(body: Body, wardrobe: Wardrobe) -> Parts:
    """Dress a body.

    Args:
        body (Body): Proportions.
        wardrobe (Wardrobe): Clothes.

    Returns:
        Parts: The solid parts.
    """
    builder = _Builder(body.stature)
    _trunk(builder, body, wardrobe)
    for side, x in (('left', 1), ('right', -1)):
        _arm(builder, body, wardrobe, side, x)
        _leg(builder, body, wardrobe, side)
    _head(builder, body, wardrobe)
    return builder.build()

"""People's clothes and their textures."""

from dataclasses import dataclass

import cv2
import numpy as np

from .faces import face
from .textures import (
    TEXELS,
    cloth,
    garment_color,
    hair,
    hair_color,
    skin,
    skin_color,
)

#: Slots of a person's texture stack.
SKIN, SHIRT, CHEST, BELLY, TROUSERS, SHOES, HAIR, FACE, HAT = range(9)
MATERIALS = 9

HAIR_STYLES = ('bald', 'short', 'full', 'long', 'tail', 'bun', 'cap', 'beanie')


# Cumulative probabilities of sleeves, trouser legs and HAIR_STYLES.
_SLEEVES = np.cumsum((0.05, 0.12, 0.40, 0.08))
_LEGS = np.cumsum((0.14, 0.26, 0.06))
_HAIR = np.cumsum((0.08, 0.30, 0.16, 0.14, 0.10, 0.06, 0.10))


def _pick(rng: np.random.Generator, cumulative: np.ndarray) -> int:
    return int(np.searchsorted(cumulative, rng.random()))


@dataclass(frozen=True)
class Wardrobe:
    """Cut of the clothes, which determines the geometry but not the colors.

    Args:
        sleeve (float): Length of the sleeves: 0 shoulder, 1 elbow, 2 wrist.
        leg (float): Length of the trousers: 0 hip, 1 knee, 2 ankle.
        skirt (float): Length in statures; 0 for none.
        loose_top (float): Factor of trunk and sleeve radii.
        loose_leg (float): Factor of trouser radii.
        belt (float): Height at which the shirt meets the trousers, in statures above
            the hip joints.
        hair (str): One of :data:`HAIR_STYLES`.
        beard (bool): Whether there is a beard.
    """

    sleeve: float = 0.5
    leg: float = 2.0
    skirt: float = 0.0
    loose_top: float = 1.06
    loose_leg: float = 1.1
    belt: float = 0.02
    hair: str = 'short'
    beard: bool = False


def sample_wardrobe(rng: np.random.Generator, upright: bool) -> Wardrobe:
    """Draw clothes.

    Args:
        rng (np.random.Generator): Source of randomness.
        upright (bool): Whether the pose leaves room for a skirt.

    Returns:
        Wardrobe: The clothes.
    """
    sleeve = (0.0, 0.12, rng.uniform(0.35, 0.75), rng.uniform(1.2, 2.0), 2.0)[
        _pick(rng, _SLEEVES)
    ]
    leg = (rng.uniform(0.15, 0.4), rng.uniform(0.5, 0.95), 1.5, 2.0)[_pick(rng, _LEGS)]
    skirt = rng.uniform(0.16, 0.3) if upright and rng.random() < 0.15 else 0.0
    style = HAIR_STYLES[_pick(rng, _HAIR)]
    loose = rng.random() < 0.3
    return Wardrobe(
        sleeve=float(sleeve),
        leg=0.0 if skirt else float(leg),
        skirt=skirt,
        loose_top=float(rng.uniform(1.1, 1.25) if loose else rng.uniform(1.0, 1.1)),
        loose_leg=float(rng.uniform(1.2, 1.4) if loose else rng.uniform(1.02, 1.18)),
        belt=float(rng.uniform(-0.03, 0.05)),
        hair=style,
        beard=bool(style in ('bald', 'short', 'cap') and rng.random() < 0.35),
    )


def _fronts(
    rng: np.random.Generator, shirt: np.ndarray, skin_bgr: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add a print, an open jacket or buttons, which tell the front from the back."""
    kind = rng.random()
    if kind > 0.8:
        return shirt, shirt
    middle = TEXELS // 2
    front = shirt.copy()
    if kind < 0.4:
        color = tuple(float(c) for c in garment_color(rng, skin_bgr))
        half = int(rng.integers(6, 12))
        row = TEXELS - int(rng.integers(14, 26))
        if rng.random() < 0.5:
            corners = (middle - half, row), (middle + half, row + half)
            cv2.rectangle(front, *corners, color, -1)
        else:
            center, axes = (middle, row + half // 2), (half, half // 2)
            cv2.ellipse(front, center, axes, 0, 0, 360, color, -1)
        return front, shirt
    if kind < 0.62:
        half = int(rng.integers(3, 8))
        under = cloth(rng, garment_color(rng, skin_bgr), skin_bgr=skin_bgr)
        front[:, middle - half : middle + half] = under[:, : 2 * half]
    else:
        front[:, middle - 1 : middle + 1] *= 0.55
        front[::8, middle - 1 : middle + 1] = garment_color(rng, skin_bgr)
    return front, front


def paint(rng: np.random.Generator, wardrobe: Wardrobe) -> np.ndarray:
    """Make a person's textures; everybody wears a shirt and trousers.

    Args:
        rng (np.random.Generator): Source of randomness.
        wardrobe (Wardrobe): The cut.

    Returns:
        np.ndarray: BGR of shape (MATERIALS, TEXELS, TEXELS, 3), float32.
    """
    skin_bgr, hair_bgr = skin_color(rng), hair_color(rng)

    def garment(patterned: float) -> np.ndarray:
        color = garment_color(rng, skin_bgr)
        return cloth(rng, color, None, patterned, skin_bgr)

    shirt = garment(0.5)
    suit = rng.random() < 0.14
    trousers = shirt if suit else garment(0.2)
    stack = np.empty((MATERIALS, TEXELS, TEXELS, 3), np.float32)
    stack[SKIN] = skin(skin_bgr)
    plain = wardrobe.sleeve == 0.0 and rng.random() < 0.4
    stack[SHIRT] = shirt
    fronts = (shirt, shirt) if plain else _fronts(rng, shirt, skin_bgr)
    stack[CHEST], stack[BELLY] = fronts
    stack[TROUSERS] = trousers
    stack[SHOES] = stack[SKIN] if rng.random() < 0.15 else garment(0.1)
    stack[HAIR] = hair(rng, hair_bgr)
    stack[HAT] = 0
    stack[FACE] = face(rng, skin_bgr, hair_bgr, wardrobe.beard)
    if wardrobe.hair in ('cap', 'beanie'):
        stack[HAT] = garment(0.3)
    return stack

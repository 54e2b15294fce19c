"""Small procedural textures: cloth patterns, skin, hair and faces."""

from functools import lru_cache

import cv2
import numpy as np

#: Side of the square, repeating textures in texels.
TEXELS = 64

_SKIN_BGR = np.array(
    [
        (190, 208, 240), (160, 186, 228), (140, 172, 222), (120, 152, 205),
        (98, 134, 190), (72, 108, 164), (52, 80, 130), (36, 56, 96),
    ],
    dtype=np.float32,
)  # fmt: skip
_HAIR_BGR = np.array(
    [
        (22, 22, 26), (30, 36, 48), (34, 52, 84), (52, 84, 130), (90, 142, 190),
        (40, 60, 140), (150, 152, 156), (70, 72, 76),
    ],
    dtype=np.float32,
)  # fmt: skip


def _smooth_noise(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Make noise in [-1, 1] that repeats without a seam."""
    coarse = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
    tiled = np.tile(coarse, (3, 3))
    fine = cv2.resize(tiled, (3 * TEXELS, 3 * TEXELS), interpolation=cv2.INTER_CUBIC)
    return fine[TEXELS : 2 * TEXELS, TEXELS : 2 * TEXELS]


@lru_cache(maxsize=1)
def pattern_bank() -> np.ndarray:
    """Make mixing weights of two colors, the same in every process.

    Returns:
        np.ndarray: Patterns in [0, 1], of shape (P, TEXELS, 3 * TEXELS), float32,
        each value repeated three times; the first pattern is plain.
    """
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:TEXELS, :TEXELS].astype(np.float32)
    plain = np.zeros((TEXELS, TEXELS), np.float32)
    patterns = [plain]
    for period in (4, 8, 16, 32):
        patterns.append((y // (period / 2)) % 2)  # hoops
        patterns.append((x // (period / 2)) % 2)  # vertical stripes
    for period in (8, 16, 32):
        rows, columns = (y // (period / 2)) % 2, (x // (period / 2)) % 2
        patterns.append(np.abs(rows - columns))  # checks
        patterns.append((rows + columns) / 2)  # plaid
    for period in (8, 16):
        center = (period - 1) / 2
        radius = np.hypot(x % period - center, y % period - center)
        patterns.append((radius < 0.3 * period).astype(np.float32))  # dots
    patterns.append(((x + y) // 8) % 2)  # diagonal
    for cells in (4, 8, 16):
        patterns.append(
            (_smooth_noise(rng, cells) > 0.1).astype(np.float32)
        )  # camouflage
        patterns.append(_smooth_noise(rng, cells) * 0.5 + 0.5)  # mottled
    patterns.append(rng.uniform(0, 1, (TEXELS, TEXELS)).astype(np.float32))  # tweed
    return np.stack(patterns).astype(np.float32).repeat(3, axis=2)


@lru_cache(maxsize=1)
def fabric_bank() -> np.ndarray:
    """Make brightness factors of weave and folds.

    Returns:
        np.ndarray: Factors around 1, of shape (F, TEXELS, 3 * TEXELS), float32,
        each value repeated three times.
    """
    rng = np.random.default_rng(1)
    bank = []
    for fold in (0.03, 0.06, 0.10, 0.14):
        folds = _smooth_noise(rng, 6) * fold + _smooth_noise(rng, 16) * fold / 2
        weave = rng.normal(0, 0.02, (TEXELS, TEXELS))
        bank.append(1 + folds + weave)
    return np.stack(bank).astype(np.float32).repeat(3, axis=2)


def random_color(rng: np.random.Generator) -> np.ndarray:
    """Draw a cloth-like color.

    Args:
        rng (np.random.Generator): Source of randomness.

    Returns:
        np.ndarray: BGR in [0, 255], of shape (3,), float32; muted, vivid,
        near-white or near-black.
    """
    kind = rng.random()
    if kind < 0.25:
        return (rng.uniform(15, 70) + rng.uniform(-8, 8, 3)).astype(np.float32)
    if kind < 0.42:
        return (rng.uniform(185, 245) + rng.uniform(-10, 10, 3)).astype(np.float32)
    vivid = rng.uniform(0.45, 1.0) if kind < 0.7 else rng.uniform(0.1, 0.45)
    value = rng.uniform(60, 230)
    hue = rng.uniform(0, 6)
    ramp = np.abs((hue + np.array([0, 4, 2])) % 6 - 3) - 1
    return (value * (1 - vivid * (1 - np.clip(ramp, 0, 1)))).astype(np.float32)


#: Colors closer than this may look alike under different light, see
#: :func:`likeness_distance`.
ALIKE = 14.0


def likeness_distance(color: np.ndarray, other: np.ndarray) -> float:
    """Measure how different two materials look under any light.

    This is the distance in CIE L*a*b* with differences in lightness divided by three.

    Args:
        color (np.ndarray): BGR in [0, 255], (3,).
        other (np.ndarray): BGR in [0, 255], (3,).

    Returns:
        float: 0 for the same color.

    >>> round(likeness_distance(np.array([52, 80, 130]), np.array([52, 80, 130])))
    0
    """
    pixels = np.clip(np.stack([color, other]), 0, 255).astype(np.float32)[None] / 255
    first, second = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)[0]
    return float(np.linalg.norm((first - second) * (1 / 3, 1, 1)))


def garment_color(rng: np.random.Generator, skin_bgr: np.ndarray) -> np.ndarray:
    """Draw a color of clothes that does not look like bare skin.

    A color that resembles this skin is shifted to blue: red and blue are exchanged,
    since skin is more red than blue, and the resulting red is weakened.

    Args:
        rng (np.random.Generator): Source of randomness.
        skin_bgr (np.ndarray): Skin color, BGR (3,).

    Returns:
        np.ndarray: BGR in [0, 255], of shape (3,), float32.
    """
    color = random_color(rng)
    if likeness_distance(color, skin_bgr) < ALIKE:
        return color[::-1] * np.array((1, 1, 0.6), np.float32)
    return color


def skin_color(rng: np.random.Generator) -> np.ndarray:
    """Draw a skin tone: BGR, of shape (3,), float32."""
    first, second = _SKIN_BGR[rng.integers(len(_SKIN_BGR), size=2)]
    mixed = first * 0.75 + second * 0.25
    return mixed * rng.uniform(0.92, 1.05, 3).astype(np.float32)


def hair_color(rng: np.random.Generator) -> np.ndarray:
    """Draw a hair color: BGR, of shape (3,), float32."""
    color = _HAIR_BGR[rng.integers(len(_HAIR_BGR))]
    return color * np.float32(rng.uniform(0.8, 1.2))


def cloth(
    rng: np.random.Generator,
    color: np.ndarray,
    other: np.ndarray | None = None,
    patterned: float = 0.5,
    skin_bgr: np.ndarray | None = None,
) -> np.ndarray:
    """Make a texture of cloth.

    Args:
        rng (np.random.Generator): Source of randomness.
        color (np.ndarray): Main color, BGR (3,).
        other (np.ndarray, optional): The pattern's color; drawn when None.
        patterned (float): Probability of a pattern.
        skin_bgr (np.ndarray, optional): Skin color of the wearer, which a drawn
            pattern color must not resemble; None for cloth that nobody wears.

    Returns:
        np.ndarray: BGR of shape (TEXELS, TEXELS, 3), float32.
    """
    folds = fabric_bank()[rng.integers(len(fabric_bank()))]
    row = np.tile(color, TEXELS)
    if rng.random() >= patterned:
        return (folds * row).reshape(TEXELS, TEXELS, 3)
    if other is None:
        other = random_color(rng) if skin_bgr is None else garment_color(rng, skin_bgr)
    bank = pattern_bank()
    mixed = bank[rng.integers(1, len(bank))] * (np.tile(other, TEXELS) - row)
    mixed += row
    mixed *= folds
    return mixed.reshape(TEXELS, TEXELS, 3)


def skin(color: np.ndarray) -> np.ndarray:
    """Make a texture of bare skin, of shape (TEXELS, TEXELS, 3), float32."""
    return (fabric_bank()[0] * np.tile(color, TEXELS)).reshape(TEXELS, TEXELS, 3)


def hair(rng: np.random.Generator, color: np.ndarray) -> np.ndarray:
    """Make a texture of hair with strands, of shape (TEXELS, TEXELS, 3), float32."""
    strands = rng.uniform(0.75, 1.25, TEXELS).astype(np.float32).repeat(3)
    row = strands * np.tile(color, TEXELS)
    return (fabric_bank()[2] * row).reshape(TEXELS, TEXELS, 3)

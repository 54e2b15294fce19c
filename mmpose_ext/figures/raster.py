"""Exact drawing of solid body parts into a depth buffer, without meshes.

Every part is a round cone (the hull of two spheres) stretched along the axes of its
own frame; a sphere or an ellipsoid is a cone of length zero. With parallel rays the
first hit has a closed form. (Perspective is applied to the part's ends and radii, so
the rays are approximated only within one part.) In the space where the part is round,
let a ray pass at (q1, q2) from the start, the axis run along (W, 0, wz) for s in
[0, 1], and the radius be r0 + k s. Then

    A = r0^2 - q1^2 - q2^2,  B = r0 k + W q1,  C = W^2 - k^2
    D(s) = A + 2 B s - C s^2          (squared half chord at s)
    s* = (B - wz sqrt((A C + B^2) / (C + wz^2))) / C,  clipped to [0, 1]
    depth = wz s* - sqrt(D(s*)),      a hit where D(s*) > 0

since wz s - sqrt(D(s)) is convex in s; A C + B^2 = (W r0 + k q1)^2 - C q2^2.

Shading is deferred: the depth test runs part by part, then colors are looked up once
for all visible pixels.
"""

from dataclasses import dataclass

import numpy as np

from .solids import Projected
from .textures import TEXELS

#: Value of the id buffer for the background.
BACKGROUND = -1


class Buffers:
    """Nearest surface of every pixel.

    Args:
        size (tuple[int, int]): Width and height.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        shape = (size[1], size[0])
        self.depth = np.full(shape, np.inf, np.float32)
        self.part = np.full(shape, -1, np.int16)
        self.owner = np.full(shape, BACKGROUND, np.int16)


@dataclass(frozen=True)
class Light:
    """A lamp and the sky.

    Args:
        direction (np.ndarray): Unit vector towards the lamp, camera axes.
        sky (np.ndarray): Unit vector towards the source of the ambient light.
        ambient (float): Light from everywhere.
        diffuse (float): Strength of the lamp.
        hemisphere (float): Strength of the sky.
    """

    direction: np.ndarray
    sky: np.ndarray
    ambient: float
    diffuse: float
    hemisphere: float


def _window(
    rows: list[list[float]], scalars: list[float], u: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Intersect a window's rays with one part.

    Args:
        rows (list): Pixel offset to q1, q2 and depth offset, 3 x 2.
        scalars (list): r0, k, C, W, wz, wz / sqrt(C + wz^2), meters of depth
            per unit, depth of the start.
        u (np.ndarray): Columns relative to the start, (w,).
        v (np.ndarray): Rows relative to the start, (h,).

    Returns:
        tuple[np.ndarray, np.ndarray]: Hits and depths in meters, (h, w).
    """
    r0, k, c, w, along, slope, unit, depth0 = scalars
    q1 = np.add.outer(rows[0][1] * v, rows[0][0] * u)
    q2 = np.add.outer(rows[1][1] * v, rows[1][0] * u)
    q2 *= q2
    chord = q1 * q1
    chord += q2
    np.subtract(r0 * r0, chord, out=chord)
    depth = np.add.outer((-unit * rows[2][1]) * v + depth0, (-unit * rows[2][0]) * u)
    if w > 0:
        root = k * q1
        root += w * r0
        root *= root
        q2 *= c
        root -= q2
        np.maximum(root, 0, out=root)
        np.sqrt(root, out=root)
        root *= -slope / c
        q1 *= w
        q1 += r0 * k  # B
        s = q1 * (1 / c)
        s += root
        np.maximum(s, 0, out=s)
        np.minimum(s, 1, out=s)
        q1 *= 2
        q1 -= c * s
        q1 *= s
        chord += q1
        s *= along * unit
        depth += s
    elif along < 0:
        depth += along * unit
    hit = chord > 0
    np.maximum(chord, 0, out=chord)
    np.sqrt(chord, out=chord)
    chord *= unit
    depth -= chord
    return hit, depth


def draw(parts: Projected, buffers: Buffers) -> None:
    """Find the nearest part of every pixel.

    Args:
        parts (Projected): All parts.
        buffers (Buffers): New buffers, filled in place.
    """
    height, width = buffers.depth.shape
    low = np.clip(np.floor(parts.low).astype(int), 0, (width, height)).tolist()
    high = np.clip(np.ceil(parts.high).astype(int) + 1, 0, (width, height)).tolist()
    xs = np.arange(width, dtype=np.float32)
    ys = np.arange(height, dtype=np.float32)
    scalars = np.stack(
        [
            parts.radius,
            parts.taper,
            parts.quad,
            parts.width,
            parts.along,
            parts.slope,
            parts.meters / parts.ray_length,
            parts.depth0,
        ],
        1,
    ).tolist()
    # Leave out parts less than a pixel wide: ears and thumbs of distant people.
    seen = ((parts.high - parts.low).min(1) > 1).tolist()
    rows, first = parts.to_round.tolist(), parts.first.tolist()
    for i in np.argsort(parts.nearest, kind='stable').tolist():
        (x0, y0), (x1, y1) = low[i], high[i]
        if x1 <= x0 or y1 <= y0 or not seen[i]:
            continue
        window = (slice(y0, y1), slice(x0, x1))
        u, v = xs[x0:x1] - first[i][0], ys[y0:y1] - first[i][1]
        hit, depth = _window(rows[i], scalars[i], u, v)
        kept = buffers.depth[window]
        hit &= depth < kept
        np.copyto(kept, depth, where=hit)
        np.copyto(buffers.part[window], i, where=hit)
    owners = np.append(parts.solids.owner, BACKGROUND).astype(np.int16)
    buffers.owner = owners[buffers.part]


def _normals(parts: Projected, part: np.ndarray, u: np.ndarray, v: np.ndarray):
    """Compute unit normals of parts, in the round space, at visible pixels."""
    table = (
        np.concatenate(
            [
                parts.to_round[:, :2, :2].reshape(-1, 4),
                np.stack(
                    [parts.radius, parts.taper, parts.quad, parts.width, parts.slope], 1
                ),
            ],
            1,
        )
        .astype(np.float32)
        .T
    )
    a11, a12, a21, a22, r0, k, c, w, slope = table.take(part, axis=1)
    q1, q2 = a11 * u + a12 * v, a21 * u + a22 * v
    root = np.sqrt(np.maximum((w * r0 + k * q1) ** 2 - c * q2 * q2, 0))
    s = np.clip((r0 * k + w * q1 - slope * root) / c, 0, 1)
    s *= w > 0
    inverse = 1 / np.maximum(r0 + k * s, 1e-6)
    n1, n2 = (q1 - w * s) * inverse, q2 * inverse
    return n1, n2, -np.sqrt(np.maximum(1 - n1 * n1 - n2 * n2, 0))


def _brightness(parts: Projected, part: np.ndarray, normals, light: Light):
    n1, n2, n3 = normals
    lamp, sky = light.direction @ parts.normal, light.sky @ parts.normal
    gram = np.swapaxes(parts.normal, 1, 2) @ parts.normal
    table = (
        np.concatenate([lamp, sky, gram[:, (0, 1, 2, 0, 0, 1), (0, 1, 2, 1, 2, 2)]], 1)
        .astype(np.float32)
        .T.take(part, axis=1)
    )
    diffuse = table[0] * n1 + table[1] * n2 + table[2] * n3
    total = np.maximum(diffuse, 0, out=diffuse) * light.diffuse
    total += light.hemisphere * (table[3] * n1 + table[4] * n2 + table[5] * n3)
    g11, g22, g33, g12, g13, g23 = table[6:]
    square = n1 * (g11 * n1 + 2 * (g12 * n2 + g13 * n3))
    square += n2 * (g22 * n2 + 2 * g23 * n3) + g33 * n3 * n3
    return total / np.sqrt(square) + light.ambient


def _texels(parts: Projected, part, u, v, depth) -> np.ndarray:
    solids = parts.solids
    linear = np.concatenate([solids.texture_map[..., :3], solids.cut[:, None, :3]], 1)
    linear = linear @ np.swapaxes(solids.frame, 1, 2) * parts.meters[:, None, None]
    linear[..., 2] /= parts.meters[:, None]
    shift = np.concatenate([solids.texture_map[..., 3], -solids.cut[:, 3:]], axis=1)
    shift -= linear[..., 2] * parts.depth0[:, None]
    table = np.concatenate([linear.reshape(-1, 9), shift], 1).astype(np.float32).T
    rows = table.take(part, axis=1)
    tx, ty, side = (
        rows[j] * u + rows[j + 1] * v + rows[j + 2] * depth + rows[9 + j // 3]
        for j in (0, 3, 6)
    )
    mask = TEXELS - 1
    cell = (np.floor(ty).astype(np.int32) & mask) * TEXELS
    cell += np.floor(tx).astype(np.int32) & mask
    material = solids.materials.astype(np.int32).ravel()[2 * part + (side > 0)]
    return cell + material * (TEXELS * TEXELS)


def shade(
    parts: Projected, buffers: Buffers, light: Light
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute brightness and texel of all pixels that show a part.

    Args:
        parts (Projected): The parts that :func:`draw` has drawn.
        buffers (Buffers): The buffers that it has filled.
        light (Light): The light.

    Returns:
        tuple[np.ndarray, np.ndarray, np.ndarray]: Flat pixel index, index into the
        textures' texels, and brightness, each of shape (P,).
    """
    flat = np.flatnonzero(buffers.part.ravel() >= 0)
    part = buffers.part.ravel()[flat].astype(np.intp)
    y, x = np.divmod(flat, buffers.part.shape[1])
    first = parts.first.astype(np.float32).T.take(part, axis=1)
    u, v = x.astype(np.float32) - first[0], y.astype(np.float32) - first[1]
    normals = _normals(parts, part, u, v)
    texel = _texels(parts, part, u, v, buffers.depth.ravel()[flat])
    return flat, texel, _brightness(parts, part, normals, light)

"""The official ``joints.mat`` of Leeds Sports Pose, in its two forms."""

import os
from pathlib import Path

import numpy as np

from ...utils import UserError
from ...utils.mat import load_mat
from ..formats.lsp import FORMS, LSP, LspForm


def load_lsp_joints(path: str | os.PathLike) -> tuple[LspForm, np.ndarray]:
    """Read an official ``joints.mat`` of LSP or LSP-extended.

    The two differ in the order of the axes and in the meaning of the third row. In
    LSP, every joint is annotated and 1 means *occluded* (contrary to its README); in
    LSP-extended, 1 means *annotated*, and the coordinates of joints with 0 are junk.
    Coordinates are not shifted: they are fractional, some in LSP-extended are 0 or
    negative (so they are not 1-based pixel numbers), and published readers do not
    shift them either.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        tuple[LspForm, np.ndarray]: The form of the file, and the joints, shape
        (N, 14, 3): x and y in pixels, and COCO's visibility (0 not annotated, with
        x = y = 0; 1 occluded; 2 visible).

    Raises:
        UserError: If the file is missing, not a MATLAB file, or of neither form.
    """
    path = Path(path)
    fix = 'take joints.mat from the official archive of LSP or LSP-extended'
    content = load_mat(path, ('joints',), fix)
    raw = content['joints']
    form = next((form for form in FORMS if form.shape == raw.shape), None)
    if form is None or raw.dtype.kind not in 'fiu':
        known = ' or '.join(f'{form.shape} ({form.title})' for form in FORMS)
        raise UserError(
            f"'joints' in {path} has shape {raw.shape} of {raw.dtype}, not {known}",
            fix,
        )
    joints = raw.transpose(2, 1, 0) if form is LSP else raw.transpose(2, 0, 1)
    return form, _to_coco_visibility(joints.astype(float), form, path)


def _to_coco_visibility(joints: np.ndarray, form: LspForm, path: Path) -> np.ndarray:
    flags = joints[..., 2]
    if not np.isin(flags, (0, 1)).all():
        raise UserError(f'{path} has flags other than 0 and 1 in its third row')
    visibility = 2 - flags if form is LSP else 2 * flags
    annotated = visibility > 0
    finite = np.isfinite(joints[..., :2]).all(-1)
    if not finite[annotated].all():
        bad = int(np.argwhere(annotated & ~finite)[0, 0]) + 1
        raise UserError(f'{path} has coordinates that are not numbers at image {bad}')
    xy = np.where(annotated[..., None], joints[..., :2], 0)
    return np.concatenate([xy, visibility[..., None]], axis=-1)

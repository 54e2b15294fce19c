"""Convert the weights of the published YOLO-Pose (YOLOv5s6-pose) for this project.

The published files are pickles that run code when loaded, and are refused. Write a
plain state dict first, in an environment that has their code::

    torch.save(torch.load('last.pt', map_location='cpu', weights_only=False)
               ['model'].float().state_dict(), 'state.pth')

Then, here::

    python tools/model_converters/yolopose2mmpose.py state.pth yolopose.pth
    mim test mmpose configs/lrfg_yolopose/yolopose_2xb32-80e_coco-960_published.py \
        --checkpoint yolopose.pth
"""

import argparse
from pathlib import Path

import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

import mmpose_ext  # noqa: F401  (registers the models)
from mmpose_ext.checkpoints import convert_yolopose, read_published_state
from mmpose_ext.utils import UserError, atomic_write, run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'lrfg_yolopose'
PUBLISHED = CONFIGS / 'yolopose_2xb32-80e_coco-960_published.py'


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('source', type=Path, help='a plain state dict')
    parser.add_argument('target', type=Path, help="MMPose's checkpoint to write")
    parser.add_argument(
        '--config',
        default=str(PUBLISHED),
        help='config of the network for the weights (default: the published size)',
    )
    return parser.parse_args()


def main() -> None:
    """Convert, check the anchors, write."""
    args = parse_args()
    published = read_published_state(args.source)
    config = load_config(args.config)
    init_default_scope('mmpose')
    model = MODELS.build(config.model)
    converted = convert_yolopose(published, model.state_dict())
    if converted.anchors is None:
        print('the file has no anchors to compare with those of the config')
    else:
        compare_anchors(converted.anchors, model.head.anchors)
    with atomic_write(args.target) as temporary:
        torch.save({'state_dict': converted.state, 'meta': {}}, temporary)
    print(f'{len(converted.state)} tensors written to {args.target}')
    layout = config.model.head.head_module.get('layout', 'split')
    if layout != 'joint':
        print(
            f'the config reads the head as layout={layout!r}; weights published with '
            "YOLO-Pose need model.head.head_module.layout='joint'"
        )


def compare_anchors(found: torch.Tensor, expected: torch.Tensor) -> None:
    """Raise if the file's anchors are not those of the config.

    Args:
        found (Tensor): Anchors of the file in pixels, (levels, A, 2).
        expected (Tensor): Anchors of the config, in the same form.

    Raises:
        UserError: If they differ; the message gives the anchors to set.
    """
    # The file may be in half precision.
    same = found.shape == expected.shape
    if not same or not torch.allclose(found, expected, rtol=2e-3):
        raise UserError(
            "the file has other anchors than the config's network",
            f'set model.head.anchors={found.round(decimals=1).tolist()} there',
        )


if __name__ == '__main__':
    run_cli(main)

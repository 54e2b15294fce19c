"""Measure how far two decodings of a heat map are from the encoded joint.

Joints at random sub-pixel positions are encoded as Gaussians and decoded by
MMPose's MSRAHeatmap and by eq. 1 of DAUNet (SecondMaxHeatmap). The Gaussian is
centered at the pixel nearest to the joint, as both encode it in training, or at the
joint itself, like the output of a perfect network with sub-pixel targets. Both cases
are measured without and with noise.

Example::

    python tools/analysis/compare_decoding.py --num 20000
"""

import argparse

import numpy as np
import torch
from mmpose.codecs import MSRAHeatmap

from mmpose_ext.codecs import SecondMaxHeatmap
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.argument_types import seed_number


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--num', type=int, default=20000, help='number of joints')
    parser.add_argument(
        '--size',
        type=int,
        nargs=2,
        default=(192, 256),
        metavar=('W', 'H'),
        help='input size',
    )
    parser.add_argument('--sigma', type=float, default=2.0, help='of the Gaussian')
    parser.add_argument(
        '--noise',
        type=float,
        nargs='*',
        default=(0.01, 0.05),
        help='standard deviations of the noise added to the maps',
    )
    parser.add_argument('--seed', type=seed_number, default=0)
    return parser.parse_args()


def main() -> None:
    """Print the mean distance in input pixels, by target and noise."""
    args = parse_args()
    sigmas = [args.sigma, *args.noise]
    if not all(0 <= s < np.inf for s in sigmas) or args.sigma == 0:
        raise UserError(
            f'--sigma {args.sigma} --noise {args.noise} cannot be measured',
            'give a positive sigma and noise of 0 or more',
        )
    if args.num < 1 or min(args.size) < 64 or any(side % 4 for side in args.size):
        raise UserError(
            f'--num {args.num} --size {args.size[0]} {args.size[1]} cannot be measured',
            'give at least 1 joint and sides of at least 64, multiples of 4',
        )
    rng = np.random.default_rng(args.seed)
    width, height = args.size
    joints = rng.uniform(24, (width - 24, height - 24), (1, args.num, 2))
    print('mean distance in input pixels    maximum    MSRAHeatmap    eq. 1    apart')
    for unbiased in (False, True):
        settings = dict(
            input_size=(width, height),
            heatmap_size=(width // 4, height // 4),
            sigma=args.sigma,
            unbiased=unbiased,
        )
        maps = SecondMaxHeatmap(**settings).encode(joints)['heatmaps']
        where = 'at the joint' if unbiased else 'at the pixel'
        for noise in (0.0, *args.noise):
            noisy = maps + noise * rng.standard_normal(maps.shape, np.float32)
            settings['unbiased'] = False  # the decoding with a quarter offset
            codecs = (MSRAHeatmap(**settings), SecondMaxHeatmap(**settings))
            found = [codec.decode(noisy)[0] for codec in codecs]
            peaks = maxima(noisy) * 4
            miss = [np.linalg.norm(f - joints, axis=-1).mean() for f in (peaks, *found)]
            apart = np.linalg.norm(found[0] - found[1], axis=-1).mean()
            print(
                f'{where}, noise {noise:<12g}{miss[0]:12.3f}{miss[1]:15.3f}'
                f'{miss[2]:9.3f}{apart:9.3f}'
            )


def maxima(maps: np.ndarray) -> np.ndarray:
    """Find the positions (1, K, 2) of the maxima of maps (K, h, w)."""
    index = torch.from_numpy(maps).flatten(1).argmax(1).numpy()
    return np.stack((index % maps.shape[2], index // maps.shape[2]), -1)[None]


if __name__ == '__main__':
    run_cli(main)

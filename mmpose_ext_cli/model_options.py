"""Options of ``predict`` and ``camera`` that choose a network."""

import argparse
import math
import os
from contextlib import suppress
from typing import Any

from .places import list_papers, package_folder

# Best first, by the scores of the shipped weights.
_PREFERRED = ('ca_hrnet', 'sdhrnet')


def default_model() -> str:
    """Return the paper that is used by default, preferably one with shipped weights."""
    folder = package_folder('mmpose_ext')
    files = (folder / 'weights').glob('*.safetensors') if folder else ()
    shipped = sorted(file.stem for file in files)
    preferred = [name for name in _PREFERRED if name in shipped]
    return [*preferred, *shipped, *_PREFERRED][0]


def share(text: str) -> float:
    """Parse a number from 0 to 1.

    >>> share('0.3')
    0.3

    Args:
        text (str): What the user typed.

    Raises:
        argparse.ArgumentTypeError: If it is not such a number.
    """
    with suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f'{text!r} is not a number from 0 to 1')


def positive(text: str) -> float:
    """Parse a positive number.

    >>> positive('25')
    25.0

    Args:
        text (str): What the user typed.

    Raises:
        argparse.ArgumentTypeError: If it is not positive, or infinite.
    """
    with suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f'{text!r} is not a positive number')


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a network, its weights and its boxes."""
    group = parser.add_argument_group('network')
    add = group.add_argument
    add(
        '--model',
        default=default_model(),
        help=f'a paper ({", ".join(list_papers())}), a config, mmpose::..., or a '
        "name of MMPose's zoo (human, rtmo) (%(default)s)",
    )
    add(
        '--weights',
        help='a .pth or .safetensors file or its URL; #sha256=... at its end is '
        'checked (default: those of the model)',
    )
    add('--device', default='cpu', help='device, such as cuda:0 (%(default)s)')
    add('--batch-size', type=int, default=16, help='images in a batch (%(default)s)')
    add(
        '--boxes-from',
        default='auto',
        choices=('auto', 'rtmdet', 'lrfg', 'whole-image'),
        help='source of boxes for a top-down network (auto: RTMDet if available, else '
        'the whole image)',
    )
    add('--allow-random', action='store_true', help='predict without weights')
    add(
        '--mirror',
        action='append',
        default=[],
        metavar='BASE',
        help='mirror of weights, a host or folder; may be repeated',
    )
    add(
        '--offline',
        action='store_true',
        help='download nothing; print which file is missing and where it goes',
    )
    add_score_options(parser)


def add_score_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that leave out what the network is not sure of."""
    scores = parser.add_argument_group('scores')
    scores.add_argument(
        '--min-score',
        type=share,
        default=0.3,
        help='minimum score of a person (%(default)s)',
    )
    scores.add_argument(
        '--keypoint-score',
        type=share,
        default=0.3,
        help='minimum score of a joint (%(default)s)',
    )


def make_predictor(args: argparse.Namespace, heatmaps: bool = False) -> Any:
    """Build the predictor that the options name.

    Args:
        args (argparse.Namespace): The parsed options of :func:`add_model_options`.
        heatmaps (bool): Whether results include heat maps.

    Returns:
        mmpose_ext.apis.Predictor: The predictor; its weights have been printed.
    """
    from mmpose_ext.apis import Predictor
    from mmpose_ext.compat.weight_cache import MIRRORS, OFFLINE

    if args.offline:
        os.environ[OFFLINE] = '1'
    if args.mirror:
        known = os.environ.get(MIRRORS, '').split()
        os.environ[MIRRORS] = ' '.join([*args.mirror, *known])
    predictor = Predictor(
        args.model,
        args.weights,
        device=args.device,
        batch_size=args.batch_size,
        boxes_from=args.boxes_from,
        min_score=min(args.min_score, 0.05),
        heatmaps=heatmaps,
        allow_random=args.allow_random,
    )
    print(f'{args.model}: {predictor.about}')
    return predictor

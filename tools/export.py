"""Export a network to an ONNX file that runs without PyTorch.

The file is compared with PyTorch in pixels of the image before it gets its name: in
float32 no key point may differ by more than 0.01 px. `python -m mmpose_ext_runtime`
runs it. Examples::

    mmpose-ext export CONFIG WEIGHTS pose.onnx --normalize --decode --flip-test
    mmpose-ext export CONFIG WEIGHTS crowd.onnx --normalize --nms
    mmpose-ext export CONFIG WEIGHTS small.onnx --precision int8 --max-loss 1
"""

import argparse
from pathlib import Path

import numpy as np

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.apis.zoo import find_model
from mmpose_ext.export import Export, ExportOptions, Sample, export_onnx, export_reduced
from mmpose_ext.export.options import ORDERS, PRECISIONS
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import NAME_HELP, add_cfg_options, merge_options
from mmpose_ext_runtime import InputError, load_image
from mmpose_ext_runtime.command import find_images


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help=f'{NAME_HELP}, or the name of a model')
    parser.add_argument(
        'weights', nargs='?', help='a checkpoint (default: those of the name, if any)'
    )
    parser.add_argument('out', type=Path, help='the .onnx file to write')
    parser.add_argument(
        '--random-weights', action='store_true', help='export without any weights'
    )
    add_graph_options(parser)
    parser.add_argument(
        '--images',
        type=Path,
        nargs='+',
        help='images or folders to compare on, each image as one person (default: '
        'synthetic figures)',
    )
    add_precision(parser)
    add_cfg_options(parser)
    args = parser.parse_intermixed_args()
    if args.precision == 'float32' and (args.calibrate or args.force):
        parser.error('--calibrate and --force are for a reduced --precision')
    return args


def add_graph_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what the graph computes beside the network."""
    inside = parser.add_argument_group('inside the graph')
    inside.add_argument(
        '--normalize', action='store_true', help='input: uint8 (N, H, W, 3)'
    )
    inside.add_argument(
        '--input-order', choices=ORDERS, default='bgr', help='(%(default)s)'
    )
    inside.add_argument(
        '--decode', action='store_true', help='top-down: key points, not heat maps'
    )
    inside.add_argument(
        '--flip-test',
        action='store_true',
        help='top-down: average with the mirrored image',
    )
    inside.add_argument(
        '--nms', action='store_true', help='one-stage: non-maximum suppression'
    )
    inside.add_argument('--opset', type=int, default=17, help='(%(default)s)')


def add_precision(parser: argparse.ArgumentParser) -> None:
    """Add the options of a reduced precision."""
    group = parser.add_argument_group(
        'precision',
        "A reduced precision is measured on the config's test data before it is "
        'accepted.',
    )
    group.add_argument(
        '--precision', choices=PRECISIONS, default='float32', help='(%(default)s)'
    )
    group.add_argument(
        '--max-loss',
        type=float,
        default=0.5,
        metavar='POINTS',
        help='largest loss of the metric, in points of 100 (%(default)s)',
    )
    group.add_argument(
        '--metric', help='its name (default: the one that chooses the best checkpoint)'
    )
    group.add_argument(
        '--force', action='store_true', help='keep a file that loses more'
    )
    group.add_argument(
        '--calibrate',
        type=Path,
        nargs='+',
        help='int8: images or folders, each image as one person (default: the first '
        'training samples)',
    )


def read_samples(places: list[Path] | None) -> list[Sample] | None:
    """Read images; of each the whole is taken for one person.

    Raises:
        UserError: If one cannot be read.
    """
    if places is None:
        return None
    try:
        images = [load_image(path) for path in find_images(places)]
    except InputError as error:
        raise UserError(error.what, error.fix) from error
    return [
        Sample(image, np.array([[0, 0, *image.shape[1::-1]]], np.float32))
        for image in images
    ]


def say(result: Export) -> None:
    """Print what was written."""
    manifest = result.manifest
    size = result.path.stat().st_size / 1e6
    print(
        f'{result.path}: {manifest.kind}, {manifest.precision}, {size:.1f} MB, input '
        f'{manifest.input_size[0]}x{manifest.input_size[1]}, '
        f'{len(manifest.keypoint_names)} key points, weights '
        f'{manifest.weights or "random"}'
    )
    print(result.difference)
    if manifest.score:
        print(
            f'{manifest.score["metric"]}: {manifest.score["before"]:.2f} in float32, '
            f'{manifest.score["after"]:.2f} in {manifest.precision}'
        )


def main() -> None:
    """Export, compare and print the result."""
    args = parse_args()
    model = find_model(args.config, args.weights)
    if args.cfg_options:
        merge_options(model.config, args.cfg_options, args.config)
    weights = None if args.random_weights and not args.weights else model.weights
    options = ExportOptions(
        normalize=args.normalize,
        input_order=args.input_order,
        decode=args.decode,
        flip_test=args.flip_test,
        nms=args.nms,
        opset=args.opset,
    )
    common = (model.config, weights, args.out, options, args.random_weights)
    samples = read_samples(args.images)
    if args.precision == 'float32':
        say(export_onnx(*common, samples))
        return
    say(
        export_reduced(
            *common,
            samples,
            precision=args.precision,
            calibration=read_samples(args.calibrate),
            metric=args.metric,
            max_loss=args.max_loss,
            force=args.force,
        )
    )


if __name__ == '__main__':
    run_cli(main)

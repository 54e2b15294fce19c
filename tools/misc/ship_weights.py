"""Put trained weights into the package, in half precision, and print their facts.

    python tools/misc/ship_weights.py sdhrnet demo_out/sdhrnet/work/best_*.pth

Copy the printed lines to the paper's entry in metafile.yml. Weights of convolutions and
linear layers become float16, everything else stays float32. Weights that the entry's
config does not have (such as those only for training) are left out.
"""

import argparse
import hashlib
from pathlib import Path

import torch

import mmpose_ext  # noqa: F401  (prepares the stack)
from mmpose_ext.apis import load_model
from mmpose_ext.apis.zoo import find_model
from mmpose_ext.compat.checkpoint import load_safely, weights_of
from mmpose_ext.compat.safetensors_file import SUFFIX, save_safetensors
from mmpose_ext.compat.shipped_weights import WEIGHTS
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.io import check_output

LARGEST = 3_000_000  # bytes


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition('\n')[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=__doc__.partition('\n\n')[2],
    )
    parser.add_argument('paper', help='alias of the entry in metafile.yml: sdhrnet')
    parser.add_argument('checkpoint', type=Path, help='a .pth of its config')
    return parser.parse_args()


def halve(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return weights with matrices and kernels in float16.

    Vectors (biases, norm layers and their statistics) stay as they are: they are small,
    and float16 cannot hold small variances.
    """
    return {
        name: value.half() if value.is_floating_point() and value.ndim > 1 else value
        for name, value in weights.items()
    }


def main() -> None:
    """Convert."""
    args = parse_args()
    target = check_output(WEIGHTS / f'{args.paper}{SUFFIX}')
    found = find_model(args.paper)
    wanted = load_model(found.config).state_dict()
    content = load_safely(args.checkpoint, 'cpu')
    weights = weights_of(content, args.checkpoint)
    missing = sorted(wanted.keys() - weights.keys())
    if missing:
        raise UserError(
            f'{args.checkpoint} lacks {len(missing)} weights of {args.paper}, such as '
            f'{missing[0]}',
            'give a checkpoint of its config',
        )
    kept = halve({name: weights[name] for name in wanted})
    target.parent.mkdir(exist_ok=True)
    save_safetensors(target, kept, content.get('meta', {}).get('dataset_meta'))
    size = target.stat().st_size
    if size > LARGEST:
        target.unlink()
        raise UserError(
            f'{size} bytes are more than {LARGEST}', 'ship a smaller network'
        )
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f'  Weights: mmpose_ext/weights/{target.name}  # {size} bytes')
    print(f'  Weights SHA256: {digest}')


if __name__ == '__main__':
    run_cli(main)

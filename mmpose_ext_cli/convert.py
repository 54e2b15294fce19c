"""``mmpose-ext convert``: weights from ``.pth`` to ``.safetensors``, and back."""

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Convert weights between a checkpoint of MMEngine (.pth) and '
        'safetensors, which holds only tensors and text. The names of the key points '
        'are kept; the state of the optimizer is not.'
    )
    parser.add_argument('source', type=Path, help='a .pth or .safetensors file')
    parser.add_argument(
        'target', type=Path, help='the file to write, of the other kind'
    )
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    args = parse_args()
    import mmpose_ext  # noqa: F401  (prepares the stack)
    from mmpose_ext.utils import run_cli

    run_cli(lambda: convert(args.source, args.target))


def convert(source: Path, target: Path) -> None:
    """Convert a file into the format of the target's suffix.

    Args:
        source (Path): The weights.
        target (Path): The file to write.

    Raises:
        UserError: If a suffix is unknown, or a file cannot be read or written.
    """
    import torch

    from mmpose_ext.compat.checkpoint import load_safely, weights_of
    from mmpose_ext.compat.safetensors_file import SUFFIX, save_safetensors
    from mmpose_ext.utils import UserError, atomic_write
    from mmpose_ext.utils.io import check_output

    if target.suffix not in (SUFFIX, '.pth'):
        raise UserError(
            f'{target} has an unknown format', f'end it in {SUFFIX} or .pth'
        )
    check_output(target)
    content = load_safely(source, 'cpu')
    weights = weights_of(content, source)
    meta = content.get('meta') if isinstance(content.get('meta'), dict) else {}
    known = meta.get('dataset_meta')
    tensors = {name: value for name, value in weights.items() if torch.is_tensor(value)}
    if target.suffix == SUFFIX:
        save_safetensors(target, tensors, known)
    else:
        kept = {} if known is None else dict(dataset_meta=known)
        with atomic_write(target) as temporary:
            torch.save(dict(state_dict=tensors, meta=kept), temporary)
    size = sum(value.numel() for value in tensors.values())
    print(f'{target}: {len(tensors)} tensors, {size} numbers')
    if known is None:
        print('the file has no names of key points; the config must give them')

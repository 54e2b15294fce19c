"""Train a model, with the options of MMPose's own script.

Unlike that script, it imports this plugin before it reads the config, so that
`mim train mmpose_ext NAME` and configs based on `mmpose_ext::...` work. It checks data,
checkpoint and work folder before it builds anything.
"""

import argparse
import warnings

warnings.filterwarnings('ignore', 'pkg_resources is deprecated')

# After the filter; mmpose_ext registers its parts.
import mmpose_ext  # noqa: E402, F401, I001
from mmengine.config import Config  # noqa: E402
from mmpose_ext.apis import check_checkpoint, check_pretrained  # noqa: E402
from mmpose_ext.utils import UserError, run_cli  # noqa: E402
from mmpose_ext.utils.runs import (  # noqa: E402
    add_run_options,
    build_runner,
    check_data,
    checkpoint_hook,
    config_of,
    resume_newest,
    setup_errors,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    add_run_options(parser)
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='continue from this checkpoint, or from the newest in the work folder',
    )
    parser.add_argument('--amp', action='store_true', help='mixed precision')
    parser.add_argument(
        '--no-validate', action='store_true', help='do not evaluate while training'
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the batch size',
    )
    return parser.parse_args()


def main() -> None:
    """Train."""
    args = parse_args()
    config = config_of(
        args, lambda settings: put_options(settings, args), 'train', 'val'
    )
    check_data(config, 'train', 'val')
    check_pretrained(config)
    start = checkpoint_hook(config).get('start_from')
    check_checkpoint(config, config.get('load_from') or start)
    runner = build_runner(config)
    with setup_errors(runner):
        runner.train()


def put_options(config: Config, args: argparse.Namespace) -> None:
    """Apply the options that only training has to the config.

    Args:
        config (Config): The config; changed in place.
        args (argparse.Namespace): The command line.

    Raises:
        UserError: If the config cannot take an option.
    """
    if args.no_validate:
        config.val_cfg = config.val_dataloader = config.val_evaluator = None
    if args.amp:
        wrapper = config.get('optim_wrapper') or {}
        kind = wrapper.get('type', 'OptimWrapper')
        kind = getattr(kind, '__name__', kind)
        if kind not in ('OptimWrapper', 'AmpOptimWrapper'):
            raise UserError(
                f'--amp cannot replace optim_wrapper.type={kind}',
                'use a config with OptimWrapper, or leave --amp out',
            )
        config.merge_from_dict(dict(optim_wrapper=dict(type='AmpOptimWrapper')))
        config.optim_wrapper.setdefault('loss_scale', 'dynamic')
    if args.resume:
        resume_newest(config)
        if args.resume != 'auto':
            config.load_from = args.resume
    if args.auto_scale_lr:
        if not config.get('auto_scale_lr'):
            raise UserError(
                f'{args.config} has no auto_scale_lr',
                'add auto_scale_lr=dict(base_batch_size=N), or leave the option out',
            )
        config.auto_scale_lr.enable = True


if __name__ == '__main__':
    run_cli(main)

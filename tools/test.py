"""Test a checkpoint, with the options of MMPose's own script.

Unlike that script, it imports this plugin before it reads the config, and checks data,
checkpoint and outputs before it builds anything.
"""

import argparse
import warnings
from pathlib import Path

warnings.filterwarnings('ignore', 'pkg_resources is deprecated')

# After the filter; mmpose_ext registers its parts.
import mmpose_ext  # noqa: E402, F401, I001
from mmengine.config import Config  # noqa: E402
from mmengine.dist import is_main_process  # noqa: E402
from mmengine.fileio import dump  # noqa: E402
from mmpose_ext.apis import check_checkpoint  # noqa: E402
from mmpose_ext.utils import UserError, atomic_write, run_cli  # noqa: E402
from mmpose_ext.utils.io import check_output  # noqa: E402
from mmpose_ext.utils.runs import (  # noqa: E402
    add_run_options,
    build_runner,
    check_data,
    config_of,
    setup_errors,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    add_run_options(parser)
    parser.add_argument('checkpoint', help='the checkpoint')
    parser.add_argument('--out', type=Path, help='file (.json) for the metrics')
    parser.add_argument(
        '--dump', type=Path, help='pickle file (.pkl) for the predictions'
    )
    parser.add_argument('--badcase', action='store_true', help='collect bad cases')
    return parser.parse_args()


def main() -> None:
    """Test."""
    args = parse_args()
    check_suffix('--dump', args.dump, '.pkl', '.pickle')
    check_suffix('--out', args.out, '.json', '.yaml', '.yml', '.pkl', '.pickle')
    config = config_of(args, lambda settings: put_options(settings, args), 'test')
    check_data(config, 'test')
    check_checkpoint(config, args.checkpoint)
    runner = build_runner(config)
    with setup_errors(runner):
        metrics = runner.test()
    if args.out and is_main_process():
        with atomic_write(args.out) as temporary:
            dump(metrics, temporary)


def check_suffix(option: str, path: Path | None, *suffixes: str) -> None:
    """Check that an output can be written and has a known suffix.

    Args:
        option (str): The option with its path.
        path (Path, optional): The output.
        *suffixes (str): The allowed suffixes.

    Raises:
        UserError: If it cannot be written or has another suffix.
    """
    if path and check_output(path).suffix not in suffixes:
        raise UserError(
            f'{option} {path} has an unknown format', f'end it in {suffixes[0]}'
        )


def put_options(config: Config, args: argparse.Namespace) -> None:
    """Apply the options that only testing has to the config.

    Args:
        config (Config): The config; changed in place.
        args (argparse.Namespace): The command line.

    Raises:
        UserError: If the config cannot take an option.
    """
    config.load_from = args.checkpoint
    evaluators = config.test_evaluator
    if not isinstance(evaluators, (list, tuple)):
        evaluators = [evaluators]
    if args.badcase:
        hook = config.get('default_hooks', {}).get('badcase')
        if not hook:
            raise UserError(
                f'{args.config} has no default_hooks.badcase for --badcase',
                "add badcase=dict(type='BadCaseAnalysisHook') to it",
            )
        hook.update(enable=True, show=args.show, interval=args.interval)
        if args.show:
            hook.wait_time = args.wait_time
        if not hook.get('metric'):
            by_loss = hook.get('metric_type', 'loss') == 'loss'
            hook.metric = config.model.head.loss if by_loss else config.test_evaluator
    if args.dump:
        saved = dict(type='DumpResults', out_file_path=str(args.dump))
        config.test_evaluator = [*evaluators, saved]


if __name__ == '__main__':
    run_cli(main)

"""Hook that saves checkpoints so that a run can always resume."""

import os.path as osp
from collections.abc import Iterable
from typing import Any

from mmengine.dist import broadcast_object_list, is_main_process
from mmengine.hooks import CheckpointHook
from mmengine.runner import BaseLoop, Runner
from mmpose.registry import HOOKS

from ...utils.errors import ConfigError, UserError
from ..checkpoints import AtomicBackend, newest_readable, remove_partial_files
from ..checkpoints.discovery import TRAINING_STATE

# Name of a checkpoint inside an epoch, independent of the names of the others.
INTERRUPTED = 'iter_{}.pth'


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """MMEngine's hook, made safe against a kill at any moment.

    - A checkpoint is written under a temporary name, flushed to the disk and renamed.
      Only then are outdated ones removed, which MMEngine removes first.
    - ``--resume`` takes the newest readable checkpoint, even if the work folder was
      moved, and logs the ones it skips. If there are none, it starts a new training,
      from ``start_from``.
    - Paths of best checkpoints follow the work folder, so a run that is resumed in a
      copy never removes files of the original.

    Args:
        backend_args (dict, optional): See MMEngine's hook. Default:
            :class:`.AtomicBackend` if the checkpoints are written to a local folder.
        start_from (str, optional): Weights to start from if ``--resume`` finds no
            checkpoint. A config that resumes has no ``load_from``, since MMEngine would
            resume from that; ``tools/train.py`` moves it here. Default: none.
        **kwargs: MMEngine's arguments, with the same defaults.

    Raises:
        ConfigError: If ``start_from`` is not a text.
        UserError: If a checkpoint cannot be written, or a run cannot resume.
    """

    def __init__(
        self,
        backend_args: dict | None = None,
        start_from: str | None = None,
        **kwargs: Any,
    ) -> None:
        local = '://' not in str(kwargs.get('out_dir') or '')
        if backend_args is None and kwargs.get('file_client_args') is None and local:
            backend_args = dict(backend='atomic')
        super().__init__(backend_args=backend_args, **kwargs)
        if start_from is not None and not (start_from and isinstance(start_from, str)):
            raise ConfigError(
                self, 'start_from', start_from, 'is not a file', 'give a path, or None'
            )
        self.start_from = start_from
        self._best_before: set[str] = set()

    # Resuming

    def before_run(self, runner: Runner) -> None:
        """Choose the checkpoint of ``--resume``, before MMEngine does."""
        automatic = runner._resume and runner._load_from is None
        if not automatic or not isinstance(runner._train_loop, BaseLoop):
            return
        folder = runner.work_dir
        if self.out_dir is not None:
            if '://' in str(self.out_dir):
                return
            folder = osp.join(self.out_dir, osp.basename(folder.rstrip(osp.sep)))
        chosen = [self._choose(runner, folder) if is_main_process() else None]
        broadcast_object_list(chosen)
        runner._load_from = chosen[0] or self.start_from
        runner._resume = chosen[0] is not None

    def _choose(self, runner: Runner, folder: str) -> str | None:
        template = self.filename_tmpl
        found = newest_readable(
            folder,
            len(runner.train_loop.dataloader),
            epoch_template=template if self.by_epoch else 'epoch_{}.pth',
            iter_template=INTERRUPTED if self.by_epoch else template,
        )
        for line in found.skipped:
            runner.logger.warning(f'--resume skips a checkpoint: {line}')
        if found.path:
            return str(found.path)
        if found.skipped:
            raise UserError(
                f'no checkpoint in {folder} can be read; the newest: '
                f'{found.skipped[0]}',
                'start again without --resume, in another --work-dir',
            )
        runner.logger.warning(
            f'--resume: there is no checkpoint in {folder}, training starts '
            f'from {self.start_from or "the beginning"}'
        )
        return None

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Refuse to resume from a file that contains only weights."""
        missing = [key for key in TRAINING_STATE if key not in checkpoint]
        if runner._resume and missing and isinstance(runner._train_loop, BaseLoop):
            raise UserError(
                f'cannot resume from {runner._load_from}: it has no {missing[0]}, so '
                'it is not the state of a training',
                'give an epoch_*.pth or iter_*.pth, or begin a new training from its '
                'weights with --cfg-options load_from=FILE',
            )

    def before_train(self, runner: Runner) -> None:
        """Prepare the folder, and move recorded paths to it."""
        super().before_train(runner)
        if is_main_process() and '://' not in str(self.out_dir):
            remove_partial_files(self.out_dir)
        self._remove(runner.message_hub.get_info('outdated_ckpts', []))
        moved = {}
        for key, path in self._best_paths().items():
            if path:
                path = self.file_backend.join_path(self.out_dir, osp.basename(path))
                info = f'best_ckpt_{key}' if key else 'best_ckpt'
                runner.message_hub.update_info(info, path)
            moved[key] = path
        if moved:
            self._set_best_paths(moved)

    # Saving

    def save_interrupted(self, runner: Runner, epochs: int | None = None) -> str:
        """Save the state of a run that is about to stop.

        Args:
            runner (Runner): The run.
            epochs (int, optional): Number of finished epochs, or None inside an
                epoch. Default: None.

        Returns:
            str: Path of the checkpoint. If it is inside an epoch, the next checkpoint
            replaces it.
        """
        if epochs is not None or not self.by_epoch:
            self._save_between_epochs(runner, epochs)
        else:
            meta = dict(epoch=runner.epoch, iter=runner.iter + 1)
            outdated = self._pop_interrupted(runner)
            name = INTERRUPTED.format(meta['iter'])
            runner.message_hub.update_info('interrupted_ckpt', name)
            self._write(runner, name, meta, outdated)
        return str(self.last_ckpt)

    def _save_between_epochs(self, runner: Runner, epochs: int | None) -> None:
        done = runner.iter + (epochs is None)
        step = epochs if self.by_epoch and epochs is not None else done
        written = self.last_ckpt and osp.basename(self.last_ckpt)
        if written != self.filename_tmpl.format(step):
            meta = dict(epoch=runner.epoch if epochs is None else epochs, iter=done)
            self._save_checkpoint_with_step(runner, step, meta)

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict) -> None:
        """Write a checkpoint, then remove those that are now outdated."""
        outdated = self._pop_interrupted(runner)
        if self.max_keep_ckpts > 0:
            kept = self.keep_ckpt_ids
            if not kept or kept[-1] != step:
                if len(kept) == self.max_keep_ckpts:
                    outdated.append(self.filename_tmpl.format(kept.popleft()))
                kept.append(step)
                runner.message_hub.update_info('keep_ckpt_ids', list(kept))
        self._write(runner, self.filename_tmpl.format(step), meta, outdated)

    @staticmethod
    def _pop_interrupted(runner: Runner) -> list[str]:
        """Take the checkpoint inside an epoch that the run resumed from, if any."""
        name = runner.message_hub.pop_info('interrupted_ckpt')
        return [name] if name else []

    def _write(
        self, runner: Runner, name: str, meta: dict, outdated: list[str]
    ) -> None:
        best = self._best_before - self._best_names()
        outdated = [old for old in (*outdated, *best) if old != name]
        self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        # If the run is killed before the removal, it removes them when it resumes.
        runner.message_hub.update_info('outdated_ckpts', outdated)
        runner.save_checkpoint(
            self.out_dir,
            name,
            self.file_client_args,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if is_main_process():
            # For MMEngine's own find_latest_checkpoint.
            pointer = osp.join(runner.work_dir, 'last_checkpoint')
            AtomicBackend().put_text(self.last_ckpt, pointer)
        self._remove(outdated)

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        """Save the best checkpoint, then remove the previous one."""
        if not self.save_best:
            return
        paths = self._best_paths()
        self._best_before = self._best_names()
        # MMEngine would first remove the files listed here.
        self._set_best_paths(dict.fromkeys(paths))
        try:
            super()._save_best_checkpoint(runner, metrics)
        finally:
            new = self._best_paths()
            self._set_best_paths({key: new.get(key) or paths[key] for key in paths})
        self._remove(self._best_before - self._best_names())
        self._best_before = set()

    def _best_paths(self) -> dict[str, str | None]:
        """Paths of the best checkpoints by metric, or under '' for a single metric."""
        if not self.save_best:
            return {}
        if len(self.key_indicators) == 1:
            return {'': self.best_ckpt_path}
        return dict(self.best_ckpt_path_dict)

    def _set_best_paths(self, paths: dict[str, str | None]) -> None:
        if len(self.key_indicators) == 1:
            self.best_ckpt_path = paths['']
        else:
            self.best_ckpt_path_dict.update(paths)

    def _best_names(self) -> set[str]:
        return {osp.basename(path) for path in self._best_paths().values() if path}

    def _remove(self, names: Iterable[str]) -> None:
        if not is_main_process():
            return
        for name in names:
            path = self.file_backend.join_path(self.out_dir, name)
            if self.file_backend.isfile(path):
                self.file_backend.remove(path)

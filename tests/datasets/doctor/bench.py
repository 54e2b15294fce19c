"""A healthy data set of each layout with its config, to be damaged."""

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import healthy
import mutants
import trial
from mmengine.config import Config

from mmpose_ext.datasets.doctor import Finding, examine, files_of_config
from mmpose_ext.testing import build_from_config
from mmpose_ext.utils import UserError

PRESET = (
    Path(__file__).resolve().parents[3]
    / 'configs/lrfg_yolopose/small/lrfg-yolopose-n_1xb8-16e_synthetic-128.py'
)


class Layout(NamedTuple):
    """A data set and how it is scored."""

    convention: str
    dataset: str
    evaluator: dict
    perfect: dict
    made: list


LAYOUTS = {
    'coco': Layout('coco', 'CocoDataset', dict(type='CocoPersonMetric'),
                   {'coco/AP': 1.0}, mutants.coco_mutants()),
    'coco-strict': Layout('coco', 'CocoDataset', dict(type='CocoMetric'),
                          {'coco/AP': 1.0}, mutants.coco_mutants()),
    'one-stage': Layout(
        'coco', 'CocoDataset',
        dict(type='CocoPersonMetric', score_mode='bbox', nms_mode='none'),
        {'coco/AP': 1.0}, mutants.coco_mutants()),
    'lsp': Layout('lsp', 'LspDataset', dict(type='TorsoPCKAccuracy'),
                  {'PCK@0.2': 100.0}, mutants.coco_mutants()),
    'ntu': Layout('ntu', 'Ntu60Dataset', dict(type='PCKhAccuracy'),
                  {'PCKh@0.5': 100.0}, mutants.ntu_mutants()),
    'mpii': Layout('mpii', 'MpiiDataset', dict(type='PCKhAccuracy'),
                   {'PCKh@0.5': 100.0}, mutants.mpii_mutants()),
}  # fmt: skip


def pipelines(one_stage: bool) -> tuple[list, list]:
    """Steps for training and validation, without augmentation top-down."""
    if one_stage:
        preset = Config.fromfile(PRESET)
        return tuple(
            preset[f'{split}_dataloader'].dataset.pipeline for split in ('train', 'val')
        )
    steps = [
        dict(type='LoadCheckedImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='TopdownAffine', input_size=trial.SIZE),
    ]
    target = dict(type='GenerateTarget', encoder=trial.CODEC)
    pack = dict(type='PackPoseInputs')
    return [*steps, target, pack], [*steps, pack]


@contextlib.contextmanager
def configs_read_once() -> Iterator[None]:
    """Read config and meta information once: that takes most of the time."""
    read = Config.fromfile
    known: dict[str, Config] = {}

    def fromfile(name: Any, *args: Any, **kwargs: Any) -> Config:
        if str(name) not in known:
            known[str(name)] = read(name, *args, **kwargs)
        return copy.deepcopy(known[str(name)])

    with patch.object(Config, 'fromfile', fromfile):
        yield


class Bench:
    """A healthy data set, its config, and a network."""

    def __init__(self, root: Any, name: str) -> None:
        self.root, self.layout = root, LAYOUTS[name]
        self.contents = {}
        for seed, split in enumerate(('train', 'val'), 1):
            names = healthy.write_images(root / split, 3, seed)
            mpii = name == 'mpii'
            make = healthy.mpii_content if mpii else self._coco
            self.contents[split] = make(names)
        healthy.write_head_boxes(root / 'heads.mat', 4)
        self.path = root / 'config.py'
        Config(self._config(name)).dump(self.path)
        self.config = Config.fromfile(self.path)
        meta = healthy.meta_of(self.layout.convention)
        one_stage = name == 'one-stage'
        count = meta['num_keypoints']
        self.network = build_from_config(PRESET) if one_stage else trial.network(count)

    def _coco(self, names: list[str]) -> dict:
        layout = self.layout
        return healthy.coco_content(
            layout.convention, names, layout.convention == 'ntu'
        )

    def _config(self, name: str) -> dict:
        train, val = pipelines(name == 'one-stage')

        def loader(split: str, **kwargs: Any) -> dict:
            dataset = dict(
                type=self.layout.dataset,
                data_root=str(self.root),
                ann_file=f'{split}.json',
                data_prefix=dict(img=f'{split}/'),
                data_mode='bottomup' if name == 'one-stage' else 'topdown',
                serialize_data=False,
                **kwargs,
            )
            return dict(batch_size=2, dataset=dataset)

        test: dict = dict(test_mode=True)
        if name == 'mpii':
            test['headbox_file'] = str(self.root / 'heads.mat')
        evaluator = dict(self.layout.evaluator)
        if self.layout.dataset == 'CocoDataset':
            evaluator['ann_file'] = str(self.root / 'val.json')
        return dict(
            default_scope='mmpose',
            train_dataloader=loader('train', pipeline=train),
            val_dataloader=loader('val', pipeline=val, **test),
            val_evaluator=evaluator,
        )

    def write(self, mutant: mutants.Mutant | None = None) -> None:
        for split, content in self.contents.items():
            damaged = mutant.of(content) if mutant else content
            healthy.save(self.root / f'{split}.json', damaged)

    def doctor(self) -> tuple[set[str], bool]:
        """Names of the fatal checks, and whether there is any."""
        try:
            found = self.findings()
        except UserError as error:
            return {'error'} if len(str(error).splitlines()) == 1 else set(), True
        fatal = {f.check for f in found if f.level == 'fatal'}
        return fatal, bool(fatal)

    def findings(self) -> list[Finding]:
        """All findings, each of one line."""
        files, diagnoses = files_of_config(self.path)
        diagnoses += examine(files, progress=False, workers=1)
        text = '\n'.join(map(str, diagnoses))
        found = [f for d in diagnoses for f in d.findings]
        assert all(len(str(f).splitlines()) == 1 and f.fix for f in found), text
        return found

    def real(self) -> str:
        return trial.trial(self.config, self.network, self.layout.perfect)

"""What passes the doctor trains, validates and scores; what does not, fails it first.

Each mutant of a healthy file is shown to the doctor and put to the real thing.
"""

import contextlib
import copy
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

import healthy
import mutants
import pytest
import trial
from mmengine.config import Config

from mmpose_ext.datasets.doctor import examine, files_of_config
from mmpose_ext.utils import UserError

#: Damage that no run shows, since it trains and scores on wrong labels; the doctor
#: alone finds it.
SILENT = {
    'joint_order': 'left arm and right leg are trained as each other',
    'joint_names': 'the joints may be others than the network is to learn',
    'far_joints': 'joints out of any crop are not trained on',
    'normalized_joints': 'every joint lies in the first pixel',
    'normalized_boxes': 'every crop is the first pixel',
    'size_mismatch': 'labels of another version of the image',
    'boxes_outside': 'the crop is black',
    'iscrowd': 'whatever Python counts as true is a crowd: a text "0", too',
    'areas': 'OKS scales with it; the annotation itself scores as perfect anyway',
    'visibilities': 'the loss is weighted with it, unless the person is dropped',
    'joint_number': 'only the names in the file disagree',
    'misshapen_joints': 'MMPose flattens nested lists',
    'centers': 'the crop is black',
    'box_types': 'a number beyond 64 bits is cut at the image',
    'unknown_category': 'the person is not scored, the others are',
    'joint_types': "NumPy reads numbers in text; COCO's evaluation does not",
    'nan_joints': "COCO's evaluation takes a visibility of nan for 0",
    'head_sizes': 'PCKh leaves the person out',
    'head_rows': 'heads of other people; the annotation itself is right by any measure',
    'image_sizes': 'boxes are not cut at a size that is nan or infinite',
    'annotation_ids': 'ids that are no integers happen to work in a part of the code',
    'category_ids': 'an id of 1e300 happens to work',
    'bad_categories': 'an id of 1e300 happens to work',
    'repeated_images': 'the second may be the same as the first',
    'repeated_annotations': 'the second may be the same as the first',
}


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
    'lsp': Layout('lsp', 'LspDataset', dict(type='TorsoPCKAccuracy'),
                  {'PCK@0.2': 100.0}, mutants.coco_mutants()),
    'ntu': Layout('ntu', 'Ntu60Dataset', dict(type='PCKhAccuracy'),
                  {'PCKh@0.5': 100.0}, mutants.ntu_mutants()),
    'mpii': Layout('mpii', 'MpiiDataset', dict(type='PCKhAccuracy'),
                   {'PCKh@0.5': 100.0}, mutants.mpii_mutants()),
}  # fmt: skip


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
        self.network = trial.network(meta['num_keypoints'])

    def _coco(self, names: list[str]) -> dict:
        layout = self.layout
        return healthy.coco_content(
            layout.convention, names, layout.convention == 'ntu'
        )

    def _config(self, name: str) -> dict:
        steps = [
            dict(type='LoadCheckedImage'),
            dict(type='GetBBoxCenterScale'),
            dict(type='TopdownAffine', input_size=trial.SIZE),
        ]
        target = dict(type='GenerateTarget', encoder=trial.CODEC)

        def loader(split: str, **kwargs: Any) -> dict:
            dataset = dict(
                type=self.layout.dataset, data_root=str(self.root),
                ann_file=f'{split}.json', data_prefix=dict(img=f'{split}/'),
                serialize_data=False, **kwargs,
            )  # fmt: skip
            return dict(batch_size=2, dataset=dataset)

        test: dict = dict(test_mode=True)
        if name == 'mpii':
            test['headbox_file'] = str(self.root / 'heads.mat')
        evaluator = dict(self.layout.evaluator)
        if name.startswith('coco'):
            evaluator['ann_file'] = str(self.root / 'val.json')
        return dict(
            default_scope='mmpose',
            train_dataloader=loader(
                'train', pipeline=[*steps, target, dict(type='PackPoseInputs')]
            ),
            val_dataloader=loader(
                'val', pipeline=[*steps, dict(type='PackPoseInputs')], **test
            ),
            val_evaluator=evaluator,
        )

    def write(self, mutant: mutants.Mutant | None = None) -> None:
        for split, content in self.contents.items():
            damaged = mutant.of(content) if mutant else content
            healthy.save(self.root / f'{split}.json', damaged)

    def doctor(self) -> tuple[set[str], bool]:
        """Names of the fatal checks, and whether there is any."""
        try:
            files, diagnoses = files_of_config(self.path)
            diagnoses += examine(files, progress=False, workers=1)
        except UserError as error:
            return {'error'} if len(str(error).splitlines()) == 1 else set(), True
        text = '\n'.join(map(str, diagnoses))
        found = [f for d in diagnoses for f in d.findings]
        assert all(len(str(f).splitlines()) == 1 and f.fix for f in found), text
        fatal = {f.check for f in found if f.level == 'fatal'}
        return fatal, bool(fatal)

    def real(self) -> str:
        return trial.trial(self.config, self.network, self.layout.perfect)


def compare(bench: Bench, chosen: list[mutants.Mutant]) -> Counter:
    """Count agreements; fail with every disagreement that has no reason."""
    counts: Counter = Counter()
    wrong = []
    for mutant in chosen:
        bench.write(mutant)
        checks, fatal = bench.doctor()
        reason = bench.real()
        if fatal == bool(reason):
            counts['both fail' if fatal else 'both pass'] += 1
        elif fatal and {'nobody'} != checks <= {*SILENT, 'nobody'}:
            counts['silent'] += 1
            counts.update(f'silent {check}' for check in checks)
        else:
            said = f'doctor {sorted(checks) or "passes"}'
            wrong.append(f'{mutant.name}: {said}, the run: {reason or "passes"}')
    assert not wrong, f'{len(wrong)} of {len(chosen)}:\n' + '\n'.join(wrong)
    return counts


@pytest.mark.parametrize('name', LAYOUTS)
def test_a_healthy_file_passes_both(tmp_path, name):
    bench = Bench(tmp_path, name)
    bench.write()
    assert bench.doctor() == (set(), False)
    assert bench.real() == ''


@pytest.mark.parametrize('name', LAYOUTS)
def test_sample_of_mutants(tmp_path, name):
    made = LAYOUTS[name].made
    rng = random.Random(zlib.crc32(name.encode()))
    with configs_read_once():
        chosen = rng.sample(made, 12)
        counts = compare(Bench(tmp_path, name), chosen)
    assert counts['both fail'] > 0


@pytest.mark.slow
@pytest.mark.parametrize('name', LAYOUTS)
def test_all_mutants(tmp_path, name, capsys):
    with configs_read_once():
        counts = compare(Bench(tmp_path, name), LAYOUTS[name].made)
    kinds = ('both pass', 'both fail', 'silent')
    with capsys.disabled():
        print(f'\n{name}:', ', '.join(f'{kind} {counts[kind]}' for kind in kinds))
        print({kind: n for kind, n in counts.items() if kind not in kinds})

"""What passes the doctor trains, validates and scores; what does not, fails it first.

Each mutant of a healthy file is shown to the doctor and put to the real thing.
"""

import random
import zlib
from collections import Counter

import mutants
import pytest
from bench import LAYOUTS, Bench, configs_read_once

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
    'areas': 'OKS scales with it; the annotation itself scores as perfect anyway',
    'visibilities': 'the loss is weighted with it, unless the person is dropped',
    'joint_number': 'only the names in the file disagree',
    'misshapen_joints': 'MMPose flattens nested lists',
    'centers': 'the crop is black',
    'box_types': 'a number beyond 64 bits is cut at the image',
    'unknown_category': 'the person is not scored, the others are',
    'joint_types': "NumPy reads numbers in text; COCO's evaluation does not",
    'nan_joints': "COCO's evaluation takes a visibility of nan for 0",
    'num_keypoints': 'a text happens to work where a list does not',
    'empty_boxes': 'one-stage, a step of the pipeline leaves the person out',
    'head_sizes': 'PCKh leaves the person out',
    'head_rows': 'heads of other people; the annotation itself is right by any measure',
    'image_sizes': 'boxes are not cut at a size that is nan or infinite',
    'annotation_ids': 'ids that are not integers happen to work in a part of the code',
    'category_ids': 'an id of 1e300 happens to work',
    'bad_categories': 'an id of 1e300 happens to work',
    'repeated_annotations': 'the second may be the same as the first',
}


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

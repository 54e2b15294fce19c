"""Values of the command line that are refused before anything runs."""

import pytest


@pytest.mark.parametrize(
    'tool',
    [
        'analysis/compare_decoding.py',
        'analysis/sadi_training_signs.py',
        'dataset_converters/coco_subset.py',
        'dataset_converters/ntu60_frames.py',
        'misc/browse_dataset.py',
        'misc/make_synthetic.py',
        'misc/walking_figure.py',
    ],
)
@pytest.mark.parametrize('value', ['-1', '1.5', str(2**32)])
def test_seeds_that_no_generator_takes(tool, value, run_tool, capsys):
    assert run_tool(tool, '--seed', value) == 2
    assert f"--seed: '{value}' is not a whole number from 0" in capsys.readouterr().err

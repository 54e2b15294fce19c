"""The benchmark of a whole test compares equal work."""

from mmengine.registry import init_default_scope

from mmpose_ext.analysis.bench.end_to_end import HRNET, run_of
from mmpose_ext.analysis.bench.loading import write_images
from mmpose_ext.apis.fast_config import make_fast
from mmpose_ext.utils.config import load_config


def test_both_sides_have_the_same_scores(tmp_path):
    init_default_scope('mmpose')
    write_images(tmp_path, 3, (160, 120), 4)
    configs = load_config(HRNET), make_fast(load_config(HRNET))
    for config in configs:
        config.test_dataloader.num_workers = 0
    theirs, ours = (run_of(config, tmp_path)() for config in configs)
    assert configs[1].model.data_preprocessor.type == 'FastPoseDataPreprocessor'
    assert set(theirs) == set(ours)
    assert len(theirs) == 10
    for name, value in theirs.items():
        assert abs(value - ours[name]) < 1e-12, name

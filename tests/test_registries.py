"""Parts are found in the scope that `mmpose_ext::...` gives to a config's parts."""

import pytest
from mmengine.registry import Registry
from mmpose import registry as parents

from mmpose_ext.registry import CHILDREN

NAMES = [
    name
    for name, value in vars(parents).items()
    if isinstance(value, Registry) and not name.startswith('MMENGINE_')
]
PARTS = {
    'VISUALIZERS': 'SafeNamePoseVisualizer',
    'HOOKS': 'BatchSizeCheckHook',
    'MODELS': 'CAHRNet',
    'OPTIMIZERS': 'Adam',
    'LOOPS': 'EpochBasedTrainLoop',
    'VISBACKENDS': 'LocalVisBackend',
}


@pytest.mark.parametrize('name', NAMES)
def test_every_registry_of_mmpose_has_a_child(name):
    child = CHILDREN[name]
    assert child.parent is getattr(parents, name)
    with parents.__dict__[name].switch_scope_and_registry('mmpose_ext') as registry:
        assert registry is child


@pytest.mark.parametrize('name', PARTS)
def test_a_part_is_found_in_the_scope(name):
    parent = getattr(parents, name)
    with parent.switch_scope_and_registry('mmpose_ext') as registry:
        assert registry.get(PARTS[name]) is parent.get(PARTS[name]) is not None


def test_a_part_is_found_from_the_root_as_the_runner_looks():
    root = parents.VISUALIZERS.parent
    with root.switch_scope_and_registry('mmpose_ext') as registry:
        assert registry.get('SafeNamePoseVisualizer')

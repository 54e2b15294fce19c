"""Joints of the data sets' conventions, and where their meta-information is."""

from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from mmpose_ext.datasets.conventions import CONVENTIONS, metainfo_file
from mmpose_ext.figures import SyntheticFigures


def test_conventions_share_their_joints():
    lengths = {'coco': 17, 'mpii': 16, 'lsp': 14, 'ntu': 25}
    person = SyntheticFigures(seed=5, size=(128, 128)).render(0, image=False).persons[0]
    found, named = {}, {}
    for convention, names in CONVENTIONS.items():
        points = found[convention] = person.keypoints(names)
        assert points.shape == (lengths[convention], 3)
        for name, point in zip(names, points, strict=True):
            assert_array_equal(named.setdefault(name, point), point)
    # The places that the conventions themselves give these joints.
    places = {'coco': 9, 'lsp': 11, 'mpii': 15, 'ntu': 6}
    for convention, place in places.items():
        assert_array_equal(found[convention][place], named['left_wrist'])
    assert_array_equal(found['lsp'][0], found['coco'][16])
    assert_array_equal(found['lsp'][13], found['mpii'][9])
    assert person.keypoints3d(CONVENTIONS['ntu']).shape == (25, 3)


@pytest.mark.parametrize('convention', CONVENTIONS)
def test_meta_information_is_there(convention):
    assert Path(metainfo_file(convention)).is_file()


def test_unknown_convention_names_the_choices():
    with pytest.raises(
        ValueError,
        match=r"Me: convention='halpe' is unknown.*'coco', 'mpii', 'lsp', 'ntu'",
    ):
        metainfo_file('halpe', owner='Me')

"""Frames of AVI files, and the damage that their headers show."""

import pytest
from ntu_fixtures import (
    SIZE,
    gray,
)

from mmpose_ext.datasets.converters.avi import (
    VideoError,
    read_avi_header,
    read_frames,
)
from mmpose_ext.datasets.synthetic.layouts.ntu_files import save_avi


@pytest.fixture
def video(tmp_path):
    save_avi(tmp_path / 'clip.avi', gray(10))
    return tmp_path / 'clip.avi'


def test_avi_headers_and_damage(video, tmp_path):
    assert read_avi_header(video) == (10, *SIZE)
    whole = video.read_bytes()
    for content, message in (
        (whole[:5000], f'is truncated: 5000 of {len(whole)} bytes'),
        (whole[:50], 'is not an AVI file'),
        (b'<html>' * 20, 'is not an AVI file'),
        (whole[:24] + b'junk' + whole[28:], 'has no AVI header'),
    ):
        video.write_bytes(content)
        with pytest.raises(VideoError, match=message):
            read_avi_header(video)
    with pytest.raises(VideoError, match='cannot read video .*No such file'):
        read_avi_header(tmp_path / 'no.avi')
    with pytest.raises(VideoError, match='no.avi cannot be decoded'):
        list(read_frames(tmp_path / 'no.avi', [0]))


def test_frames_by_number(video):
    read = dict(read_frames(video, [0, 3, 9]))
    assert [*read] == [0, 3, 9]
    assert abs(int(read[3].mean()) - 60) <= 2
    with pytest.raises(VideoError, match='ends after 10 frames, before frame 13'):
        list(read_frames(video, [2, 12]))

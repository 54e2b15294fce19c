"""The video of a walking figure: it fills the picture, moves, and repeats smoothly."""

import numpy as np

from mmpose_ext.figures.motion import walk_on_the_spot
from mmpose_ext.video import read_video


def projected(num_frames, turn=40.0):
    people, camera = walk_on_the_spot(
        np.random.default_rng(3), (224, 288), num_frames, turn
    )
    return np.stack([camera.project(camera.to_camera(p.landmarks())) for p in people])


def test_the_figure_fills_the_picture_and_repeats_without_a_jump():
    points = projected(48)
    low, high = points.min((0, 1)), points.max((0, 1))
    assert (low > 0).all()
    assert (high < (223, 287)).all()
    assert high[1] - low[1] > 0.75 * 288
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1).max(1)
    back = np.linalg.norm(points[0] - points[-1], axis=-1).max()
    assert steps.min() > 0
    assert back <= 1.5 * steps.max()


def test_the_angle_turns_the_figure():
    assert np.abs(projected(12) - projected(12, 0.0)).max() > 5


def test_the_tool_writes_a_video(tmp_path, run_tool, capsys):
    tool, out = 'misc/walking_figure.py', tmp_path / 'walk.avi'
    options = ('--frames', 3, '--fps', 5, '--size', 64, 80)
    assert not run_tool(tool, out, *options)
    fps, frames = read_video(out)
    pictures = list(frames)
    assert fps == 5
    assert [picture.shape for picture in pictures] == [(80, 64, 3)] * 3
    assert np.abs(pictures[0].astype(int) - pictures[1]).max() > 50
    assert run_tool(tool, out, '--frames', 0) == 2
    assert run_tool(tool, tmp_path / 'walk.png') == 2
    assert capsys.readouterr().err.count('\n') == 2

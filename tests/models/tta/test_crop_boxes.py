import numpy as np
import pytest
import torch

from mmpose_ext.models.tta.crop_boxes import CropBoxes, average_heatmaps, resample


def frames(size, center=(10.0, 20.0), number=1):
    return CropBoxes(
        np.tile(np.float64(center), (number, 1)), np.full((number, 2), float(size))
    )


def ramp(width=4):
    """A map whose value is its x."""
    return torch.arange(width, dtype=torch.float32).expand(1, 1, width, width)


@pytest.mark.parametrize(
    ('udp', 'places', 'inside'),
    [
        # Zoomed about 4 / 2: u_s = 2 + 2 (u - 2).
        (False, [-2, 0, 2, 4], [False, True, True, False]),
        # Zoomed about 3 / 2: u_s = 1.5 + 2 (u - 1.5).
        (True, [-1.5, 0.5, 2.5, 4.5], [False, True, True, False]),
    ],
)
def test_places_of_a_crop_half_as_large(udp, places, inside):
    maps, shown = resample(ramp(), frames(50), frames(100), udp)
    assert shown[0, 0, 1].tolist() == inside
    assert shown[0, 0, :, 1].tolist() == inside
    for value, place, seen in zip(maps[0, 0, 1], places, inside, strict=True):
        if seen:
            assert value.item() == pytest.approx(place)


def test_a_moved_crop():
    # 25 of 100 pixels to the right are one of four pixels of the map.
    source = frames(100, center=(35.0, 20.0))
    maps, shown = resample(ramp(), source, frames(100), udp=False)
    assert shown[0, 0, 0].tolist() == [False, True, True, True]
    torch.testing.assert_close(maps[0, 0, 0, 1:], torch.tensor([0.0, 1.0, 2.0]))


def test_every_person_has_a_frame():
    source = CropBoxes(np.zeros((2, 2)), np.array([[100.0, 100], [50, 50]]))
    target = CropBoxes(np.zeros((2, 2)), np.array([[100.0, 100], [100, 100]]))
    maps, _ = resample(ramp().repeat(2, 1, 1, 1), source, target, udp=False)
    torch.testing.assert_close(maps[0], ramp()[0])
    assert maps[1, 0, 1, 1:3].tolist() == [0.0, 2.0]


def test_mean_over_the_crops_that_show_a_place():
    maps = [torch.full((1, 1, 4, 4), value) for value in (1.0, 4.0)]
    mean = average_heatmaps(maps, [frames(100), frames(50)], frames(100), udp=False)
    expected = torch.ones(4, 4)
    expected[1:3, 1:3] = 2.5
    torch.testing.assert_close(mean[0, 0], expected)


def test_what_no_crop_shows_is_zero():
    mean = average_heatmaps([ramp() + 1], [frames(50)], frames(100), udp=False)
    assert mean[0, 0, 1].tolist() == [0.0, 1.0, 3.0, 0.0]


@pytest.mark.parametrize('dtype', [torch.float32, torch.float16])
def test_the_frame_itself_is_left_alone(dtype):
    maps = torch.randn(2, 3, 8, 6).to(dtype)
    mean = average_heatmaps([maps], [frames(9, number=2)], frames(9, number=2), False)
    assert mean.dtype == dtype
    assert torch.equal(mean, maps)

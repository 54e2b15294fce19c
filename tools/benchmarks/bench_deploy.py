r"""Time one image with 1 and 10 persons: MMPose, Predictor, ONNX Runtime, OpenVINO.

All run in turn in one process on one thread, each from the image (and boxes, for a
top-down network) to key points, then each stage by itself. The weights are random, in
float32, without flip test; one-stage files suppress inside the graph. The shortest of
the repeats counts; see mmpose_ext/analysis/timing.py for the clock.

Examples::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_deploy.py --repeats 5
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_deploy.py \
        --config configs/lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-640.py
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from mmengine.dataset import Compose, pseudo_collate
from torch import nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis.timing import measure, prepare_timing, report
from mmpose_ext.apis.predictor import Predictor
from mmpose_ext.export import ExportOptions, load_network, write_network
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import NAME_HELP, load_config
from mmpose_ext_runtime import PoseModel
from mmpose_ext_runtime.crops import Crop, crop_person, letterbox, to_input

CONFIG = (
    Path(__file__).resolve().parents[2]
    / 'configs/sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py'
)
Work = dict[str, Callable[[], object]]


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--config', default=str(CONFIG), help=NAME_HELP)
    parser.add_argument('--persons', type=int, nargs='+', default=[1, 10])
    parser.add_argument('--repeats', type=int, default=3, help='(%(default)s)')
    parser.add_argument(
        '--engines', nargs='+', default=['onnxruntime', 'openvino'], help='(both)'
    )
    return parser.parse_args()


def scene(persons: int) -> tuple[np.ndarray, Any]:
    """Return an image of 640x480 pixels with people, and as many boxes in it."""
    figures = SyntheticFigures(seed=0, size=(640, 480), persons=(persons, persons))
    image = figures[0].image
    places = np.random.default_rng(0).uniform(0, 200, (persons, 2))
    sizes = np.random.default_rng(1).uniform(100, 250, (persons, 2))
    return np.asarray(image), np.hstack([places, places + sizes]).astype(np.float32)


def whole_works(
    model: nn.Module,
    predictor: Predictor,
    files: dict[str, PoseModel],
    image: np.ndarray,
    boxes: np.ndarray | None,
) -> Work:
    """Return each way from image and boxes (None: one-stage) to key points."""
    # mmpose.apis cannot be imported before the plugin.
    from mmpose.apis import inference_bottomup, inference_topdown

    works: Work = {
        'MMPose inference_topdown': lambda: inference_topdown(model, image, boxes)
    }
    if boxes is None:
        works = {'MMPose inference_bottomup': lambda: inference_bottomup(model, image)}
    works['Predictor (PyTorch)'] = lambda: predictor(image, boxes)
    for name, file in files.items():
        works[name] = lambda file=file: file(image, boxes)  # type: ignore[misc]
    return works


def mmpose_stages(
    model: nn.Module, image: np.ndarray, boxes: np.ndarray | None
) -> Work:
    """Return the stages of MMPose's inference."""
    pipeline = Compose(model.cfg.test_dataloader.dataset.pipeline)
    people: list[dict] = [{}]
    if boxes is not None:
        score = np.ones(1, np.float32)
        people = [dict(bbox=box[None], bbox_score=score) for box in boxes]

    def prepare() -> list:
        return [
            pipeline(dict(img=image, **own, **model.dataset_meta)) for own in people
        ]

    batch = pseudo_collate(prepare())
    data = model.data_preprocessor(batch, False)
    inputs, samples = data['inputs'], data['data_samples']
    works: Work = {
        'crop': prepare,
        'normalize': lambda: model.data_preprocessor(batch, False),
        'network': lambda: model.head(model.extract_feat(inputs)),
    }
    if boxes is None:
        works['network, decode, NMS'] = lambda: model.predict(inputs, samples)
        return works
    maps = model.head(model.extract_feat(inputs))
    return {**works, 'decode': lambda: model.head.decode(maps)}


def runtime_stages(
    file: PoseModel, image: np.ndarray, boxes: np.ndarray | None
) -> Work:
    """Return the stages of :class:`PoseModel`."""

    def cut() -> list[Crop]:
        if boxes is None:
            return [letterbox(image, file.manifest)]
        return [crop_person(image, box, file.manifest) for box in boxes]

    crops = cut()
    works: Work = {
        'crop': cut,
        'normalize': lambda: to_input(crops, file.manifest),
    }
    if boxes is None:  # everything is in the graph
        works['normalize, network, NMS'] = lambda: file.run(crops)
        return works
    outputs = file.run(crops)
    return {
        **works,
        'normalize, network': lambda: file.run(crops),
        'decode': lambda: file.decode(outputs),
    }


@torch.no_grad()
def main() -> None:
    """Time everything and print it."""
    args = parse_args()
    place = prepare_timing('cpu', 1, args.repeats)
    wrong = [number for number in args.persons if not 1 <= number <= 16]
    if wrong:
        raise UserError(f'--persons {wrong[0]} is out of range', 'give 1 to 16')
    config = load_config(args.config)
    config.model.setdefault('test_cfg', {}).flip_test = False
    model = load_network(config, None, random_weights=True)
    predictor = Predictor(config, allow_random=True)
    with TemporaryDirectory() as folder:
        path = Path(folder, 'network.onnx')
        options = ExportOptions(nms=predictor.one_stage)
        write_network(config, model, path, options)
        files = {name: PoseModel(path, name, threads=1) for name in args.engines}
    load = os.getloadavg()[0]
    print(f'{Path(args.config).stem}; load average of the machine: {load:.1f}')
    for persons in args.persons:
        image, boxes = scene(persons)
        if predictor.one_stage:
            boxes = None
        noun = f'{persons} person' + 's' * (persons > 1)
        works = whole_works(model, predictor, files, image, boxes)
        report(noun, measure(works, args.repeats, place))
        report(
            f'{noun}, MMPose',
            measure(mmpose_stages(model, image, boxes), args.repeats, place),
        )
        for name, file in files.items():
            stages = runtime_stages(file, image, boxes)
            report(f'{persons}, {name}', measure(stages, args.repeats, place))


if __name__ == '__main__':
    run_cli(main)

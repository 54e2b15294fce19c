"""Packs an offline bundle: wheels, data, the runs and one script that performs them."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmpose.registry import DATASETS

from ..utils.errors import UserError
from ..utils.folders import atomic_folder
from ..utils.io import check_output, write_json_atomic
from ..utils.runs import check_data
from .budgets import config_of_run
from .crops import DETAIL, Reach, estimate_bytes, pack_crops, reach_of
from .fingerprint import code_version, data_fingerprint, digest, plain
from .manifest import MANIFEST, SCHEMA, digests_of
from .packed_data import SPLITS, annotated_evaluators
from .paths import root_folder
from .plan import Run
from .plugin_wheel import NAME, build_plugin
from .script import SCRIPT, SCRIPT_NAME
from .wheels import (
    Target,
    download_wheels,
    find_wheels,
    leave_out,
    needed,
    tested_set,
)

MB = 1_000_000
# Draws its images on demand, so it needs no packing.
_DRAWN = 'SyntheticPoseDataset'


@dataclass(frozen=True)
class Plan:
    """Content of a bundle.

    Attributes:
        out (Path): The folder to make.
        runs (Sequence[Run]): The runs.
        target (Target): The machine it is for.
        wheels (Path): Folder of wheels; what is missing is downloaded there.
        without (Sequence[str]): Packages that the machine has.
        max_mb (float): Largest size, in 10^6 bytes.
        minutes (float): How long one call of the script works.
        processes (int): Processes per run, one per GPU.
        detail (float): See :data:`.crops.DETAIL`.
    """

    out: Path
    runs: Sequence[Run]
    target: Target
    wheels: Path
    without: Sequence[str] = ('torch',)
    max_mb: float = 60
    minutes: float = 50
    processes: int = 1
    detail: float = DETAIL


@dataclass
class PackedSet:
    """A data set that one or more runs read.

    Attributes:
        name (str): Name of its file, without suffix.
        config (dict): The data set's config.
        reaches (set[Reach]): Reaches of the pipelines that read it.
        dataset (Any): The data set, without a pipeline.
    """

    name: str
    config: dict[str, Any]
    reaches: set[Reach] = field(default_factory=set)
    dataset: Any = None


def pack(plan: Plan) -> dict[str, int]:
    """Make an offline bundle.

    Args:
        plan (Plan): What goes into it.

    Returns:
        dict[str, int]: Bytes by part.

    Raises:
        UserError: If the folder exists, data or wheels are missing, or the bundle would
            be too large; then nothing is left of it.
    """
    if plan.out.exists():
        raise UserError(f'{plan.out} exists already', 'choose another --out')
    check_output(plan.out / MANIFEST)
    configs = {run.name: config_of_run(run) for run in plan.runs}
    sets, data = collect_data(configs)
    with atomic_folder(plan.out) as temporary:
        sizes = _estimate(sets, plan)
        refuse_larger(sizes, plan.max_mb)
        wheels = gather_wheels(plan, temporary)
        sizes.update({f'wheel of {n}': p.stat().st_size for n, p in wheels.items()})
        refuse_larger(sizes, plan.max_mb)
        sizes = _fill(temporary, plan, sets, data, configs, wheels)
        refuse_larger(sizes, plan.max_mb)
    return sizes


def collect_data(
    configs: dict[str, Config],
) -> tuple[dict[str, PackedSet], dict[str, dict[str, str]]]:
    """Find the data sets that runs read, each once.

    Args:
        configs (dict[str, Config]): The runs' configs by name.

    Returns:
        tuple: The data sets by name, and for each run the file of each split and of
        each evaluator's annotation.

    Raises:
        UserError: If data are missing, or cannot be packed.
    """
    sets: dict[str, PackedSet] = {}
    data: dict[str, dict[str, str]] = {}
    for run, config in configs.items():
        check_data(config, *SPLITS)
        files: dict[str, str] = {}
        for split in SPLITS:
            dataset = config[f'{split}_dataloader'].dataset.to_dict()
            if dataset['type'] == _DRAWN:
                continue
            pipeline = dataset.pop('pipeline')
            name = f'{split}-{digest(plain(dataset))[:8]}'
            # Validation and test often read the same data set.
            same = [s.name for s in sets.values() if s.config == dataset]
            found = sets.setdefault(same[0] if same else name, PackedSet(name, dataset))
            found.reaches.add(reach_of(pipeline))
            files[split] = f'data/{found.name}.npz'
        for key, evaluator in annotated_evaluators(config):
            files[key] = f'data/{Path(evaluator["ann_file"]).name}'
        data[run] = files
    return sets, data


def _estimate(sets: dict[str, PackedSet], plan: Plan) -> dict[str, int]:
    """Estimate the sizes of the packed data from samples."""
    sizes = {}
    for found in sets.values():
        found.dataset = DATASETS.build({**found.config, 'pipeline': []})
        sizes[f'crops of {found.name}'] = estimate_bytes(
            found.dataset, sorted(found.reaches, key=repr), plan.detail
        )
    return sizes


def refuse_larger(sizes: dict[str, int], max_mb: float) -> None:
    """Raise if the parts are together larger than allowed.

    Args:
        sizes (dict[str, int]): Bytes by part.
        max_mb (float): Largest size, in 10^6 bytes.

    Raises:
        UserError: If they are; the message names the largest parts.
    """
    total = sum(sizes.values())
    if total <= max_mb * MB:
        return
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:6]
    parts = ', '.join(f'{name} {size / MB:.1f}' for name, size in largest)
    raise UserError(
        f'the bundle would take {total / MB:.1f} MB, more than {max_mb:g}: {parts}',
        'raise --max-mb, leave out packages that the machine has (--without), or take '
        'fewer rows or a lower --detail',
    )


def gather_wheels(plan: Plan, temporary: Path) -> dict[str, Path]:
    """Find, download and build the wheels of a bundle.

    Args:
        plan (Plan): The plan.
        temporary (Path): Folder to build the plugin's wheel in.

    Returns:
        dict[str, Path]: Files by name, including the plugin's.

    Raises:
        UserError: If a wheel can be neither found, downloaded nor built.
    """
    root = root_folder()
    known = tested_set(root / 'requirements' / 'tested.txt', plan.target)
    versions = leave_out(needed(known, plan.target), plan.without)
    found, missing = find_wheels(plan.wheels, versions, plan.target)
    if missing:
        plan.wheels.mkdir(parents=True, exist_ok=True)
        download_wheels(plan.wheels, missing, plan.target)
        found, missing = find_wheels(plan.wheels, versions, plan.target)
    if missing:
        raise UserError(
            f'{plan.wheels} lacks a wheel of {missing[0]} for Python '
            f'{plan.target.python} on {plan.target.platform}',
            f'build it there (pip wheel --no-deps {missing[0]}) and name its folder '
            'with --wheels, or leave it out with --without if the machine has it',
        )
    own = sorted(plan.wheels.glob('mmpose_ext-*.whl'))
    build = temporary / 'build'
    build.mkdir()
    return {**found, NAME: own[-1] if own else build_plugin(root, build)}


def _fill(
    folder: Path,
    plan: Plan,
    sets: dict[str, PackedSet],
    data: dict[str, dict[str, str]],
    configs: dict[str, Config],
    wheels: dict[str, Path],
) -> dict[str, int]:
    """Write everything into a folder and return the sizes of its files."""
    for part in ('wheels', 'data'):
        (folder / part).mkdir()
    for path in wheels.values():
        shutil.copy2(path, folder / 'wheels' / path.name)
    shutil.rmtree(folder / 'build', ignore_errors=True)
    for found in sets.values():
        pack_crops(
            found.dataset,
            sorted(found.reaches, key=repr),
            folder / 'data' / f'{found.name}.npz',
            data_fingerprint(found.dataset),
            plan.detail,
        )
    for name, config in configs.items():
        for key, evaluator in annotated_evaluators(config):
            shutil.copy2(evaluator['ann_file'], folder / data[name][key])
    (folder / SCRIPT_NAME).write_text(SCRIPT, encoding='utf-8')
    (folder / SCRIPT_NAME).chmod(0o755)
    files = [p for p in folder.rglob('*') if p.is_file()]
    names = [str(path.relative_to(folder)) for path in files]
    manifest = dict(
        schema=SCHEMA,
        code=code_version(),
        minutes=plan.minutes,
        processes=plan.processes,
        target=asdict(plan.target),
        without=list(plan.without),
        runs=[asdict(run) for run in plan.runs],
        data=data,
        files=digests_of(folder, names),
    )
    write_json_atomic(folder / MANIFEST, json.loads(json.dumps(manifest)), indent=1)
    return {name: (folder / name).stat().st_size for name in [*names, MANIFEST]}

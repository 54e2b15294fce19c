"""Precision-recall curves and the AP of each joint, from COCO results."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from mmpose_ext.datasets.conventions import metainfo_file
from mmpose_ext.evaluation.coco_files import load_results, load_truth
from mmpose_ext.evaluation.coco_truth import (
    as_one_category,
    person_categories,
)
from mmpose_ext.evaluation.precision_recall import coco_curves
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.io import check_output
from mmpose_ext.utils.reasons import reason_of


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('annotations', type=Path, help='person_keypoints_val2017.json')
    parser.add_argument(
        'results',
        type=Path,
        help='what the evaluator writes: test_evaluator.outfile_prefix=X gives '
        'X.keypoints.json',
    )
    parser.add_argument(
        '--out', type=Path, help='prefix of the .json and .png (RESULTS.curves)'
    )
    parser.add_argument(
        '--metainfo', default=None, help="file of the joints and sigmas (COCO's)"
    )
    parser.add_argument(
        '--label',
        default='',
        help='text for the title and the .json, such as "detector boxes"',
    )
    parser.add_argument(
        '--total-only', action='store_true', help='leave out the AP of each joint'
    )
    return parser.parse_args()


def read_metainfo(file: str | None) -> dict[str, Any]:
    """Read the names and sigmas of the joints; without a file, those of COCO."""
    file = file or metainfo_file('coco')
    if not Path(file).is_file():
        raise UserError(f'{file} does not exist', 'give --metainfo a file of joints')
    try:
        meta = parse_pose_metainfo(dict(from_file=file))
    except Exception as error:  # the file is Python code
        raise UserError(
            f'cannot read the joints of {file}: {reason_of(error)}',
            'give --metainfo a file such as those in mmpose_ext/datasets/metainfo',
        ) from error
    if len(meta['sigmas']) != meta['num_keypoints']:
        raise UserError(
            f'{file}: sigmas has {len(meta["sigmas"])} values',
            f'give one for each of the {meta["num_keypoints"]} joints',
        )
    return meta


def main() -> None:
    """Evaluate, print the table, write data and picture."""
    args = parse_args()
    out = args.out or args.results.with_suffix('.curves')
    for suffix in ('.json', '.png'):
        check_output(f'{out}{suffix}')
    meta = read_metainfo(args.metainfo)
    truth = load_truth(args.annotations, meta['num_keypoints'])
    results = load_results(args.results, meta['num_keypoints'])
    unknown = {r['image_id'] for r in results} - set(truth.getImgIds())
    if unknown:
        raise UserError(
            f'{len(unknown)} images of {args.results} are not in {args.annotations}, '
            f'e.g. {min(unknown)}',
            'give the annotations of the images that were predicted',
        )
    categories = person_categories(truth)
    given = {result.get('category_id') for result in results}
    if given == {None} or (len(categories) > 1 and len(given) == 1):
        print(f'people of the categories {categories} are scored as one')
        truth = as_one_category(truth, categories[0])
        results = [dict(r, category_id=categories[0]) for r in results]
    elif given - set(categories):
        raise UserError(
            f'{args.results} has the categories {sorted(given, key=str)}, but the '
            f'people of {args.annotations} have {categories}',
            'write the results with the category of the annotation',
        )
    names = [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]
    curves = coco_curves(
        truth,
        results,
        np.asarray(meta['sigmas']),
        () if args.total_only else names,
        label=args.label,
        progress=True,
    )
    for name, value in {**curves.stats, **curves.per_keypoint}.items():
        print(f'{name:<16}{100 * value:6.1f}')
    for path in curves.save(out):
        print(path)


if __name__ == '__main__':
    run_cli(main)

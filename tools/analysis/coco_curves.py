"""Precision-recall curves and the AP of each joint, from COCO results."""

import argparse
import contextlib
import io
from pathlib import Path

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from xtcocotools.coco import COCO

from mmpose_ext.datasets.conventions import metainfo_file
from mmpose_ext.datasets.formats.coco import load_coco, load_json
from mmpose_ext.evaluation.coco_truth import (
    as_one_category,
    complete_truth,
    person_categories,
)
from mmpose_ext.evaluation.precision_recall import coco_curves
from mmpose_ext.utils import UserError, run_cli


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
        '--label', default='', help='e.g. "detector boxes"; into title and json'
    )
    parser.add_argument(
        '--total-only', action='store_true', help='leave out the AP of each joint'
    )
    return parser.parse_args()


def main() -> None:
    """Evaluate, print the table, write data and picture."""
    args = parse_args()
    load_coco(args.annotations)
    results = load_json(args.results, 'give the results of an evaluator')
    if not isinstance(results, list) or any(
        not isinstance(r, dict) or not {'image_id', 'keypoints', 'score'} <= set(r)
        for r in results
    ):
        raise UserError(f'{args.results} is no list of results with key points')
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(args.annotations))
    unknown = {r['image_id'] for r in results} - set(truth.getImgIds())
    if unknown:
        raise UserError(
            f'{len(unknown)} images of {args.results} are not in {args.annotations}, '
            f'e.g. {min(unknown)}',
            'give the annotations that the results were made on',
        )
    file = args.metainfo or metainfo_file('coco')
    if not Path(file).is_file():
        raise UserError(f'{file} does not exist', 'give --metainfo a file of joints')
    meta = parse_pose_metainfo(dict(from_file=file))
    truth, _ = complete_truth(truth, str(args.annotations), meta['num_keypoints'])
    categories = person_categories(truth)
    if len(categories) > 1 and len({r.get('category_id') for r in results}) == 1:
        print(f'people of the categories {categories} are scored as one')
        truth = as_one_category(truth, categories[0])
        results = [dict(r, category_id=categories[0]) for r in results]
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
    out = args.out or args.results.with_suffix('.curves')
    for path in curves.save(out):
        print(path)


if __name__ == '__main__':
    run_cli(main)

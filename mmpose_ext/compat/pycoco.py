"""``xtcocotools``' classes on pycocotools, for key points and boxes.

Import it only through :mod:`.xtcoco_modules`: it needs pycocotools.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from pycocotools import coco as _coco
from pycocotools import cocoeval as _cocoeval

from ..utils.errors import ConfigError

IOU_TYPES = ('keypoints', 'bbox')
# xtcocotools' estimate of a person's area, as a share of the box, if none is annotated.
BOX_AREA_RATIO = 0.53
# The constants of COCO's 17 joints.
COCO_SIGMAS = np.array(
    [26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]
) / 1000  # fmt: skip


def _listed(value: Any) -> Any:
    # pycocotools treats a string as a list of letters.
    return [value] if isinstance(value, str) else value


class COCO(_coco.COCO):
    """Annotations in COCO's format, with xtcocotools' arguments.

    Args:
        annotation_file (str, optional): The file.
        test_index (Sequence[int], optional): Joints to keep, in this order.
        ann_data (dict, optional): The content, instead of reading the file.
    """

    def __init__(
        self,
        annotation_file: str | None = None,
        test_index: Sequence[int] | None = None,
        ann_data: dict | None = None,
    ) -> None:
        super().__init__(None if ann_data is not None else annotation_file)
        self.anno_file: list[Any] = [annotation_file]
        self.test_index = test_index
        if annotation_file is not None and ann_data is not None:
            self.dataset = ann_data
            self.createIndex()
        for ann in self.dataset.get('annotations', ()):
            if test_index is not None:
                joints = np.array(ann['keypoints']).reshape(-1, 3)[test_index]
                ann['keypoints'] = joints.reshape(-1).tolist()
            ann.setdefault('iscrowd', False)

    def getAnnIds(
        self, imgIds: Any = (), catIds: Any = (), areaRng: Any = (), iscrowd: Any = None
    ) -> list:
        """Return annotations of given images, categories, area [min, max) and crowd."""
        ids = super().getAnnIds(_listed(imgIds), catIds, iscrowd=iscrowd)
        if len(areaRng) == 0:
            return ids
        low, high = areaRng[:2]
        return [i for i in ids if low <= self.anns[i]['area'] < high]

    def getCatIds(self, catNms: Any = (), supNms: Any = (), catIds: Any = ()) -> list:
        """Return the categories of the given names, supercategories and ids."""
        return super().getCatIds(_listed(catNms), _listed(supNms), catIds)

    def getImgIds(self, imgIds: Any = (), catIds: Any = ()) -> list:
        """Return the images of the given ids that show all given categories."""
        return super().getImgIds(_listed(imgIds), catIds)

    def loadRes(self, resFile: Any, resData: list | None = None) -> 'COCO':
        """Load detections of these images from a file, a list or an array.

        Args:
            resFile (str | list[dict] | np.ndarray): The detections.
            resData (list[dict], optional): The content of the file ``resFile``,
                instead of reading it.

        Returns:
            COCO: The detections; there may be none.
        """
        if len(self.anno_file) == 1:
            self.anno_file.append(resFile)
        found = resFile
        if isinstance(resFile, str):
            found = resData
            if found is None:
                with open(resFile, encoding='utf-8') as file:
                    found = json.load(file)
        loaded = COCO()
        if isinstance(found, list) and not found:
            loaded.dataset = dict(images=[*self.dataset['images']], annotations=[])
            loaded.createIndex()
            return loaded
        loaded.__dict__.update(super().loadRes(found).__dict__)
        return loaded


class _Prepared:
    """Copies of annotations, prepared for the evaluation."""

    def __init__(self, source: Any, anns: list[dict]) -> None:
        self.getAnnIds = source.getAnnIds
        self._anns = {ann['id']: ann for ann in anns}

    def loadAnns(self, ids: Sequence) -> list[dict]:
        return [self._anns[i] for i in ids if i in self._anns]


class COCOeval(_cocoeval.COCOeval):
    """COCO's evaluation, with the results of xtcocotools.

    Args:
        cocoGt (COCO, optional): Ground truth.
        cocoDt (COCO, optional): Detections.
        iouType (str): 'keypoints' or 'bbox'.
        sigmas (np.ndarray, optional): OKS constants of the joints, (K,); COCO's by
            default.
        use_area (bool): Whether to use a person's annotated area; if not, 0.53 times
            the area of the box.

    Raises:
        ConfigError: If ``iouType`` is neither.
    """

    cocoGt: Any
    cocoDt: Any
    evalImgs: Any

    def __init__(
        self,
        cocoGt: Any = None,
        cocoDt: Any = None,
        iouType: str = 'keypoints',
        sigmas: np.ndarray | None = None,
        use_area: bool = True,
    ) -> None:
        if iouType not in IOU_TYPES:
            raise ConfigError(
                'COCOeval',
                'iouType',
                iouType,
                'needs xtcocotools, which is not installed',
                "install xtcocotools, or choose 'keypoints' or 'bbox'",
            )
        super().__init__(cocoGt, cocoDt, iouType)
        self.sigmas = COCO_SIGMAS if sigmas is None else np.asarray(sigmas)
        self.use_area = use_area
        self.score_key = 'score'
        if cocoGt is not None:
            self.anno_file = cocoGt.anno_file

    def _truth(self, ann: dict) -> dict:
        ann = dict(ann)
        if self.params.iouType == 'keypoints':
            # Counted, not read: the annotated number may be absent.
            ann['num_keypoints'] = np.count_nonzero(
                np.array(ann['keypoints'])[2::3] > 0
            )
        # Key points with ``use_area`` need an annotated area; boxes can do without.
        absent = 'area' not in ann and self.params.iouType == 'bbox'
        if absent or not self.use_area:
            ann['area'] = ann['bbox'][2] * ann['bbox'][3] * BOX_AREA_RATIO
        return ann

    def _scored(self, ann: dict) -> bool:
        # A detection without a single joint does not count.
        return self.params.iouType != 'keypoints' or bool(
            np.any(np.array(ann['keypoints'])[2::3] > 0)
        )

    def _prepare(self) -> None:
        truth, found = self.cocoGt, self.cocoDt
        self.params.kpt_oks_sigmas = self.sigmas
        try:
            self.cocoGt = _Prepared(
                truth, [self._truth(a) for a in truth.anns.values()]
            )
            self.cocoDt = _Prepared(
                found, [a for a in found.anns.values() if self._scored(a)]
            )
            super()._prepare()
        finally:
            self.cocoGt, self.cocoDt = truth, found
        # pycocotools takes id 0 for "no match", xtcocotools -1: ids are shifted by one
        # until the matching is done.
        for groups in (self._gts, self._dts):
            for key, anns in groups.items():
                groups[key] = [{**ann, 'id': ann['id'] + 1} for ann in anns]

    def evaluateImg(
        self, imgId: Any, catId: Any, aRng: Sequence[float], maxDet: int
    ) -> dict | None:
        """Match one image's detections; -1 marks those without a match."""
        result = super().evaluateImg(imgId, catId, aRng, maxDet)
        if result is not None:
            for name in ('dtMatches', 'gtMatches'):
                result[name] = result[name].astype(np.int64) - 1
            for name in ('dtIds', 'gtIds'):
                result[name] = [i - 1 for i in result[name]]
        return result

    def accumulate(self, p: Any = None) -> None:
        """Compute precision and recall over all images and store them in ``eval``."""
        images = self.evalImgs
        self.evalImgs = [
            image and {**image, 'dtMatches': image['dtMatches'] + 1} for image in images
        ]
        try:
            super().accumulate(p)
        finally:
            self.evalImgs = images

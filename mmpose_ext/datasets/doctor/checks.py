"""The table of everything that the doctor looks for.

``fatal`` means that training, validation or scoring stops, leaves people out without
a word, or has an outcome that means nothing; what has no fatal finding trains,
validates and scores.
"""

from typing import NamedTuple


class Check(NamedTuple):
    """One check.

    Attributes:
        level (str): Its usual level.
        message (str): What is wrong, as the subject of a line.
        fix (str): What to do about it.
    """

    level: str
    message: str
    fix: str


_TIGHT = 'write it as [x, y, width, height] in pixels'
_RENUMBER = 'number them 1, 2, 3, ...'
_FETCH = 'fetch the file again'

CHECKS: dict[str, Check] = {
    # --- fields of COCO's layout
    'bad_images': Check(
        'fatal', 'entries of "images" that are not objects', 'remove them'
    ),
    'image_ids': Check(
        'fatal',
        'images whose "id" is missing or not an integer',
        f'{_RENUMBER} and use the same numbers as "image_id"',
    ),
    'repeated_images': Check(
        'fatal', 'ids that several images share', 'give each image its own id'
    ),
    'file_names': Check(
        'fatal',
        'images whose "file_name" is missing or not a text',
        'name the file, relative to the folder of the images',
    ),
    'repeated_names': Check(
        'warning',
        'image files listed more than once',
        'list each once and move its people to one "image_id"',
    ),
    'image_sizes': Check(
        'fatal',
        'images whose "width" or "height" is missing or not a positive number',
        'write the size of the image file in pixels',
    ),
    'bad_annotations': Check(
        'fatal', 'entries of "annotations" that are not objects', 'remove them'
    ),
    'annotation_ids': Check(
        'fatal',
        'annotations whose "id" is missing, not an integer or negative (which COCO\'s '
        'evaluation reads as "no match")',
        _RENUMBER,
    ),
    'annotation_zero': Check(
        'warning',
        'annotations with the id 0, which pycocotools reads as "no match"',
        'number annotations from 1',
    ),
    'repeated_annotations': Check(
        'fatal',
        'ids that several annotations share, of which only the last is used',
        _RENUMBER,
    ),
    'image_references': Check(
        'fatal',
        'annotations whose "image_id" is missing or not an integer',
        'write the id of the image, of the same type as in "images"',
    ),
    'unknown_image': Check(
        'fatal',
        'people of an image that is not in the file',
        'add the image or remove the people',
    ),
    'bad_categories': Check(
        'fatal',
        '"categories" is not a list of objects with an integer "id"',
        'write one category: id 1, name "person", keypoints: the names of the joints',
    ),
    'no_categories': Check(
        'fatal',
        'no "categories", which COCO\'s evaluation needs',
        'write one category: id 1, name "person", keypoints: the names of the joints',
    ),
    'category_ids': Check(
        'fatal',
        'annotations whose "category_id" is missing or not an integer',
        'write the id of the category of people',
    ),
    'unknown_category': Check(
        'fatal',
        'people of a category that is not in "categories", whom nothing scores',
        'add the category or correct "category_id"',
    ),
    'several_categories': Check(
        'warning',
        'categories with people; AP is the mean over the categories',
        'put all people into one category',
    ),
    'other_category': Check(
        'fatal',
        'categories of people other than the one that predictions get',
        'put all people into one category with the id 1',
    ),
    'no_keypoints': Check(
        'fatal',
        'annotations without "keypoints", which COCO\'s evaluation needs',
        'remove them, or write K x 3 zeros',
    ),
    'misshapen_joints': Check(
        'fatal',
        'people whose joints are not a flat list of K x 3 numbers',
        'write x, y, visibility of every joint; 0, 0, 0 where there is none',
    ),
    'joint_types': Check(
        'fatal',
        'people with a joint that is not a number (text, null, beyond 64 bits)',
        'write numbers; 0, 0, 0 for a joint that is not annotated',
    ),
    'box_types': Check(
        'fatal', 'people whose "bbox" is not a list of four finite numbers', _TIGHT
    ),
    'no_boxes': Check('fatal', 'people without "bbox"', _TIGHT),
    'iscrowd': Check(
        'fatal',
        'annotations whose "iscrowd" is not 0 or 1 (a text such as "0" counts as a '
        'crowd)',
        'write the number 0',
    ),
    'crowds_with_joints': Check(
        'warning',
        'crowds with annotated joints, which are not trained on',
        'set "iscrowd" to 0 for single people',
    ),
    'areas': Check(
        'fatal',
        'annotations whose "area" is missing or not a number from 1 to 1e10',
        'write the area in pixels, without a segmentation 0.53 x width x height',
    ),
    'filled_areas': Check(
        'warning',
        'annotations without an "area" of 1 and more; 0.53 of the box is taken',
        'write the area in pixels',
    ),
    'odd_areas': Check(
        'warning',
        'people whose "area" is larger than the box or below 1 % of it; OKS scales '
        'with it',
        'write the area in pixels, without a segmentation 0.53 x width x height',
    ),
    'num_keypoints_zero': Check(
        'fatal',
        'people with annotated joints and "num_keypoints" 0, whom MMPose drops',
        'write the number of joints with visibility above 0',
    ),
    'num_keypoints': Check(
        'warning',
        'people whose "num_keypoints" is not the number of annotated joints',
        'write the number of joints with visibility above 0',
    ),
    'head_sizes': Check(
        'fatal',
        'people without a positive "head_size", which PCKh needs',
        'convert the data set with tools/dataset_converters/ntu60_frames.py',
    ),
    # --- fields of MPII's layout
    'bad_entries': Check(
        'fatal',
        'entries that lack some of center, image, joints, joints_vis, scale',
        'write them as in mpii_train.json, or remove the entries',
    ),
    'image_numbers': Check(
        'fatal',
        'images whose name does not begin with a number and a dot, which MMPose reads',
        'name the files 000000001.jpg and so on',
    ),
    'centers': Check(
        'fatal',
        'people whose "center" is not two numbers or whose "scale" is not a number',
        'write the center in pixels and the height of the person / 200',
    ),
    'head_rows': Check(
        'fatal',
        'rows of the file of head boxes, not one for each entry',
        'use the headbox_file that belongs to this annotation file',
    ),
    # --- joints
    'no_names': Check(
        'warning',
        'no names of joints in "categories", so that their order is unchecked',
        'write them as "keypoints" of the category',
    ),
    'joint_number': Check(
        'fatal',
        'the number of joints differs',
        'convert the file, or give the data set a metainfo of its joints',
    ),
    'joint_order': Check(
        'fatal',
        "the joints are in another order than in the config's data set",
        'reorder the joints, or give the data set a metainfo of this order',
    ),
    'joint_names': Check(
        'fatal',
        "joints have other names than in the config's data set",
        'rename them if they are the same joints; else give the data set a metainfo',
    ),
    'flip_pairs': Check(
        'fatal',
        'flip pairs of the metainfo that do not exchange left and right',
        'correct "swap" of these joints in the metainfo',
    ),
    'sigmas': Check(
        'fatal',
        'lists of the metainfo that are not one number for each joint',
        'write one sigma and one weight for each joint',
    ),
    'nan_joints': Check(
        'fatal',
        'people with annotated joints that are nan or infinite',
        'correct them, or set their visibility to 0',
    ),
    'far_joints': Check(
        'fatal',
        'people with joints more than one image size outside the image',
        'correct them, or set their visibility to 0',
    ),
    'nonpositive_joints': Check(
        'fatal',
        'people without any coordinate above 0, whom MMPose drops',
        'correct the joints',
    ),
    'normalized_joints': Check(
        'fatal',
        'people whose joints lie between 0 and 1: fractions of the image, not pixels',
        'multiply x by the width and y by the height',
    ),
    'visibilities': Check(
        'fatal',
        'people with a visibility that cannot be one (negative, between 0 and 1, above '
        '3); the loss is weighted with it',
        'write 0 (not annotated), 1 (occluded) or 2 (visible)',
    ),
    'odd_visibilities': Check(
        'warning',
        'people with a visibility between 1 and 2 or of 3, which counts as visible',
        'write 0 (not annotated), 1 (occluded) or 2 (visible)',
    ),
    'joints_outside': Check(
        'warning',
        'people with annotated joints outside the image',
        'look at them; set the visibility of wrong ones to 0',
    ),
    'joints_at_origin': Check(
        'warning',
        'people with annotated joints at (0, 0)',
        'set the visibility to 0 where the joint is not annotated',
    ),
    'swapped_sides': Check(
        'warning',
        'people whose left and right look exchanged',
        "look at them; left is the person's own left",
    ),
    'nobody': Check(
        'fatal',
        'nobody is left to train on or to score',
        'see the other findings, or use another file',
    ),
    'no_torso': Check(
        'fatal',
        'nobody has both joints that the PCK is measured in',
        'use another metric, or name two other joints as its "torso"',
    ),
    # --- boxes
    'empty_boxes': Check(
        'fatal', 'people whose box is empty, whom MMPose drops', _TIGHT
    ),
    'boxes_outside': Check(
        'fatal', 'people whose box lies outside the image, whom MMPose drops', _TIGHT
    ),
    'normalized_boxes': Check(
        'fatal',
        'people whose box lies between 0 and 1: fractions of the image, not pixels',
        'multiply x and width by the width, y and height by the height',
    ),
    'corner_boxes': Check(
        'warning',
        'people whose box seems to be given by its corners (x1, y1, x2, y2)',
        _TIGHT,
    ),
    'boxes_beyond': Check(
        'warning',
        'people whose box reaches more than a tenth of its size beyond the image',
        _TIGHT,
    ),
    'joints_outside_box': Check(
        'warning',
        'people whose joints lie mostly outside the crop of their box',
        'check that box and joints belong to the same person and image size',
    ),
    # --- images
    'missing_images': Check(
        'fatal', 'images missing from the folder', 'check data_prefix, or copy them'
    ),
    'unreadable_images': Check('fatal', 'images that cannot be read', _FETCH),
    'size_mismatch': Check(
        'fatal',
        'images of another size than stated',
        'use the images that were annotated, or correct "width" and "height"',
    ),
    'exif_turned': Check(
        'warning',
        'images that the loader turns, since their Exif data say so',
        'see on the contact sheet that the joints fit, or store the image turned',
    ),
    'wrong_suffix': Check(
        'warning',
        'images of another format than their suffix says',
        'rename or convert them; other programs trust the suffix',
    ),
    'duplicate_images': Check(
        'warning', 'pairs of images with the same content', 'remove one of each pair'
    ),
    'similar_images': Check(
        'note', 'pairs of images that are nearly the same', 'look at them'
    ),
    # --- several files
    'overlap': Check(
        'fatal',
        'images that are in the training set and in the other',
        'remove them from one of the two',
    ),
    'similar_overlap': Check(
        'warning',
        'images that are nearly the same in the training set and in the other',
        'look at them; remove copies from one of the two',
    ),
    'same_file': Check(
        'warning',
        'one file serves training and validation: the score measures memory',
        'set the ann_file of the validation set',
    ),
    'swapped_files': Check(
        'warning',
        'training and validation file seem to be exchanged, by their names',
        'exchange the two ann_file',
    ),
    'other_ann_file': Check(
        'fatal',
        'images that the evaluator\'s "ann_file" lacks, or other people on them',
        'give data set and evaluator the same ann_file',
    ),
    # --- detected boxes
    'bad_detections': Check(
        'fatal',
        'detected boxes without image_id, category_id, score and a bbox of four '
        'numbers',
        'fetch the person detections that MMPose publishes, or set bbox_file=None',
    ),
    'unknown_detections': Check(
        'fatal',
        'detected boxes of an image that is not annotated',
        'use the detections of this annotation file, or set bbox_file=None',
    ),
    'empty_detections': Check(
        'fatal', 'empty detected boxes', 'remove them from the file'
    ),
    'no_detections': Check(
        'note',
        'annotated images without a detected box',
        'none needed: nobody was found there',
    ),
}

"""Checks of the labels: joints, boxes, images, and the choice of files."""

from .check import Check

_BOX = 'write it as [x, y, width, height] in pixels'
_FETCH = 'fetch the file again'

LABEL_CHECKS: dict[str, Check] = {
    # Joints
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
        'lists of the metainfo that are not one usable number for each joint',
        'write one sigma above 0 and one weight of at least 0 for each joint',
    ),
    'joint_ids': Check(
        'fatal',
        'joints of the metainfo that are not numbered from 0',
        'write "id" as the index in the key points: 0, 1, 2, ...',
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
        'people with an invalid visibility (negative, between 0 and 1, above '
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
    'repeated_people': Check(
        'warning',
        'people annotated more than once: the same joints on the same image; where '
        'the metric suppresses repeated predictions, all but one count as missed',
        'remove all but one',
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
    # Boxes
    'empty_boxes': Check('fatal', 'people whose box is empty, whom MMPose drops', _BOX),
    'boxes_outside': Check(
        'fatal', 'people whose box lies outside the image, whom MMPose drops', _BOX
    ),
    'normalized_boxes': Check(
        'fatal',
        'people whose box lies between 0 and 1: fractions of the image, not pixels',
        'multiply x and width by the width, y and height by the height',
    ),
    'corner_boxes': Check(
        'warning',
        'people whose box seems to be given by its corners (x1, y1, x2, y2)',
        _BOX,
    ),
    'boxes_beyond': Check(
        'warning',
        'people whose box reaches more than a tenth of its size beyond the image',
        _BOX,
    ),
    'joints_outside_box': Check(
        'warning',
        'people whose joints lie mostly outside the crop of their box',
        'check that box and joints belong to the same person and image size',
    ),
    # Images
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
        'images that the loader turns because of their Exif data',
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
    # Several files
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
    # Detected boxes
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
        'nothing to do: the detector found nobody there',
    ),
}

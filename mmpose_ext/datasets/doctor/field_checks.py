"""Checks of the fields of annotation files: present, of the right type, in range."""

from .check import Check

_BOX = 'write it as [x, y, width, height] in pixels'
_RENUMBER = 'number them 1, 2, 3, ...'

FIELD_CHECKS: dict[str, Check] = {
    # Fields of COCO's layout
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
    'repeated_categories': Check(
        'warning',
        'ids that several categories share, of which the last is used',
        'give each category its own id',
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
    'segmentations': Check(
        'warning',
        'annotations whose "segmentation" is neither polygons nor an RLE; nothing '
        'reads it here, but one-stage data sets join those of an image',
        'write polygons [[x1, y1, x2, y2, x3, y3, ...]], or [] if there are none',
    ),
    'box_types': Check(
        'fatal', 'people whose "bbox" is not a list of four finite numbers', _BOX
    ),
    'no_boxes': Check('fatal', 'people without "bbox"', _BOX),
    'iscrowd': Check(
        'fatal',
        'annotations whose "iscrowd" is not 0 or 1 (a text such as "0" counts as a '
        'crowd)',
        'write the number 0',
    ),
    'crowds_with_joints': Check(
        'warning',
        'crowds with annotated joints: top-down networks are not trained on them, '
        'one-stage networks are',
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
        'people without a "head_size" of a pixel and more, the unit of PCKh',
        'convert the data set with tools/dataset_converters/ntu60_frames.py',
    ),
    # Fields of MPII's layout
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
}

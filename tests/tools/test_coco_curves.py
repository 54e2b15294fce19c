"""The tool that draws COCO's precision and recall."""

import json


def test_tool(shared_data, tmp_path, run_tool, capsys):
    """Ground truth as its own prediction on the real sample gives AP 1."""
    file = shared_data / 'coco_mini/annotations/person_keypoints_train2017.json'
    people = json.loads(file.read_text())['annotations']
    results = [
        dict(image_id=p['image_id'], category_id=1, keypoints=p['keypoints'], score=1.0)
        for p in people
        if p['num_keypoints']
    ]
    path = tmp_path / 'x.keypoints.json'
    path.write_text(json.dumps(results))
    assert run_tool('analysis/coco_curves.py', file, path, '--label', 'itself') == 0
    out = capsys.readouterr().out
    assert 'AP               100.0' in out
    assert 'left_ankle       100.0' in out
    assert (tmp_path / 'x.keypoints.curves.png').is_file()
    results[0]['image_id'] = 5
    path.write_text(json.dumps(results))
    assert run_tool('analysis/coco_curves.py', file, path) == 2
    assert '1 images of' in capsys.readouterr().err
    path.write_text('{}')
    assert run_tool('analysis/coco_curves.py', file, path) == 2
    assert 'is not a list of results' in capsys.readouterr().err


def test_own_joints_and_categories(tmp_path, run_tool, capsys):
    """Three joints, two categories that the results do not tell, and no area."""
    joints = ', '.join(
        f"{i}: dict(name='{n}', id={i}, color=[0, 0, 0], type='', swap='')"
        for i, n in enumerate(('tip', 'mid', 'end'))
    )
    meta = tmp_path / 'meta.py'
    meta.write_text(
        "dataset_info = dict(dataset_name='rods', paper_info={}, skeleton_info={}, "
        f'keypoint_info={{{joints}}}, joint_weights=[1, 1, 1], sigmas=[.1, .1, .1])'
    )
    people = [
        dict(
            id=i,
            image_id=1,
            category_id=4 + i,
            iscrowd=0,
            bbox=[50 * i, 0, 40, 90],
            keypoints=[50 * i, 5, 2, 50 * i, 50, 2, 50 * i, 80, 2],
        )
        for i in range(2)
    ]
    truth = dict(
        images=[dict(id=1, width=100, height=100, file_name='1.jpg')],
        annotations=people,
        categories=[dict(id=4, name='a'), dict(id=5, name='b')],
    )
    results = [
        dict(image_id=1, category_id=4, keypoints=p['keypoints'], score=1)
        for p in people
    ]
    for name, content in (('truth', truth), ('results', results)):
        (tmp_path / f'{name}.json').write_text(json.dumps(content))
    files = tmp_path / 'truth.json', tmp_path / 'results.json'
    assert run_tool('analysis/coco_curves.py', *files, '--metainfo', meta) == 0
    out = capsys.readouterr().out
    assert 'AP               100.0' in out
    assert 'mid              100.0' in out
    assert (
        run_tool('analysis/coco_curves.py', *files, '--metainfo', tmp_path / 'no.py')
        == 2
    )
    assert 'no.py does not exist' in capsys.readouterr().err

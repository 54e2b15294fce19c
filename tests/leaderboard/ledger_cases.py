"""Ledger entries made by hand."""

from mmpose_ext.leaderboard.ledger import write_entry

COCO = dict(dataset='COCO', split='val2017', boxes='detector', metric='OKS AP')
CONFIG = 'configs/my_net/a.py'


def write(results, ap, seed=0, config=CONFIG, protocol=COCO, budget='full', **facts):
    """Write an entry with an AP in percent; return its folder."""
    stem = config.rpartition('/')[2].removesuffix('.py')
    folder = results / 'my_net' / f'{stem}__{budget}__seed{seed}'
    folder.mkdir(parents=True)
    metric = protocol['metric']
    key = 'coco/AP' if metric == 'OKS AP' else 'PCK@0.2'
    value = ap / 100 if metric == 'OKS AP' else ap
    entry = dict(
        board='my_net',
        config=config,
        config_hash='abc',
        protocol=protocol,
        budget=budget,
        seed=seed,
        options={},
        data='',
        code='0.1.0',
        environment={},
        datasets={},
        curve=[{key: value / 2, 'step': 1}, {key: value, 'step': 2}],
        seconds=1.5,
    )
    write_entry(folder, {**entry, **facts}, {key: value, 'nothing': float('nan')})
    return folder


TABLES = """
Paper: MyNet
Tables:
- Table: 1
  Title: Results
  Place: section 4
  Protocol: {Dataset: COCO, Split: val2017, Boxes: detector, Metric: OKS AP}
  Rows:
  - {Name: base, Values: {AP: 70.0}, Config: configs/my_net/b.py}
  - Name: MyNet
    Ours: true
    Values: {Params: 10.5, AP: 72.0, AP50: 90.0}
    Config: configs/my_net/a.py
    Small: {synthetic: configs/my_net/small_a.py}
  - {Name: other, Values: {AP: 60.0}}
  - {Name: gt, Boxes: ground truth, Values: {AP: 75.0}, Config: configs/my_net/c.py}
  Claims:
  - {Above: MyNet, Below: base, Metric: AP}
Audit:
  Specified: [optimizer]
  Contradictions: [the table and the text]
"""

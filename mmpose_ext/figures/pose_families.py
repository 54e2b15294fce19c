"""Pose families: ranges in degrees for stances and arm gestures.

A stance sets the root, trunk and legs; a gesture sets one arm. Entries that a table
does not name stay near zero. Which side is ``front`` and which is ``rear`` is random;
``both`` applies to the two sides independently.
"""

from dataclasses import dataclass, field

Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Stance:
    """One family of poses.

    Args:
        weight (float): Relative frequency.
        trunk (dict): Ranges of root, spine, chest, neck and head entries.
        both (dict): Ranges of leg entries, drawn for each side.
        front (dict): Ranges of one leg's entries, which override ``both``.
        rear (dict): Ranges of the other leg's entries, which override ``both``.
        arms (tuple[str]): Gestures to choose from.
        lift (tuple[float, float]): Height above the ground in statures.
        flat (bool): Whether the feet try to stay level with the ground.
    """

    weight: float
    trunk: Ranges = field(default_factory=dict)
    both: Ranges = field(default_factory=dict)
    front: Ranges = field(default_factory=dict)
    rear: Ranges = field(default_factory=dict)
    arms: tuple[str, ...] = ()
    lift: tuple[float, float] = (0.0, 0.0)
    flat: bool = True


#: Arm gestures: ranges of one arm's entries.
GESTURES: dict[str, Ranges] = {
    'hang': {
        'shoulder_flex': (-18, 18), 'shoulder_abduct': (4, 20),
        'shoulder_twist': (-15, 30), 'elbow_flex': (4, 30),
    },
    'on_hip': {
        'shoulder_flex': (-32, -12), 'shoulder_abduct': (38, 55),
        'shoulder_twist': (20, 50), 'elbow_flex': (75, 105),
        'wrist_flex': (10, 50),
    },
    'folded': {
        'shoulder_flex': (22, 42), 'shoulder_abduct': (2, 16),
        'shoulder_twist': (50, 75), 'elbow_flex': (85, 110),
    },
    'front': {
        'shoulder_flex': (50, 105), 'shoulder_abduct': (-15, 25),
        'shoulder_twist': (-20, 40), 'elbow_flex': (0, 50),
    },
    'carry': {
        'shoulder_flex': (5, 40), 'shoulder_abduct': (5, 25),
        'shoulder_twist': (0, 40), 'elbow_flex': (60, 110),
        'forearm_twist': (-60, 40),
    },
    'overhead': {
        'shoulder_flex': (135, 175), 'shoulder_abduct': (0, 30),
        'shoulder_twist': (-40, 40), 'elbow_flex': (0, 45),
        'clavicle_raise': (12, 32),
    },
    'straight_up': {
        'shoulder_flex': (160, 178), 'shoulder_abduct': (2, 16),
        'elbow_flex': (0, 10), 'clavicle_raise': (18, 34),
        'wrist_side': (-20, 0),
    },
    'side': {
        'shoulder_flex': (-15, 25), 'shoulder_abduct': (65, 110),
        'shoulder_twist': (-40, 40), 'elbow_flex': (0, 35),
        'clavicle_raise': (2, 16),
    },
    'side_up': {
        'shoulder_flex': (-10, 20), 'shoulder_abduct': (110, 170),
        'shoulder_twist': (-60, 20), 'elbow_flex': (0, 60),
        'clavicle_raise': (12, 30),
    },
    'wave': {
        'shoulder_flex': (0, 30), 'shoulder_abduct': (55, 95),
        'shoulder_twist': (-85, -50), 'elbow_flex': (70, 125),
    },
    'to_head': {
        'shoulder_flex': (50, 85), 'shoulder_abduct': (20, 55),
        'shoulder_twist': (-25, 20), 'elbow_flex': (120, 142),
    },
    'lap': {
        'shoulder_flex': (15, 42), 'shoulder_abduct': (4, 20),
        'shoulder_twist': (5, 35), 'elbow_flex': (35, 75),
        'forearm_twist': (20, 70),
    },
    'behind': {
        'shoulder_flex': (-50, -18), 'shoulder_abduct': (8, 30),
        'shoulder_twist': (0, 40), 'elbow_flex': (5, 50),
    },
    'throw': {
        'shoulder_flex': (-20, 20), 'shoulder_abduct': (80, 120),
        'shoulder_twist': (-80, -20), 'elbow_flex': (30, 110),
    },
    'down_front': {
        'shoulder_flex': (75, 100), 'shoulder_abduct': (-2, 18),
        'elbow_flex': (0, 15), 'wrist_side': (-20, 0),
    },
    'any': {
        'shoulder_flex': (-40, 160), 'shoulder_abduct': (-15, 140),
        'shoulder_twist': (-75, 70), 'elbow_flex': (0, 140),
        'forearm_twist': (-70, 70), 'wrist_flex': (-40, 50),
        'clavicle_raise': (-4, 20), 'clavicle_forward': (-12, 15),
    },
}  # fmt: skip

_CASUAL = ('hang', 'hang', 'on_hip', 'folded', 'front', 'carry', 'overhead',
           'side', 'side_up', 'wave', 'to_head', 'behind', 'throw', 'any')  # fmt: skip
_ACTIVE = ('front', 'overhead', 'side', 'side_up', 'carry', 'throw', 'any', 'behind')
_SEATED = ('lap', 'lap', 'hang', 'front', 'carry', 'to_head', 'folded', 'wave', 'any')
_TRUNK: Ranges = {
    'root_pitch': (-6, 10), 'root_roll': (-5, 5), 'spine_flex': (-6, 14),
    'spine_side': (-8, 8), 'spine_twist': (-10, 10), 'chest_twist': (-10, 10),
    'neck_flex': (-12, 22), 'neck_side': (-10, 10), 'neck_twist': (-35, 35),
    'head_twist': (-15, 15), 'head_flex': (-10, 12),
}  # fmt: skip

#: Stances by name. Walking and running are functions of a phase, see :mod:`.poses`.
STANCES: dict[str, Stance] = {
    'stand': Stance(
        weight=3.0, trunk=_TRUNK, arms=_CASUAL,
        both={'hip_flex': (-6, 10), 'hip_abduct': (0, 14), 'hip_twist': (-6, 25),
              'knee_flex': (0, 12)},
    ),
    'contrapposto': Stance(
        weight=1.0, trunk={**_TRUNK, 'root_roll': (-9, 9)}, arms=_CASUAL,
        front={'hip_flex': (0, 8), 'hip_abduct': (-2, 6), 'knee_flex': (0, 4)},
        rear={'hip_flex': (6, 25), 'hip_abduct': (4, 20), 'hip_twist': (5, 35),
              'knee_flex': (15, 45)},
    ),
    'lunge': Stance(
        weight=1.0, trunk={**_TRUNK, 'root_pitch': (-5, 25)}, arms=_ACTIVE,
        front={'hip_flex': (50, 95), 'hip_abduct': (0, 20), 'knee_flex': (55, 100)},
        rear={'hip_flex': (-20, 5), 'hip_abduct': (0, 15), 'knee_flex': (5, 60)},
    ),
    'straddle': Stance(
        weight=0.7, trunk={**_TRUNK, 'root_pitch': (-5, 35)}, arms=_ACTIVE,
        both={'hip_flex': (0, 45), 'hip_abduct': (22, 45), 'hip_twist': (0, 35),
              'knee_flex': (0, 50)},
    ),
    'kick': Stance(
        weight=0.8, trunk={**_TRUNK, 'root_pitch': (-30, 10)}, arms=_ACTIVE,
        front={'hip_flex': (50, 115), 'hip_abduct': (0, 40), 'hip_twist': (-10, 30),
               'knee_flex': (0, 70)},
        rear={'hip_flex': (-10, 15), 'knee_flex': (2, 25)},
    ),
    'balance': Stance(
        weight=0.6, trunk={**_TRUNK, 'root_pitch': (25, 75)}, arms=_ACTIVE,
        front={'hip_flex': (30, 75), 'knee_flex': (0, 25)},
        rear={'hip_flex': (-25, 10), 'hip_abduct': (0, 25), 'knee_flex': (0, 60)},
    ),
    'sit': Stance(
        weight=1.8, trunk={**_TRUNK, 'root_pitch': (-18, 22)}, arms=_SEATED,
        both={'hip_flex': (70, 100), 'hip_abduct': (0, 28), 'hip_twist': (-8, 18),
              'knee_flex': (60, 105)},
    ),
    'sit_floor': Stance(
        weight=0.7, trunk={**_TRUNK, 'root_pitch': (-25, 10)}, flat=False,
        both={'hip_flex': (70, 115), 'hip_abduct': (2, 40), 'hip_twist': (0, 40),
              'knee_flex': (0, 130)},
        arms=('lap', 'behind', 'front', 'hang', 'carry'),
    ),
    'crouch': Stance(
        weight=1.2, trunk={**_TRUNK, 'root_pitch': (8, 45)},
        both={'hip_flex': (75, 122), 'hip_abduct': (4, 32), 'hip_twist': (0, 25),
              'knee_flex': (85, 142)},
        arms=('front', 'carry', 'lap', 'hang', 'side', 'any'),
    ),
    'kneel': Stance(
        weight=0.6, trunk=_TRUNK, arms=_CASUAL, flat=False,
        front={'hip_flex': (75, 100), 'hip_abduct': (0, 18), 'knee_flex': (75, 105),
               'ankle_flex': (-8, 15)},
        rear={'hip_flex': (-12, 10), 'knee_flex': (80, 110), 'ankle_flex': (-40, 5)},
    ),
    'bend': Stance(
        weight=1.0, trunk={**_TRUNK, 'root_pitch': (25, 85), 'spine_flex': (0, 40),
                           'neck_flex': (-30, 20)},
        both={'hip_flex': (25, 90), 'hip_abduct': (0, 20), 'knee_flex': (0, 40)},
        arms=('front', 'down_front', 'hang', 'carry', 'any', 'side'),
    ),
    'jump': Stance(
        weight=1.2, trunk={**_TRUNK, 'root_pitch': (-25, 30), 'root_roll': (-15, 15),
                           'spine_flex': (-20, 20)},
        both={'hip_flex': (-20, 70), 'hip_abduct': (0, 45), 'hip_twist': (-5, 25),
              'knee_flex': (5, 110), 'ankle_flex': (-40, 5)},
        arms=('overhead', 'side', 'side_up', 'front', 'any', 'behind', 'straight_up'),
        lift=(0.03, 0.35), flat=False,
    ),
    'handstand': Stance(
        weight=0.8, trunk={'root_pitch': (160, 200), 'root_roll': (-14, 14),
                           'spine_flex': (-22, 8), 'neck_flex': (-30, 0)},
        both={'hip_flex': (-15, 40), 'hip_abduct': (0, 50), 'knee_flex': (0, 60),
              'ankle_flex': (-40, -5)},
        arms=('straight_up',), flat=False,
    ),
    'cartwheel': Stance(
        weight=0.5, trunk={'root_roll': (60, 180), 'root_pitch': (-12, 12),
                           'spine_side': (-20, 20)},
        both={'hip_flex': (-10, 25), 'hip_abduct': (25, 60), 'knee_flex': (0, 15),
              'ankle_flex': (-40, -5)},
        arms=('side_up', 'straight_up', 'overhead'), flat=False,
    ),
    'all_fours': Stance(
        weight=0.5, trunk={'root_pitch': (70, 92), 'spine_flex': (-12, 20),
                           'neck_flex': (-35, 5)},
        both={'hip_flex': (60, 100), 'hip_abduct': (0, 15), 'knee_flex': (70, 105),
              'ankle_flex': (-40, -10)},
        arms=('down_front',), flat=False,
    ),
    'plank': Stance(
        weight=0.4, trunk={'root_pitch': (62, 84), 'neck_flex': (-25, 5)},
        both={'hip_flex': (-8, 15), 'hip_abduct': (0, 12), 'knee_flex': (0, 8),
              'ankle_flex': (-5, 20)},
        arms=('down_front',), flat=False,
    ),
    'lie': Stance(
        weight=0.5, trunk={'root_pitch': (-98, -82), 'root_roll': (-25, 25),
                           'neck_flex': (-5, 30), 'neck_twist': (-40, 40)},
        both={'hip_flex': (-4, 60), 'hip_abduct': (0, 25), 'hip_twist': (0, 30),
              'knee_flex': (0, 80), 'ankle_flex': (-35, 0)},
        arms=('hang', 'side', 'overhead', 'to_head', 'lap'), flat=False,
    ),
}  # fmt: skip

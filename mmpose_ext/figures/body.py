"""Body shape: segment lengths and offsets of the skeleton's nodes."""

from dataclasses import dataclass

import numpy as np

from .skeleton import NODE_INDEX, NODES

#: Lengths of the limbs' segments as fractions of the stature.
UPPER_ARM, FOREARM, THIGH, SHANK = 0.176, 0.146, 0.245, 0.246


@dataclass(frozen=True)
class Body:
    """Proportions of one person.

    Lengths are fractions of the stature. The mean values follow the segment
    lengths of Drillis and Contini ("Body segment parameters", 1964), rounded; those
    that it does not give (spine, head, hands) were chosen by eye.

    Args:
        stature (float): Height in meters.
        build (float): Thickness of limbs and trunk; 1 is slim-average.
        shoulders (float): Half the distance between the shoulder joints.
        hips (float): Half the distance between the hip joints.
        arm (float): Factor of the arms' length.
        leg (float): Factor of the legs' length.
        head (float): Factor of the head's size; larger for children.
        bust (float): Size of the breast, 0 to 1.
        waist (float): Factor of the waist's width.
    """

    stature: float = 1.72
    build: float = 1.0
    shoulders: float = 0.106
    hips: float = 0.052
    arm: float = 1.0
    leg: float = 1.0
    head: float = 1.0
    bust: float = 0.0
    waist: float = 1.0

    def offsets(self) -> np.ndarray:
        """Compute each node's position in its parent's frame at rest.

        Returns:
            np.ndarray: Meters, of shape (N, 3), in the order of
            :data:`~.skeleton.NODES`.
        """
        sided = {
            'clavicle': (0.018, 0.108, 0.008),
            'shoulder': (self.shoulders - 0.018, -0.004, -0.008),
            'elbow': (0, -UPPER_ARM * self.arm, 0),
            'wrist': (0, -FOREARM * self.arm, 0),
            'hip': (self.hips, 0, 0),
            'knee': (0, -THIGH * self.leg, 0),
            'ankle': (0, -SHANK * self.leg, 0),
        }
        offsets = np.zeros((len(NODES), 3))
        offsets[NODE_INDEX['spine']] = (0, 0.075, -0.008)
        offsets[NODE_INDEX['chest']] = (0, 0.095, 0)
        offsets[NODE_INDEX['neck']] = (0, 0.122, 0)
        offsets[NODE_INDEX['head']] = (0, 0.052, 0.010)
        for name, (x, y, z) in sided.items():
            offsets[NODE_INDEX[f'left_{name}']] = (x, y, z)
            offsets[NODE_INDEX[f'right_{name}']] = (-x, y, z)
        return offsets * self.stature


def sample_body(rng: np.random.Generator) -> Body:
    """Draw a person's proportions.

    Args:
        rng (np.random.Generator): Source of randomness.

    Returns:
        Body: A child with a probability of one in eight, otherwise an adult.
    """
    child = rng.random() < 0.12
    female = rng.random() < 0.5
    stature = rng.uniform(1.15, 1.5) if child else rng.normal(1.73, 0.08)
    return Body(
        stature=float(np.clip(stature, 1.1, 2.0)),
        build=float(np.clip(rng.normal(1.06, 0.13), 0.82, 1.45)),
        shoulders=float(rng.uniform(0.092, 0.104) + 0.008 * (not female)),
        hips=float(rng.uniform(0.048, 0.056)),
        arm=float(rng.normal(1.0, 0.03)),
        leg=float(rng.normal(0.94 if child else 1.0, 0.025)),
        head=float(rng.uniform(1.15, 1.3) if child else rng.normal(1.03, 0.04)),
        bust=float(rng.uniform(0.5, 1.0) if female and not child else 0.0),
        waist=float(rng.uniform(0.86, 0.97) if female else rng.uniform(0.94, 1.08)),
    )

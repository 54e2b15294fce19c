"""Optimizer constructor with few parameter groups and separate biases."""

from mmengine.optim import DefaultOptimWrapperConstructor
from mmpose.registry import OPTIM_WRAPPER_CONSTRUCTORS
from torch import nn


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class BiasGroupsConstructor(DefaultOptimWrapperConstructor):
    """MMEngine's constructor, extended to mark the groups that hold biases.

    ``paramwise_cfg`` is MMEngine's, with all its options. MMEngine makes one group per
    parameter; here, groups with equal settings are merged, which is faster, and every
    group gets ``is_bias``, which :class:`.WarmupCosineLR` reads. As in the published
    YOLO-Pose, the shift of a norm layer also counts as a bias.
    """

    def add_params(
        self,
        params: list[dict],
        module: nn.Module,
        prefix: str = '',
        is_dcn_module: int | float | None = None,
    ) -> None:
        """Add a module's parameters to the groups.

        Args:
            params (list[dict]): The groups, changed in place.
            module (nn.Module): The module.
            prefix (str): Its name in the model; empty for the model itself.
            is_dcn_module (int | float | None): See MMEngine.
        """
        super().add_params(params, module, prefix, is_dcn_module)
        if prefix:
            return
        biases = {
            id(parameter)
            for name, parameter in module.named_parameters()
            if name.rpartition('.')[2] == 'bias'
        }
        merged: dict[tuple, dict] = {}
        for group in params:
            (parameter,) = group.pop('params')
            group['is_bias'] = id(parameter) in biases
            key = tuple(sorted(group.items()))
            merged.setdefault(key, dict(group, params=[]))['params'].append(parameter)
        params[:] = merged.values()

"""Child registries, so that the scope ``mmpose_ext`` exists.

Classes of this project are registered in MMPose's own registries
(``from mmpose.registry import MODELS``) and built under
``default_scope='mmpose'``. The children below let MMEngine resolve the scope
where a name is given as ``mmpose_ext.X`` or a config as ``mmpose_ext::...``.
"""

from mmengine.config.utils import MODULE2PACKAGE
from mmengine.registry import Registry
from mmpose import registry as parents

# MMEngine knows the packages of `package::config` from a fixed table.
MODULE2PACKAGE.setdefault('mmpose_ext', 'mmpose_ext')


def _child(parent: Registry) -> Registry:
    # With a location, since MMEngine would look for register_all_modules else.
    return Registry(
        parent.name, parent=parent, scope='mmpose_ext', locations=['mmpose_ext']
    )


# One for each registry of MMPose: a part whose registry has no child here would be
# looked for in MMEngine's alone, which knows neither MMPose's classes nor ours.
CHILDREN = {
    name: _child(parent)
    for name, parent in vars(parents).items()
    if isinstance(parent, Registry) and parent.scope == 'mmpose'
}

"""Config of a run: a row's config, shortened by its budget."""

from mmengine.config import Config

from ..utils.config import load_config, merge_options
from .paths import resolve_config, root_folder
from .plan import BUDGETS, Run

#: Below the project's folder: settings that the small budget changes.
FOLDER = 'configs/_base_/budgets'


def config_of_run(run: Run, imports: bool = True) -> Config:
    """Return the config of a run, with its budget and its options merged.

    The small budget is ``configs/_base_/budgets/<data>-<mode>.py``, the same for all
    networks of a data set; without such a file the config is trained as it is.

    Args:
        run (Run): The run.
        imports (bool): Whether to import the config's ``custom_imports``.

    Raises:
        UserError: If there is no such config, or an option does not fit it.
    """
    config = load_config(resolve_config(run.config), imports=imports)
    if run.budget != BUDGETS[0]:
        mode = config.get('data_mode', 'topdown')
        file = root_folder() / FOLDER / f'{run.data}-{mode}.py'
        if file.is_file():
            config.merge_from_dict(load_config(file, imports=False).to_dict())
    merge_options(config, run.options, run.config)
    return config

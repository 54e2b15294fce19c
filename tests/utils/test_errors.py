import ast
import pickle
from pathlib import Path

import pytest

from mmpose_ext.utils import ConfigError, UserError, check_choice, choose_from
from mmpose_ext.utils.errors import list_choices

PACKAGE = Path(__file__).resolve().parents[2] / 'mmpose_ext'


def test_config_error_names_class_argument_value_problem_and_fix():
    class Part:
        pass

    for owner in ('Part', Part, Part()):
        error = ConfigError(owner, 'groups', 0, 'must be positive', 'choose 1')
        assert str(error) == 'Part: groups=0 must be positive; choose 1'
        assert (error.argument, error.value) == ('groups', 0)
        assert error.fix == 'choose 1'
        assert isinstance(error, UserError)
        assert isinstance(error, ValueError)


def test_config_error_is_one_line_of_bounded_length():
    table = '\n'.join(map(str, range(1000)))
    message = str(ConfigError('Part', 'x', table, 'is long', 'shorten it'))
    assert len(message.splitlines()) == 1
    assert len(message) < 300
    assert message.startswith("Part: x='0\\n1\\n2")
    assert message.endswith('is long; shorten it')


def test_errors_survive_pickling_and_being_raised_anew():
    error = ConfigError('Part', 'groups', 0, 'must be positive', 'choose 1')
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    # As MMEngine's registries do.
    assert str(type(error)(f'class `Part`: {error}')) == f'class `Part`: {error}'


@pytest.mark.parametrize('bad', ['plu', None, 1, [], {}, True])
def test_check_choice_refuses_what_is_not_there(bad):
    with pytest.raises(ConfigError, match=r'P: mode=.* is unknown; choose from .plus'):
        check_choice('P', 'mode', bad, {'plus': 1, 'minus': 2})


def test_check_choice_takes_what_is_there():
    check_choice('P', 'mode', 'plus', {'plus': 1})
    check_choice('P', 'depth', 50, (26, 50))
    with pytest.raises(ConfigError):
        check_choice('P', 'depth', True, (1, 50))


def test_choices_of_a_registry_are_read_from_it_and_its_parents():
    from mmengine.registry import Registry

    parent = Registry('parts')
    child = Registry('parts', parent=parent, scope='child')
    parent.register_module('Far', module=int)
    child.register_module('Near', module=str)
    assert list_choices(child) == ['Far', 'Near']
    assert choose_from(child, 'Nea') == "choose from 'Near', 'Far'"


def config_errors():
    for path in sorted(PACKAGE.rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (
                getattr(node.func, 'id', getattr(node.func, 'attr', ''))
                == 'ConfigError'
            ):
                yield path.relative_to(PACKAGE), node


def test_every_config_error_gives_all_five_parts():
    calls = list(config_errors())
    assert len(calls) > 40
    for path, call in calls:
        given = len(call.args) + len(call.keywords)
        starred = any(isinstance(a, ast.Starred) for a in call.args)
        assert given == 5 or starred, f'{path}:{call.lineno}'


def test_no_plain_value_error_is_raised_for_a_config():
    plain = [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob('*.py'))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and getattr(node.exc.func, 'id', '') in ('ValueError', 'TypeError')
    ]
    # Of the writer of MPII's file, which the readers of the test set turn around.
    assert plain == ['datasets/synthetic/layouts/mpii_mat.py']

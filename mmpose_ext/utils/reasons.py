"""One-line descriptions of exceptions raised by other libraries."""

import re

# Prefix that MMEngine's registries add to the messages of the classes they build.
BUILD_PREFIX = re.compile(r'^(class `\w+` in \S+: )+')


def reason_of(error: BaseException) -> str:
    """Return the first line of an exception's message, or its type's name.

    >>> reason_of(ValueError('class `SGE` in mmpose_ext/models/sge.py: bad groups'))
    'bad groups'
    >>> reason_of(KeyError())
    'KeyError'

    Args:
        error (BaseException): The exception. The message of a :class:`KeyError` is
            only the key, so its type is named as well.
    """
    lines = BUILD_PREFIX.sub('', str(error).strip()).splitlines()
    if not lines:
        return type(error).__name__
    first = lines[0].strip().rstrip('.;:')
    return f'{type(error).__name__}: {first}' if isinstance(error, KeyError) else first

"""The error that a person can mend without reading a traceback."""


class UserError(ValueError):
    """Bad input, described by one line: what, where and how to mend it.

    It is a :class:`ValueError`, so that library callers need not know it; the
    tools print its message alone and exit with status 2.

    Args:
        what (str): What is wrong, with the path or argument it is wrong in.
        mend (str, optional): What the user can do about it.
    """

    def __init__(self, what: str, mend: str = '') -> None:
        self.what = what
        self.mend = mend
        super().__init__(f'{what}; {mend}' if mend else what)


class ConfigError(UserError):
    """A config value that no part accepts: class, argument, value and choices.

    MMEngine's registries raise it anew with the class's file before the text.
    """


class MissingOpError(RuntimeError):
    """A compiled mmcv op was called, but only mmcv-lite is installed."""

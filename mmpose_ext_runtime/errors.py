"""Errors that a user can fix without reading a traceback."""


class InputError(ValueError):
    """Bad input, described in one line: what, where and how to fix it.

    Args:
        what (str): What is wrong, with the file or argument it is wrong in.
        fix (str): What the user can do about it.
    """

    def __init__(self, what: str, fix: str = '') -> None:
        self.what = what
        self.fix = fix
        super().__init__(f'{what}; {fix}' if fix else what)

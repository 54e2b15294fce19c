"""Script that reads a MATLAB file in a separate process.

SciPy's reader can crash the process on a damaged file, since it trusts the sizes that
it reads. Therefore :func:`mmpose_ext.utils.mat.load_mat` runs this script, which
imports only NumPy and SciPy.
"""

import os
import pickle
import sys
from typing import Any

#: Memory limit, since a damaged file may claim any size. MPII's release, the largest
#: file that is read here, needs less than a quarter of it.
MEMORY_LIMIT = 8 << 30


def limit_resources() -> None:
    """Limit the memory and disable core dumps, on systems where this is possible."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ImportError, OSError, ValueError):
        pass


def read(path: str, options: dict[str, Any]) -> tuple[str, Any]:
    """Return ``('content', variables)`` or ``('problem', text)``."""
    from scipy.io import loadmat

    try:
        content = loadmat(path, **options)
    except Exception as error:  # scipy raises a dozen types on a damaged file
        return 'problem', ' '.join(str(error).split()) or type(error).__name__
    return 'content', {k: v for k, v in content.items() if not k.startswith('__')}


def main() -> None:
    """Answer one request, pickled on standard input, on standard output."""
    answer = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)  # nothing else may write into the answer
    path, options = pickle.load(sys.stdin.buffer)
    limit_resources()
    pickle.dump(read(path, options), answer, protocol=5)
    answer.close()


if __name__ == '__main__':
    # Do not import from this folder, whose io.py would hide the standard library's.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != here]
    main()

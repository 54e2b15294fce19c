"""``python -m mmpose_ext_runtime``."""

from .command import main

if __name__ == '__main__':
    main()

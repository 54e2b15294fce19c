"""``python -m mmpose_ext_cli``, for when the command is not installed."""

from .main import main

if __name__ == '__main__':
    main()

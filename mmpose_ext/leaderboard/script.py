"""The script of an offline bundle."""

SCRIPT_NAME = 'run.sh'
SCRIPT = r"""#!/usr/bin/env bash
# Trains and tests the runs of this bundle without a network:
#   bash run.sh [MINUTES]      PYTHON=python3.11 bash run.sh
# Call it again until it says that all runs are finished, then copy the folder results/
# back. Everything is written inside this folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
packages=$here/packages

if [ ! -e "$packages/.complete" ]; then
  echo "[1/2] packages"
  rm -rf "$packages.part"
  install=(--quiet --no-index --no-deps --target "$packages.part" "$here"/wheels/*.whl)
  if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --disable-pip-version-check "${install[@]}"
  elif command -v uv >/dev/null; then
    uv pip install --python "$python" "${install[@]}"
  else
    echo "error: $python has no pip, and there is no uv; name another with PYTHON=" >&2
    exit 2
  fi
  touch "$packages.part/.complete"
  rm -rf "$packages" && mv "$packages.part" "$packages"
fi
export PYTHONPATH=$packages${PYTHONPATH:+:$PYTHONPATH}
echo "[2/2] runs"
exec "$python" -W ignore -m mmpose_ext.leaderboard.offline "$here" ${1:+--minutes "$1"}
"""

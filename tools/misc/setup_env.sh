#!/usr/bin/env bash
# Makes the local environment; called by the Makefile. Reads from the environment:
#   VENV    where it goes (.venv)
#   TORCH   pinned: the tested torch; keep: the one that PYTHON already has
#   PYTHON  the interpreter; empty: the first that fits
#   PACKAGE a built wheel of mmpose_ext to install instead of the source tree
set -euo pipefail
cd "$(dirname "$0")/../.."
VENV=${VENV:-.venv}
TORCH=${TORCH:-pinned}
UV_VERSION='>=0.5,<1'

fits() {  # Python 3.10 to 3.13 that can make a virtual environment
  command -v "$1" >/dev/null 2>&1 && "$1" -c '
import sys, venv, ensurepip
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
  local name
  for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.10 python3 python}; do
    if fits "$name"; then echo "$name"; return; fi
  done
  echo "error: ${PYTHON:-no Python on the PATH} is not Python 3.10 to 3.13 with" \
    "the venv module; install one (Debian: apt-get install python3-venv) or name it:" \
    "make setup PYTHON=/path/to/python3.11" >&2
  exit 2
}

case $TORCH in
  pinned | keep) ;;
  *) echo "error: TORCH=$TORCH; choose TORCH=pinned or TORCH=keep" >&2; exit 2 ;;
esac

python=$(find_python)
wanted=$(mktemp) && trap 'rm -f "$wanted" "$wanted.first" "$wanted.last"' EXIT
cp requirements/tested.txt "$wanted"
if [ "$TORCH" = keep ]; then
  if ! kept=$("$python" -c 'import os, torch, torchvision
print(os.path.dirname(os.path.dirname(torch.__file__)))' 2>/dev/null); then
    echo "error: TORCH=keep, but $python has no working torch and torchvision;" \
      "name the interpreter that has them: make setup TORCH=keep PYTHON=..." >&2
    exit 2
  fi
  grep -vE '^(torch|torchvision|triton|nvidia-|cuda-)' requirements/tested.txt >"$wanted"
fi

echo "[1/3] virtual environment $VENV with $("$python" -V)"
"$python" -m venv --clear "$VENV"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "uv$UV_VERSION"

# Without dependency resolution: the set is complete, and mmpose names chumpy,
# which no current pip can build. xtcocotools has no wheel for Python 3.12; its
# source build needs the numpy of the set, hence the two steps. Its line holds a
# marker, by which uv leaves it out from Python 3.13 on.
echo "[2/3] $(grep -cE '^[a-z].*==' "$wanted") packages of the tested set (torch: $TORCH)"
# Compiled, because some systems forbid Python to do so later (PYTHONDONTWRITEBYTECODE),
# and then every start would compile PyTorch anew.
install=("$VENV/bin/uv" pip install --python "$VENV/bin/python" --no-deps
  --compile-bytecode)
grep -v '^xtcocotools' "$wanted" >"$wanted.first"
grep '^xtcocotools' "$wanted" >"$wanted.last"
"${install[@]}" -r "$wanted.first"
"${install[@]}" --quiet --no-build-isolation -r "$wanted.last"

if [ -n "${PACKAGE:-}" ]; then
  echo "[3/3] $PACKAGE"
  "${install[@]}" --quiet "$PACKAGE"
else
  echo '[3/3] mmpose_ext itself, editable'
  "${install[@]}" --quiet --no-build-isolation --editable .
fi

if [ -n "${kept:-}" ]; then
  # Last, so that pip took nothing there for its own. Searched after the
  # environment's own packages; unlike
  # --system-site-packages it also reaches a torch in another environment.
  echo "$kept" >"$("$VENV/bin/python" -c 'import sysconfig
print(sysconfig.get_path("purelib"))')/kept_torch.pth"
fi

# Everything a newcomer types. `make demo` and `make test` need Python 3.10-3.13,
# make, a C compiler and git, and set the environment up when it is missing.
#
#   make setup TORCH=keep        keep the torch the interpreter already has
#   make setup PYTHON=python3.12 use this interpreter
#   make demo PAPER=sadinet      another paper's network (a folder of configs/)
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV ?= .venv
TORCH ?= pinned
JOBS ?= 2
PAPER ?= ca_hrnet
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.ready-$(TORCH)
LINTED := mmpose_ext mmpose_ext_cli mmpose_ext_runtime tools tests configs setup.py

MUTANTS := build/mutants/env

.PHONY: help setup demo leaderboard test test-slow test-packaging mutants lint format lock docs bench clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

$(READY): requirements/tested.txt tools/misc/setup_env.sh setup.py
	@VENV=$(VENV) TORCH=$(TORCH) PYTHON=$(PYTHON) bash tools/misc/setup_env.sh
	@touch $@

setup: $(READY)  ## the local environment, from the tested set

# All cores compute: the loader needs a sixth of one.
demo: $(READY)  ## train a small network of PAPER (CA-HRNet) on synthetic figures
	@export OMP_NUM_THREADS=$${OMP_NUM_THREADS:-$$(nproc)}; \
	$(PY) -W ignore tools/demo.py --paper $(PAPER)

test: $(READY)  ## the tests, the built package included
	@$(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not slow"

test-slow: $(READY)  ## the long checks
	@$(PY) -m pytest -m slow

test-packaging: $(READY)  ## only the built package, in a clean environment
	@$(PY) -m pytest -m packaging

# The tool has an environment of its own; the tests run in this one.
$(MUTANTS)/bin/cosmic-ray: | $(READY)
	@$(BIN)/uv venv -q --python $(PY) $(MUTANTS)
	@$(BIN)/uv pip install -q --python $(MUTANTS)/bin/python cosmic-ray==8.7.0

mutants: $(READY) $(MUTANTS)/bin/cosmic-ray  ## small errors in FILES that no test sees
	@$(PY) tests/mutation/run.py $(ARGS) $(FILES)

lint: $(READY)  ## ruff and mypy
	@$(BIN)/ruff check $(LINTED)
	@$(BIN)/ruff format --check $(LINTED)
	@$(PY) -m mypy

format: $(READY)  ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix $(LINTED)
	@$(BIN)/ruff format $(LINTED)

lock: $(READY)  ## resolve requirements/tested.in anew
	@$(BIN)/uv pip compile -q --universal -p 3.10 --no-emit-index-url \
	  --override requirements/overrides.txt requirements/tested.in \
	  -o requirements/tested.txt --custom-compile-command "make lock"

docs: $(READY)  ## the tables of the documents, from the metafiles
	@$(PY) -W ignore tools/misc/make_docs.py

bench: $(READY)  ## speed against MMPose's own parts; ARGS="--quick", "--only decoding"
	@OMP_NUM_THREADS=1 $(PY) -W ignore tools/benchmarks/bench.py $(ARGS)

leaderboard: $(READY)  ## every paper's small networks, compared: results/small.html
	@export OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1}; \
	$(PY) -W ignore tools/leaderboard.py run all --budget small --jobs $(JOBS); \
	status=$$?; \
	$(PY) -W ignore tools/leaderboard.py report --budget small --out results/small.html; \
	exit $$status

clean:  ## everything that was made here, the environment included
	rm -rf $(VENV) build dist *.egg-info mmpose_ext/.mim demo_out \
	  .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# Two commands, from nothing but Python >= 3.11 and a checkout:
#   make lab     a JupyterLab with your own copy of the lessons
#   make test    everything that CI runs
# Another interpreter: make lab PYTHON=python3.12

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := $(shell command -v uv 2>/dev/null)
PYTEST := $(BIN)/python -m pytest

# The stamps make a second run quick: the environment is touched again only when one of these files changes.
DECLARED := pyproject.toml constraints.txt bplearn/version.py

ifdef UV
MAKE_VENV = $(UV) venv --quiet --seed --allow-existing --python "$(PYTHON)" $(VENV)
INSTALL   = $(UV) pip install --quiet --python $(BIN)/python -c constraints.txt
else
MAKE_VENV = $(PYTHON) -m venv $(VENV)
INSTALL   = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
endif

.PHONY: help lab test env lint unit notebooks browser axe clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -4

lab: $(VENV)/lab.stamp
	$(BIN)/bplearn lab bplearn-lessons

# A test must not depend on how many cores are free, nor write into the record of whoever runs it.
test lint unit notebooks browser: export OPENBLAS_NUM_THREADS = 1
test lint unit notebooks browser: export OMP_NUM_THREADS = 1
test lint unit notebooks browser: export MKL_NUM_THREADS = 1

# In this order, one after the other: what fails fastest comes first.
test: env
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory notebooks
	@$(MAKE) --no-print-directory browser

env: $(VENV)/test.stamp

lint: env
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/bplearn dev build --check

unit: env
	$(PYTEST) -m "not browser"

notebooks: env
	home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && export BPLEARN_HOME="$$home" && \
	$(PYTEST) --nbval --nbval-current-env solutions && \
	$(PYTEST) --nbval-lax --nbval-current-env lessons

browser: env axe
	$(PYTEST) -m browser

# A checker for barriers in pages, from npm; without npm its tests are skipped.
AXE = axe-core@4.14.1
axe: $(BIN)/python
	@test -e $(VENV)/axe/node_modules/axe-core/axe.min.js || ! command -v npm >/dev/null || \
		npm install --silent --no-audit --no-fund --prefix $(VENV)/axe $(AXE)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bplearn tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("bplearn needs Python 3.11 or newer, $(PYTHON) is %d.%d. Name a newer one: make lab PYTHON=python3.12" % v[:2])'
	$(MAKE_VENV)

$(VENV)/lab.stamp: $(DECLARED) | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/test.stamp: $(DECLARED) | $(BIN)/python
	$(INSTALL) -e '.[test]'
	@touch $@ $(VENV)/lab.stamp

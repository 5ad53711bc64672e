# Spiral: set up, run, test.  `make` alone lists the targets.

PYTHON   ?= python3
SCENARIO ?= october-2023

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.ready

PARALLEL := -n auto --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint format bench lock clean

help:  ## list the targets
	@echo "Spiral: make targets"
	@sed -n 's/^\([a-z]*\):.*  ## /  \1|/p' $(firstword $(MAKEFILE_LIST)) \
	  | awk -F'|' '{ printf "%-9s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## create .venv with the locked dependencies and the project

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Spiral needs Python 3.11 or newer, \
	$(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 $(or $(MAKECMDGOALS),setup)")'
	@$(BIN)/python -c '' 2>/dev/null || { \
	  echo "==> creating $(VENV) with $$($(PYTHON) --version)"; \
	  rm -rf $(VENV); \
	  $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV) || { \
	    echo "Could not create $(VENV): is the venv module of Python installed?"; exit 1; }; }
	@pip="$(BIN)/python -m pip"; \
	$$pip --version >/dev/null 2>&1 || pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	pip="$$pip --disable-pip-version-check -q"; \
	echo "==> installing the locked dependencies (a minute or two the first time)" && \
	$$pip install --require-hashes -r requirements.lock && \
	echo "==> installing Spiral itself" && \
	$$pip install --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)  ## simulate a scenario (SCENARIO=october-2023, ARGS=--fresh to replace an older result)
	@echo "==> running the scenario $(SCENARIO); result and figures go to results/$(basename $(notdir $(SCENARIO)))/"
	@$(BIN)/spiral run $(SCENARIO) $(ARGS)

test: lint  ## all checks and all tests
	@echo "==> tests"
	@$(BIN)/python -m pytest -q $(PARALLEL)
	@echo "==> tests of the rules as plain Python, without the compiler"
	@NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -m interpreted $(PARALLEL)
	@echo "==> all checks and tests passed"

lint: $(STAMP)  ## style, format, types and import layers
	@echo "==> style (ruff check)"
	@$(BIN)/ruff check .
	@echo "==> format (ruff format)"
	@$(BIN)/ruff format --check .
	@echo "==> types (mypy)"
	@$(BIN)/mypy sim
	@echo "==> import layers (lint-imports)"
	@$(BIN)/lint-imports --no-logo

format: $(STAMP)  ## put the code into the house format
	@echo "==> formatting"
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

bench: $(STAMP)  ## measure the speed
	@echo "==> benchmarks"
	@$(BIN)/python -m benchmarks

lock:  ## resolve the dependencies anew (needs uv)
	@echo "==> resolving requirements.lock"
	@uv lock -q --upgrade
	@{ echo "# Every dependency with its hashes, development tools included. Made by: make lock"; \
	  uv export -q --format requirements-txt --no-header --no-emit-project --group dev; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock
	@rm -f uv.lock

clean:  ## remove .venv, caches and builds (results stay)
	@echo "==> cleaning"
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# Spiral: set up, run, test.  `make` alone lists the targets.

PYTHON   ?= python3
SCENARIO ?= october-2023

VENV  := .venv
BIN   := $(VENV)/bin
RUNS  := $(VENV)/.run-ready
STAMP := $(VENV)/.ready

PARALLEL := -n auto --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run posteriors browser test plain compilers verify mutants power fuzz lint format docs numbers bench lock clean

help:  ## list the targets
	@echo "Spiral: make targets"
	@sed -n 's/^\([a-z]*\):.*  ## /  \1|/p' $(firstword $(MAKEFILE_LIST)) \
	  | awk -F'|' '{ printf "%-9s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## create .venv with all that working on Spiral needs

# The pip of $(PYTHON) serves the environment too: making one of its own would take seconds.
PIP = pip="$(PYTHON) -m pip --python $(BIN)/python"; $(PYTHON) -c 'import pip; assert pip.__version__ >= "23"' \
	2>/dev/null || pip="$(BIN)/python -m pip"; pip="$$pip --disable-pip-version-check -qq install --no-compile"

# A dot a second while something says nothing, so that nobody takes it for dead.
DOTS = { while sleep 1 && kill -0 $$$$ 2>/dev/null; do printf .; done; } & dots=$$!; \
	trap 'kill $$dots 2>/dev/null; echo' 0; trap 'exit 130' INT TERM

$(RUNS): requirements-run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Spiral needs Python 3.11 or newer, \
	$(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 $(or $(MAKECMDGOALS),setup)")'
	@$(BIN)/python -c '' 2>/dev/null || { \
	  echo "==> creating $(VENV) with $$($(PYTHON) --version)"; \
	  rm -rf $(VENV); \
	  $(PIP); case $$pip in "$(BIN)"*) bare=;; *) bare=--without-pip;; esac; \
	  $(PYTHON) -m venv $$bare $(VENV) || { \
	    echo "Could not create $(VENV): is the venv module of Python installed?"; exit 1; }; }
	@echo "==> installing what running needs (under a minute)"
	@$(PIP); $(DOTS); $$pip --no-deps --require-hashes -r requirements-run.lock && \
	$$pip --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP): requirements.lock $(RUNS)
	@echo "==> installing the tools and extras (a minute or two)"
	@$(PIP); $(DOTS); $$pip --no-deps --require-hashes -r requirements.lock
	@touch $@

run: $(RUNS)  ## simulate a scenario (SCENARIO=october-2023, ARGS=--fresh to replace an older result)
	@echo "==> running the scenario $(SCENARIO); result and figures go to results/$(basename $(notdir $(SCENARIO)))/"
	@$(BIN)/spiral run $(SCENARIO) $(ARGS)

LATER_RIVALS :=
RIVALS := deterrence-only revenge-only tehran-decides host-pressure
FITS   := results/posteriors
HOMES  := scenarios/posteriors

# scenario, islands, rows, as of, home: the command goes on where it was stopped, and is done at once where it is whole.
define fit
	@echo "==> fitting $(1), as of: $(4)"
	@$(BIN)/spiral calibrate $(1) --islands $(2) --rows $(3) --as-of $(4) --out $(FITS)/$(1)-$(4) --no-figures --yes $(ARGS)
	@mkdir -p $(5) && cp $(FITS)/$(1)-$(4)/posterior.* $(5)/
endef
fit-rival = $(call fit,$(1),3,2000,until,$(HOMES)/$(1))
# Of rivals as of the last article, LATER_RIVALS="revenge-only ...": what it tells is improbable for some of them.
fit-rival-later = $(call fit,$(1),20,2000,last-article,$(HOMES)/$(1)/last-article)
define newline


endef

posteriors: $(STAMP)  ## fit all posteriors and ship them (ARGS=--fresh to begin anew; it goes on where it was stopped)
	$(call fit,october-2023,20,4000,until,$(HOMES)/october-2023)
	$(call fit,october-2023,20,4000,last-article,$(HOMES)/october-2023/last-article)
	$(foreach name,$(RIVALS),$(call fit-rival,$(name))$(newline))
	$(foreach name,$(LATER_RIVALS),$(call fit-rival-later,$(name))$(newline))
	@echo "==> all posteriors are in $(HOMES)/"

test: $(STAMP)  ## all checks and all tests (nine minutes on two cores)
	@echo "==> compiling the model, beside the checks"
	@$(BIN)/python -m tests.warm & warm=$$!; trap 'kill $$warm 2>/dev/null' 0; \
	  $(MAKE) --no-print-directory lint plain && wait $$warm
	@echo "==> tests"
	@$(BIN)/python -m pytest -q -m "not verification and not power" $(PARALLEL)
	@echo "==> all checks and tests passed"

plain:
	@echo "==> tests of the rules as plain Python, without the compiler"
	@NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -p no:xdist -m "interpreted and not verification and not power" \
	  $$(grep -rl --include='test_*.py' 'mark\.interpreted' tests)

browser:  ## install the distribution's Chromium, in which the dashboard is tested (Debian, Ubuntu; needs root)
	@tests/browser/install

compilers:  ## install clang and what builds and runs C for aarch64, for tests of the functions (Debian, Ubuntu; needs root)
	@tests/core/install-compilers

verify: $(STAMP)  ## the slow verification: closed forms, thousands of fits, runs and kills (a quarter of an hour on two cores)
	@$(BIN)/python -m tests.warm
	@echo "==> verification"
	@$(BIN)/python -m pytest -q -m verification $(PARALLEL)
	@echo "==> verified"

mutants: $(STAMP)  ## break the model in 480 places, one at a time, and see that tests fail (it goes on; ARGS=--again: survivors)
	@echo "==> mutants"
	@$(BIN)/python -m tests.mutants $(ARGS)

fuzz: $(STAMP)  ## feed what reads files 355,000 wrong ones (an hour or two; it goes on where it was stopped, ARGS=--fresh begins anew)
	@echo "==> input at random"
	@nice -n 19 $(BIN)/python -m tests.fuzz $(ARGS)

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

docs: $(STAMP)  ## build the documentation as a site, to read offline: build/docs/index.html
	@echo "==> building the site"
	@$(BIN)/python -m sphinx -q -W --keep-going -b html -c docs/site . build/docs
	@echo "==> the site is build/docs/index.html"

numbers: $(STAMP)  ## make the numbers of the pages anew where they are stale (JOB=baseline: that one in any case)
	@echo "==> numbers of the documentation (25 minutes on two cores where all are stale)"
	@$(BIN)/python -m docs.numbers $(if $(JOB),'$(JOB)')

power: $(STAMP)  ## that broken fits are seen by simulation-based calibration (a quarter of an hour on two cores)
	@$(BIN)/python -m pytest -q -m power $(PARALLEL)

bench: $(STAMP)  ## measure the speed
	@echo "==> benchmarks"
	@$(BIN)/python -m benchmarks

EXPORT = uv export -q --frozen --format requirements-txt --no-header --no-emit-project

lock:  ## resolve the dependencies anew (needs uv)
	@echo "==> resolving requirements.lock and requirements-run.lock"
	@uv lock -q --upgrade
	@{ echo "# Every dependency with its hashes, development tools included. Made by: make lock"; \
	  $(EXPORT) --group dev; } > requirements.lock.new
	@{ echo "# What running needs, with its hashes; a part of requirements.lock. Made by: make lock"; \
	  $(EXPORT) --no-default-groups --group build; } > requirements-run.lock.new
	@mv requirements.lock.new requirements.lock
	@mv requirements-run.lock.new requirements-run.lock
	@rm -f uv.lock

clean:  ## remove .venv, caches and builds (results stay)
	@echo "==> cleaning"
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# Everything starts here. Plain `make` checks everything; `make demo` and `make test` work in a fresh clone.
# Needed: Python 3.11 or newer, make, the package index (`make zipapp`: no index). Another Python: make PYTHON=python3.12 test

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --no-input install --quiet
PINS := pyproject.toml packages/h2verify/pyproject.toml constraints.txt

define NEW_ENOUGH
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
    "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
endef

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all setup fuzzer check test docs bench bundles soak demo zipapp

all: check test docs

setup: $(VENV)/.developed

$(VENV)/bin/python:
	@$(NEW_ENOUGH)
	@echo "setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV)

# One environment in two steps: what the platform runs on, then what developing it takes. Each is repeated when a pin changes.
$(VENV)/.installed: $(PINS) | $(VENV)/bin/python
	@echo "installing the platform" >&2
	@$(PIP) -c constraints.txt -e packages/h2verify -e .
	@touch $@

$(VENV)/.developed: $(PINS) $(VENV)/.installed
	@echo "installing the tools for tests and checks" >&2
	@$(PIP) -c constraints.txt -e packages/h2verify -e '.[dev]'
	@touch $@

# The fuzzer, which has wheels for Linux on x86-64 alone: without it the tests of tests/fuzz are skipped.
fuzzer: $(VENV)/.fuzzing

$(VENV)/.fuzzing: $(PINS) $(VENV)/.developed
	@echo "installing the fuzzer" >&2
	@$(PIP) -c constraints.txt -e packages/h2verify -e '.[fuzz]'
	@touch $@

demo: $(VENV)/.installed
	@$(VENV)/bin/h2corridor demo

# One seed, so that a run can be repeated; `make soak` draws others. Modules are shared among as many processes as there
# are cores, at most four: each holds a run of the trials of its own.
test: setup
	@$(RUN) -m pytest --verbosity=0 --hypothesis-seed=1 --numprocesses=auto --maxprocesses=4 --dist=loadfile

check: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m pytest tests/test_docs.py

docs: setup
	$(RUN) docs/make_reference.py
	$(RUN) docs/make_examples.py

# The verifier as one file, dist/h2verify.pyz, and its page, dist/verify.html; prints where they are and their SHA-256.
# Takes Python alone: no environment, no network.
zipapp:
	@$(NEW_ENOUGH)
	@$(PYTHON) -B packages/h2verify/make_zipapp.py dist/h2verify.pyz --with-page

bench: setup
	@$(RUN) bench/decode.py
	@$(RUN) bench/stages.py
	@$(RUN) bench/scaling.py
	@$(RUN) bench/verify.py
	@$(RUN) bench/gateway.py

# Bundles that hold and bundles with one fault each, with an index of the codes a verifier must give.
bundles: setup
	@$(RUN) tests/bundles/corpus.py build/bundles

# The fuzzer and the tests of properties take half of SOAK_MINUTES each.
soak: setup fuzzer
	@$(RUN) bench/soak.py
	@H2CORRIDOR_EVERY_FAULT=1 $(RUN) -m pytest tests/bundles/test_second_verifier.py
	@$(RUN) bench/fuzz.py
	@$(RUN) bench/gateway_soak.py
	@$(PIP) -c constraints.txt -e packages/h2verify -e '.[nats]'
	@$(RUN) bench/jetstream_soak.py

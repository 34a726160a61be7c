# make demo   makes a service, proves it, and prints the table
# make test   checks everything, with a real engine
# Both set up all they need; what is expensive to make is kept in CACHE for the next time.

PYTHON ?= python3
CACHE ?= $(HOME)/.cache/container-scaffold
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(CACHE)/tools-$(shell cksum tests/tools.txt | cut -d' ' -f1)
export SCAFFOLD_TOOLS := $(TOOLS)
export SCAFFOLD_LAB_CACHE ?= $(CACHE)/lab
CRUFT := $(CACHE)/cruft-$(shell cksum bench/updates/peers.txt | cut -d' ' -f1)
TESTS ?=
IMAGES := tests/blueprints tests/matrix

.PHONY: demo test test-images test-program matrix bench updates env tools engine bases lint format clean

demo: env
	$(BIN)/python -m bench.demo

test: env tools lint
	$(BIN)/python -m tests.lab engine --with podman
	$(BIN)/python -m tests.lab bases
ifeq ($(TESTS),)
	$(MAKE) --jobs=2 --output-sync=target test-images test-program
else
	$(BIN)/python -m pytest $(TESTS)
endif

# Two halves of about the same length: the images of all blueprints, and everything else.
test-images: env
	$(BIN)/python -m pytest $(IMAGES)
test-program: env
	$(BIN)/python -m pytest tests $(IMAGES:%=--ignore=%)

# Every language on every base; a part of the tests, by itself.
matrix: env tools bases
	$(BIN)/python -m pytest tests/matrix

# All of it takes an hour. PART=commands, rebuilds or a language measures that, and RESULTS.md keeps the others.
PART ?=
bench: env engine bases
	$(BIN)/python -m bench $(PART)

# The same updates with `scaffold` and its peers; needs no engine.
updates: env $(CRUFT)/made
	SCAFFOLD_CRUFT=$(CRUFT) $(BIN)/python -m bench.updates
$(CRUFT)/made: bench/updates/peers.txt
	$(PYTHON) -m venv $(CRUFT)
	$(CRUFT)/bin/python -m pip install --quiet --requirement bench/updates/peers.txt
	touch $@

env: $(VENV)/made
$(VENV)/made: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --group dev --editable .
	touch $@

# Linters and dive have an environment of their own: checkov pins older versions of what we use.
tools: $(TOOLS)/made
$(TOOLS)/made: tests/tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --requirement tests/tools.txt
	touch $@

engine: env
	$(BIN)/python -m tests.lab engine

bases: engine
	$(BIN)/python -m tests.lab bases

lint: env
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: env
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache

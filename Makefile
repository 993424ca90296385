PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
STATIC := listener/web/static/manifest.json
WEB_SOURCES := $(shell find listener/web/assets -type f 2>/dev/null) $(wildcard listener/web/*.mjs) listener/web/package.json listener/web/package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check bench evaluate format

help:  ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

install: $(VENV)/installed $(STATIC)  ## install what the service needs

install-dev: $(VENV)/installed-dev $(STATIC)  ## install the service, tests and checks

run: install  ## start everything with sample data; prints address and sign-in
	$(BIN)/listener up --demo

test: install-dev  ## run every test, a file at a time on each core
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: install-dev  ## layers, lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: install-dev  ## measure speed and memory
	$(BIN)/python -m pytest tests/bench -o addopts="-q -s" -p no:cacheprovider

evaluate: install-dev  ## measure the served models, peers and public benchmarks (about 15 minutes); writes models/evaluation.*
	$(BIN)/listener evaluate --out models

format: install-dev  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) --editable '.[dev]'
	@touch $@

$(STATIC): $(WEB_SOURCES)
	cd listener/web && npm ci --silent --no-audit --no-fund && npm run --silent build

# Everything a person needs: `make run` to see it, `make test` to trust it, `make check` before a push.
# Both set up their own environment in .venv from the hashed locks in requirements/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD ?= docker build
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test check format lint types layers schema reference docs pictures lock image clean
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "aggregator needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) from requirements/run.txt (first time only)"
	@$(PIP) install --no-deps --require-hashes --only-binary :all: -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "adding the development tools from requirements/dev.txt (first time only)"
	@$(PIP) install --no-deps --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@

run: $(VENV)/.run ## the demo: sample feeds, the real daemon, a page to open
	@$(BIN)/aggregator demo

test: $(VENV)/.dev ## the tests, in parallel, with branch coverage
	@$(BIN)/python -m pytest -n auto --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --include='aggregator/core/*' --fail-under=100
	@$(BIN)/coverage report

check: format lint types layers schema test ## everything that CI checks

format: $(VENV)/.dev ## is every file formatted?
	@$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

layers: $(VENV)/.dev
	@$(BIN)/lint-imports

schema: $(VENV)/.dev ## is config/aggregator.schema.json what the models say?
	@$(BIN)/python -m aggregator.config.schema --check config/aggregator.schema.json

reference: $(VENV)/.dev ## renew docs/reference/, which is made from the code
	@$(BIN)/python -m reference

docs: $(VENV)/.dev ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

pictures: $(VENV)/.dev ## the pictures of docs/, from the demo (needs chromium)
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.terminal_pictures

lock: $(VENV)/.dev ## renew the locks from pyproject.toml
	@$(PIP) install 'uv>=0.13.9'
	@$(BIN)/uv pip compile pyproject.toml --upgrade --extra fulltext --extra notices --extra semantic --group build --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements/run.txt
	@$(BIN)/uv pip compile pyproject.toml --upgrade --extra fulltext --extra notices --extra semantic --group build --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements/dev.txt

image: ## the container image, for this machine
	@$(BUILD) --build-arg VERSION="$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' aggregator/__init__.py)" \
		--build-arg REVISION="$$(git rev-parse HEAD)" --tag aggregator:latest .

clean: ## remove the environment and what the tools left
	@rm -rf $(VENV) site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

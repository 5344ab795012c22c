# Everything runs in .venv; each target installs once what it needs.
PYTHON ?= $(firstword $(shell command -v python3.11 python3))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
SOURCES := contexts vckit issuer verifier holder_demo scheme_operator
ONCE ?=
DEMO_DATA ?=

.PHONY: help install demo test test-all coverage lint bench lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements/run.lock pyproject.toml
	$(PIP) --require-hashes -r requirements/run.lock
	$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.lock
	$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

install: .venv/run.stamp ## the three services, in .venv

demo: .venv/run.stamp ## all services with the sample data (ONCE=1 ends after the walk; DEMO_DATA=dir takes other exports)
	exec env DEMO_DATA="$(DEMO_DATA)" $(BIN)/blauweknop-holder demo $(if $(ONCE),--once)

test: .venv/dev.stamp ## unit tests, vectors and one journey; no browser, no server, offline
	$(BIN)/pytest -n 2 -m "not services and not browser"

test-all: .venv/dev.stamp ## everything: running services, attacks, a real browser, wallets of others
	tests/debian-packages
	PYTHON="$(PYTHON)" tests/interop/install
	$(BIN)/pytest -n 2 -m "not services and not browser"
	$(BIN)/pytest -n 2 --dist loadgroup -m "services or browser"

coverage: .venv/dev.stamp ## the lines that the tests without services run
	$(BIN)/pytest -n 2 -m "not services and not browser" --cov --cov-report=term:skip-covered

lint: .venv/dev.stamp ## style, types, import contracts, templates, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet $(SOURCES)
	$(BIN)/codespell

bench: .venv/dev.stamp ## ratios measured side by side
	$(BIN)/python -m bench

lock: ## renew the lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra build --extra demo --universal --generate-hashes --no-header --python-version 3.11 --quiet --output-file requirements/run.lock
	uv pip compile pyproject.toml --extra build --extra demo --extra sources --extra hsm --extra dev --universal --generate-hashes --no-header --python-version 3.11 --quiet --output-file requirements/dev.lock
	uv pip compile requirements/interop.in --universal --generate-hashes --no-header --python-version 3.11 --quiet --output-file requirements/interop.lock
	npm install --prefix tests/interop --package-lock-only --ignore-scripts

clean: ## forget the environment, the demo's state and all caches
	rm -rf .venv .demo tests/interop/node_modules build dist ./*.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

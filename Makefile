# Everything that people and CI run. `make demo` and `make test` set up what they need on a bare machine.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help venv demo test test-quick lint types imports rules unit-coverage integration-coverage check bench clean

help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 24

venv: $(STAMP) ## the virtual environment, in .venv

$(STAMP): pyproject.toml
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) >$(VENV).log 2>&1 || \
	  { echo "this python3 cannot make virtual environments; mend it with: apt-get install python3-venv"; rm -rf $(VENV) $(VENV).log; exit 1; }
	@rm -f $(VENV).log
	@echo "installing into $(VENV) …"
	@$(BIN)/python -c 'import pip; raise SystemExit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))' || $(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install -q -e '.[lab,keyring]' --group dev
	@touch $@

demo: $(STAMP) ## the whole loop on simulated devices
	@$(BIN)/cimnet demo

test: $(STAMP) ## all tests, two at a time
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

test-quick: $(STAMP) ## the tests that take no lab of many devices
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m 'not slow'

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports --no-cache

rules: $(STAMP)
	@$(BIN)/python -m pytest -q tests/unit/test_package_rules.py

unit-coverage: $(STAMP)
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest -q -p no:cacheprovider tests/unit tests/property
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report --fail-under=90 --include='$(UNIT)' | tail -n 1

integration-coverage: $(STAMP)
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest -q -p no:cacheprovider tests/integration tests/e2e
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report --fail-under=80 | tail -n 1

check: lint types imports rules ## lint, types, import rules

bench: $(STAMP) ## what it costs, beside something comparable
	@for program in benchmarks/*.py; do echo "== $$program"; $(BIN)/python $$program || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

# Everything that people and CI run. `make demo` and `make test` set up what they need on a bare machine.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CLIENTS := .venv-clients
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help venv demo test test-quick clients corpus lint types imports rules coverage check bench clean

help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 24

venv: $(STAMP) ## the virtual environment, in .venv

$(STAMP): pyproject.toml
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) >$(VENV).log 2>&1 || \
	  { echo "this python3 cannot make virtual environments; mend it with: apt-get install python3-venv"; rm -rf $(VENV) $(VENV).log; exit 1; }
	@rm -f $(VENV).log
	@echo "installing into $(VENV) …"
	@$(BIN)/python -c 'import pip; raise SystemExit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))' || $(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install -q -e '.[lab,keyring,web]' --group dev
	@touch $@

demo: $(STAMP) ## the whole loop on simulated devices
	@$(BIN)/cimnet demo

# Unit tests answer for the rooms without I/O, the others for the whole. With COVER=1 each half is measured.
DATA := .coverage-data
pytest = $(BIN)/python $(if $(COVER),-m coverage run --data-file=$(DATA)/$(1)) -m pytest -q --dist worksteal -n $(2)
# As many at a time as there are processors, up to eight; twice as many where devices are waited for.
CORES := $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 8 ? n : 8)))
BOTH := $(shell echo $$((2 * $(CORES))))

test: $(STAMP) ## all tests
	@$(call pytest,unit,$(CORES)) tests/unit tests/property
	@$(call pytest,more,$(BOTH)) tests/integration tests/e2e tests/real

test-quick: $(STAMP) ## the unit tests that take no more than a few seconds each
	@$(BIN)/python -m pytest -q --dist worksteal -n $(CORES) -m 'not slow' tests/unit

# Clients of other programs, each in an environment of its own: two of them are one package in two versions.
$(CLIENTS)/%/.installed: tests/clients/requirements/%.txt | $(STAMP)
	@$(PYTHON) -m venv --clear $(@D)
	@echo "installing into $(@D) …"
	@$(@D)/bin/python -m pip install -q --no-compile -r $<
	@touch $@

clients: $(STAMP) $(CLIENTS)/ansible/.installed $(CLIENTS)/scrapli1/.installed $(CLIENTS)/scrapli2/.installed ## Ansible and scrapli against simulated devices
	@CIMNET_CLIENTS=$(CLIENTS) $(BIN)/python -m pytest -q --dist worksteal -n $(CORES) tests/clients

CORPUS ?= ../shared/corpus/ios
corpus: $(STAMP) ## configurations that people run, imported: CORPUS=FOLDER
	@$(BIN)/python -m tests.corpus $(CORPUS)

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports --no-cache

rules: $(STAMP)
	@$(BIN)/python -m pytest -q tests/unit/test_package_rules.py

PURE := cimnet_nornir/errors.py,cimnet_nornir/domain/*,cimnet_nornir/definition/*,cimnet_nornir/ios/*,cimnet_nornir/projections/*,cimnet_nornir/application/*

coverage: $(STAMP) ## all tests with branch coverage: unit, integration, and both together
	@rm -rf $(DATA) && mkdir $(DATA)
	@$(MAKE) test COVER=1
	@$(BIN)/python -m coverage combine -q --keep --data-file=$(DATA)/of-unit $(DATA)/unit.*
	@$(BIN)/python -m coverage combine -q --keep --data-file=$(DATA)/of-more $(DATA)/more.*
	@$(BIN)/python -m coverage combine -q --keep --data-file=$(DATA)/of-all $(DATA)/unit.* $(DATA)/more.*
	@echo "branch coverage of the rooms without I/O by unit tests:"
	@$(BIN)/python -m coverage report --data-file=$(DATA)/of-unit --include='$(PURE)' --fail-under=90 --format=total
	@echo "branch coverage of the package by integration tests:"
	@$(BIN)/python -m coverage report --data-file=$(DATA)/of-more --fail-under=80 --format=total
	@echo "branch coverage of the package by all tests:"
	@$(BIN)/python -m coverage report --data-file=$(DATA)/of-all --fail-under=90

check: lint types imports rules coverage ## lint, types, import rules, and coverage

bench: $(STAMP) ## what it costs, beside something comparable
	@for program in benchmarks/*.py; do echo "== $$program"; $(BIN)/python -m benchmarks.$$(basename $$program .py) || exit 1; done

clean:
	rm -rf $(VENV) $(CLIENTS) $(DATA) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

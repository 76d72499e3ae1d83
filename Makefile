# The only list of commands. A fresh machine needs Python 3.11 or later with pip, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --no-input

SLOW := tests/engine tests/e2e

.DEFAULT_GOAL := help
.PHONY: help run demo test long chaos check audit format lock bench load random docs clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: .venv/.installed ## Start everything on this machine, play one case through all six stages, serve until Ctrl-C
	@$(BIN)/jidi up

demo: .venv/.installed ## The same, but end after the publication
	@$(BIN)/jidi demo

test: .venv/.installed ## Run the tests (all but two long ones, see `make long`); what needs a browser is skipped where there is none (required with CI=true)
	@mkdir -p test-results
	@$(BIN)/pytest -q -n 0 -m "not long and not chaos" $(SLOW) >test-results/slow.txt 2>&1 & slow=$$!; \
	$(BIN)/pytest -q -n 2 -m "not long and not chaos" $(addprefix --ignore=,$(SLOW)); fast=$$?; \
	echo "$(SLOW), which ran meanwhile:"; wait $$slow; slow=$$?; tail -n 60 test-results/slow.txt; exit $$((fast + slow))

long: .venv/.installed ## Run the two tests of minutes: a whole batch of sixty, the full procedure in a browser
	@$(BIN)/pytest -q -n 0 --timeout 1200 -m long tests/stories tests/e2e

chaos: .venv/.installed ## Kill processes at every named point, and see that it did not matter
	@$(BIN)/pytest -q -n 0 -m chaos tests/chaos

check: .venv/.installed ## Lint, formatting, types, storeys, templates, whether the lock fits pyproject.toml, and the audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet pages/templates
	$(PIP) check
	@$(BIN)/python tests/security/audit.py

audit: .venv/.installed ## Look the pinned packages up among known vulnerabilities; says so when no service can be asked
	@$(BIN)/python tests/security/audit.py

format: .venv/.installed ## Format the code and mend what a tool can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: .venv/.installed ## Choose versions anew: requirements.lock from pyproject.toml (make lock WITH=--upgrade)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-annotate --custom-compile-command "make lock" --group dev $(WITH) -o requirements.lock pyproject.toml

bench: .venv/.installed ## Measure; prints figures and the ratio to a baseline of the same run
	@for bench in benchmarks/*.py; do $(BIN)/python $$bench || exit; done

load: .venv/.installed ## Let three hundred people work at once for five minutes; prints figures
	@$(BIN)/python -m benchmarks.load

random: .venv/.installed ## Kill a process every five seconds for ten minutes while a hundred cases go their way; prints figures
	@$(BIN)/python -m benchmarks.chaos

docs: .venv/.installed ## Write docs/reference anew
	$(BIN)/python -m docs.generate

clean: ## Remove the environment and the caches (the embedded mode's data, .jidi, stays)
	rm -rf .venv .*_cache .hypothesis build dist test-results

# The environment, in two parts: the pinned packages, then this project beside them. A stamp is written when a part is
# whole, so an interrupted installation is begun again from nothing.

.venv/.locked: requirements.lock
	@echo "Installing the pinned packages into .venv; this happens once and takes one to three minutes …"
	@$(PYTHON) -m venv --clear --without-pip .venv
	@$(PIP) install -qq --root-user-action=ignore --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	@$(PIP) install -qq --root-user-action=ignore --no-deps --no-build-isolation --editable .
	@touch $@

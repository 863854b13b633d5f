# Everything a person types. Each target installs what it needs first; stamps under .local/stamps keep that quick.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .local/stamps
UV := $(BIN)/uv
LOCKS := requirements/tools.txt requirements/dev.txt
export PYTHONDONTWRITEBYTECODE ?= 1
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1

.PHONY: help setup up down status test check bench bench-test chaos simulate soak planted-bugs state-table coverage lock openapi format clean synth

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMPS)/python $(STAMPS)/kernel $(STAMPS)/emulator $(STAMPS)/npm $(STAMPS)/packages $(STAMPS)/web ## Install and build everything, into .venv and node_modules

up: ## Run the whole product on this machine (ONCE=1: replay, print the summary, stop; UP="--sessions 40 ..." for more)
	@began=$$(date +%s.%N); $(MAKE) --no-print-directory setup; \
	  QZ_SETUP_BEGAN=$$began \
	  $(BIN)/qz up $(if $(ONCE),--once) $(UP)

down: ## Stop what `make up` started; the state stays
	@test -x $(BIN)/qz && $(BIN)/qz down || echo "nothing is installed here, so nothing runs"

status: ## Say what runs and how far it is
	@$(BIN)/qz status

test: setup $(STAMPS)/chromium ## Run every test, rung by rung
	$(BIN)/python -m cli.test_ladder

check: setup ## Formats, lint, types, import contracts, ceilings, template rules, OpenAPI drift, web
	$(BIN)/python -m cli.check

bench: setup $(STAMPS)/bench ## Measure, side by side with peers (PARTS="backtests metrics_peers" for some)
	$(BIN)/python -m bench $(PARTS)

bench-test: setup $(STAMPS)/bench ## Compare backtests and metrics with the libraries whose conventions they follow
	$(BIN)/python -m pytest tests/bench_side -o addopts="--import-mode=importlib -q"

chaos: setup ## The replay while workers, emulator and exchange are killed; compares with the quiet run
	$(BIN)/qz chaos $(CHAOS)

simulate: setup ## Run seeded worlds of the order path under every fault (SEEDS=20000 FROM=first seed)
	$(BIN)/python -m tests.simulation.campaign --seeds $(or $(SEEDS),20000) --from $(or $(FROM),0)

soak: setup ## The same for MINUTES=60, from the commit's own seed on
	$(BIN)/python -m tests.simulation.campaign --commit --minutes $(or $(MINUTES),60)

planted-bugs: setup ## Kill every planted bug of the order path anew, and say by which seed and invariant
	$(BIN)/python -m tests.simulation.planted_bugs

state-table: setup ## Walk every way of one order through the state table
	$(BIN)/python -m tests.simulation.state_table

coverage: setup ## Branch coverage of domain, usecases and functions by the rungs that run in one process
	rm -rf .local/coverage && mkdir -p .local/coverage
	$(BIN)/python -m coverage run -m pytest -n 2 tests/unit tests/contract tests/simulation tests/functions
	$(BIN)/python -m coverage combine --quiet .local/coverage
	$(BIN)/python -m coverage report

synth: setup ## Synthesise the stacks of a stage without credentials or Docker (STAGE=paper)
	PATH="$(CURDIR)/$(BIN):$$PATH" npx cdk synth --quiet -c stage=$(or $(STAGE),paper)

openapi: setup ## Write docs/openapi.json and the web's types from the code
	$(BIN)/python -m functions.serve_api.write_openapi
	cd web && npm run --silent generate

format: setup ## Format Python and web sources
	$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet . ; cd web && npx prettier --log-level warn --write src e2e

lock: $(STAMPS)/python ## Resolve requirements/*.in again into hash-pinned, index-neutral locks
	@for group in tools runtime market research dev emulator bench deploy; do \
	  $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links --no-header \
	    -o requirements/$$group.txt requirements/$$group.in; done

clean: ## Remove what was built here; never the state
	rm -rf node_modules web/node_modules web/dist cdk.out .local/packages $(STAMPS)

$(STAMPS):
	@mkdir -p $@

$(STAMPS)/python: $(LOCKS) | $(STAMPS)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else f"Python was {v[0]}.{v[1]}; it may be 3.11 to 3.13; set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(BIN)/python -c 'import sysconfig, pathlib; root = pathlib.Path.cwd(); pathlib.Path(sysconfig.get_path("purelib"), "quantumzero.pth").write_text(str(root / "layers/quantumzero/python") + "\n" + str(root) + "\n")'
	@printf '#!/bin/sh\nexec "$(CURDIR)/$(BIN)/python" -m cli "$$@"\n' > $(BIN)/qz && chmod +x $(BIN)/qz
	@touch $@

$(STAMPS)/emulator: requirements/emulator.txt $(STAMPS)/python
	@test -x .venv-emulator/bin/python || $(PYTHON) -m venv .venv-emulator
	$(UV) pip sync --quiet --python .venv-emulator/bin/python --require-hashes requirements/emulator.txt
	@touch $@

KERNEL_SOURCES := $(wildcard layers/quantumzero/native/*)
$(STAMPS)/kernel: $(KERNEL_SOURCES) local/native_build.py $(STAMPS)/python
	$(BIN)/python -m local.native_build
	@touch $@

# The peers are an environment of their own: their pins must never bend the product's.
$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/python
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	$(UV) pip sync --quiet --python .venv-bench/bin/python --require-hashes requirements/bench.txt
	@touch $@

$(STAMPS)/npm: package-lock.json | $(STAMPS)
	@node -e 'const major = Number(process.versions.node.split(".")[0]); if (major < 20) { console.error(`Node was $${process.version}; it may be 20 or newer`); process.exit(1) }'
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/packages: requirements/runtime.txt requirements/market.txt requirements/research.txt $(STAMPS)/python
	$(BIN)/python -m local.packages
	@touch $@

WEB_SOURCES := $(shell find web/src web/public web/scripts -type f 2>/dev/null) $(wildcard web/*.json web/*.ts web/*.html web/*.mjs)
$(STAMPS)/web: $(WEB_SOURCES) | $(STAMPS)
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

$(STAMPS)/chromium: | $(STAMPS)
	@$(PYTHON) -m cli.chromium
	@touch $@

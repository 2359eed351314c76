# Everything a person or a machine does with Pavillon. Each target sets up what it needs.
# The work is in launch/: this file only finds a Python and calls it.

# The system's own Python first, where it can make an environment: distributions build theirs with optimisation, so that
# a page costs a fifth less processor than with most that a manager of versions built (docs/decisions/0050).
PYTHON ?= $(shell for p in /usr/bin/python3.11 /usr/bin/python3.12 /usr/bin/python3.13 /usr/bin/python3.14; do \
	$$p -c 'import importlib.util, shutil, sys; sys.exit(not (importlib.util.find_spec("ensurepip") or shutil.which("uv")))' \
	2>/dev/null && echo $$p && exit; done; for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BOOTSTRAP = $(if $(PYTHON),$(PYTHON),$(error Python 3.11 or later was not found. Install it, \
	or name it: make PYTHON=/path/to/python3)) -m launch.bootstrap

export PAVILLON_FROM_MAKE = 1
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help install run test fuzz check fix bench bench-data messages lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST)

run: ## start everything, with a demo, and print the addresses (PORT, DATABASE_URL, PAVILLON_DATA)
	@$(BOOTSTRAP) serve

test: ## run all tests, in a real browser too
	@$(BOOTSTRAP) --dev test

fuzz: ## ask the API and every form what nobody should ask, long and each time otherwise (FUZZ=300 calls of each operation)
	@FUZZ=$(or $(FUZZ),300) $(BOOTSTRAP) --dev test tests/test_api_fuzz.py tests/test_hostile_pages.py

check: ## formatting, linting, types, floors, templates, translations, migrations, tests: what CI runs
	@$(BOOTSTRAP) --dev check

fix: ## format and repair what can be repaired without thinking
	@$(BOOTSTRAP) --dev fix

bench: ## run the benchmarks and print one table
	@$(BOOTSTRAP) bench

bench-data: ## fill the benchmarks' database with 1,000,000 invented companies and 3,000,000 people
	@$(BOOTSTRAP) bench-data

messages: ## compile the translations and list what is missing
	@$(BOOTSTRAP) messages --check

install: ## only make the environment, with the tools of developers
	@$(BOOTSTRAP) --dev

lock: ## compute the pinned requirements again (needs uv)
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements/base.in -o requirements/base.txt
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements/bench.in -o requirements/bench.txt
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements/spark.in -o requirements/spark.txt

clean: ## remove what was built; keeps the data folder
	rm -rf .venv static_build assets/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

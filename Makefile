# The only list of commands. Needs Python 3.11 or newer with pip, and make; everything else is
# fetched by these commands into .tools/ and .venv/. `make help` lists them.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
RUN := $(UV) run --frozen
PYTEST = $(RUN) pytest
MARKS = not slow
# Extra arguments: make up ARGS="--demo --web 0.0.0.0:8000", make test ARGS="-k smtp".
ARGS ?=

.PHONY: help up test ci bench lint format types docs migrations audit \
	test-slow test-postgresql coverage

help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

up: $(UV) ## Run MailFlow Studio (ARGS="--demo" fills it with sample mail).
	@$(UV) sync --frozen --no-dev --inexact --quiet
	@exec .venv/bin/mailflow up $(ARGS)

test: $(UV) ## The fast tests, on two processes.
	$(PYTEST) -n 2 -m "$(MARKS)" $(ARGS)

bench: $(UV) ## Measure accepting, processing, pages and memory; prints tables.
	$(RUN) python -m bench $(ARGS)

format: $(UV) ## Rewrite the code in the house's format.
	$(RUN) ruff format
	$(RUN) ruff check --fix

lint: $(UV) ## Format, lint, architecture contracts, templates.
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) lint-imports
	$(RUN) djlint mailflow --lint --quiet

types: $(UV) ## mypy, strict.
	$(RUN) mypy

docs: $(UV) ## Write the tables of the documents from the code.
	$(RUN) python -m bin.document

migrations: $(UV) # No model change without its migration.
	d=$$(mktemp -d) && MAILFLOW_DATA_DIR=$$d $(RUN) mailflow makemigrations --check --dry-run; \
	code=$$?; rm -rf $$d; exit $$code

audit: $(UV) # Known vulnerabilities of what the lock file names.
	UV=$(UV) $(RUN) python bin/audit.py

test-slow: $(UV) # What takes many seconds: crashes, the corpus, browsers, the OpenAPI fuzzer.
	$(PYTEST) -m "slow or timed" $(ARGS)

test-postgresql: $(UV) # The tests that touch the database, on a PostgreSQL server of their own.
	$(RUN) python -m tests.postgresql $(PYTEST) -n 2 -m "not slow and not timed" $(ARGS)

# Every check; a test that would be skipped fails. Child processes count in the coverage too.
ci: export MAILFLOW_NO_SKIP = 1
ci: $(UV) ## Every check there is, as CI runs it.
	$(MAKE) lint types migrations audit
	$(MAKE) test-postgresql
	$(MAKE) test-slow
	$(RUN) coverage erase
	$(MAKE) test PYTEST="$(RUN) coverage run -m pytest" MARKS="not slow and not timed"
	$(MAKE) coverage

coverage: $(UV)
	$(RUN) coverage combine --quiet
	$(RUN) coverage report --skip-covered --sort=cover

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "MailFlow Studio needs Python 3.11 or newer; name one: make PYTHON=python3.12 …")'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv==$(UV_VERSION)

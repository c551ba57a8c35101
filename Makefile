# Every command of the house. They need Python 3.11 or newer, git and make; the rest is fetched by webapp/setup.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format demo bench translations pictures clean

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$name"; break; }; done)

ifeq ($(strip $(PYTHON)),)
SETUP = @echo "Safeconduct needs Python 3.11 or newer and found none. Install it (Debian: apt-get install python3 python3-venv) or say where it is: make $@ PYTHON=/path/to/python3" >&2; exit 1;
else
SETUP = @"$(PYTHON)" -B -m webapp.setup
endif

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Fetch and build everything that the other commands need
	$(SETUP) setup

run: ## Serve http://127.0.0.1:8460 with demo data (PORT=… for another port)
	$(SETUP) run

test: ## Run every check and every test, as the build machine does
	$(SETUP) test

lint: ## Run the checks that need no database and no browser
	$(SETUP) lint

format: ## Put all Python files in shape
	$(SETUP) format

demo: ## Empty the embedded database and fill it with demo data
	$(SETUP) demo

bench: ## Measure how fast it is on this machine
	$(SETUP) bench

translations: ## Collect the messages of code and pages into the catalogues
	$(SETUP) translations

pictures: ## Take pictures of all main pages (var/pictures) and those of the guides (docs/guides/pictures)
	$(SETUP) pictures

clean: ## Remove everything that the other commands made, the database excepted
	rm -rf .venv .cache node_modules webapp/static webapp/translations/*/LC_MESSAGES/*.mo

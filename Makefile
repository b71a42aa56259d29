# Two commands set a fresh machine up: `make demo` runs the exchange, `make test` passes its tests.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install demo demo-check demo-reset test lint messages lock bench scan clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP := .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes
EXCHANGE_DATA_DIR ?= $(CURDIR)/var
export EXCHANGE_DATA_DIR
DEMO := DJANGO_SETTINGS_MODULE=marketplace.settings.demo .venv/bin/python manage.py

help:
	@echo "make demo         the exchange with demo data on http://127.0.0.1:8000 (Ctrl-C ends it)"
	@echo "make demo-check   walks the main path without a browser, in a throw-away folder"
	@echo "make demo-reset   forgets the demo's data"
	@echo "make test         lint, types, layers, migrations, translations, the suite on both sizes, browser journeys"
	@echo "make bench        figures, as ratios in one run      make scan   security scans of a live instance"
	@echo "make install      .venv with runtime, development and tool packages; EXTRA=semantic adds likeness of meaning"

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing the runtime packages"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Installing the development packages"
	@$(PIP) -r requirements-dev.txt
	@touch $@

CATALOGUES := $(wildcard marketplace/locale/*/LC_MESSAGES/*.po cms/locale/*/LC_MESSAGES/*.po)

# Put in place whole: a command that runs meanwhile reads the one before, never half of one.
%.mo: %.po | .venv/.runtime
	@.venv/bin/pybabel -q compile -f -i $< -o $@.part && mv $@.part $@

.venv/.semantic: requirements-semantic.txt .venv/.runtime
	@echo "Installing the optional semantic part"
	@$(PIP) -r requirements-semantic.txt
	@touch $@

# EXTRA=semantic beside any target installs the optional semantic part too.
EXTRAS := $(if $(filter semantic,$(EXTRA)),.venv/.semantic)

install: .venv/.dev $(EXTRAS) $(CATALOGUES:.po=.mo)

demo: .venv/.runtime $(EXTRAS) $(CATALOGUES:.po=.mo)
	@exec env $(DEMO) demo

demo-check: .venv/.runtime $(CATALOGUES:.po=.mo)
	@exec env $(DEMO) demo_check $(if $(COPY),--copy "$(COPY)")

demo-reset: .venv/.runtime
	@$(DEMO) demo --reset

test: install
	@tests/run

lint: install
	@tests/run lint

# The catalogue of our own texts: Vietnamese in the sources, English here.
messages: install
	@tests/tools/messages

lock: .venv/.dev
	@tests/tools/lock

bench: install
	@.venv/bin/python -m tests.benchmarks

scan: install
	@tests/tools/scan

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

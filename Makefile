# What a newcomer runs. Everything happens in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin

AXE := axe-core@4.10.3

.PHONY: demo run test check clean

demo: .venv/ready
	$(BIN)/counterwire demo

run: .venv/ready
	$(BIN)/counterwire run

test: .venv/ready
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not real"

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder

# Accessibility of mail and pages, for the browser tests; they skip without it.
node_modules/axe-core:
	npm install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts $(AXE)

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

clean:
	rm -rf .venv demo build dist

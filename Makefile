# What a newcomer runs. Everything happens in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin

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

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

clean:
	rm -rf .venv demo build dist

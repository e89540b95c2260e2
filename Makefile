.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A changed dependency or a changed pin is installed, and another Python makes the environment anew.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
READY := $(VENV)/.ready-$(VERSION)
JOBS ?= auto
ROWS ?= 2000
KILLS ?= 200
SEEDS ?= 20
FUZZ_SECONDS ?= 1200
RUNS ?= 5
SCALE ?= full
# Else every process would compile the program and the tests anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test chaos fuzz bench check format docs pictures clean

help: ## Show what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=python3.12, say."; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(VERSION)")' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@# Not compiled beforehand: most modules are never imported, and what is imported is compiled then.
	@$(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## Run the main job on samples/ against a sandbox on this machine
	@$(BIN)/python -m batch.demo

test: $(READY) ## Run all tests
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term --cov-fail-under=98

chaos: $(READY) ## Kill the program again and again, and measure its pace, in the long form (takes hours)
	@$(BIN)/python -m tests.chaos --rows $(ROWS) --kills $(KILLS) --seeds $(SEEDS) $(if $(POSTGRES),--postgres)
	@$(BIN)/python -m tests.chaos pacing

fuzz: $(READY) ## Damage spreadsheets at random, and see that none makes the reader misbehave
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

bench: $(READY) ## Measure this program and its peers, all or ONLY=read|submit|pace|faults|growth|report, into docs/benchmarks.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@$(BIN)/python -m tests.benchmarks --runs $(RUNS) --scale $(SCALE) $(addprefix --only ,$(ONLY)) $(if $(CASE),--case '$(CASE)')

check: $(READY) ## Lint, types, the import rule, and that the docs are in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.docs_in_step
	@$(BIN)/python -m tests.translations

format: $(READY) ## Format the code and mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(READY) ## Bring the generated parts of README and docs/, and the catalogs of sentences, in step
	@$(BIN)/python -m tests.docs_in_step --write
	@$(BIN)/python -m tests.translations --write

pictures: $(READY) ## Take the pictures of README anew; needs tmux, LibreOffice and pdftoppm. Look at them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[pictures]'
	@$(BIN)/python -m tests.pictures

clean: ## Remove what was made
	@rm -rf $(VENV) .bench build dist demo-out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

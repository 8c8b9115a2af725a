# One command each. PYTHON chooses the interpreter (3.11 or newer) that the virtual environment is made with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Exact versions with hashes, and no word of which index or machine they came from. What is pinned stays unless pyproject.toml asks otherwise.
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install -qq --require-hashes

.PHONY: run test lint format screens lock clean browser
.SILENT:

run: $(VENV)/.installed
	exec $(BIN)/python -m studio.run

test: $(VENV)/.installed-test browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/browser tests
	$(BIN)/python -m pytest tests/browser
	BACKLOT_TEST_DATABASE=postgres $(BIN)/python -m pytest -n 2 -m database tests

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

screens: $(VENV)/.installed-test browser
	$(BIN)/python -m bench.screens

lock: $(VENV)/.installed-test
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --extra test --allow-unsafe -c requirements.lock -o requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build screens
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	echo "Clean. Your data folder is untouched."

$(BIN)/python:
	command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "Backlot needs Python 3.11 or newer, and there is no '$(PYTHON)'. Install Python, or say which: PYTHON=/path/to/python make run." >&2; exit 1; }
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Backlot needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" -c 'import sys; print(sys.version.split()[0])'). Say which to use: PYTHON=/path/to/python make run." >&2; exit 1; }
	"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. Install it (Debian: apt-get install python3-venv) and try again." >&2; exit 1; }
	echo "Making a virtual environment in $(VENV)"
	"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "The virtual environment could not be made in $(VENV): see above." >&2; exit 1; }

$(VENV)/.installed: requirements.lock | $(BIN)/python
	echo "Installing the packages (once; a minute or so)"
	$(PIP) -r requirements.lock || { echo "The packages could not be installed: see above. Check the network and try again." >&2; exit 1; }
	touch $@

$(VENV)/.installed-test: requirements-test.lock | $(BIN)/python
	echo "Installing the packages and the test tools (once; two minutes or so)"
	$(PIP) -r requirements-test.lock || { echo "The packages could not be installed: see above. Check the network and try again." >&2; exit 1; }
	touch $@ $(VENV)/.installed

browser: $(VENV)/.installed-test
	$(BIN)/python -m tests.browser_install

# make run   the service, with a demonstration, at the address it prints
# make test  lint, types, import contracts and all tests but the slow ones, as the build machine runs them
# make test-slow   the tests that take long

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install
# Where it is set, every process of the tests compiles the whole program again, and hundreds are started.
unexport PYTHONDONTWRITEBYTECODE
PACKAGE_FILES := pyproject.toml hatch_build.py frontend/package.json frontend/package-lock.json frontend/.npmrc

.PHONY: run test collect test-slow install install-dev lint types contracts format bench lock clean

run: install
	$(BIN)/victimcare start

test:
	@$(MAKE) --no-print-directory --jobs=2 install-dev
	@$(MAKE) --no-print-directory --jobs=2 lint collect
	$(BIN)/python -m pytest -n 3

# Compiles every test beside the lint, and says at once what cannot be imported.
collect: install-dev
	@$(BIN)/python -m pytest -n 0 --collect-only --quiet > $(VENV)/collected || (cat $(VENV)/collected; exit 1)

# What takes long too: `slow` in pyproject.toml.
test-slow: install-dev
	$(BIN)/python -m pytest -n 3 -m slow

install: $(VENV)/installed
install-dev: $(VENV)/installed $(VENV)/installed-dev

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "victimcare needs Python 3.11, 3.12 or 3.13, and this one is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# What is compiled when it is first imported (--no-compile) is what is imported: half of it never is.
$(VENV)/packages: $(VENV)/python requirements.lock requirements-build.lock
	@echo "Installing the packages of requirements.lock"
	@$(PIP) --no-compile --require-hashes -r requirements-build.lock -r requirements.lock
	@touch $@

# Building the package also fetches the front-end files (hatch_build.py).
$(VENV)/installed: $(VENV)/packages $(PACKAGE_FILES)
	@echo "Building victimcare and its front-end files"
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/packages requirements-dev.lock
	@echo "Installing what the tests need (requirements-dev.lock)"
	@$(PIP) --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy victimcare clients
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: install-dev
	$(BIN)/python -m bench

# Needs uv; the service does not. --universal: one file for every Python and system we support.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock
	cd frontend && npm install --package-lock-only

clean:
	rm -rf $(VENV) build dist frontend/node_modules victimcare/web/static/vendor \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

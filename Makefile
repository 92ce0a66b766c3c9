# make demo   installs, imports a sample file into a throw-away database, shows the day
# make test   everything: format, lint, types, import contracts, tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo
SCALE ?= 10k,100k

.PHONY: demo test check tests test-slow bench schema freeze messages screenshots clean

demo: $(VENV)/installed
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@CRM="$(BIN)/crm" HOME="$(CURDIR)/$(DEMO)" sh examples/demo.sh

test: $(VENV)/dev check tests

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

tests: $(VENV)/dev
	$(BIN)/python -m pytest -n auto -m "not slow"

test-slow: $(VENV)/dev
	$(BIN)/python -m pytest -n auto -m slow

bench: $(VENV)/dev
	$(BIN)/python -m bench --scale $(SCALE)

schema: $(VENV)/dev
	$(BIN)/python -m crmcli.store.schema
	$(BIN)/ruff format -q crmcli/store/tables.py

# Keeps the schema of this release in tests/schemas; only when a version is released.
freeze: $(VENV)/dev
	$(BIN)/python -m tools.freeze

# Collects what is said to people, brings crmcli/locale up to it, compiles the catalogues.
messages: $(VENV)/dev
	$(BIN)/python -m tools.messages

# Photographs of the full screen for the README.
screenshots: $(VENV)/dev
	$(BIN)/python -m tools.screenshots

clean:
	rm -rf $(VENV) $(DEMO) .bench build *.egg-info

# Not editable: what is tested and measured is what users get, so it is built again when it changes.
$(VENV)/installed: pyproject.toml constraints.txt $(shell find crmcli -name '*.py' -o -name '*.sql' -o -name '*.mo' 2>/dev/null)
	@test -x $(BIN)/python || $(PYTHON) -m venv --upgrade-deps $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt .
	@touch $@

$(VENV)/dev: $(VENV)/installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt '.[dev]'
	@touch $@

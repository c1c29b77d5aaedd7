# Everything runs from a virtual environment made of the locked versions in requirements/.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
RUN    := $(VENV)/bin/python -m
OUTPUT ?= output

.PHONY: demo crawl test check lint engines lock bench clean

demo: $(VENV)/.run ## crawl the bundled sample blog into output/ and show what came out
	@$(RUN) tests.sample.demo --output $(OUTPUT)

crawl: $(VENV)/.run ## make crawl URL=https://blog.example/
	@test -n "$(URL)" || { echo "usage: make crawl URL=https://blog.example/"; exit 2; }
	@$(RUN) archiver crawl "$(URL)" --output $(OUTPUT)

test: $(VENV)/.dev engines lint ## set up everything and pass the tests
	@$(RUN) pytest

check: $(VENV)/.dev lint ## the tests that need no blog engine: minutes, not tens of them
	@$(RUN) pytest -m "not engines and not slow"

lint: $(VENV)/.dev
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(VENV)/bin/lint-imports --no-cache

engines: ## the real blog engines that tests crawl (Debian packages; needs root)
	@sh tests/engines/install.sh || echo "blog engines not installed: their tests will say why they skip"

bench: $(VENV)/.dev ## ratios, measured side by side
	@for bench in tests/bench/[a-z]*.py; do echo "== $$bench"; $(VENV)/bin/python $$bench || exit 1; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  $(PYTHON) -m pip install --quiet --user --break-system-packages virtualenv \
	    || $(PYTHON) -m pip install --quiet --user virtualenv; \
	  $(PYTHON) -m virtualenv --quiet --clear $(VENV); }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) from requirements/run.txt"
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "setting up $(VENV) from requirements/dev.txt"
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

lock: $(VENV)/.dev ## resolve the newest allowed versions into requirements/*.txt
	@$(RUN) pip install --quiet uv
	@$(RUN) uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade --extra analyst -o requirements/run.txt pyproject.toml requirements/build.in
	@$(RUN) uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml requirements/build.in

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

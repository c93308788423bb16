# The commands of the project; each sets up what it needs. PORT=… changes the port of `serve`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ASSETS := kmn_ld/web/static/assets/NOTICES.txt

.PHONY: serve test check bench lock clean

serve: $(READY) $(ASSETS)
	$(BIN)/kmn-ld build
	$(BIN)/kmn-ld serve --port $(PORT)

test: $(READY) $(ASSETS)
	@sh .ci/system-packages
	$(BIN)/pytest -n auto --dist loadgroup

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kmn-ld fmt --check
	$(BIN)/kmn-ld check

bench: $(READY) $(ASSETS)
	@sh .ci/system-packages
	$(BIN)/python -m tests.bench $(if $(WRITE),--write docs/benchmarks.md) $(BENCH)

# After a change of the dependencies in pyproject.toml.
lock: $(READY)
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --no-strip-extras \
	    --no-header --no-emit-index-url --no-emit-find-links --upgrade \
	    --output-file .ci/requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) releases kmn_ld/web/static/assets .mypy_cache .ruff_cache .pytest_cache

$(READY): .ci/requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Without network this says so, leaves nothing behind and lets everything else go on.
$(ASSETS): kmn_ld/web/assets.toml kmn_ld/web/assets.py | $(READY)
	@$(BIN)/python -c 'import sys; from kmn_ld.web.assets import main; sys.exit(main())'

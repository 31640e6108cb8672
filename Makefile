PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test reports docs goldens lint types accuracy accuracy-full check clean

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: .venv/installed ## install, compare an example pair, write its report
	@mkdir -p build
	@$(BIN)/claimdiff compare seeds/envoy/source.md seeds/envoy/derivative.md --format markdown -o build/demo.md
	@$(BIN)/claimdiff compare seeds/envoy/source.md seeds/envoy/derivative.md
	@echo "The same as a Markdown report: build/demo.md"

test: .venv/installed ## run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

reports: .venv/installed ## render the example pairs of seeds/ into reports/
	$(BIN)/claimdiff report seeds -o reports --rules-url ../docs/rules

docs: .venv/installed ## refresh what the program writes into its pages
	$(BIN)/python tools/write_pages.py

goldens: .venv/installed ## write again what the renderers make of a stored comparison
	CLAIMDIFF_GOLDEN=write $(BIN)/python -m pytest tests/render/test_goldens.py tests/render/test_markdown_page.py

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/mypy

accuracy: .venv/installed ## measure on labelled articles and cases; fails below benchmarks/floors.json
	$(BIN)/python -m benchmarks.accuracy --only cases articles gold

accuracy-full: .venv/installed ## the same on all sets
	$(BIN)/python -m benchmarks.accuracy

check: test lint types accuracy ## all that CI runs

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-models reports docs goldens work speed lint types accuracy accuracy-full check clean

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

# Apart from the others: it is more than a gigabyte, and numpy would make nltk slower to import. On Linux plain torch
# brings what accelerators need; PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu leaves that away.
MODELS := .venv-models
TORCH ?= torch
$(MODELS)/installed: pyproject.toml
	$(PYTHON) -m venv $(MODELS)
	$(MODELS)/bin/python -m pip install --quiet --disable-pip-version-check '$(TORCH)'
	$(MODELS)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[llm,verify,onnx]' onnx pytest hypothesis
	touch $@

test-models: $(MODELS)/installed ## run the tests of verifiers that are models on this machine
	$(MODELS)/bin/python -m pytest tests/verify/test_hf.py tests/verify/test_onnx.py

reports: .venv/installed ## render the example pairs of seeds/ into reports/
	$(BIN)/claimdiff report seeds -o reports --rules-url ../docs/rules

docs: .venv/installed ## refresh what the program writes into its pages
	$(BIN)/python tools/write_pages.py

goldens: .venv/installed ## write again what the renderers make of a stored comparison
	CLAIMDIFF_GOLDEN=write $(BIN)/python -m pytest tests/render/test_goldens.py tests/render/test_markdown_page.py

work: .venv/installed ## record less counted work; CLAIMDIFF_WORK=raise records more as well
	CLAIMDIFF_WORK=$${CLAIMDIFF_WORK:-write} $(BIN)/python -m pytest tests/pipeline/test_growth.py

speed: .venv/installed ## measure how fast it is, beside what else one could run
	$(BIN)/python -m benchmarks.speed

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
	rm -rf .venv $(MODELS) build dist .pytest_cache .mypy_cache .ruff_cache

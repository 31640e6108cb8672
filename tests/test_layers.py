"""The import table of docs/architecture.md, held by reading the imports of every module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "claimdiff"
BASE = {"model", "errors"}
EVERYTHING = {"*"}
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "__init__": EVERYTHING,
    "__main__": {"cli"},
    "store": BASE,
    "read": BASE,
    "lexicon": BASE,
    "segment": BASE | {"lexicon"},
    "facts": BASE | {"lexicon"},
    "align": BASE | {"facts", "lexicon"},
    "diff": BASE,
    "detect": BASE | {"lexicon"},
    "score": BASE,
    "fingerprint": set(),
    "verify": BASE | {"score", "fingerprint"},
    "pipeline": BASE
    | {"", "read", "segment", "facts", "align", "diff", "detect", "score", "fingerprint", "verify"},
    "render": BASE,
    "gate": BASE | {"score"},
    "cache": BASE | {""},
    "folder": BASE | {"read"},
    "bench": BASE | {"score", "pipeline", "verify"},
    "checking": BASE | {"read", "store", "cache", "gate", "pipeline", "detect", "verify"},
    "review": BASE
    | {"", "read", "store", "cache", "gate", "pipeline", "detect", "render", "checking", "verify"},
    "batch": BASE
    | {"", "folder", "read", "store", "cache", "gate", "pipeline", "detect", "render", "checking", "trace"}
    | {"verify"},
    "trace": BASE | {"", "read", "segment", "facts", "lexicon"},
    "cli": EVERYTHING,
}
# `Comparison.to_json` and `from_json` hand over to the store, inside the method.
EXCEPTIONS = {("model", "store")}
MODULES = sorted(PACKAGE.rglob("*.py"))
NEVER = {"difflib", "numpy", "scipy", "sklearn", "random", "datetime", "time", "socket", "urllib.request"}
# Waivers lapse, a review has dates, and a batch has limits and a rate; each asks for the time in one place.
CLOCK = {("desk.py", "datetime"), ("clock.py", "datetime"), ("clock.py", "time")}
ARRAYS = {("onnx.py", "numpy")}  # what onnxruntime takes and gives, where somebody has installed it
WHOLLY = {("template.py", "jinja2")}  # a module about nothing else, itself imported late
LATE = {
    "nltk", "jinja2", "diff_match_patch", "markdown_it",
    "trafilatura", "lxml", "docx", "pypdf", "charset_normalizer", "pyarrow",
    "httpx", "torch", "transformers", "tokenizers", "huggingface_hub", "onnxruntime",
    "distributed", "dask", "fsspec",
}  # fmt: skip


def _unit(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[str, int, bool]]:
    """(module, line, whether it stands at the top level)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "claimdiff" else [module]
            found += [(name, node.lineno, id(node) in top) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_table(path: Path) -> None:
    unit = _unit(path)
    allowed = MAY_IMPORT[unit]
    for module, line, _ in _imports(path):
        if not module.startswith("claimdiff"):
            continue
        part = [*module.split("."), ""][1]
        target = part if part in MAY_IMPORT else ""
        fine = allowed == EVERYTHING or target in allowed | {unit} or (unit, target) in EXCEPTIONS
        assert fine, f"{path}:{line}: {unit} may not import {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_forbidden_is_imported(path: Path) -> None:
    for module, line, top in _imports(path):
        root = module.split(".")[0]
        never = {root, module} & NEVER and (path.name, module) not in CLOCK | ARRAYS
        assert not never, f"{path}:{line}: {module} has no place in the package"
        late = top and root in LATE and (path.name, root) not in WHOLLY
        assert not late, f"{path}:{line}: import {module} where it is used"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nltk_is_used_without_its_data(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in ("nltk.data", "nltk.download", "nltk.corpus", "sent_tokenize", "pos_tag"):
        assert word not in text, f"{path}: {word} needs a download"

"""What `import claimdiff` promises: names, cost, one function, and values that nobody can change."""

from __future__ import annotations

import dataclasses
import doctest
import importlib.metadata
import inspect
import io
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import claimdiff
from claimdiff import (
    ClaimdiffError,
    Comparison,
    FormatError,
    InputError,
    Kind,
    NotComparableError,
    Severity,
    Span,
    Status,
    Type,
)

ROOT = Path(claimdiff.__file__).parents[1]
SOURCE = "The dock will close in March.\n\nSome 140 workers must move. The union was not asked."
DERIVATIVE = "The dock will close in March.\n\nSome 410 workers must move. A rival plans to sue."


@pytest.fixture(scope="module")
def made() -> Comparison:
    return claimdiff.compare(SOURCE, DERIVATIVE)


# --- names and what they cost -----------------------------------------------------------------------


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_names_are_sorted_unique_and_there() -> None:
    assert list(claimdiff.__all__) == sorted(set(claimdiff.__all__))
    for name in claimdiff.__all__:
        own = getattr(claimdiff, name)
        assert name.startswith("__") or inspect.getdoc(own), name


def test_a_star_import_brings_exactly_these_names() -> None:
    names: dict[str, Any] = {}
    exec("from claimdiff import *", names)  # the statement is only allowed at module level
    assert set(names) - {"__builtins__"} == set(claimdiff.__all__)


def test_an_absent_name_is_an_attribute_error() -> None:
    assert not hasattr(claimdiff, "Comparision")
    with pytest.raises(ImportError):
        exec("from claimdiff import Comparision")


def test_values_load_no_engine_and_a_comparison_loads_nothing_heavy() -> None:
    code = """
import sys, claimdiff
claimdiff.Comparison, claimdiff.InputError
own = {name.split(".")[1] for name in sys.modules if name.startswith("claimdiff.")}
print(sorted(own))
claimdiff.compare("The dock closed.", "The dock closed.").to_json()
print([name for name in ("jinja2", "claimdiff.cli") if name in sys.modules])
"""
    first, second = python(code).splitlines()
    assert first == "['errors', 'model']"
    assert second == "[]"


def test_the_version_is_the_one_that_was_installed(made: Comparison) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", claimdiff.__version__)
    assert made.version == claimdiff.__version__
    try:
        installed = importlib.metadata.version("claimdiff")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("needs claimdiff to be installed")
    assert installed == claimdiff.__version__


def test_types_are_published() -> None:
    assert (Path(claimdiff.__file__).parent / "py.typed").is_file()
    signature = inspect.signature(claimdiff.compare)
    assert list(signature.parameters) == [
        "source", "derivative", "min_confidence", "lang", "boilerplate", "aliases", "require", "verifier",
    ]  # fmt: skip
    assert signature.parameters["min_confidence"].kind is inspect.Parameter.KEYWORD_ONLY


def test_errors_have_one_base() -> None:
    for error in (InputError, NotComparableError, FormatError):
        assert issubclass(error, ClaimdiffError)
    assert not issubclass(ClaimdiffError, ValueError)


# --- compare ----------------------------------------------------------------------------------------


def test_the_founding_sentence_of_the_docs(made: Comparison) -> None:
    assert [(own.kind, own.types) for own in made.findings] == [
        (Kind.DISTORTION, (Type.NUMBER,)),
        (Kind.ADDITION, ()),
        (Kind.OMISSION, ()),
    ]
    first = made.findings[0]
    assert first.rule == "number-changed"
    assert first.severity is Severity.MAJOR
    assert first.derivative is not None and first.source is not None
    assert "410" in first.derivative.span.of(made.derivative.text)
    assert "140" in first.source.span.of(made.sources[0].text)
    assert "140" in first.message and "410" in first.message


@pytest.mark.parametrize("wrong", [None, 7, b"The dock closed."])
def test_another_type_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError):
        claimdiff.compare(wrong, "The dock closed.")
    with pytest.raises(TypeError):
        claimdiff.compare("The dock closed.", wrong)
    with pytest.raises(TypeError):
        claimdiff.compare(["The dock closed.", wrong], "The dock closed.")


def test_what_cannot_be_read_or_compared_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        claimdiff.compare(tmp_path / "absent.txt", SOURCE)
    with pytest.raises(InputError, match="is a folder"):
        claimdiff.compare(SOURCE, tmp_path)
    with pytest.raises(NotComparableError, match="empty"):
        claimdiff.compare(SOURCE, "")
    with pytest.raises(FormatError):
        Comparison.from_json("{}")


def test_sources_may_be_any_sequence(tmp_path: Path) -> None:
    path = tmp_path / "source.md"
    path.write_text(SOURCE, encoding="utf-8")
    made = claimdiff.compare((SOURCE, path), DERIVATIVE)
    assert [own.name for own in made.sources] == ["", str(path)]


# --- values ---------------------------------------------------------------------------------------


def values(value: Any) -> Iterator[Any]:
    """A value and all that it is made of."""
    yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from values(getattr(value, field.name))
    elif isinstance(value, tuple):
        for own in value:
            yield from values(own)


def test_nothing_in_a_comparison_can_be_changed(made: Comparison) -> None:
    seen = set()
    for value in values(made):
        assert isinstance(value, str | int | float | tuple | Enum | None) or dataclasses.is_dataclass(value)
        if dataclasses.is_dataclass(value):
            seen.add(type(value).__name__)
            name = dataclasses.fields(value)[0].name
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(value, name, None)
            with pytest.raises((AttributeError, TypeError)):
                value.another = 1
    assert {"Comparison", "Document", "Statement", "Link", "Finding", "Summary", "Counts", "Tally"} <= seen


def test_comparisons_are_values(made: Comparison) -> None:
    again = claimdiff.compare(SOURCE, DERIVATIVE)
    assert again == made
    assert hash(again) == hash(made)
    assert Comparison.from_json(made.to_json()) == made
    assert Comparison.from_json(made.to_json(indent=None)) == made
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_statement_is_found_by_its_id(made: Comparison) -> None:
    for document in made.documents():
        for own in document.statements:
            assert made.statement(own.id) is own
            assert own.place().span.of(document.text) == own.text
    with pytest.raises(KeyError):
        made.statement("d.99")
    assert [own.id for own in made.documents()] == ["s", "d"]


def test_a_span_is_half_open() -> None:
    span = Span(2, 5)
    assert span.of("abcdef") == "cde"
    assert span.shift(1) == (3, 6)
    assert span.join(Span(7, 8)) == (2, 8)
    assert span.covers(Span(2, 5)) and not span.covers(Span(1, 3))
    assert span.overlaps(Span(4, 9)) and not span.overlaps(Span(5, 6))


def test_enumerations_are_the_words_of_the_stored_form(made: Comparison) -> None:
    assert [str(own) for own in Kind] == ["distortion", "addition", "omission"]
    assert f"{Status.VERBATIM}" == "verbatim"
    assert '"kind": "addition"' in made.to_json()


# --- docs -----------------------------------------------------------------------------------------


def blocks(language: str) -> list[Any]:
    """The fenced examples of README and docs in this language."""
    found = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for number, block in enumerate(
            re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE), 1
        ):
            found.append(pytest.param(block, id=f"{path.name} {number}"))
    return found


@pytest.mark.parametrize("block", blocks("python"))
def test_python_examples_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("source.txt", SOURCE), ("derivative.txt", DERIVATIVE), ("rewrite.txt", DERIVATIVE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if block.lstrip().startswith(">>>"):
        parsed = doctest.DocTestParser().get_doctest(block, {}, "example", None, None)
        told = io.StringIO()
        assert doctest.DocTestRunner().run(parsed, out=told.write).failed == 0, told.getvalue()
    else:
        exec(compile(block, "example", "exec"), {})


def test_the_docs_name_what_there_is() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for name in re.findall(r"`claimdiff\.([A-Za-z_]+)", path.read_text(encoding="utf-8")):
            if name in ("toml", "sarif", "xml"):  # a file's name, no attribute
                continue
            module = (ROOT / "claimdiff" / name).is_dir() or (ROOT / "claimdiff" / f"{name}.py").is_file()
            assert module or hasattr(claimdiff, name), f"{path.name}: claimdiff.{name}"

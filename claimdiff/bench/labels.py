"""Labelled texts as files: article pairs (.json) and claims beside a passage (.jsonl), in the forms of
docs/verifiers.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from claimdiff.errors import InputError
from claimdiff.model import Kind, Severity, Span, Type

SUPPORTED, DISTORTED, ADDED, BOILERPLATE = "supported", "distorted", "added", "boilerplate"
PASSAGES = ("source", "premise", "passage", "document", "evidence", "context")
CLAIMS = ("derivative", "claim", "hypothesis", "summary", "rewrite")
LABEL = "label"
HOLDS = ("supported", "consistent", "entailment", "entailed", "faithful", "factual", "correct", "true", "yes")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A finding that an editor would make: `d` is its derivative sentence, `span` its words in the
    derivative, `s` its source sentences."""

    kind: Kind
    severity: Severity
    types: frozenset[str]
    d: int | None
    span: Span | None
    s: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A pair of articles with complete labels; sentences are told by their place in the text. `links` are
    pairs of a derivative and a source sentence, `labels` one for each derivative sentence."""

    name: str
    source: str
    derivative: str
    old: tuple[Span, ...]
    new: tuple[Span, ...]
    links: frozenset[tuple[int, int]]
    labels: tuple[str, ...]
    omitted: frozenset[int]
    findings: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim beside the passage that it is made from; `label` is "supported" or says what is wrong."""

    passage: str
    text: str
    label: str


class _LabelError(Exception):
    """What is wrong with a label, and where."""


def find(path: Path) -> tuple[list[Path], list[Path]]:
    """The files with articles and those with claims: a file itself, or what a folder holds."""
    if not path.is_dir():
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
        return ([], [path]) if path.suffix.lower() == ".jsonl" else ([path], [])
    articles, claims = sorted(path.rglob("*.json")), sorted(path.rglob("*.jsonl"))
    if not articles and not claims:
        raise InputError(
            f"{path}: holds no .json file with a labelled pair of articles and no .jsonl file with claims"
        )
    return articles, claims


# --- articles ---------------------------------------------------------------------------------------


def read_article(path: Path) -> Article:
    """The labelled pair in a file. Raises InputError, which says what of it is not in order."""
    data = _json(_text(path), str(path))
    if not isinstance(data, dict):
        raise InputError(f"{path}: is no labelled pair of articles (no object)")
    try:
        return article(data, data.get("id") or path.stem)
    except _LabelError as wrong:
        raise InputError(f"{path}: {wrong}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{path}: is no labelled pair of articles ({told})") from None


def article(data: Mapping[str, Any], name: str) -> Article:
    """The labelled pair in an object of the form that docs/verifiers.md describes."""
    old, new = (locate(data[side], data["segments"][side], side) for side in ("source", "derivative"))
    findings = tuple(_labelled(own, data["derivative"], len(old), new) for own in data["findings"])
    links = frozenset((own["d"], s) for own in data["links"] for s in own["s"])
    for d, s in links:
        _hold(d, len(new), "links: d"), _hold(s, len(old), "links: s")
    omitted = frozenset(_hold(s, len(old), "omitted") for s in data["omitted"])
    return Article(
        str(name),
        data["source"],
        data["derivative"],
        old,
        new,
        links,
        labels(data, len(new)),
        omitted,
        findings,
    )


def locate(text: str, sentences: list[str], side: str) -> tuple[Span, ...]:
    """Where each sentence stands, found in order."""
    spans, at = [], 0
    for number, sentence in enumerate(sentences):
        start = text.find(sentence, at)
        if start < 0 or not sentence:
            where = f"segments.{side}[{number}]"
            raise _LabelError(f"{where} does not stand in the text behind the last one: {sentence[:60]!r}")
        at = start + len(sentence)
        spans.append(Span(start, at))
    return tuple(spans)


def labels(data: Mapping[str, Any], size: int) -> tuple[str, ...]:
    """What each derivative sentence is."""
    out = [SUPPORTED] * size
    for link in data["links"]:
        if link["relation"] == DISTORTED:
            out[_hold(link["d"], size, "links: d")] = DISTORTED
    for name, places in ((ADDED, data["added"]), (BOILERPLATE, data["boilerplate"]["derivative"])):
        for at in places:
            out[_hold(at, size, name)] = name
    return tuple(out)


def _labelled(own: Mapping[str, Any], text: str, size: int, new: tuple[Span, ...]) -> Labelled:
    kind, severity = Kind(own["kind"]), Severity(own["severity"])
    s = tuple(_hold(at, size, "findings: s") for at in own.get("s") or ())
    if kind is Kind.OMISSION:
        return Labelled(kind, severity, frozenset(), None, None, s)
    d = _hold(own["d"], len(new), "findings: d")
    span = None
    if words := own.get("derivative_span"):
        at = text.find(words, *new[d])
        if at < 0:
            raise _LabelError(f"findings: derivative_span does not stand in sentence {d}: {words[:60]!r}")
        span = Span(at, at + len(words))
    types = (
        frozenset(str(Type(one)) for one in own.get("types") or ())
        if kind is Kind.DISTORTION
        else frozenset()
    )
    return Labelled(kind, severity, types, d, span, s)


def _hold(at: Any, size: int, where: str) -> int:
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < size:
        raise _LabelError(f"{where}: {at!r} is the number of no sentence; there are {size}, counted from 0")
    return at


# --- claims -----------------------------------------------------------------------------------------


def read_claims(path: Path) -> Iterator[Claim]:
    """The claims in a file, an object a line. Raises InputError with the line."""
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            yield from claims(_json(line, f"{path}:{number}"), f"{path}:{number}")


def claims(row: Any, where: str) -> Iterator[Claim]:
    """The claims of an object: one with a label, or several beside one passage, by what they are."""
    if not isinstance(row, dict):
        raise InputError(f"{where}: is no object; write {_FORM}")
    passage = _field(row, PASSAGES, where)
    if not any(name in row for name in (SUPPORTED, DISTORTED, ADDED)):
        yield Claim(passage, _field(row, CLAIMS, where), _label(row, where))
        return
    for name in (SUPPORTED, DISTORTED, ADDED):
        several = row.get(name) or []
        if not isinstance(several, list):
            _odd(where, name)
        for own in several:
            text, *rest = (
                [own] if isinstance(own, str) else own if isinstance(own, list) and own else _odd(where, name)
            )
            if not isinstance(text, str):
                _odd(where, name)
            label = str(rest[0]) if name == DISTORTED and rest else name
            yield Claim(passage, text, label)


_FORM = '{"source": "...", "claim": "...", "label": "supported"}'


def _odd(where: str, name: str) -> NoReturn:
    raise InputError(f"{where}: {name}: must be a list of claims, or of lists that begin with one")


def _field(row: Mapping[str, Any], names: tuple[str, ...], where: str) -> str:
    found = [name for name in names if name in row]
    if not found:
        raise InputError(f"{where}: has none of {', '.join(names)}; write {_FORM}")
    value = row[found[0]]
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: {found[0]}: is no text")
    return value


def _label(row: Mapping[str, Any], where: str) -> str:
    value = row.get(LABEL)
    if isinstance(value, bool):
        return SUPPORTED if value else DISTORTED
    if not isinstance(value, str) or not value.strip():
        told = (
            f"{value!r} can mean either"
            if isinstance(value, int)
            else "is missing"
            if value is None
            else "is no word"
        )
        raise InputError(f'{where}: label: {told}; write "supported", or what is wrong, such as "number"')
    plain = value.strip().casefold()
    return SUPPORTED if plain in HOLDS else plain


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason})") from None


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is no JSON ({error})") from None

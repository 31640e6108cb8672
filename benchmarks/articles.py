"""Measures over labelled article pairs (benchmarks/articles/*.json): links, flags, omissions, types.

A file holds both texts, their sentences in order, which sentence rests on which, and the findings that an
editor would make. Sentences of the labels and statements of the program meet by their place in the text.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import claimdiff
from claimdiff.model import Comparison, Kind, Span, Statement, Status

PATHS = tuple(sorted((Path(__file__).parent / "articles").glob("*.json")))
DRIFT = {"distorted", "added"}
_NAMES = {Status.VERBATIM: "supported", Status.PARAPHRASE: "supported"}


def measure(paths: Iterable[Path]) -> dict[str, float]:
    """The measures over all files together, each from 0 to 1 but for `false` (per 100 supported)."""
    count: Counter[Any] = Counter()
    for path in paths:
        case = json.loads(path.read_text(encoding="utf-8"))
        count.update(_judge(case, claimdiff.compare(case["source"], case["derivative"])))
    return _report(count)


def drifting(case: dict[str, Any]) -> Callable[[Statement], bool]:
    """A function that tells whether the labels call the sentence of a derivative statement drift."""
    sentences = _locate(case["derivative"], case["segments"]["derivative"])
    labels = _labels(case, len(sentences))

    def answer(statement: Statement) -> bool:
        at = _owner(statement.span, sentences)
        return at is not None and labels[at] in DRIFT

    return answer


def owners(statements: Iterable[Statement], case: dict[str, Any], side: str) -> list[int | None]:
    """For each statement the labelled sentence of its side that it is, if any."""
    sentences = _locate(case[side], case["segments"][side])
    return [_owner(statement.span, sentences) for statement in statements]


def _judge(case: dict[str, Any], got: Comparison) -> Counter[Any]:
    count: Counter[Any] = Counter()
    old, new = (_locate(case[side], case["segments"][side]) for side in ("source", "derivative"))
    where = {s.id: _owner(s.span, old) for s in got.sources[0].statements}
    where |= {s.id: _owner(s.span, new) for s in got.derivative.statements}
    _tally(count, "align", {(link["d"], s) for link in case["links"] for s in link["s"]},
           {(where[link.derivative], where[s]) for link in got.links for s in link.sources})  # fmt: skip
    wanted = _labels(case, len(new))
    found = _statuses(got.derivative.statements, where, len(new))
    for want, have in zip(wanted, found, strict=True):
        count["kind", want, have] += 1
        if want == "supported":
            count["supported"] += 1
            count["false"] += have in DRIFT
    _tally(count, "flag", _where(wanted), _where(found))
    gone = {where[s.id] for s in got.sources[0].statements if s.status is Status.OMITTED}
    kept = {where[s.id] for s in got.sources[0].statements if s.status is Status.COVERED}
    _tally(count, "omit", set(case["omitted"]), gone - kept)
    _types(count, case, got, where)
    return count


def _types(count: Counter[Any], case: dict[str, Any], got: Comparison, where: dict[str, int | None]) -> None:
    wanted: dict[int, set[str]] = defaultdict(set)
    found: dict[int | None, set[str]] = defaultdict(set)
    for finding in case["findings"]:
        if finding["kind"] == "distortion":
            wanted[finding["d"]].update(finding["types"])
    for item in got.findings:
        if item.kind is not Kind.OMISSION and item.derivative:
            found[where[item.derivative.statement]].update(item.types)
    _tally(count, "type", {(d, t) for d, types in wanted.items() for t in types},
           {(d, t) for d in wanted for t in found[d]})  # fmt: skip


def _labels(case: dict[str, Any], size: int) -> list[str]:
    labels = ["supported"] * size
    for link in case["links"]:
        if link["relation"] == "distorted":
            labels[link["d"]] = "distorted"
    for name, places in (("added", case["added"]), ("boilerplate", case["boilerplate"]["derivative"])):
        for at in places:
            labels[at] = name
    return labels


def _statuses(statements: Sequence[Statement], where: dict[str, int | None], size: int) -> list[str]:
    """The gravest status that the program gives to a part of each sentence."""
    ranks = ("supported", "boilerplate", "added", "distorted")
    out = ["supported"] * size
    for statement in statements:
        at = where[statement.id]
        if at is not None and statement.status is not None:
            name = _NAMES.get(statement.status, statement.status.value)
            out[at] = max(out[at], name, key=ranks.index)
    return out


def _where(labels: Sequence[str]) -> set[int]:
    return {at for at, label in enumerate(labels) if label in DRIFT}


def _tally(count: Counter[Any], name: str, want: set[Any], have: set[Any]) -> None:
    count[name, "hit"] += len(want & have)
    count[name, "extra"] += len(have - want)
    count[name, "missed"] += len(want - have)


def _report(count: Counter[Any]) -> dict[str, float]:
    out: dict[str, float] = {}
    for name in ("align", "flag", "omit", "type"):
        hit, extra, missed = (count[name, part] for part in ("hit", "extra", "missed"))
        if name == "flag":
            out |= {"flag_p": hit / max(1, hit + extra), "flag_r": hit / max(1, hit + missed)}
        out[name] = 2 * hit / max(1, 2 * hit + extra + missed)
    out["false"] = 100 * count["false"] / max(1, count["supported"])
    return out


def _locate(text: str, sentences: Sequence[str]) -> list[Span]:
    spans, at = [], 0
    for sentence in sentences:
        start = text.index(sentence, at)
        at = start + len(sentence)
        spans.append(Span(start, at))
    return spans


def _owner(span: Span, sentences: Sequence[Span]) -> int | None:
    """The sentence that shares most characters with a span."""
    shared = [max(0, min(span.end, s.end) - max(span.start, s.start)) for s in sentences]
    best = max(range(len(sentences)), key=lambda at: shared[at], default=None)
    return best if best is not None and shared[best] else None

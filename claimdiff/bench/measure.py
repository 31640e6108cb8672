"""The figures of docs/accuracy.md: how close what was found in labelled texts is to what editors found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from claimdiff.bench.labels import ADDED, BOILERPLATE, DISTORTED, SUPPORTED, Article
from claimdiff.model import Comparison, Kind, Severity, Span, Status

Count = Counter[Any]  # its numbers are whole but for `shared`, a sum of shares
DRIFT = frozenset({DISTORTED, ADDED})
COLUMNS = (
    "segment", "align", "flag_p", "flag_r", "flag", "kind", "omit_p", "omit_r", "omit", "type", "span",
    "major", "false",
)  # fmt: skip
_NAMES = {Status.VERBATIM: SUPPORTED, Status.PARAPHRASE: SUPPORTED}
_RANK = {SUPPORTED: 0, BOILERPLATE: 0, ADDED: 1, DISTORTED: 2}
_CLOSE = 2  # characters by which the end of a statement may miss that of its sentence


def count(case: Article, got: Comparison) -> Count:
    """What is right and wrong in a comparison of a labelled pair. Counts of several add up."""
    out: Count = Counter()
    old, new = got.sources[0].statements, got.derivative.statements
    _segments(out, case.old, [own.span for own in old])
    _segments(out, case.new, [own.span for own in new])
    where = {own.id: owner(own.span, case.old) for own in old}
    where |= {own.id: owner(own.span, case.new) for own in new}
    linked = {(where.get(own.derivative), where.get(s)) for own in got.links for s in own.sources}
    _tally(out, "align", case.links, {pair for pair in linked if None not in pair})
    labels, types, spans = _found(case, got, where)
    for want, have in zip(case.labels, labels, strict=True):
        out["kind", want, have] += 1
        out["supported"] += want == SUPPORTED
        out["false"] += want == SUPPORTED and have in DRIFT
    _tally(out, "flag", _drifting(case.labels), _drifting(labels))
    gone = {where[own.id] for own in old if own.status is Status.OMITTED}
    gone -= {where[own.id] for own in old if own.status is Status.COVERED} | {None}
    _tally(out, "omit", case.omitted, gone)
    _types(out, case, types)
    _findings(out, case, labels, spans, gone)
    return out


def figures(out: Count) -> dict[str, float]:
    """The figures of COLUMNS, each from 0 to 1 but for `false`, which counts false alarms on 100 supported
    statements."""
    made = {"segment": _prf(out, "segment")[2], "align": _prf(out, "align")[2]}
    made["flag_p"], made["flag_r"], made["flag"] = _prf(out, "flag")
    made["kind"] = _kinds(out)
    made["omit_p"], made["omit_r"], made["omit"] = _prf(out, "omit")
    made["type"] = _prf(out, "type")[2]
    made["span"] = out["shared"] / out["spans"] if out["spans"] else 0.0
    made["major"] = out["major", "hit"] / out["major"] if out["major"] else 1.0
    made["false"] = 100 * out["false"] / out["supported"] if out["supported"] else 0.0
    return made


def by_type(out: Count) -> dict[str, tuple[int, int, int]]:
    """For each type: found and right, found and not labelled so, labelled and not found."""
    names = sorted({own[1] for own in out if isinstance(own, tuple) and own[0] == "of type"})
    rows: dict[str, tuple[int, int, int]] = {}
    for name in names:
        hit, extra, missed = (out["of type", name, part] for part in ("hit", "extra", "missed"))
        rows[name] = (hit, extra, missed)
    return dict(sorted(rows.items(), key=lambda own: (-own[1][0] - own[1][2], own[0])))


def claims(seen: Iterable[tuple[str, bool]]) -> dict[str, float]:
    """Of claims by their label and whether something was found: balanced accuracy, its two halves, and the
    recall by label."""
    number: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for label, flagged in seen:
        number[label] += 1
        found[label] += flagged
    wrong = sorted(label for label in number if label != SUPPORTED)
    recall = sum(found[label] for label in wrong) / max(1, sum(number[label] for label in wrong))
    false = found[SUPPORTED] / max(1, number[SUPPORTED])
    out = {"balanced": (recall + 1 - false) / 2, "recall": recall, "false": false}
    return out | {f"recall {label}": found[label] / number[label] for label in wrong}


def owner(span: Span, sentences: Sequence[Span]) -> int | None:
    """The sentence that shares most characters with a span, if any does."""
    best = max(range(len(sentences)), key=lambda at: _overlap(span, sentences[at]), default=None)
    return best if best is not None and _overlap(span, sentences[best]) else None


# --- counting ---------------------------------------------------------------------------------------


def _segments(out: Count, want: Sequence[Span], have: Sequence[Span]) -> None:
    ends = {own.end for own in want}
    near = [min(ends, key=lambda end: (abs(end - own.end), end), default=own.end) for own in have]
    found = {end if abs(end - own.end) <= _CLOSE else own.end for end, own in zip(near, have, strict=True)}
    _tally(out, "segment", ends, found)


def _found(
    case: Article, got: Comparison, where: dict[str, int | None]
) -> tuple[list[str], dict[int, set[str]], dict[int, list[Span]]]:
    """What the program says of each sentence: the gravest of its parts, types and places."""
    labels = [SUPPORTED] * len(case.new)
    for own in got.derivative.statements:
        at = where[own.id]
        if at is not None and own.status is not None:
            said = _NAMES.get(own.status, own.status.value)
            if _RANK[said] > _RANK[labels[at]] or (said == BOILERPLATE and labels[at] == SUPPORTED):
                labels[at] = said
    types: dict[int, set[str]] = defaultdict(set)
    spans: dict[int, list[Span]] = defaultdict(list)
    for finding in got.findings:
        if finding.derivative and finding.kind is not Kind.OMISSION:
            at = owner(finding.derivative.span, case.new)
            if at is not None:
                labels[at] = labels[at] if labels[at] in DRIFT else DISTORTED
                types[at].update(map(str, finding.types))
                spans[at].append(finding.derivative.span)
    return labels, types, spans


def _types(out: Count, case: Article, found: dict[int, set[str]]) -> None:
    wanted: dict[int, set[str]] = defaultdict(set)
    for own in case.findings:
        if own.kind is Kind.DISTORTION and own.d is not None:
            wanted[own.d] |= own.types
    want = {(d, type) for d, types in wanted.items() for type in types}
    have = {(d, type) for d in wanted for type in found.get(d, ())}
    _tally(out, "type", want, have)
    for part, pairs in (("hit", want & have), ("extra", have - want), ("missed", want - have)):
        for _, type in pairs:
            out["of type", type, part] += 1


def _findings(
    out: Count, case: Article, labels: list[str], spans: dict[int, list[Span]], gone: set[int | None]
) -> None:
    """How much of the labelled words was marked, where the sentence was, and which major findings were
    met."""
    for own in case.findings:
        flagged = own.d is not None and labels[own.d] in DRIFT
        if own.span and own.d is not None and flagged:
            out["spans"] += 1
            share = max((_share(own.span, span) for span in spans.get(own.d, ())), default=0.0)
            out["shared"] += share  # type: ignore[assignment]
        if own.severity is Severity.MAJOR:
            out["major"] += 1
            out["major", "hit"] += bool(gone & set(own.s)) if own.kind is Kind.OMISSION else flagged


def _drifting(labels: Sequence[str]) -> set[int]:
    return {at for at, label in enumerate(labels) if label in DRIFT}


def _tally(out: Count, name: str, want: Iterable[Any], have: Iterable[Any]) -> None:
    wanted, found = set(want), set(have)
    out[name, "hit"] += len(wanted & found)
    out[name, "extra"] += len(found - wanted)
    out[name, "missed"] += len(wanted - found)


def _prf(out: Count, name: str) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    hit, extra, missed = (out[name, part] for part in ("hit", "extra", "missed"))
    p = hit / (hit + extra) if hit + extra else 1.0
    r = hit / (hit + missed) if hit + missed else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def _kinds(out: Count) -> float:
    """The mean F1 over what sentences are, of those that there are."""
    pairs = {own: number for own, number in out.items() if isinstance(own, tuple) and own[0] == "kind"}
    scores = []
    for name in (SUPPORTED, DISTORTED, ADDED, BOILERPLATE):
        hit = pairs.get(("kind", name, name), 0)
        extra = sum(number for (_, want, have), number in pairs.items() if have == name != want)
        missed = sum(number for (_, want, have), number in pairs.items() if want == name != have)
        if hit + missed:
            scores.append(2 * hit / (2 * hit + extra + missed))
    return sum(scores) / len(scores) if scores else 0.0


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _share(one: Span, other: Span) -> float:
    """Shared characters, of those that either has."""
    shared = _overlap(one, other)
    return shared / (max(one.end, other.end) - min(one.start, other.start)) if shared else 0.0

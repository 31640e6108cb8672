"""The pipeline: the only module that knows the order of the stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from claimdiff import __version__
from claimdiff.align import Alignment, align, match_words
from claimdiff.detect import RULES, Verdict, addition, judge, omission
from claimdiff.detect.once import forget
from claimdiff.detect.required import required, settle
from claimdiff.diff import word_diff
from claimdiff.errors import NotComparableError
from claimdiff.facts import read_facts
from claimdiff.fingerprint import fingerprint, plain
from claimdiff.model import (
    MIN_CONFIDENCE,
    Boilerplate,
    Comparison,
    Context,
    Document,
    Facts,
    Finding,
    Kind,
    Link,
    Pair,
    Place,
    Relation,
    Role,
    Signal,
    Statement,
    Status,
    wording,
)
from claimdiff.read import read_path, read_text
from claimdiff.read.language import foreign
from claimdiff.score import summarise
from claimdiff.segment import lead, segment

if TYPE_CHECKING:
    from claimdiff.verify.protocol import Verifier

Text = str | Path | Document
LANGUAGE = "en"  # the one that is judged
UNRELATED = 3  # two texts with this many statements each and not one link have nothing to compare
_KINDS = {rule.id: rule.kind for rule in RULES}


def compare(
    source: Text | Sequence[Text],
    derivative: Text,
    *,
    min_confidence: float = MIN_CONFIDENCE,
    lang: str | None = None,
    boilerplate: Boilerplate | None = None,
    aliases: Sequence[Sequence[str]] = (),
    require: Sequence[str] = (),
    verifier: Verifier | None = None,
) -> Comparison:
    """Compare a derivative with one source or several.

    A str is a text, a Path is read, a Document is taken as it is. Findings below `min_confidence` (0 to
    1) are left out. `lang` "en" says that the texts are English, whatever they look like; `boilerplate`
    are a house's own lines that are no part of a story, `aliases` groups of names that mean the same.
    `require` asks for a finding wherever a quotation ("quotations") or a figure ("numbers") stands in no
    source, however harmless it looks. `verifier` is asked for a second opinion (docs/verifiers.md). Raises
    InputError for what cannot be read and NotComparableError when a side holds no statement to judge, is
    not in English, or the texts have nothing in common.
    """
    sources, target = _documents(source, derivative, lang, boilerplate or Boilerplate())
    old = tuple(facts for document in sources for facts in read_facts(document, aliases=aliases))
    new = read_facts(target, lead=lead, aliases=aliases)
    alignments = align(old, new)
    context = Context(old, new)
    judged = [_judge(alignment, context, min_confidence, tuple(require)) for alignment in alignments]
    forget()
    if not any(case.link for case in judged) and min(len(_claims(old)), len(_claims(new))) >= UNRELATED:
        raise NotComparableError("the texts have no statement in common; is this the right source?")
    covered = _covered(old, {id for case in judged if case.link for id in case.link.sources})
    gone = [facts for facts in _claims(old) if facts.statement.id not in covered]
    findings = _number(
        [
            *(_finding(case, signal) for case in judged for signal in case.signals),
            *(f for f in _omissions(gone, old, alignments, new) if f.confidence >= min_confidence),
        ]
    )
    statuses = {case.statement.id: case.status for case in judged}
    statuses |= {facts.statement.id: _source_status(facts, covered) for facts in old}
    done = [_with_status(document, statuses) for document in (*sources, target)]
    made = Comparison(
        sources=tuple(done[:-1]),
        derivative=done[-1],
        links=tuple(case.link for case in judged if case.link),
        findings=findings,
        summary=summarise(done[:-1], done[-1], findings),
        version=__version__,
        notes=tuple(
            f"{document.name or document.id}: {note}" for document in done for note in document.notes
        ),
    )
    if verifier is None:
        return made
    from claimdiff.verify.merge import consult

    return consult(made, verifier, min_confidence=min_confidence)


def _documents(
    source: Text | Sequence[Text], derivative: Text, lang: str | None, boilerplate: Boilerplate
) -> tuple[list[Document], Document]:
    """The segmented sources and derivative, each of them fit to be judged."""
    given = [source] if isinstance(source, str | Path | Document) else list(source)
    if not given:
        raise NotComparableError("no source was given; name at least one")
    ids = ["s"] if len(given) == 1 else [f"s{number}" for number in range(1, len(given) + 1)]
    sources = [_document(text, id, boilerplate) for text, id in zip(given, ids, strict=True)]
    target = _document(derivative, "d", boilerplate)
    for document in (*sources, target):
        _check(document, lang)
    return sources, target


def _document(text: Text, id: str, boilerplate: Boilerplate) -> Document:
    if isinstance(text, Document):
        document = replace(text, id=id)
    elif isinstance(text, Path):
        document = read_path(text, id=id)
    else:
        document = read_text(text, id=id)
    return segment(document, id, boilerplate)


def _check(document: Document, lang: str | None) -> None:
    name = document.name or ("the derivative" if document.id == "d" else "the source")
    if not document.text.strip():
        raise NotComparableError(f"{name}: the text is empty; there is nothing to compare")
    if all(statement.role is Role.BOILERPLATE for statement in document.statements):
        raise NotComparableError(
            f"{name}: no statement found (only markup or boilerplate); nothing to compare"
        )
    language = None if lang == LANGUAGE else foreign(document.blocks)
    if language:
        raise NotComparableError(
            f"not comparable: {name} looks like {language}; --lang en compares it anyway"
        )


def _covered(old: Sequence[Facts], linked: set[str]) -> set[str]:
    """The linked source statements and those that say the same words again."""
    said = {plain(facts.statement.text) for facts in old if facts.statement.id in linked}
    return linked | {facts.statement.id for facts in old if plain(facts.statement.text) in said}


def _claims(facts: Sequence[Facts]) -> list[Facts]:
    return [item for item in facts if item.statement.role is not Role.BOILERPLATE]


# --- one derivative statement ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judged:
    """A derivative statement with its verdict; `sources` are the statements that its signals point at."""

    statement: Statement
    status: Status
    link: Link | None = None
    sources: tuple[Statement, ...] = ()
    signals: tuple[Signal, ...] = ()
    because: tuple[str, ...] = ()


def _judge(
    alignment: Alignment, context: Context, min_confidence: float, require: tuple[str, ...]
) -> _Judged:
    facts = context.derivative[alignment.derivative]
    statement = facts.statement
    if statement.role is Role.BOILERPLATE:
        return _Judged(statement, Status.BOILERPLATE)
    asked = tuple(required(facts, context, require)) if require else ()
    if not alignment.sources:
        signal = addition.addition(facts)
        new = (signal,) if signal.strength >= min_confidence else ()
        return _Judged(statement, Status.ADDED, signals=(*new, *asked))
    linked = tuple(context.sources[j] for j in sorted(alignment.sources))
    statements = tuple(item.statement for item in linked)
    edits = word_diff(" ".join(s.text for s in statements), statement.text)
    verdict = Verdict(0.0, ())
    if not alignment.exact:
        pair = Pair(facts, linked, match_words(facts, linked), context, edits, alignment.score)
        verdict = judge(pair, min_confidence=min_confidence)
    signals = settle(verdict.signals, asked)
    relation = Relation.DISTORTED if signals else Relation.VERBATIM if alignment.exact else wording(edits)
    link = Link(statement.id, tuple(s.id for s in statements), relation, alignment.score, edits)
    return _Judged(statement, Status(relation.value), link, statements, signals, verdict.because)


def _source_status(facts: Facts, covered: set[str]) -> Status:
    if facts.statement.role is Role.BOILERPLATE:
        return Status.BOILERPLATE
    return Status.COVERED if facts.statement.id in covered else Status.OMITTED


def _with_status(document: Document, statuses: dict[str, Status]) -> Document:
    statements = tuple(replace(s, status=statuses[s.id]) for s in document.statements)
    return replace(document, statements=statements)


# --- findings -------------------------------------------------------------------------------------


def _finding(case: _Judged, signal: Signal) -> Finding:
    text = case.statement.text
    words = signal.derivative.of(text)
    place: Place | None = None
    if signal.source is not None:
        which, span = signal.source
        place = case.sources[which].place(span)
    return Finding(
        id=fingerprint(signal.rule, text, words, *(statement.text for statement in case.sources)),
        rule=signal.rule,
        kind=_KINDS[signal.rule],
        types=signal.types,
        severity=signal.severity,
        confidence=round(signal.strength, 2),
        message=signal.message,
        derivative=case.statement.place(signal.derivative),
        source=place,
        because=case.because,
    )


def _omissions(
    gone: Sequence[Facts], old: Sequence[Facts], alignments: Sequence[Alignment], new: Sequence[Facts]
) -> list[Finding]:
    """A finding for each source statement that nothing carries, with where it would have stood: after
    the derivative statement that carries the nearest statement before it in the same source."""
    home = {j: alignment.derivative for alignment in reversed(alignments) for j in alignment.sources}
    first = {facts.statement.document: facts.statement.id for facts in reversed(_claims(old))
             if facts.statement.role is Role.BODY}  # fmt: skip
    out = []
    index = {facts.statement.id: j for j, facts in enumerate(old)}
    for facts in gone:
        statement = facts.statement
        signal = omission.omission(facts, first=first.get(statement.document) == statement.id)
        after = ""
        for j in range(index[statement.id] - 1, -1, -1):
            if old[j].statement.document != statement.document:
                break
            if j in home:
                after = new[home[j]].statement.id
                break
        out.append(
            Finding(
                id=fingerprint(signal.rule, statement.text),
                rule=signal.rule,
                kind=Kind.OMISSION,
                types=(),
                severity=signal.severity,
                confidence=signal.strength,
                message=signal.message,
                derivative=None,
                source=statement.place(),
                after=after,
            )
        )
    return out


def _number(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Tell equal fingerprints apart by their order of occurrence."""
    seen: Counter[str] = Counter()
    out = []
    for finding in findings:
        seen[finding.id] += 1
        count = seen[finding.id]
        out.append(finding if count == 1 else replace(finding, id=f"{finding.id}-{count}"))
    return tuple(out)

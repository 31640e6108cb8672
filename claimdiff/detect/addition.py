"""What the derivative says and no source carries: whole statements, and clauses of linked ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claimdiff.lexicon import words
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Token

RULES = (
    Rule(
        "addition-fact", Kind.ADDITION, None, Severity.MAJOR,
        "A statement with a figure, a date, a name or a quotation that no source carries.",
        "The reader takes it for something that the source reported.",
        ("The court will rule on Friday.",
         "The court will rule on Friday. It has rejected 14 similar cases since 2019."),
        ("The court will rule on Friday. Since 2019 it has rejected 14 similar cases.",
         "The court will rule on Friday. It has rejected 14 similar cases since 2019."),
    ),
    Rule(
        "addition-statement", Kind.ADDITION, None, Severity.MINOR,
        "A statement that no source carries.",
        "Background and comment of the rewriter's own need a source of their own.",
        ("The court will rule on Friday.",
         "The court will rule on Friday. The case has gripped the nation."),
        ("The court will rule on Friday.", "A ruling is due on Friday."),
    ),
    Rule(
        "addition-detail", Kind.ADDITION, None, Severity.MINOR,
        "A clause inside a supported statement that no source carries.",
        "A detail slipped into a true sentence is read as part of it.",
        ("The firm hired Ana Ruiz.", "The firm hired Ana Ruiz, who once ran a rival bakery in Porto."),
        ("The firm hired Ana Ruiz, once head of a rival.",
         "The firm hired Ana Ruiz, who led a rival before."),
    ),
)  # fmt: skip


def addition(facts: Facts) -> Signal:
    """A whole derivative statement that rests on no source statement."""
    said = [token.span for token in facts.tokens if token.tag is not Tag.PUNCTUATION]
    text = facts.statement.text
    whole = said[0].join(said[-1]) if said else Span(0, len(text))  # a label before and the period aside
    hard = _hard(facts, whole) or _loaded(facts, whole)
    return Signal(
        "addition-fact" if hard else "addition-statement",
        (),
        Severity.MAJOR if hard else Severity.MINOR,
        0.8,
        "No source carries this statement.",
        whole,
        new=text,
    )


def _hard(facts: Facts, span: Span) -> bool:
    """Whether a span brings a figure, a date, a quotation or names."""
    quantities = [q for q in facts.quantities if span.overlaps(q.span) and q.unit != "designator"]
    moments = [m for m in facts.moments if span.overlaps(m.span) and m.relative != 0]
    quotations = [q for q in facts.quotations if span.overlaps(q.span)]
    names = {name.key for name in facts.names if not name.pronoun and span.overlaps(name.span)}
    return bool(quantities or moments or quotations or len(names) > 1)


def _loaded(facts: Facts, span: Span) -> bool:
    """Whether a span gives a cause, a rank or a judgement on someone."""
    if any(cue.kind is CueKind.CAUSALITY and span.overlaps(cue.span) for cue in facts.cues):
        return True
    return any(_ranks(token) or token.lemma in words("addition", "judgement") for token in facts.within(span))


def _ranks(token: Token) -> bool:
    """Whether a word ranks something above all others: "largest", "record"."""
    word = token.norm
    if word not in words("addition", "rank") and not (word.endswith("est") and len(word) > 5):
        return False
    if token.tag is Tag.VERB or word in words("addition", "no_rank"):
        return False
    return word in words("addition", "rank") or (token.tag is Tag.ADJECTIVE and word != token.lemma)


# --- parts of a supported statement -----------------------------------------------------------------

_SURE, _CLEAR, _LIKELY, _RANK, _FREE = 0.75, 0.6, 0.5, 0.4, 0.25  # by how often such a run was an insertion
_MARKS = frozenset({",", ";", ":", "–", "(", ")", '"'})
_OPEN = frozenset({"which", "who", "whose", "whom", "where", "that"})
_ASIDE = frozenset({Tag.PREPOSITION, Tag.DETERMINER, Tag.NOUN, Tag.NUMBER, Tag.ADJECTIVE, Tag.PRONOUN})
_WHOLE = 3  # new content words from which a statement without any old one is foreign
_REWORDED = 2  # carried content words from which a main clause rewords one of the source
_PARENTHESIS, _PHRASE = 0.85, 0.9  # share of the other content words that are carried


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a statement that may have been inserted, by token index; `strength` is the belief."""

    first: int
    last: int
    strength: float


def detect(pair: Pair) -> Iterator[Signal]:
    """Stretches that match nothing in the linked statements and stand nowhere else in a source.

    A stretch between two marks, or a phrase behind a preposition, is an insertion where the rest of the
    statement is carried. Where much else is unmatched too, the statement is more likely a free rewording,
    and the stretch says little.
    """
    tokens = pair.derivative.tokens
    matched = {match.derivative for match in pair.matches}
    known = pair.context.known
    new = {
        index
        for index, token in enumerate(tokens)
        if token.content and index not in matched and token.lemma not in known and token.stem not in known
    }
    if not new:
        return
    figures = [*(q.span for q in pair.derivative.quantities), *(m.span for m in pair.derivative.moments)]
    times = words("addition", "time")
    plain = {
        i
        for i in new
        if tokens[i].lemma not in times and not any(span.covers(tokens[i].span) for span in figures)
    }
    if _foreign(tokens, matched, new):
        yield replace(addition(pair.derivative), strength=_SURE)
        return
    if not plain:
        return
    parts = [
        *_segments(tokens, matched, new, plain),
        *_phrases(tokens, matched, plain),
        *_ranked(pair, plain),
    ]
    said = [a.span for a in pair.derivative.attributions]
    taken: list[_Part] = []
    for part in sorted(parts, key=lambda part: (-part.strength, part.first)):
        if any(part.first <= other.last and other.first <= part.last for other in taken):
            continue
        span = Span(tokens[part.first].span.start, tokens[part.last].span.end)
        if any(phrase.overlaps(span) for phrase in said):
            continue  # who says it, and where it is said, is a matter of attribution
        taken.append(part)
        inserted = span.of(pair.derivative.statement.text)
        major = _hard(pair.derivative, span) or _loaded(pair.derivative, span)
        yield Signal(
            "addition-detail", (), Severity.MAJOR if major else Severity.MINOR, part.strength,
            f"No source carries “{inserted}”.", span, new=inserted,
        )  # fmt: skip


def _foreign(tokens: Sequence[Token], matched: set[int], new: set[int]) -> bool:
    """Whether a statement was linked although it has nothing to do with its source statements."""
    if len(new) < _WHOLE:
        return False
    return not any(token.content and index in matched for index, token in enumerate(tokens))


def _segments(tokens: Sequence[Token], matched: set[int], new: set[int], plain: set[int]) -> Iterator[_Part]:
    """Stretches between marks, of which most content words are new; a mere figure or date is none."""
    marks = [index for index, token in enumerate(tokens) if token.norm in _MARKS]
    if not marks:
        return  # the first stretch of a statement is never an insertion
    content = {index for index, token in enumerate(tokens) if token.content}
    bounds = zip((-1, *marks), (*marks, len(tokens)), strict=True)
    segments = [range(low + 1, high) for low, high in bounds]
    segments = [segment for segment in segments if not content.isdisjoint(segment)]
    for number, segment in enumerate(segments):
        if number == 0 or plain.isdisjoint(segment):
            continue
        own = content.intersection(segment)
        fresh, carried = own & new, _share(content - own, matched)
        if len(own & matched) >= _REWORDED and _main_clause(tokens, segment):
            continue
        if len(fresh) < 0.6 * len(own) or carried is None:
            continue
        inner, full, close = number + 1 < len(segments), fresh == own, carried >= _PARENTHESIS
        if inner and close and (len(fresh) > 1 or full):
            strength = _SURE if len(fresh) > 1 else _LIKELY
        elif not inner and close and full and len(fresh) > 2:
            strength = _CLEAR
        elif inner and full and len(fresh) > 2 and tokens[segment[0]].tag in _ASIDE:
            strength = _LIKELY
        elif full and len(fresh) > 1:
            strength = _FREE + 0.1
        else:
            continue
        last = max(index for index in segment if tokens[index].tag is not Tag.PUNCTUATION)
        yield _Part(segment[0], last, strength)


def _main_clause(tokens: Sequence[Token], segment: Sequence[int]) -> bool:
    """Whether a stretch is a clause that can stand alone; with words of the source in it, it rewords one."""
    return tokens[segment[0]].norm not in _OPEN and any(_is_finite(tokens[i]) for i in segment)


def _phrases(tokens: Sequence[Token], matched: set[int], new: set[int]) -> Iterator[_Part]:
    """Runs of new words between matched ones."""
    if len(new) < 2:
        return
    content = {index for index, token in enumerate(tokens) if token.content}
    for run in _runs(tokens, matched):
        fresh = new.intersection(run)
        if len(fresh) < 2:
            continue
        carried = _share(content.difference(run), matched)
        if carried is None:
            continue
        at = run[0] - 1
        while at >= 0 and tokens[at].tag in {Tag.DETERMINER, Tag.NUMBER}:
            at -= 1
        opener = tokens[at] if at >= 0 else None
        finite = any(_is_finite(tokens[i]) for i in run)
        close = carried >= _PHRASE
        if opener is not None and close and opener.norm in _OPEN:
            yield _Part(at, run[-1], _CLEAR)
        elif (
            opener is not None
            and close
            and opener.tag is Tag.PREPOSITION
            and opener.norm != "of"
            and not finite
        ):
            yield _Part(at, run[-1], _CLEAR if len(fresh) > 2 else _LIKELY)
        elif len(fresh) > 2:
            yield _Part(run[0], run[-1], _FREE + 0.1 if close else _FREE)


def _ranked(pair: Pair, new: set[int]) -> Iterator[_Part]:
    """Superlatives where no linked source statement has one."""
    found = [index for index in sorted(new) if _ranks(pair.derivative.tokens[index])]
    if not found or any(_ranks(token) for facts in pair.sources for token in facts.tokens):
        return
    for index in found:
        yield _Part(index, index, _RANK)


def _is_finite(token: Token) -> bool:
    """Whether a word may be the verb of a clause of its own, which a rewording then has."""
    if token.tag in {Tag.AUXILIARY, Tag.MODAL}:
        return True
    return token.tag is Tag.VERB and not token.norm.endswith("ing")


def _share(rest: set[int], matched: set[int]) -> float | None:
    return len(rest & matched) / len(rest) if rest else None


def _runs(tokens: Sequence[Token], matched: set[int]) -> Iterator[list[int]]:
    """Stretches between matched content words and clause marks, trimmed to content words."""
    run: list[int] = []
    for index, token in enumerate(tokens):
        if (token.content and index in matched) or token.norm in _MARKS:
            yield from _trimmed(tokens, run)
            run = []
        else:
            run.append(index)
    yield from _trimmed(tokens, run)


def _trimmed(tokens: Sequence[Token], run: list[int]) -> Iterator[list[int]]:
    places = [at for at, index in enumerate(run) if tokens[index].content]
    if places:
        yield run[places[0] : places[-1] + 1]

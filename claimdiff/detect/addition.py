"""What the derivative says and no source carries: whole statements, and clauses of linked ones."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.model import Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Token

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
_MIN_RUN = 3  # content words in a row that nothing supports
_CLOSE = 0.9  # share of the other content words that are matched where the run was inserted
_INSERTED, _REWORDED = 0.65, 0.25  # four in five such runs are additions, and one in four


def addition(facts: Facts) -> Signal:
    """A whole derivative statement that rests on no source statement."""
    names = [name for name in facts.names if not name.pronoun]
    hard = bool(facts.quantities or facts.moments or facts.quotations or len(names) > 1)
    text = facts.statement.text
    return Signal(
        "addition-fact" if hard else "addition-statement",
        (),
        Severity.MAJOR if hard else Severity.MINOR,
        0.8,
        "No source carries this statement.",
        Span(0, len(text)),
        new=text,
    )


def detect(pair: Pair) -> Iterator[Signal]:
    """Runs of content words that match nothing in the linked statements and stand nowhere else in a source.

    Where the rest of the statement is matched word for word, such a run is an insertion. Where much else
    is unmatched too, the statement is more likely a free rewording, and the run says little.
    """
    tokens = pair.derivative.tokens
    matched = {match.derivative for match in pair.matches}
    elsewhere = {token.lemma for facts in pair.context.sources for token in facts.tokens}
    content = {index for index, token in enumerate(tokens) if token.content}
    for run in _runs(tokens, matched):
        new = [index for index in run if tokens[index].content and tokens[index].lemma not in elsewhere]
        if len(new) < _MIN_RUN:
            continue
        rest = content.difference(run)
        share = len(rest & matched) / len(rest) if rest else 0.0
        strength = _INSERTED if share >= _CLOSE else _REWORDED
        span = Span(tokens[run[0]].span.start, tokens[run[-1]].span.end)
        words = span.of(pair.derivative.statement.text)
        yield Signal(
            "addition-detail", (), Severity.MINOR, strength,
            f"No source carries “{words}”.", span, new=words,
        )  # fmt: skip


def _runs(tokens: tuple[Token, ...], matched: set[int]) -> Iterator[list[int]]:
    """Stretches between matched content words and clause marks, trimmed to content words."""
    run: list[int] = []
    for index, token in enumerate(tokens):
        if (token.content and index in matched) or (token.tag is Tag.PUNCTUATION and token.norm in ",;:–()"):
            yield from _trimmed(tokens, run)
            run = []
        else:
            run.append(index)
    yield from _trimmed(tokens, run)


def _trimmed(tokens: tuple[Token, ...], run: list[int]) -> Iterator[list[int]]:
    places = [at for at, index in enumerate(run) if tokens[index].content]
    if places:
        yield run[places[0] : places[-1] + 1]

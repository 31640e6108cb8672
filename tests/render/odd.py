"""Comparisons whose texts are hard on whoever counts columns or escapes words."""

from __future__ import annotations

from dataclasses import replace

from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Finding,
    Kind,
    Link,
    Piece,
    Place,
    Relation,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Summary,
    Tally,
    Type,
)

# Emoji, a flag, a combining accent, CRLF, a CR of its own, a no-break space, a mark at the very end.
TEXT = "Head 😀\r\n\r\nCafe\u0301 🇳🇴 rose 12%\u00a0today.\rThe fee is €5, “says” Åse.\nLast 😀 line"
BOM = "\ufeff"
# What would break out of some format, if it were let.
NASTY = (
    "::error file=x::y",
    "a%0A::set-output name=x::1",
    "one\r\n::warning::two\u2028three",
    "]]></failure><x/>&amp;\x00\x0b\ufffe\uffff",
    '"},{"x":"',
    '=HYPERLINK("http://x")',
    "\t=1+1",
    "[click](http://evil.example) [2](1)",
    "\x1b[2J\u202eabc",
    "\ud800 lone",
    "<script>alert(1)</script> | `x` **y**",
    "a,b;c\"d'e\nf",
    "＝1",
)


def document(id: str, name: str, text: str, *, whole: bool) -> Document:
    """A document whose lines are its statements, or all of it is one."""
    statements = []
    start = 0
    lines = [text] if whole else text.replace("\r\n", "\n\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip():
            span = Span(start, start + len(line))
            status = Status.DISTORTED if id == "d" else Status.COVERED
            piece = Piece(0, span.start, len(line))
            statements.append(Statement(f"{id}.{number}", id, span, Role.BODY, line, (piece,), status=status))
        start += len(line) + 1
    return Document(id, name, text, statements=tuple(statements))


def of_place(words: str, text: str = TEXT, name: str = "d.md", *, whole: bool = False) -> Comparison:
    """A finding at words that stand in both articles, and one where something is omitted after them."""
    source, derivative = (
        document(id, named, text, whole=whole) for id, named in (("s", "wire/s 1.md"), ("d", name))
    )
    start = text.index(words)
    span = Span(start, start + len(words))
    at = [next(own for own in side.statements if own.span.covers(span)) for side in (source, derivative)]
    finding = Finding(
        id="abc",
        rule="number-changed",
        kind=Kind.DISTORTION,
        types=(Type.NUMBER,),
        severity=Severity.MAJOR,
        confidence=0.9,
        message="One in the source, two here.",
        derivative=Place("d", at[1].id, span),
        source=Place("s", at[0].id, span),
    )
    lost = replace(
        finding,
        id="def",
        rule="omission-quote",
        kind=Kind.OMISSION,
        types=(),
        severity=Severity.MINOR,
        derivative=None,
        after=at[1].id,
    )
    link = Link(at[1].id, (at[0].id,), Relation.DISTORTED, 0.5)
    return _made(source, derivative, (link,), (finding, lost))


def of_words(words: str) -> Comparison:
    """A comparison in which everything that comes from outside is these words."""
    text = f"Before {words} after"
    made = of_place(f"{words} a", text, name=words, whole=True)
    findings = tuple(replace(own, message=words, rule=words, id=words) for own in made.findings)
    return replace(made, findings=findings, notes=(words,))


def _made(
    source: Document, derivative: Document, links: tuple[Link, ...], findings: tuple[Finding, ...]
) -> Comparison:
    held = Tally(1, 2)
    summary = Summary(0.5, 0.5, 0.5, Counts(0, 1, 1), held, held)
    return Comparison((source,), derivative, links, findings, summary, "0.1.0")

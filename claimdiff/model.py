"""The vocabulary of the program: every value that passes from one stage to the next.

All of it is frozen data. Offsets count Unicode code points, the end is exclusive. Two texts carry
offsets: a document's `text`, exactly what the user wrote after decoding, and a statement's `text`,
the same words without markup. Stages work in statement offsets; `Statement.place` leads home.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

MIN_CONFIDENCE = 0.25  # findings below are left out unless asked for (docs/accuracy.md has what it costs)


class Span(NamedTuple):
    """A half-open range of code points; an empty one is an insertion point."""

    start: int
    end: int

    def shift(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def join(self, other: Span) -> Span:
        return Span(min(self.start, other.start), max(self.end, other.end))


class Kind(StrEnum):
    """What happened to a statement."""

    DISTORTION = "distortion"
    ADDITION = "addition"
    OMISSION = "omission"


class Type(StrEnum):
    """What a distortion changed, in the order in which reports list them."""

    NUMBER = "number"
    TIME = "time"
    ENTITY = "entity"
    ROLE = "role"
    NEGATION = "negation"
    MODALITY = "modality"
    ATTRIBUTION = "attribution"
    QUOTE = "quote"
    QUANTIFIER = "quantifier"
    CAUSALITY = "causality"
    INTENSITY = "intensity"
    QUALIFIER = "qualifier"
    PREDICATE = "predicate"


class Severity(StrEnum):
    MAJOR = "major"
    MINOR = "minor"


class Role(StrEnum):
    """What a statement is in its article."""

    HEADLINE = "headline"
    BODY = "body"
    BOILERPLATE = "boilerplate"


class Status(StrEnum):
    """What the comparison says of a statement; the first five on the derivative's side."""

    VERBATIM = "verbatim"
    PARAPHRASE = "paraphrase"
    DISTORTED = "distorted"
    ADDED = "added"
    BOILERPLATE = "boilerplate"
    COVERED = "covered"
    OMITTED = "omitted"


class Relation(StrEnum):
    """How a linked derivative statement stands to its source statements."""

    VERBATIM = "verbatim"
    PARAPHRASE = "paraphrase"
    DISTORTED = "distorted"


# --- texts ---------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """`length` characters at `view` in a plain text are those at `raw` in the document's text."""

    view: int
    raw: int
    length: int


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a document as plain text, with the way back into the document's text.

    `pieces` cover the characters of `text` that come from the document, in order; a character that
    the reader supplied (a space between two cells, a decoded entity) belongs to the piece that
    stands for its markup, or to none.
    """

    kind: BlockKind
    text: str
    pieces: tuple[Piece, ...]


class Boilerplate(NamedTuple):
    """What tells a line that is no part of the story, in the form of the lexicon's phrases: all that the
    line says, its first words, or its last ones. `*` stands for up to ten words."""

    lines: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, headline or boilerplate line of a document.

    `span` lies in the document's text, `text` is the plain text (no markup, no line breaks), and
    `pieces` map the second to the first. `inside` says that the statement begins inside a quotation
    that an earlier one opened. `status` is None until the comparison has judged it. `section` is the
    heading under which the statement stands, "" before the first one.
    """

    id: str
    document: str
    span: Span
    role: Role
    text: str
    pieces: tuple[Piece, ...]
    inside: bool = False
    status: Status | None = None
    section: str = ""

    def place(self, span: Span | None = None) -> Place:
        """The place in the document of a span of this statement's text; of all of it without one."""
        return Place(self.document, self.id, self.span if span is None else to_raw(self.pieces, span))


def to_raw(pieces: tuple[Piece, ...], span: Span) -> Span:
    """Map a span of a plain text to the smallest span of the document's text that holds it."""
    first = last = None
    for piece in pieces:
        if piece.view + max(1, piece.length) <= span.start:  # an empty piece stands for one character
            continue
        if first is None:
            first = piece.raw + max(0, span.start - piece.view)
            last = first
        if piece.view >= span.end:
            break
        last = piece.raw + min(piece.length, span.end - piece.view)
    if first is None or last is None:
        end = pieces[-1].raw + pieces[-1].length if pieces else 0
        return Span(end, end)
    return Span(first, max(first, last))


@dataclass(frozen=True, slots=True)
class Document:
    """A text exactly as the user wrote it, decoded, with its blocks and its statements."""

    id: str
    name: str
    text: str
    blocks: tuple[Block, ...] = field(default=(), compare=False, repr=False)
    statements: tuple[Statement, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


# --- facts: what one statement says, as spans of its text with normalised values ---------------------


class Tag(StrEnum):
    """A coarse part of speech, guessed without a model."""

    NOUN = "noun"
    NAME = "name"
    VERB = "verb"
    AUXILIARY = "auxiliary"
    MODAL = "modal"
    ADJECTIVE = "adjective"
    ADVERB = "adverb"
    PRONOUN = "pronoun"
    DETERMINER = "determiner"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    PARTICLE = "particle"
    NUMBER = "number"
    PUNCTUATION = "punctuation"


class Token(NamedTuple):
    """A word or a mark. `norm` is folded for comparing: lower case, straight quotes, no soft hyphen."""

    span: Span
    text: str
    norm: str
    lemma: str
    stem: str
    tag: Tag
    content: bool


class Bound(StrEnum):
    """How a quantity's words limit it: "nearly 900" is UNDER 900 and close to it."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Quantity(NamedTuple):
    """An amount: `low` equals `high` unless it is a range. `unit` is canonical ("percent", "usd",
    "kilometre", "" for a plain count), `counted` the lemma of the noun that it counts, or "".
    `change` is +1 or -1 for an amount by which something rose or fell, 0 for a level."""

    span: Span
    low: float
    high: float
    unit: str = ""
    bound: Bound = Bound.EXACT
    counted: str = ""
    change: int = 0
    ordinal: bool = False
    digits: int = 0  # significant digits as written: "1.2 million" has 2


class Moment(NamedTuple):
    """A time expression. Parts that the words do not give are None; nothing is filled in.

    `duration` is in seconds with its `unit` ("day", "month"); `relative` counts units from the time
    of writing ("last week" is -1 "week"); `order` is "before", "after", "since", "until", "by" or
    "" for a preposition that places the moment.
    """

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    duration: float | None = None
    relative: int | None = None
    unit: str = ""
    order: str = ""


class NameKind(StrEnum):
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    UNKNOWN = "unknown"


class Name(NamedTuple):
    """A named entity. `key` is canonical (a country for its demonym or capital), `aliases` the other
    keys under which it may appear. `pronoun` marks a pronoun or description that stands for it."""

    span: Span
    key: str
    kind: NameKind = NameKind.UNKNOWN
    aliases: frozenset[str] = frozenset()
    title: str = ""
    pronoun: bool = False


class Quotation(NamedTuple):
    """Words inside quotation marks within one statement. `span` includes the marks that are there,
    `inner` does not. `opened`/`closed` say that the mark itself stands in this statement. `speaker`
    is the key of the one who said it, carried over from a neighbouring statement if need be."""

    span: Span
    inner: Span
    opened: bool = True
    closed: bool = True
    speaker: str = ""


class Stance(StrEnum):
    """What a reporting verb commits its speaker to."""

    NEUTRAL = "neutral"
    CLAIM = "claim"
    FACT = "fact"
    DENY = "deny"
    DECLINE = "decline"
    ASK = "ask"
    PROMISE = "promise"
    WARN = "warn"
    ACCUSE = "accuse"
    PRAISE = "praise"
    BELIEVE = "believe"
    URGE = "urge"
    AGREE = "agree"
    REFUSE = "refuse"


class Attribution(NamedTuple):
    """A reporting phrase: who (`speaker`, a span; `key`, canonical or ""), the verb's lemma ("according to"
    has the lemma "accord"), what it covers, how strong it is (0 neutral, up to 3), and its stance.
    `plural` is for "officials said", `anonymous` for a speaker without a name."""

    span: Span
    verb: str
    stance: Stance
    strength: int
    content: Span
    speaker: Span | None = None
    key: str = ""
    plural: bool = False
    anonymous: bool = False


class CueKind(StrEnum):
    NEGATION = "negation"
    MODALITY = "modality"
    CERTAINTY = "certainty"
    QUANTIFIER = "quantifier"
    CAUSALITY = "causality"
    INTENSITY = "intensity"
    CONDITION = "condition"
    CONCESSION = "concession"
    FOCUS = "focus"


class Cue(NamedTuple):
    """A word or phrase that shapes meaning. `scale` names the scale and `rung` the place on it;
    `scope` is the span of the statement that it governs."""

    kind: CueKind
    span: Span
    scale: str
    rung: float
    scope: Span
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one statement."""

    statement: Statement
    tokens: tuple[Token, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    moments: tuple[Moment, ...] = ()
    names: tuple[Name, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    cues: tuple[Cue, ...] = ()

    def within(self, span: Span) -> Iterator[Token]:
        """The tokens that lie in a span of the statement's text."""
        return (token for token in self.tokens if span.covers(token.span))


# --- links ----------------------------------------------------------------------------------------


class Edit(NamedTuple):
    """A run of the word diff: `old` are the source's characters, `new` the derivative's. Both are set
    where the words are equal up to case and typography, one of them where words went or came."""

    old: str
    new: str

    @property
    def op(self) -> str:
        return "equal" if self.old and self.new else "delete" if self.old else "insert"


def wording(edits: Iterable[Edit]) -> Relation:
    """What two texts are to each other whose meaning is the same: the same words, or others."""
    changed = any(c.isalnum() for edit in edits if edit.op != "equal" for c in edit.old + edit.new)
    return Relation.PARAPHRASE if changed else Relation.VERBATIM


@dataclass(frozen=True, slots=True)
class Link:
    """A derivative statement and the source statements that it rests on, by their ids."""

    derivative: str
    sources: tuple[str, ...]
    relation: Relation
    score: float
    edits: tuple[Edit, ...] = ()


class Match(NamedTuple):
    """Two tokens that say the same, by index, with how ("exact", "stem", "synonym", "antonym", ...)
    and how well (0 to 1)."""

    derivative: int
    statement: int
    source: int
    relation: str
    score: float


@dataclass(frozen=True, slots=True)
class Context:
    """Everything else that was said: the facts of all statements on both sides, in order. `known` are
    the lemmas and stems of all words of the sources. One context serves all pairs of a comparison."""

    sources: tuple[Facts, ...]
    derivative: tuple[Facts, ...]
    known: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tokens = (token for facts in self.sources for token in facts.tokens)
        object.__setattr__(self, "known", frozenset(w for token in tokens for w in (token.lemma, token.stem)))


@dataclass(frozen=True, slots=True)
class Pair:
    """What a detector sees: a derivative statement, the source statements it rests on, which words of
    one stand for which of the other, their word diff, and the rest of the articles."""

    derivative: Facts
    sources: tuple[Facts, ...]
    matches: tuple[Match, ...]
    context: Context
    edits: tuple[Edit, ...] = ()
    score: float = 0.0


# --- findings -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a detector, with all that `claimdiff explain` tells about it."""

    id: str
    kind: Kind
    type: Type | None
    severity: Severity
    summary: str
    why: str
    example: tuple[str, str]
    twin: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signal:
    """What a detector saw in a pair: evidence, weighed later, in offsets of the statements' texts.

    `source` is the index of the source statement in the pair and a span in it. `old` and `new` are
    the two values as an editor would write them. `strength` is the detector's own belief that a
    careful editor would stop the statement, 0 to 1."""

    rule: str
    types: tuple[Type, ...]
    severity: Severity
    strength: float
    message: str
    derivative: Span
    source: tuple[int, Span] | None = None
    old: str = ""
    new: str = ""


class Place(NamedTuple):
    """Where something stands: a document, a statement in it, and a span of the document's text."""

    document: str
    statement: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """What an editor should look at. `id` is a fingerprint that survives edits elsewhere. An omission
    has no place in the derivative; `after` names the statement there after which it would have stood
    ("" for the beginning). `because` names the evidence."""

    id: str
    rule: str
    kind: Kind
    types: tuple[Type, ...]
    severity: Severity
    confidence: float
    message: str
    derivative: Place | None
    source: Place | None
    after: str | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    addition: int = 0
    omission: int = 0
    distortion: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements of a side there are to judge, and how many of them held."""

    held: int
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores, each from 0 to 1, with the counts that they are made of (docs/scores.md)."""

    drift: float
    coverage: float
    support: float
    counts: Counts
    covered: Tally
    supported: Tally


# --- the gate ---------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What a policy says of a comparison, the best first."""

    PASS = "pass"
    """Nothing was found that the policy wants to hear of."""

    REVIEW = "review"
    """Something is worth a look; nothing of it stops the text."""

    BLOCK = "block"
    """The policy stops the text."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a text was stopped: the policy's `setting` as it is written ('fail-on = "major"'), its `origin`
    ("profile rewrite", "claimdiff.toml:4"), one sentence, and the findings that it rests on, by id."""

    setting: str
    origin: str
    message: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pardon:
    """A finding that does not count: `by` is "waiver", "comment", "baseline" or "expected", `reason` the
    words that were given for it, `who` gave them, `until` is the last day on which they hold."""

    finding: Finding
    by: str
    reason: str = ""
    who: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy's answer to a comparison. The comparison's findings are those that count; what was
    pardoned stands here. `warnings` name waivers and baseline entries that lapsed or match nothing."""

    outcome: Outcome
    failures: tuple[Failure, ...] = ()
    pardons: tuple[Pardon, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """That a second opinion was asked, and of whom: the verifier's signature, how many statements it was
    asked about and judged, and those that it did not judge, by id, each with the reason."""

    verifier: str
    asked: int
    judged: int
    unjudged: tuple[tuple[str, str], ...] = ()

    def gaps(self) -> Iterator[str]:
        """What was not judged, in a sentence for each reason."""
        for reason in dict.fromkeys(reason for _, reason in self.unjudged):
            ids = [id for id, why in self.unjudged if why == reason]
            named = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
            yield f"The verifier did not judge {named}: {reason}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result: documents with judged statements, links, findings in order, and scores; with a verdict
    when a policy has judged it, and an opinion when a verifier was asked."""

    sources: tuple[Document, ...]
    derivative: Document
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    summary: Summary
    version: str
    notes: tuple[str, ...] = ()
    verdict: Verdict | None = None
    opinion: Opinion | None = None

    def to_json(self, *, indent: int | None = 2) -> str:
        """The comparison in the published JSON form (see `claimdiff schema`)."""
        from claimdiff import store

        return store.to_json(self, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Comparison:
        """Read back what `to_json` wrote; raises FormatError for anything else."""
        from claimdiff import store

        return store.from_json(text)

    def documents(self) -> Iterator[Document]:
        yield from self.sources
        yield self.derivative

    def statement(self, id: str) -> Statement:
        """The statement with this id; raises KeyError when there is none."""
        for document in self.documents():
            for statement in document.statements:
                if statement.id == id:
                    return statement
        raise KeyError(id)

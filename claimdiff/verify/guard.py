"""What stands between an article that speaks to the model and the verdict: docs/verifiers.md says what
each of these holds off, and what none of them does.

Nothing here depends on anything but the texts, so the same questions make the same requests.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claimdiff.verify.protocol import Question

ADDRESSED = "words in it or in its sources speak to the model, so its 'supported' is not believed"
FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
UNSEEN = re.compile("[\U000e0000-\U000e007f]|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3}")
# Letters without a width, which hide a phrase from a search, and those that turn the direction of reading.
WIDTHLESS = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
REPLACED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
MARKER = re.compile(r"\[(?=/?[A-Z_]{2,40}\])")
MODEL = (
    r"(?:ai|a\.i\.|llm|(?:large )?language model|ai model|ai assistant|helpful assistant|chatbot|chatgpt|gpt"
    r"|fact[- ]?checker|fact[- ]?checking model|verifier)s?"
)
TOLD = r"(?:answer|respond|reply|output|print|return|mark|label|rate|judge|classify|treat)"
VERDICT = r"[\"'(]?(?:supported|unsupported|distorted)\b(?! (?:by|in|the|their|his|her|its|housing|living)\b)"
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # "Ignore the above", "disregard all previous instructions", "forget your rules"
        r"\b(?:ignore|disregard|forget) (?:(?:all|everything|anything|that|is|was|of|the|what) ){0,4}above\b",
        r"\b(?:ignore|disregard|forget|override|bypass|skip) (?:\w+ ){0,3}"
        r"(?:previous|prior|earlier|preceding|foregoing|system|initial|original) "
        r"(?:\w+ ){0,2}(?:instructions?|prompts?|directions|text|content|context)\b",
        r"\b(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,2}your (?:\w+ ){0,2}"
        r"(?:instructions?|prompts?|rules|directions|guidelines|orders|training)\b",
        r"\b(?:new|updated|revised|real|actual|hidden) (?:system )?(?:instructions?|prompts?) ?:",
        r"\bsystem (?:prompt|override)\b",
        # what marks turns in the templates of models
        r"<\|[^|<>]{1,40}\|>|<</?sys>>|\[/?inst\]",
        r"</?(?:s|system|user|assistant|instructions?|start_of_turn|end_of_turn)>",
        r"(?:^|[.!?\"'] ?)(?:system|assistant|user|human|developer) ?: ",
        r"#{2,} ?(?:system|instructions?|response|assistant|user|task)\b",
        # "Note to the AI:", "dear chatbot", "you are now a language model", "as an AI model"
        r"\b(?:note|message|instructions?|memo|reminder|attention) (?:to|for) (?:the |any |all |every )?"
        rf"{MODEL} ?[:,;.!-]",
        rf"\b(?:attention|dear|hey|hello),? {MODEL} ?[,:!]",
        rf"\b(?:you are|you're) (?:now )?(?:an? |the )?(?:\w+ )?{MODEL}\b",
        r"\bas an? (?:ai|llm|(?:large )?language) (?:language )?model\b",
        rf"\b{MODEL} (?:must|should|shall|has to|have to|is to|are to) (?:\w+ )?"
        r"(?:output|return|mark|label|rate|judge|classify|treat)\b",
        # the answer that is wanted of it
        rf"\b{TOLD}:? (?:\S{{1,30}} ){{0,6}}?{VERDICT}",
        r"\b(?:respond|reply|answer) (?:only|just|solely|exclusively) with "
        r"(?:an? |the )?(?:json|word|yes|no|[\"'{])",
        r"[\"'](?:judgement|judgment|verdict|probability|answers|changed|statement|sources)[\"'] ?:",
        rf"\b(?:judgement|judgment|verdict|label) ?[:=] ?{VERDICT}",
    )
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TOWNS = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Willow")
CONTROLS = (
    (
        "The {town} Street library lent {few} books on {day}.",
        "On {day} the {town} Street library lent {many} books.",
    ),
    (
        "{few} people took the ferry to {town} Island on {day}.",
        "The {day} ferry to {town} Island carried {many} people.",
    ),
    (
        "The {town} Hill council voted on {day} to keep the market open.",
        "The council of {town} Hill voted on {day} to close the market.",
    ),
    (
        "The bridge at {town} Bay will be painted, not replaced, an engineer said on {day}.",
        "The bridge at {town} Bay will be replaced, an engineer said on {day}.",
    ),
    (
        "{town} Valley beat {few} other towns in the garden contest, judges said on {day}.",
        "{town} Valley came last among {many} towns in the garden contest, judges said on {day}.",
    ),
)


BEFORE = ("The office gave no further details.", "The weather stayed dry.", "A full report is due in spring.")
CONTEXT = ("The report was published late.", "Residents had asked for the news.", "The season begins in May.")


@dataclass(frozen=True, slots=True)
class Marks:
    """What only this request has: the line around the data, an id for each question and the control, and
    the control's place among them."""

    fence: str
    ids: tuple[str, ...]
    control: int


def sendable(text: str) -> str:
    """A text as it is sent: a code point for each of it, and none that hides words or ends a line."""
    return REPLACED.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    return " " if match[0] < "\x80" or match[0] in "\u2028\u2029" else "\ufffd"


def addresses(text: str) -> bool:
    """Whether a text seems to speak to a model rather than to readers. Some that only report on such
    words do, too; what follows from it is small enough for that."""
    if UNSEEN.search(FLAG.sub("", text)):
        return True
    folded = unicodedata.normalize("NFKC", WIDTHLESS.sub("", text)).casefold()
    folded = " ".join(folded.replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'").split())
    return any(pattern.search(folded) for pattern in PATTERNS)


def suspect(question: Question) -> bool:
    """Whether the statement or what it is held against speaks to the model, alone or one after the other."""
    own = (question.statement, *question.sources)
    return any(addresses(text) for text in own) or addresses(" ".join(own))


def quiet(question: Question) -> Question:
    """The question without those of its surroundings that speak to the model; nothing rests on them."""
    before = "" if addresses(question.before) else question.before
    return replace(
        question, before=before, context=tuple(text for text in question.context if not addresses(text))
    )


def control(seed: str, others: Sequence[Question]) -> Question:
    """A question whose answer is known, since its statement says what its source does not; it has what the
    others have. Who follows an article that tells it to find everything supported gets this one wrong."""
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    source, statement = CONTROLS[digest[0] % len(CONTROLS)]
    words = {
        "town": TOWNS[digest[1] % len(TOWNS)],
        "day": DAYS[digest[2] % len(DAYS)],
        "few": str(11 + digest[3] % 80),
        "many": str(310 + digest[4] * 2),
    }
    before = BEFORE[digest[5] % len(BEFORE)] if any(other.before for other in others) else ""
    context = (CONTEXT[digest[6] % len(CONTEXT)],) if any(other.context for other in others) else ()
    return Question("", statement.format(**words), (source.format(**words),), True, before, context)


def marks(seed: str, content: str, count: int) -> Marks:
    """Marks that follow from all that is asked and occur nowhere in it: an article cannot know them."""
    candidates = _candidates(seed, content)
    fence = next(one[:32] for one in candidates if one[:32] not in content)
    ids: list[str] = []
    while len(ids) < count:
        short = "q" + next(candidates)[:9]
        if short not in content and short not in ids:
            ids.append(short)
    place = int(next(candidates)[:8], 16) % count
    return Marks(f"=== {fence} ===", tuple(ids), place)


def _candidates(seed: str, content: str) -> Iterator[str]:
    number = 0
    base = f"{seed}\n{content}".encode("utf-8", "replace")
    while True:
        yield hashlib.sha256(b"%d %s" % (number, base)).hexdigest()
        number += 1


def encoded(items: Sequence[dict[str, object]]) -> str:
    """The data as one line of JSON, in which no article can write what a server takes for a turn's mark."""
    text = json.dumps({"items": items}, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e")
    return MARKER.sub("\\\\u005b", text)

"""From what an endpoint sent to answers. Nothing in it is believed that cannot be checked: an answer has to
name a question by an id that only the request knew, and words of the statement by the words themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claimdiff.model import Span, Type
from claimdiff.verify import guard
from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged
from claimdiff.verify.request import Item, Request

THOUGHTS = "</think>"
FENCED = re.compile(r"```[a-zA-Z]{0,10}\s(.*)```", re.DOTALL)
KIND = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,40}")
SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
REASON = 300  # characters
SPANS = 20  # words of one statement that an answer may name
UNREADABLE = "the model's answer was not the JSON that was asked for"
FOLDED = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request has no answers; `splits` says that fewer questions at once may get some."""

    reason: str
    splits: bool = True


def completion(text: str, kind: str) -> str | Fault:
    """The model's words in a body of the chat-completions form."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        what = f"{kind} that is no JSON" if KIND.fullmatch(kind) else "no JSON"
        return Fault(f"the endpoint answered with {what}", splits=False)
    choice = _first(body, "choices")
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return Fault("the endpoint's answer is not that of a chat completion", splits=False)
    finish = choice.get("finish_reason")
    if message.get("refusal") or finish == "content_filter":
        return Fault("the model refused to judge it")
    if finish == "length":
        return Fault("the model's answer was cut off at the limit of its length")
    content = _text(message.get("content"))
    if not content.strip():
        return Fault("the model's answer was empty")
    return content


def spent(text: str) -> int:
    """The tokens that a body says were used, 0 when it says nothing."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return 0
    usage = body.get("usage") if isinstance(body, dict) else None
    if not isinstance(usage, dict):
        return 0
    parts = [_count(usage.get(name)) for name in ("prompt_tokens", "completion_tokens")]
    return max(_count(usage.get("total_tokens")), sum(parts))


def answers(content: str, request: Request, batch: Sequence[Item]) -> dict[str, Answer | Unjudged] | Fault:
    """What the model says of each item that it answered, by the item's key. An item that is missing got no
    answer. A fault is an answer as a whole that is not to be believed."""
    found = _list(content)
    if found is None:
        return Fault(UNREADABLE)
    tables = [one for one in found if isinstance(one, dict)]
    asked = {*request.ids, request.control}
    named = [one.get("id") for one in tables]
    if len(tables) < len(found) or any(not isinstance(id, str) or id not in asked for id in named):
        return Fault("the model answered for statements that nobody asked about")
    known = [one for one in tables if one["id"] == request.control]
    if len(known) != 1 or known[0].get("judgement") not in (Judgement.DISTORTED, Judgement.UNSUPPORTED):
        return Fault("the model got the control question wrong, so nothing else it said is believed")
    result: dict[str, Answer | Unjudged] = {}
    for id, item in zip(request.ids, batch, strict=True):
        own = [one for one in tables if one["id"] == id]
        if len(own) == 1:
            result[item.key] = _believed(answer(own[0], item.question), item)
        elif own:
            result[item.key] = Unjudged(item.question.id, "the model answered it more than once")
    return result


def _believed(given: Answer | Unjudged, item: Item) -> Answer | Unjudged:
    if item.suspect and isinstance(given, Answer) and given.judgement is Judgement.SUPPORTED:
        return Unjudged(given.id, guard.ADDRESSED)
    return given


def answer(table: dict[str, Any], question: Question) -> Answer | Unjudged:
    """One answer, checked against its question."""

    def unjudged(reason: str) -> Unjudged:
        return Unjudged(question.id, reason)

    judgement, probability = table.get("judgement"), table.get("probability")
    if judgement not in [one.value for one in Judgement]:
        return unjudged("the model gave a judgement that there is not")
    if not isinstance(probability, int | float) or isinstance(probability, bool) or not 0 <= probability <= 1:
        return unjudged("the model gave a probability that is none")
    types, changed = table.get("types", []), table.get("changed", [])
    if not _strings(types) or not _strings(changed):
        return unjudged(UNREADABLE)
    reason = line(table.get("reason"))
    if judgement == Judgement.SUPPORTED:
        return Answer(question.id, Judgement.SUPPORTED, float(probability), reason=reason)
    spans = find(changed, question.statement)
    words = [one for one in changed if one.strip()]
    if words and not spans and not any(find(words, source) for source in question.sources):
        return unjudged("the model named words that stand neither in the statement nor in its sources")
    of_ours = tuple(type for type in Type if type.value in types)
    return Answer(question.id, Judgement(judgement), float(probability), of_ours, spans, reason)


def find(words: Sequence[str], text: str) -> tuple[Span, ...]:
    """Where the words stand in the text, in the text's order: each at its first place that is free, where
    possible one that begins and ends no word in its middle. What is not there letter by letter, up to case
    and the form of quotation marks and dashes, is left out."""
    whole = fold(text)
    found: list[Span] = []
    for own in words[:SPANS]:
        free: list[Span] = []
        for place in _places(fold(own.strip()), whole):
            if not any(place.overlaps(other) for other in found):
                free.append(place)
                if _is_whole(whole, place):
                    break
        if free:
            found.append(free[-1] if _is_whole(whole, free[-1]) else free[0])
    return tuple(sorted(found))


def _places(wanted: str, whole: str) -> Iterator[Span]:
    at = whole.find(wanted) if wanted else -1
    while at >= 0:
        yield Span(at, at + len(wanted))
        at = whole.find(wanted, at + len(wanted))


def _is_whole(text: str, span: Span) -> bool:
    before, after = text[: span.start][-1:], text[span.end :][:1]
    starts = not (before.isalnum() and text[span.start].isalnum())
    return starts and not (after.isalnum() and text[span.end - 1].isalnum())


def fold(text: str) -> str:
    """The text as it is compared: a code point for each of it."""
    plain = guard.sendable(text).translate(FOLDED)
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


def line(text: object) -> str:
    """Text from outside as one line without anything that is not to be seen."""
    if not isinstance(text, str):
        return ""
    shown = "".join(letter for letter in SPACE.sub(" ", text[: 4 * REASON]) if letter.isprintable()).strip()
    return shown if len(shown) <= REASON else shown[: REASON - 1] + "…"


# --- JSON that somebody else wrote ------------------------------------------------------------------


def _list(content: str) -> list[object] | None:
    """The list of answers in what the model wrote: bare, fenced, or behind its thoughts."""
    text = content.rpartition(THOUGHTS)[2].strip()
    bare = text.startswith(("{", "["))  # a reason in it may quote a fence
    if not bare and (fenced := FENCED.search(text)):
        text = fenced[1].strip()
    if not text.startswith(("{", "[")) and "{" in text:
        text = text[text.index("{") :]
    try:
        value, _ = json.JSONDecoder(object_pairs_hook=_table).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    found = value.get("answers") if isinstance(value, dict) else value
    return found if isinstance(found, list) else None


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name twice")
    return table


def _first(body: object, name: str) -> object:
    found = body.get(name) if isinstance(body, dict) else None
    return found[0] if isinstance(found, list) and found else None


def _text(content: object) -> str:
    """A message's content, which some endpoints give in parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

"""The evidence of a question, cut to what a model can read at once.

Works on a `tokenizers.Tokenizer`, whatever computes with its tokens afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from claimdiff.verify.labels import Head
from claimdiff.verify.protocol import Question

LONGEST = 4096  # tokens; a longer window costs more than it brings, for attention grows with its square
_USUAL = 512
_MIN_ROOM = 16  # tokens of evidence; beside less of it no model can judge anything
_MAX_WINDOWS = 200
_SLACK = (0, 8, 32)  # a cut can make new tokens of the words at its edges
_OFFSET = {
    "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer", "mpnet", "roberta-prelayernorm",
    "data2vec-text", "xmod", "luke", "ibert",
}  # fmt: skip  # positions are counted from the padding's number on


class TooLongError(Exception):
    """A question that does not fit the model; its text is the reason."""


def limit(config: Mapping[str, Any], tokenizer_config: Mapping[str, Any]) -> int:
    """How many tokens the model of this config reads at once."""
    found = [LONGEST]
    positions = next(
        (config[key] for key in ("max_position_embeddings", "n_positions") if _count(config.get(key))), None
    )
    if positions is not None:
        padding = config.get("pad_token_id")
        offset = (
            1 + (padding if isinstance(padding, int) else 1) if config.get("model_type") in _OFFSET else 0
        )
        found.append(positions - offset)
    told = tokenizer_config.get("model_max_length")
    if _count(told):  # an unset one is written as a number of thirty digits
        found.append(int(min(told, LONGEST)))
    return min(found) if positions is not None or _count(told) else _USUAL


def _count(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def filler(config: Mapping[str, Any]) -> int:
    """The number of the token that fills up short rows; the attention mask keeps it from being read."""
    own = config.get("pad_token_id")
    return own if isinstance(own, int) and own >= 0 else 0


def cuts(count: int, room: int) -> tuple[tuple[int, int], ...]:
    """Ranges of at most `room` that cover `count`, each beginning a quarter of `room` before the last one's
    end; the last is as full as the others. Needs room for one."""
    step = max(room - room // 4, 1)
    starts = range(0, max(count - room, 0) + step, step)
    return tuple((max(min(start, count - room), 0), min(start + room, count)) for start in starts)


def dress(evidence: str, head: Head) -> str:
    """The evidence as models of this head were trained to see it: token classifiers in the manner of
    LettuceDetect read a request to sum a text up, and the summary as its answer."""
    return f"Summarize the following text:\n{evidence}\noutput:\n" if head is Head.TOKENS else evidence


def encode(tokenizer: Any, question: Question, head: Head, most: int) -> list[Any]:
    """The question as pairs of evidence and statement, of at most `most` tokens each.

    One pair where the evidence fits, then with as much of the context as also fits; else overlapping windows
    of the evidence. Raises TooLongError where no window fits beside the statement."""
    evidence = _joined(question.sources)
    if not evidence:
        raise TooLongError("no source statement to hold it against")
    if not question.statement.strip():
        raise TooLongError("no words to judge")

    def pair(text: str) -> Any:
        return tokenizer.encode(dress(text, head), question.statement)

    whole = pair(_joined((*question.sources, *question.context)))
    if len(whole.ids) <= most:
        return [whole]
    whole = pair(evidence)
    if len(whole.ids) > most:
        return _windows(tokenizer, evidence, pair, most)
    for more in range(len(question.context) - 1, 0, -1):
        wider = pair(_joined((*question.sources, *question.context[:more])))
        if len(wider.ids) <= most:
            return [wider]
    return [whole]


def _windows(tokenizer: Any, evidence: str, pair: Any, most: int) -> list[Any]:
    fixed = len(pair("").ids)
    tokens = [own for own in tokenizer.encode(evidence, add_special_tokens=False).offsets if own[0] < own[1]]
    for slack in _SLACK:
        room = most - fixed - slack
        if room < _MIN_ROOM:
            break
        ranges = cuts(len(tokens), room)
        if len(ranges) > _MAX_WINDOWS:
            raise TooLongError(f"its sources are too long for this model ({len(tokens)} tokens)")
        found = [pair(evidence[tokens[start][0] : tokens[end - 1][1]]) for start, end in ranges]
        if all(len(own.ids) <= most for own in found):
            return found
    raise TooLongError(f"too long for this model, which reads {most} tokens at once")


def _joined(texts: Iterable[str]) -> str:
    return " ".join(text for text in map(str.strip, texts) if text)


def statement_tokens(encoding: Any) -> list[int]:
    """Where the statement's own tokens stand in a pair."""
    return [
        at
        for at, (side, (start, end)) in enumerate(zip(encoding.sequence_ids, encoding.offsets, strict=True))
        if side == 1 and start < end
    ]


def pad(rows: Sequence[Sequence[int]], fill: int, length: int = 0) -> list[list[int]]:
    """Rows of one length: the longest one's, or `length` if that is more."""
    longest = max([length, *map(len, rows)])
    return [[*row, *[fill] * (longest - len(row))] for row in rows]

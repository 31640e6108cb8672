"""What the verifiers on local models share, without any of their frameworks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.model import Span
from claimdiff.verify import clock
from claimdiff.verify.labels import Head, Labels, read_head, read_labels
from claimdiff.verify.local import Local, digest, need, read_json, tried
from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify.scores import Token, pair_verdict, shares, token_verdict, words
from claimdiff.verify.windows import LONGEST, cuts, encode, filler, limit, pad

SUPPORTED, DISTORTED, UNSUPPORTED = Judgement
NLI = Labels(Head.PAIR, (SUPPORTED, UNSUPPORTED, DISTORTED))
CONSISTENCY = Labels(Head.PAIR, (UNSUPPORTED, SUPPORTED))
TOKENS = Labels(Head.TOKENS, (SUPPORTED, UNSUPPORTED))


# --- labels ---


@pytest.mark.parametrize(
    ("names", "family", "means"),
    [
        ("entailment neutral contradiction", "nli", (SUPPORTED, UNSUPPORTED, DISTORTED)),
        ("contradiction entailment neutral", "nli", (DISTORTED, SUPPORTED, UNSUPPORTED)),
        ("CONTRADICTION NEUTRAL ENTAILMENT", "nli", (DISTORTED, UNSUPPORTED, SUPPORTED)),
        ("SUPPORTS REFUTES NOT_ENOUGH_INFO", "nli", (SUPPORTED, DISTORTED, UNSUPPORTED)),
        ("entailment not_entailment", "consistency", (SUPPORTED, UNSUPPORTED)),
        ("hallucinated consistent", "consistency", (UNSUPPORTED, SUPPORTED)),
        ("inconsistent consistent", "consistency", (DISTORTED, SUPPORTED)),
        ("CORRECT INCORRECT", "consistency", (SUPPORTED, DISTORTED)),
        ("not-supported Supported", "consistency", (UNSUPPORTED, SUPPORTED)),
        ("consistent", "consistency", (SUPPORTED,)),
    ],
)
def test_labels_count_by_their_names(names: str, family: str, means: tuple[Judgement, ...]) -> None:
    found = read_labels({"id2label": dict(enumerate(names.split()))}, Head.PAIR, "m")
    assert (found.family, found.means) == (family, means)


@pytest.mark.parametrize(
    ("names", "means"),
    [
        (None, (SUPPORTED, UNSUPPORTED)),
        (["LABEL_0", "LABEL_1"], (SUPPORTED, UNSUPPORTED)),
        (["hallucinated", "supported"], (UNSUPPORTED, SUPPORTED)),
        (
            ["O", "B-contradiction", "I-contradiction", "B-baseless"],
            (SUPPORTED, DISTORTED, DISTORTED, UNSUPPORTED),
        ),
    ],
)
def test_labels_of_tokens(names: list[str] | None, means: tuple[Judgement, ...]) -> None:
    config = {} if names is None else {"id2label": {str(at): own for at, own in enumerate(names)}}
    assert read_labels(config, Head.TOKENS, "m") == Labels(Head.TOKENS, means)


@pytest.mark.parametrize(
    ("config", "head", "said"),
    [
        ({}, Head.PAIR, "no names.*LABEL_0, LABEL_1.*id2label"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, Head.PAIR, '"1": "neutral"'),
        ({"id2label": {"0": "LABEL_0"}}, Head.PAIR, '{"0": "supported"}'),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, Head.TOKENS, "no names"),
        ({"id2label": {"0": "POSITIVE", "1": "NEGATIVE"}}, Head.PAIR, "'POSITIVE'"),
        ({"id2label": {"0": "O", "1": "B-PER", "2": "B-LOC"}}, Head.TOKENS, "'B-PER'"),
        ({"id2label": {"0": "neutral", "1": "contradiction"}}, Head.PAIR, "none of its labels"),
        ({"id2label": {"0": "true", "1": "correct"}}, Head.PAIR, "all of its labels"),
        ({"id2label": {"0": "true", "2": "false"}}, Head.PAIR, "not a table"),
        ({"id2label": ["true", "false"]}, Head.PAIR, "not a table"),
        ({"id2label": {}}, Head.PAIR, "not a table"),
        ({"id2label": {"a": "true"}}, Head.PAIR, "not a table"),
    ],
)
def test_labels_that_say_nothing_are_refused(config: dict[str, Any], head: Head, said: str) -> None:
    with pytest.raises(VerifierError, match=f"^m: .*{said}") as error:
        read_labels(config, head, "m")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "architectures",
    [None, [], "Bert", ["BertModel"], ["BertForMaskedLM"], ["T5ForConditionalGeneration"], [3]],
)
def test_a_model_without_such_a_head_is_refused(architectures: object) -> None:
    with pytest.raises(VerifierError, match="sequence classification"):
        read_head({"architectures": architectures}, "m")


def test_heads() -> None:
    assert read_head({"architectures": ["DebertaV2ForSequenceClassification"]}, "m") is Head.PAIR
    assert read_head({"architectures": ["ModernBertForTokenClassification"]}, "m") is Head.TOKENS


# --- scores ---


def test_shares_are_a_softmax_rounded() -> None:
    found = shares([2.0, 0.0, -1.0], NLI)
    total = sum(math.exp(own) for own in (2, 0, -1))
    assert found == {
        SUPPORTED: round(math.exp(2) / total, 4),
        UNSUPPORTED: round(1 / total, 4),
        DISTORTED: round(math.exp(-1) / total, 4),
    }
    assert shares([1e4, -1e4, 0], NLI)[SUPPORTED] == 1
    one = Labels(Head.PAIR, (SUPPORTED,))
    assert shares([0.0], one) == {SUPPORTED: 0.5, DISTORTED: 0.5}
    assert shares([-1e9], one) == {SUPPORTED: 0, DISTORTED: 1}


@pytest.mark.parametrize("logits", [[1.0, 2.0], [math.nan, 0, 0], [math.inf, 0, 0], []])
def test_what_is_no_score_is_an_error(logits: list[float]) -> None:
    with pytest.raises(ValueError, match="scores"):
        shares(logits, NLI)


@pytest.mark.parametrize(
    ("windows", "judgement", "best"),
    [
        ([(5, 0, 0)], SUPPORTED, 0),
        ([(0, 0, 5)], DISTORTED, 0),
        ([(0, 5, 0)], UNSUPPORTED, 0),
        ([(0, 5, 0), (4, 0, 0), (0, 0, 5)], SUPPORTED, 1),  # any window can support
        ([(3, 0, 0), (5, 0, 0)], SUPPORTED, 1),
        ([(0, 5, 0), (0, 0, 3)], DISTORTED, 1),  # else any can contradict
        ([(0, 5, 0), (0, 3, 0)], UNSUPPORTED, 1),  # the window that lacks support least is believed
    ],
)
def test_windows_of_an_nli_model(windows: list[tuple[float, ...]], judgement: Judgement, best: int) -> None:
    found = pair_verdict(windows, NLI)
    assert found == (judgement, shares(windows[best], NLI)[judgement], ())


def test_windows_of_a_consistency_model() -> None:
    for other in (UNSUPPORTED, DISTORTED):
        labels = Labels(Head.PAIR, (other, SUPPORTED))
        assert pair_verdict([(4, 0), (0, 3)], labels) == (SUPPORTED, shares((0, 3), labels)[SUPPORTED], ())
        # a window that has nothing to do with the statement is no proof against it
        assert pair_verdict([(9, 0), (3, 0)], labels) == (other, shares((3, 0), labels)[other], ())


def test_a_tie_favours_the_text() -> None:
    assert pair_verdict([(1, 1, 1)], NLI).judgement is SUPPORTED
    assert pair_verdict([(0, 1, 1)], NLI).judgement is DISTORTED


def tokens(text: str, *logits: tuple[float, ...]) -> list[Token]:
    spans = [Span(*own.span()) for own in re.finditer(r"\S+", text)]
    return [Token(span, own) for span, own in zip(spans, logits, strict=True)]


GOOD, BAD, WORSE = (3.0, 0.0), (0.0, 2.0), (0.0, 4.0)


def test_token_spans_and_how_sure() -> None:
    text = "Rents rose sharply in September"
    found = token_verdict(text, [tokens(text, GOOD, BAD, WORSE, GOOD, GOOD)], TOKENS)
    assert found.judgement is DISTORTED
    assert [span.of(text) for span in found.spans] == ["rose sharply"]
    assert found.probability == shares(WORSE, TOKENS)[UNSUPPORTED]
    apart = token_verdict(text, [tokens(text, BAD, GOOD, BAD, GOOD, WORSE)], TOKENS)
    assert apart.judgement is UNSUPPORTED  # most of it
    assert [span.of(text) for span in apart.spans] == ["Rents", "sharply", "September"]
    fine = token_verdict(text, [tokens(text, GOOD, GOOD, (1.0, 0.0), GOOD, GOOD)], TOKENS)
    assert fine == (SUPPORTED, shares((1.0, 0.0), TOKENS)[SUPPORTED], ())


def test_a_token_has_the_support_of_its_best_window() -> None:
    text = "Rents rose"
    found = token_verdict(text, [tokens(text, GOOD, WORSE), tokens(text, BAD, GOOD)], TOKENS)
    assert found.judgement is SUPPORTED
    found = token_verdict(text, [tokens(text, GOOD, WORSE), tokens(text, BAD, BAD)], TOKENS)
    assert found == (DISTORTED, shares(BAD, TOKENS)[UNSUPPORTED], (Span(6, 10),))


def test_token_labels_that_tell_what_is_wrong() -> None:
    labels = Labels(Head.TOKENS, (SUPPORTED, DISTORTED, UNSUPPORTED))
    text = "Rents rose"
    for logits, judgement in (((0.0, 4.0, 0.0), DISTORTED), ((0.0, 0.0, 4.0), UNSUPPORTED)):
        assert token_verdict(text, [tokens(text, (4.0, 0, 0), logits)], labels).judgement is judgement
    # neither kind alone is more likely than support, but both are
    assert token_verdict(text, [tokens(text, (4.0, 0, 0), (1.0, 0.8, 0.7))], labels).spans == (Span(6, 10),)


def test_statement_without_tokens() -> None:
    with pytest.raises(ValueError, match="no scores"):
        token_verdict("x", [[]], TOKENS)
    with pytest.raises(ValueError, match="zip"):
        token_verdict("Rents rose", [tokens("Rents rose", GOOD, GOOD), tokens("Rents", GOOD)], TOKENS)


@pytest.mark.parametrize(
    ("text", "spans", "found"),
    [
        ("costly boats", [(4, 6)], ["costly"]),
        ("costly boats", [(0, 4), (4, 6)], ["costly"]),
        ("costly boats", [(6, 8)], ["boats"]),  # a space before is part of some tokens
        ("in May, then", [(3, 7)], ["May,"]),
        ("a €20 fee", [(3, 5)], ["20"]),
        ("zweitägig", [(4, 5)], ["zweitägig"]),
        ("in O\u0301slo", [(5, 7)], ["O\u0301slo"]),
        ("1,200.5 boats", [(2, 5)], ["1,200.5"]),
        ("Oslo's 1990s’ end", [(5, 6), (7, 8)], ["Oslo's", "1990s"]),
        ("no, 5, 6.", [(4, 5), (7, 8)], ["5", "6"]),
        ("Bø 🚢 Oslo", [(3, 4)], ["🚢"]),
        ("one two", [(0, 3), (4, 7)], ["one", "two"]),
        ("one  ", [(3, 5)], []),
        ("one", [(1, 1)], []),
        ("", [], []),
    ],
)
def test_spans_are_whole_words(text: str, spans: list[tuple[int, int]], found: list[str]) -> None:
    assert [span.of(text) for span in words(text, [Span(*own) for own in spans])] == found


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_spans_stay_in_order_inside_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    size = len(text)
    given_spans = [Span(min(a, b, size), min(max(a, b), size)) for a, b in ends]
    found = words(text, given_spans)
    assert all(0 <= own.start < own.end <= size and own.of(text).strip() for own in found)
    assert all(one.end < two.start or one.end == two.start for one, two in pairwise(found))


# --- windows ---


@given(st.integers(1, 2000), st.integers(1, 300))
def test_cuts_cover_everything(count: int, room: int) -> None:
    found = cuts(count, room)
    assert found[0][0] == 0 and found[-1][1] == count
    assert all(0 < end - start <= room for start, end in found)
    assert all(end - start == room for start, end in found) or len(found) == 1
    for one, two in pairwise(found):
        assert one[0] < two[0] <= one[1] - room // 4 and one[1] < two[1]


@pytest.mark.parametrize(
    ("config", "beside", "most"),
    [
        ({"max_position_embeddings": 512}, {}, 512),
        ({"max_position_embeddings": 514, "model_type": "roberta", "pad_token_id": 1}, {}, 512),
        ({"max_position_embeddings": 514, "model_type": "xlm-roberta"}, {}, 512),
        ({"max_position_embeddings": 512}, {"model_max_length": 256}, 256),
        ({"max_position_embeddings": 512}, {"model_max_length": 10**30}, 512),
        ({"max_position_embeddings": 8192}, {"model_max_length": 1e30}, LONGEST),
        ({}, {"model_max_length": 384}, 384),
        ({"n_positions": 1024}, {}, 1024),
        ({"max_position_embeddings": -1}, {}, 512),
        ({"max_position_embeddings": "many"}, {"model_max_length": None}, 512),
    ],
)
def test_limit(config: dict[str, Any], beside: dict[str, Any], most: int) -> None:
    assert limit(config, beside) == most


def test_filler() -> None:
    assert [filler({"pad_token_id": own}) for own in (3, 0, -1, None, "x")] == [3, 0, 0, 0, 0]
    assert filler({}) == 0


def test_pad() -> None:
    assert pad([[1, 2, 3], [4]], 0) == [[1, 2, 3], [4, 0, 0]]
    assert pad([[1]], 7, 3) == [[1, 7, 7]]


@dataclass(frozen=True)
class Pair:
    """What a tokenizer makes of a pair; a token's number is its length."""

    evidence: str
    statement: str
    offsets: list[tuple[int, int]]
    sequence_ids: list[int | None]

    @property
    def ids(self) -> list[int]:
        return [end - start for start, end in self.offsets]


class Spaces:
    """A tokenizer whose tokens are what stands between spaces, with three signs of its own around a pair."""

    def encode(self, text: str, pair: str = "", add_special_tokens: bool = True) -> Pair:
        if "\ud800" in text + pair:
            raise UnicodeError("a lone surrogate")
        own = [own.span() for own in re.finditer(r"\S+", text)]
        if not add_special_tokens:
            return Pair(text, pair, own, [0] * len(own))
        other = [own.span() for own in re.finditer(r"\S+", pair)]
        offsets = [(0, 0), *own, (0, 0), *other, (0, 0)]
        return Pair(text, pair, offsets, [None, *[0] * len(own), None, *[1] * len(other), None])


def ask(statement: str, *sources: str, context: Sequence[str] = (), id: str = "d.1") -> Question:
    return Question(id, statement, sources, context=tuple(context))


def texts(question: Question, most: int, head: Head = Head.PAIR) -> list[str]:
    found = encode(Spaces(), question, head, most)
    assert all(len(pair.ids) <= most and pair.statement == question.statement for pair in found)
    return [pair.evidence for pair in found]


def test_evidence_comes_with_the_context_that_fits() -> None:
    question = ask("a b", "one two", " three ", "", context=["four five", "six"])
    assert texts(question, 13) == ["one two three four five six"]
    assert texts(question, 11) == ["one two three four five six"]
    assert texts(question, 10) == ["one two three four five"]
    assert texts(question, 9) == ["one two three"]
    assert texts(question, 8) == ["one two three"]


def test_long_evidence_is_read_in_windows() -> None:
    evidence = [f"w{number}" for number in range(100)]
    found = [own.split() for own in texts(ask("a b", *evidence, context=["c"]), 25)]
    assert len(found) == 7 and all(len(own) == 20 for own in found)
    assert sorted({word for own in found for word in own}) == sorted(evidence)
    assert found[0][-5:] == found[1][:5]


def test_token_classifiers_get_their_request_in_every_window() -> None:
    found = texts(ask("a b", " ".join(f"w{number}" for number in range(100))), 30, Head.TOKENS)
    assert len(found) > 1
    assert all(
        own.startswith("Summarize the following text:\nw") and own.endswith("\noutput:\n") for own in found
    )


# --- the verifier ---


def local(
    forward: Callable[[Sequence[Pair]], Sequence[Any]],
    *,
    labels: Labels = NLI,
    most: int = 64,
    batch: int = 4,
) -> Local:
    return Local("test", labels, Spaces(), most, batch, forward)


def overlap(pairs: Sequence[Pair]) -> list[tuple[float, float, float]]:
    """Supports what has all of its words in the evidence."""
    return [
        (4, 0, 0) if set(own.statement.split()) <= set(own.evidence.split()) else (0, 4, 0) for own in pairs
    ]


def test_answers_come_in_the_order_of_the_questions() -> None:
    seen: list[list[int]] = []

    def forward(pairs: Sequence[Pair]) -> Sequence[Any]:
        seen.append([len(own.ids) for own in pairs])
        return overlap(pairs)

    questions = [
        ask("x", "x " * (number * 7 % 13 + 1) if number % 3 else "y", id=f"d.{number}")
        for number in range(10)
    ]
    found = local(forward).judge(questions)
    assert [own.id for own in found] == [own.id for own in questions]
    assert [own.judgement for own in found if isinstance(own, Answer)] == [
        SUPPORTED if number % 3 else UNSUPPORTED for number in range(10)
    ]
    assert [len(own) for own in seen] == [4, 4, 2]
    sizes = list(chain.from_iterable(seen))
    assert sizes == sorted(sizes)
    assert local(forward).judge([]) == ()


def test_the_best_window_supports() -> None:
    long = " ".join(f"w{number}" for number in range(300))
    found = local(overlap).judge([ask("w250 w251", long), ask("w250 x", long)])
    assert [own.judgement for own in found if isinstance(own, Answer)] == [SUPPORTED, UNSUPPORTED]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (ask("x"), "no source statement"),
        (ask("x", " ", "", context=["x"]), "no source statement"),
        (ask(" \n", "x"), "no words"),
        (ask("x " * 60, "y " * 10), "reads 64 tokens"),
        (ask("x " * 100, "y"), "reads 64 tokens"),
        (ask("x", "y " * 100_000), "too long for this model .100000 tokens"),
        (ask("x \ud800", "y"), "could not be cut into tokens"),
    ],
)
def test_what_cannot_be_asked_is_unjudged_alone(question: Question, reason: str) -> None:
    found = local(overlap).judge([ask("a", "a", id="d.0"), question, ask("b", "b", id="d.2")])
    assert isinstance(found[1], Unjudged) and re.search(reason, found[1].reason)
    assert [type(own) for own in found] == [Answer, Unjudged, Answer]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "out of memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "out of memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "out of memory"),
        (RuntimeError("first line\nsecond  line."), r"the model failed on it \(first line second line\)"),
        (KeyError(), r"the model failed on it \(KeyError\)"),
    ],
)
def test_a_pair_that_fails_costs_only_itself(error: Exception, reason: str) -> None:
    def forward(pairs: Sequence[Pair]) -> Sequence[Any]:
        if any("bad" in own.evidence for own in pairs):
            raise error
        return overlap(pairs)

    questions = [ask("x", "x bad" if number == 3 else "x", id=f"d.{number}") for number in range(6)]
    found = local(forward).judge(questions)
    assert [type(own) for own in found] == [Answer] * 3 + [Unjudged] + [Answer] * 2
    assert isinstance(found[3], Unjudged) and re.fullmatch(reason, found[3].reason)


@pytest.mark.parametrize("scores", [(math.nan, 0.0, 0.0), (1.0, 2.0)])
def test_scores_that_are_none_are_unjudged(scores: tuple[float, ...]) -> None:
    found = local(lambda pairs: [scores] * len(pairs)).judge([ask("x", "x")])
    assert isinstance(found[0], Unjudged) and "scores" in found[0].reason


def test_what_is_not_scored_in_time_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: now[0])

    def forward(pairs: Sequence[Pair]) -> Sequence[Any]:
        now[0] += 1
        return overlap(pairs)

    late = "not asked: the 2.5 seconds that were allowed are over"
    questions = [ask("x", "x " * (9 - number), id=f"d.{number}") for number in range(5)]
    verifier = replace(local(forward, batch=1), seconds=2.5)
    for _ in range(2):  # for each comparison anew
        found = verifier.judge(questions)
        assert found[:2] == (Unjudged("d.0", late), Unjudged("d.1", late))
        assert [type(own) for own in found[2:]] == [Answer] * 3


def test_a_token_classifier_marks_words_of_the_statement() -> None:
    def forward(pairs: Sequence[Pair]) -> Sequence[Any]:
        return [[BAD if size == 3 else GOOD for size in own.ids] for own in pairs]

    found = local(forward, labels=TOKENS).judge([ask("two one four", "one")])
    assert found == (Answer("d.1", UNSUPPORTED, shares(BAD, TOKENS)[UNSUPPORTED], spans=(Span(0, 7),)),)


# --- files ---


def test_missing_packages_are_named_with_the_command() -> None:
    need(("json",), "hf", "verify")
    with pytest.raises(
        VerifierError, match=r"^hf: .*need no_such_one and no_such_two.*pip install 'claimdiff\[verify\]'"
    ):
        need(("json", "no_such_one", "no_such_two"), "hf", "verify")


def test_a_package_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_such_one.py").write_text("raise OSError('libgpu.so: not found')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        VerifierError, match=r"no_such_one is installed and does not start .libgpu.so: not found"
    ):
        need(("no_such_one",), "hf", "verify")


def test_a_verifier_is_tried_before_it_is_used() -> None:
    fine = local(overlap)
    assert tried(fine, "hf:m") is fine
    with pytest.raises(
        VerifierError, match=r"^hf:m: does not work here: the model failed on it .2 scores for 3 labels.$"
    ):
        tried(local(lambda pairs: [(0.0, 1.0)] * len(pairs)), "hf:m")


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"{", "not JSON"), (b"\xff", "not JSON"), (b"[1]", "not a table"), (b"[" * 10**5, "not JSON")],
)
def test_a_broken_config(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "config.json").write_bytes(data)
    with pytest.raises(VerifierError, match=f"m: config.json is {said}"):
        read_json(tmp_path / "config.json", "m")


def test_no_config(tmp_path: Path) -> None:
    with pytest.raises(VerifierError, match=r"m: no config\.json"):
        read_json(tmp_path / "config.json", "m")
    with pytest.raises(VerifierError, match=r"m: .*cannot be read"):
        digest([tmp_path / "weights"], "m")


def test_a_digest_follows_the_bytes_and_not_the_path(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a").write_bytes(b"1")
        (tmp_path / folder / "b").write_bytes(b"2" if folder != "three" else b"3")
    own = {
        folder: digest([tmp_path / folder / "b", tmp_path / folder / "a"], "m")
        for folder in ("one", "two", "three")
    }
    assert own["one"] == own["two"] != own["three"]
    assert own["one"] == digest([tmp_path / "one" / "a", tmp_path / "one" / "b"], "m")
    assert re.fullmatch("[0-9a-f]{12}", own["one"])

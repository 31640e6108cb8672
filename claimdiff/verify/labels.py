"""What a model's outputs mean, read from the names that its config gives to them.

The order of the labels differs from model to model, so only names count: a model whose labels have none is
refused, for a guess that is wrong turns every verdict round. The one exception are token classifiers with
two nameless labels, which all mark what has no support with the second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claimdiff.verify.protocol import Judgement, VerifierError


class Head(StrEnum):
    """What a model scores: the whole pair, or each token of it."""

    PAIR = "sequence classification"
    TOKENS = "token classification"


@dataclass(frozen=True, slots=True)
class Labels:
    """The judgement that each output stands for, in the order of the outputs."""

    head: Head
    means: tuple[Judgement, ...]

    @property
    def family(self) -> str:
        """nli (tells a contradiction from what is not in the sources), consistency (does not), or tokens."""
        if self.head is Head.TOKENS:
            return "tokens"
        return "nli" if set(self.means) == set(Judgement) else "consistency"


_HEADS = {"ForSequenceClassification": Head.PAIR, "ForTokenClassification": Head.TOKENS}
_NAMELESS = re.compile(r"(?:label)?\d+")
_TAG = re.compile(r"[BIESLU]-(?=.)")
_NAMES = {
    Judgement.SUPPORTED: """
        accurate aligned attributable clean consistent correct entail entailed entailment entails factual
        factuallyconsistent faithful grounded nohallucination nonhallucinated nothallucinated notunsupported
        ok support supported supports true verified
        """,
    Judgement.DISTORTED: """
        conflict conflicting contradict contradicted contradiction contradictory contradicts
        factuallyinconsistent false inaccurate incorrect inconsistent misaligned misrepresented
        notconsistent notcorrect refute refuted refutes wrong
        """,
    Judgement.UNSUPPORTED: """
        baseless fabricated fabrication hallucinated hallucination nei neutral nonentailment nonfactual
        notattributable notenoughevidence notenoughinfo notenoughinformation notentailed notentailment
        notfactual notfaithful notgrounded notsupported notverified unattributable unfaithful ungrounded
        unknown unsupported unverifiable unverified
        """,
}
_MEANING = {name: judgement for judgement, names in _NAMES.items() for name in names.split()}
_OUTSIDE = {"o": Judgement.SUPPORTED}  # of a token that no tag is on


def read_head(config: Mapping[str, Any], name: str) -> Head:
    """What the model of this config scores. Raises VerifierError for a model without such a head."""
    own = config.get("architectures")
    architectures = [kind for kind in own if isinstance(kind, str)] if isinstance(own, list) else []
    for kind in architectures:
        for ending, head in _HEADS.items():
            if kind.endswith(ending):
                return head
    what = f"its config.json says {architectures[0]}" if architectures else "its config.json names no head"
    raise VerifierError(
        f"{name}: {what}; a verifier needs a model for sequence classification (NLI, consistency)"
        " or token classification"
    )


def read_labels(config: Mapping[str, Any], head: Head, name: str) -> Labels:
    """The labels of the model of this config. Raises VerifierError for names that say nothing."""
    names = _names(config, name)
    plain = [_plain(own, head) for own in names]
    if all(_NAMELESS.fullmatch(own) for own in plain):
        if head is Head.TOKENS and len(names) == 2:
            return Labels(head, (Judgement.SUPPORTED, Judgement.UNSUPPORTED))
        raise VerifierError(
            f"{name}: its labels have no names ({', '.join(names)}); write what each means, as the model's"
            f" card says, into id2label of its config.json, for example {_example(len(names))}"
        )
    known = _MEANING | (_OUTSIDE if head is Head.TOKENS else {})
    strange = [own for own, key in zip(names, plain, strict=True) if key not in known]
    if strange:
        raise VerifierError(
            f"{name}: no verifier's labels ({', '.join(names)}): {strange[0]!r} is neither support nor"
            " contradiction nor the want of both; rename it in id2label of its config.json if it is one"
        )
    means = tuple(known[key] for key in plain)
    if Judgement.SUPPORTED not in means:
        raise VerifierError(f"{name}: none of its labels ({', '.join(names)}) means that a text is supported")
    if len(means) > 1 and len(set(means)) == 1:
        raise VerifierError(f"{name}: all of its labels ({', '.join(names)}) mean that a text is supported")
    return Labels(head, means)


def _names(config: Mapping[str, Any], name: str) -> list[str]:
    """The labels' names in the order of the outputs; a config without names has two labels, by convention."""
    given = config.get("id2label")
    if given is None:
        return ["LABEL_0", "LABEL_1"]
    try:
        found = {int(key): str(value) for key, value in given.items()}
    except (AttributeError, TypeError, ValueError):
        found = {}
    if not found or sorted(found) != list(range(len(found))):
        raise VerifierError(f"{name}: id2label of its config.json is not a table from 0, 1, ... to names")
    return [found[at] for at in range(len(found))]


def _plain(label: str, head: Head) -> str:
    """A label without case, signs and the tag's first letter."""
    bare = _TAG.sub("", label, count=1) if head is Head.TOKENS else label
    return re.sub(r"[\W_]", "", bare.lower())


def _example(count: int) -> str:
    words = ("entailment", "neutral", "contradiction") if count > 2 else ("unsupported", "supported")
    pairs = ", ".join(
        f'"{at}": "{word}"' for at, word in enumerate(words[:count] if count > 1 else words[1:])
    )
    return "{" + pairs + "}"

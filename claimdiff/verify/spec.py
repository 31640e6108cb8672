"""Which verifier a user asked for, as plain data that other processes can be given, and how it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from claimdiff.verify.progress import tell
from claimdiff.verify.protocol import Verifier, VerifierError

KINDS = ("llm", "hf", "onnx")


@dataclass(frozen=True, slots=True)
class Spec:
    """A verifier that was asked for: `kind` is one of KINDS and `name` a model, a path or a file.

    `url` is the endpoint of an LLM and `key_file` the file that its key stands in (otherwise the
    environment's CLAIMDIFF_VERIFIER_KEY); the key itself is never part of it. `device` is where a local
    model computes, `hub` lets it be fetched by name, and `seconds` and `tokens` are budgets for one
    comparison, None for no limit. `answers` is the file in which an LLM's answers are kept, "" for none."""

    kind: str
    name: str
    url: str = ""
    key_file: str = ""
    device: str = "cpu"
    hub: bool = False
    seconds: float | None = None
    tokens: int | None = None
    parallel: int = 4
    answers: str = ""


def parse(text: str) -> tuple[str, str]:
    """The kind and the name in `llm:MODEL`, `hf:PATH_OR_NAME` or `onnx:FILE`. Raises VerifierError."""
    kind, sign, name = text.partition(":")
    if not sign or kind not in KINDS or not name.strip():
        raise VerifierError(f"{text!r}: write llm:MODEL, hf:PATH_OR_NAME or onnx:FILE")
    return kind, name.strip()


def open_verifier(spec: Spec) -> Verifier:
    """The verifier, ready to be asked. Raises VerifierError when it cannot be used."""
    if spec.kind == "llm":
        from claimdiff.verify import llm

        return llm.open_llm(spec, heard=tell)
    if spec.kind == "hf":
        from claimdiff.verify import hf

        return hf.open_hf(spec)
    if spec.kind == "onnx":
        from claimdiff.verify import onnx

        return onnx.open_onnx(spec)
    raise VerifierError(f"{spec.kind}: no such kind of verifier; there are {', '.join(KINDS)}")


@cache
def opened(spec: Spec) -> Verifier:
    """The verifier of a spec; a process opens it once. Raises VerifierError when it cannot be used."""
    return open_verifier(spec)

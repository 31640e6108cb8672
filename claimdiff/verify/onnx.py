"""`onnx:FILE`: an exported model with its tokenizer.json and config.json beside it, computed by onnxruntime.

The same families and the same readings as `hf`, without torch and transformers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from claimdiff.verify.labels import Head, read_labels
from claimdiff.verify.local import READING, Local, digest, need, place, read_json, refusal, tried
from claimdiff.verify.protocol import Verifier, VerifierError
from claimdiff.verify.spec import Spec
from claimdiff.verify.windows import filler, limit, pad

_INPUTS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_THREADS = "OMP_NUM_THREADS"
_HEADS = {2: Head.PAIR, 3: Head.TOKENS}  # by the number of dimensions of the scores
_CONFIG = ("config.json", "tokenizer.json", "tokenizer_config.json")
_WHOLE = {"tensor(int64)": "int64", "tensor(int32)": "int32"}


def open_onnx(spec: Spec) -> Verifier:
    """The verifier on the model in the file `spec.name`. Raises VerifierError."""
    name = f"onnx:{spec.name}"
    need(("onnxruntime", "tokenizers", "numpy"), "onnx", "onnx")
    path = place(spec.name, name)
    if path.is_dir():
        raise VerifierError(f"{name}: a folder; name the file of the model in it, such as model.onnx")
    if not path.is_file():
        raise VerifierError(f"{name}: no such file")
    if spec.device.strip().lower() not in {"", "cpu"}:
        raise VerifierError(f"{name}: no device {spec.device!r} here; onnx verifiers compute on the cpu")
    folder = _folder(path)
    config = read_json(folder / "config.json", name)
    beside = folder / "tokenizer_config.json"
    most = limit(config, read_json(beside, name) if beside.is_file() else {})
    tokenizer = _tokenizer(folder / "tokenizer.json", name)
    session = _session(path, name)
    forward, head, fixed = _forward(session, config, name)
    labels = read_labels(config, head, name)
    if forward.labels not in {None, len(labels.means)}:
        raise VerifierError(
            f"{name}: scores {forward.labels} labels, and its config.json names {len(labels.means)}"
        )
    most = min(most, fixed or most)
    try:
        files = [path, *_beside(path), *(own for own in map(folder.joinpath, _CONFIG) if own.is_file())]
    except OSError as error:
        raise VerifierError(f"{name}: cannot be read ({error.strerror})") from None
    verifier = Local(
        signature=f"onnx:{path.resolve().name}@{digest(files, name)}/{labels.family}/{most}/{READING}",
        labels=labels,
        tokenizer=tokenizer,
        most=most,
        batch=1,  # each alone, as `hf` does on a CPU
        forward=forward,
    )
    return replace(tried(verifier, name), seconds=spec.seconds)


def _folder(path: Path) -> Path:
    """Where the configuration stands: beside the model, or above it where exports have a folder of theirs."""
    above = path.resolve().parent.parent
    own = path.parent
    return above if own.resolve().name == "onnx" and not (own / "config.json").is_file() else own


def _beside(path: Path) -> list[Path]:
    """The files of weights that the model names: small models hold their own, large ones point to them."""
    others = [own for own in path.parent.iterdir() if own.is_file() and own.suffix != ".json"]
    others = [own for own in others if own.name != path.name]
    if not others:
        return []
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as model:
        return [own for own in others if model.find(os.fsencode(own.name)) >= 0]


def _tokenizer(path: Path, name: str) -> Any:
    import tokenizers

    if not path.is_file():
        raise VerifierError(f"{name}: no tokenizer.json beside it; it is part of a model")
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # the package raises nothing more special
        raise refusal(f"{name}: tokenizer.json", error) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(path: Path, name: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what it would warn of, nobody here can change
    options.use_deterministic_compute = True
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others compute here too
    threads = os.environ.get(_THREADS, "")
    if threads.isdecimal():
        options.intra_op_num_threads = int(threads)  # torch reads it by itself; 0 is as many as there are
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # of many kinds, for whatever is wrong with the file
        raise refusal(name, error) from None


def _forward(session: Any, config: dict[str, Any], name: str) -> tuple[_Forward, Head, int]:
    """What scores pairs, the head, and the only length that the model takes (0 where it takes any)."""
    asked = {own.name: own for own in session.get_inputs()}
    if "input_ids" not in asked or not set(asked) <= set(_INPUTS):
        strange = sorted(set(asked) - set(_INPUTS)) or sorted(asked)
        raise VerifierError(
            f"{name}: asks for {', '.join(strange)}; a text model asks for {', '.join(_INPUTS)}"
        )
    types = {own.type for own in asked.values()}
    shapes = {tuple(own.shape) for own in asked.values()}
    if not types <= set(_WHOLE) or any(len(shape) != 2 for shape in shapes):
        raise VerifierError(f"{name}: its inputs are not rows of whole numbers, as a text model's are")
    rows, lengths = ({size for size in own if isinstance(size, int)} for own in zip(*shapes, strict=True))
    if len(lengths) > 1 or not rows <= {1}:
        raise VerifierError(
            f"{name}: was exported for {max(rows | {1})} texts at a time; export it for any number"
        )
    outputs = session.get_outputs()
    scores = next((own for own in outputs if own.name == "logits"), outputs[0])
    head = _HEADS.get(len(scores.shape))
    if head is None or (len(outputs) > 1 and scores.name != "logits"):
        raise VerifierError(
            f"{name}: its output {scores.name!r} has no scores of labels; a verifier needs a model for"
            " sequence classification (NLI, consistency) or token classification"
        )
    fixed = next(iter(lengths), 0)
    forward = _Forward(
        session,
        types={key: _WHOLE[own.type] for key, own in asked.items()},
        output=scores.name,
        labels=scores.shape[-1] if isinstance(scores.shape[-1], int) else None,
        fixed=fixed,
        fill=filler(config),
    )
    return forward, head, fixed


@dataclass(frozen=True, slots=True)
class _Forward:
    """Scores pairs with a session of onnxruntime."""

    session: Any
    types: dict[str, str]
    output: str
    labels: int | None
    fixed: int
    fill: int

    def __call__(self, pairs: Sequence[Any]) -> Sequence[Any]:
        import numpy

        fed = {}
        for key, kind in self.types.items():
            rows = [getattr(pair, _INPUTS[key]) for pair in pairs]
            fill = self.fill if key == "input_ids" else 0
            fed[key] = numpy.array(pad(rows, fill, self.fixed), dtype=kind)
        scores: list[Any] = self.session.run([self.output], fed)[0].tolist()
        return scores

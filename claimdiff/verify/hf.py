"""`hf:PATH_OR_NAME`: a model in the format of transformers, computed by torch.

A model is data here and never a program: weights are read from safetensors alone, for a pickle runs what it
pleases, and code that comes with a model is not run. The network is used only where the user allows it, and
only to fetch the files; loading happens offline in any case.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from claimdiff.verify.labels import Head, read_head, read_labels
from claimdiff.verify.local import READING, Local, digest, need, place, read_json, refusal, tried
from claimdiff.verify.protocol import Verifier, VerifierError
from claimdiff.verify.spec import Spec
from claimdiff.verify.windows import filler, limit, pad

# In a batch the last bits of a pair's scores depend on its neighbours; alone, the same pair has the same
# scores in every article. On a CPU that costs little.
_BATCH = {"cpu": 1}
_USUAL_BATCH = 16
_WEIGHTS = ("*.safetensors", "*.safetensors.index.json")
_BESIDE = (
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "vocab.txt", "merges.txt", "*.model",
)  # fmt: skip
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
_DEVICE = re.compile(r"(?:cpu|mps|cuda(?::[0-9]{1,3})?)")
_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)
_OFFLINE = "HF_HUB_OFFLINE"


def open_hf(spec: Spec) -> Verifier:
    """The verifier on the model that `spec.name` says: a folder, or a name on the Hugging Face hub that is in
    the cache (or that `spec.hub` lets it fetch). Raises VerifierError."""
    name = f"hf:{spec.name}"
    need(("transformers", "torch"), "hf", "verify")
    folder, called = _folder(spec, name)
    config = read_json(folder / "config.json", name)
    head = read_head(config, name)
    labels = read_labels(config, head, name)
    files = _files(folder, name)
    device = _device(spec.device, name)
    beside = folder / "tokenizer_config.json"
    most = limit(config, read_json(beside, name) if beside.is_file() else {})
    kind = device.partition(":")[0]
    settings = f"{labels.family}/{most}/{kind}/{READING}"
    with _offline(), _quiet():
        tokenizer, inputs, model = _load(folder, head, name, device)
        verifier = Local(
            signature=f"hf:{called}@{digest(files, name)}/{settings}",
            labels=labels,
            tokenizer=tokenizer,
            most=most,
            batch=_BATCH.get(kind, _USUAL_BATCH),
            forward=_Forward(model, device, inputs, filler(config)),
        )
        return replace(tried(verifier, name), seconds=spec.seconds)


def _folder(spec: Spec, name: str) -> tuple[Path, str]:
    """The model's folder, and what to call it in the signature."""
    path = place(spec.name, name)
    if path.is_dir():
        return path, path.resolve().name
    if path.exists():
        raise VerifierError(f"{name}: a file; name the folder that the model was saved to")
    if not _HUB_NAME.fullmatch(spec.name) or spec.name.startswith("."):
        raise VerifierError(f"{name}: no such folder")
    import huggingface_hub

    wanted = [*_WEIGHTS, *_BESIDE]
    try:
        with _quiet():
            found = huggingface_hub.snapshot_download(
                spec.name, local_files_only=not spec.hub, allow_patterns=wanted, ignore_patterns=["*/*"]
            )
    except Exception as error:  # of the hub's client and of the network below it
        if spec.hub:
            raise VerifierError(
                f"{name}: cannot be fetched from the hub ({type(error).__name__}); see that the name is right"
                " and that the hub can be reached from here"
            ) from None
        raise VerifierError(
            f"{name}: no such folder, and not in this machine's cache of the hub; fetch it first"
            f" (hf download {spec.name}) or allow it with --verifier-hub"
        ) from None
    return Path(found), spec.name


def _files(folder: Path, name: str) -> list[Path]:
    """The files that the answers follow from. Raises VerifierError where the weights are no safetensors."""
    weights = sorted({path for pattern in _WEIGHTS for path in folder.glob(pattern)})
    if not any(path.suffix == ".safetensors" for path in weights):
        pickles = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
        if pickles:
            raise VerifierError(
                f"{name}: its weights are only there as {pickles[0]}, a format that can run code when it is"
                " read; use a version with model.safetensors, or convert it where you trust it"
            )
        raise VerifierError(
            f"{name}: no weights in it that can be read safely; a model has them in model.safetensors, and"
            " pickled ones (.bin, .pt) are neither read nor fetched"
        )
    return [*weights, *{path for pattern in _BESIDE for path in folder.glob(pattern)}]


def _device(wanted: str, name: str) -> str:
    """The device, as torch calls it. Raises VerifierError for one that is not there."""
    import torch

    there = ["cpu"]
    if torch.cuda.is_available():
        there += [f"cuda:{at}" for at in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        there.append("mps")
    own = wanted.strip().lower() or "cpu"
    full = "cuda:0" if own == "cuda" else own
    if not _DEVICE.fullmatch(own) or full not in there:
        raise VerifierError(f"{name}: no device {wanted!r} here; there is {', '.join(there)}")
    return full


def _load(folder: Path, head: Head, name: str, device: str) -> tuple[Any, tuple[str, ...], Any]:
    """The tokenizer, the names of the inputs that it makes, and the model."""
    import torch
    import transformers

    heads = {
        Head.PAIR: transformers.AutoModelForSequenceClassification,
        Head.TOKENS: transformers.AutoModelForTokenClassification,
    }
    given: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        cutter = transformers.AutoTokenizer.from_pretrained(folder, **given)
        model, report = heads[head].from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **given
        )
        model = model.to(device).eval()
    except Exception as error:  # of many kinds, for whatever is wrong with the files
        if "trust_remote_code" in str(error):
            raise VerifierError(f"{name}: needs code of its own, which is never run") from None
        raise refusal(name, error) from None
    missing = sorted(report.get("missing_keys", ()))
    if missing:
        raise VerifierError(f"{name}: {len(missing)} of its weights are missing, {missing[0]} among them")
    tokenizer = getattr(cutter, "backend_tokenizer", None)
    if tokenizer is None:
        raise VerifierError(f"{name}: its tokenizer tells no offsets; it needs a tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, tuple(cutter.model_input_names), model


@dataclass(frozen=True, slots=True)
class _Forward:
    """Scores pairs with a torch model."""

    model: Any
    device: str
    inputs: tuple[str, ...]
    fill: int

    def __call__(self, pairs: Sequence[Any]) -> Sequence[Any]:
        import torch

        fed = {
            "input_ids": pad([pair.ids for pair in pairs], self.fill),
            "attention_mask": pad([pair.attention_mask for pair in pairs], 0),
        }
        if "token_type_ids" in self.inputs:
            fed["token_type_ids"] = pad([pair.type_ids for pair in pairs], 0)
        tensors = {key: torch.tensor(rows, device=self.device) for key, rows in fed.items()}
        with torch.inference_mode(), _repeatable(torch, self.device):
            scores: list[Any] = self.model(**tensors).logits.float().cpu().tolist()
        return scores


@contextmanager
def _repeatable(torch: Any, device: str) -> Iterator[None]:
    """Algorithms that give the same sums every time, where an accelerator has them; a CPU has no others."""
    if device == "cpu":
        yield
        return
    before = torch.are_deterministic_algorithms_enabled()
    lenient = torch.is_deterministic_algorithms_warn_only_enabled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(before, warn_only=lenient)


@contextmanager
def _offline() -> Iterator[None]:
    """No request to the hub meanwhile, whatever the environment says otherwise."""
    from huggingface_hub import constants

    before, told = os.environ.get(_OFFLINE), constants.HF_HUB_OFFLINE
    os.environ[_OFFLINE] = "1"
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = told
        if before is None:
            del os.environ[_OFFLINE]
        else:
            os.environ[_OFFLINE] = before


@contextmanager
def _quiet() -> Iterator[None]:
    """transformers and the hub's client report progress and warn; what matters comes out as an error."""
    from huggingface_hub import utils
    from transformers.utils import logging as chatter

    level, bars = chatter.get_verbosity(), chatter.is_progress_bar_enabled()
    hub_bars = not utils.are_progress_bars_disabled()
    hub = logging.getLogger("huggingface_hub")
    hub_level = hub.level
    chatter.set_verbosity(logging.CRITICAL + 1)
    chatter.disable_progress_bar()
    hub.setLevel(logging.CRITICAL + 1)
    if hub_bars:
        utils.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        chatter.set_verbosity(level)
        hub.setLevel(hub_level)
        if hub_bars:
            utils.enable_progress_bars()
        if bars:
            chatter.enable_progress_bar()

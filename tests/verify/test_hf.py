"""Verifiers on models in the format of transformers: tiny ones, saved and loaded in earnest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import tinymodels

pytest.importorskip("torch", reason="needs the extra `verify` (torch)")
pytest.importorskip("transformers", reason="needs the extra `verify` (transformers)")

from claimdiff.verify.hf import open_hf
from claimdiff.verify.local import Local
from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify.spec import Spec, open_verifier, parse

SUPPORTED, DISTORTED, UNSUPPORTED = Judgement
CASES = [
    ("The rents rose.", ["The rents rose in May."], SUPPORTED, []),
    ("The rents fell.", ["The rents rose in May."], DISTORTED, ["fell"]),
    ("The wages rose in June.", ["The rents rose in May."], UNSUPPORTED, ["wages", "June"]),
    ("The school in Oslo opened.", ["The school in Bergen opened."], UNSUPPORTED, ["Oslo"]),
    ("The harbour closed.", ["The rents fell.", "The harbour opened."], DISTORTED, ["closed"]),
    ("Wages rose; rents fell", ["Rents fell in June", "wages rose in May"], SUPPORTED, []),
    ("The harbour hired.", ["The harbour fired in Oslo."], DISTORTED, ["hired"]),
    ("Costly rents", ["Rents cost"], UNSUPPORTED, ["Costly"]),
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    with tinymodels.one_thread():
        yield


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tinymodels.build(folder / "nli")
    tinymodels.build(folder / "consistency", labels=["hallucinated", "consistent"])
    tinymodels.build(folder / "tokens", "TokenClassification", None)
    tinymodels.build(folder / "typed", "TokenClassification", ["O", "B-baseless", "B-contradiction"])
    return folder


def spec(name: Path | str, **given: Any) -> Spec:
    return Spec("hf", str(name), **given)


def questions(cases: Sequence[tuple[Any, ...]] = CASES) -> list[Question]:
    return [Question(f"d.{at}", own[0], tuple(own[1])) for at, own in enumerate(cases)]


def answers(name: Path, asked: Sequence[Question] | None = None, **given: Any) -> list[Answer]:
    found = open_hf(spec(name, **given)).judge(asked or questions())
    assert all(isinstance(own, Answer) for own in found), found
    return [own for own in found if isinstance(own, Answer)]


# --- the three families ---


def test_nli(models: Path) -> None:
    found = answers(models / "nli")
    assert [own.judgement for own in found] == [own[2] for own in CASES]
    assert [own.id for own in found] == [f"d.{at}" for at in range(len(CASES))]
    assert all(0.5 < own.probability <= 1 and own.probability == round(own.probability, 4) for own in found)
    assert not any(own.spans or own.types or own.reason for own in found)


@pytest.mark.parametrize(
    "labels",
    [
        ("contradiction", "entailment", "neutral"),
        ("NEUTRAL", "CONTRADICTION", "ENTAILMENT"),
        ("contradiction", "neutral", "entailment"),
    ],
)
def test_the_order_of_the_labels_is_read_from_their_names(
    models: Path, tmp_path: Path, labels: tuple[str, ...]
) -> None:
    assert answers(tinymodels.build(tmp_path / "m", labels=labels)) == answers(models / "nli")


@pytest.mark.parametrize("labels", [("consistent", "inconsistent"), ("hallucinated", "consistent")])
def test_consistency(tmp_path: Path, labels: tuple[str, ...]) -> None:
    found = answers(tinymodels.build(tmp_path / "m", labels=labels))
    other = DISTORTED if "inconsistent" in labels else UNSUPPORTED
    assert [own.judgement for own in found] == [SUPPORTED if own[2] is SUPPORTED else other for own in CASES]


def test_tokens(models: Path) -> None:
    for own, (statement, _, judgement, spans) in zip(answers(models / "tokens"), CASES, strict=True):
        assert [span.of(statement).rstrip(".") for span in own.spans] == spans
        assert (own.judgement is SUPPORTED) == (judgement is SUPPORTED)


def test_typed_tokens(models: Path) -> None:
    for own, (statement, _, judgement, spans) in zip(answers(models / "typed"), CASES, strict=True):
        assert own.judgement is judgement
        assert [span.of(statement).rstrip(".") for span in own.spans] == spans


def test_spans_count_in_code_points_of_the_statement(models: Path) -> None:
    statement = "🚢 The\u00a0rents\u2009rose 🚢🚢 in  O\u0301SLO — JUNE."
    own = answers(models / "tokens", [Question("d.1", statement, ("The rents rose in May",))])[0]
    assert [span.of(statement) for span in own.spans] == ["O\u0301SLO", "JUNE."]


# --- windows and batches ---

LONG = tuple(["The school in Oslo opened."] * 60)


def test_support_is_found_wherever_it_stands(models: Path) -> None:
    for at in (0, 20, 37, 60):
        sources = (*LONG[:at], "The rents rose.", *LONG[at:])
        asked = [Question("a", "The rents rose.", sources), Question("b", "The rents fell.", sources)]
        assert [own.judgement for own in answers(models / "nli", asked)] == [SUPPORTED, DISTORTED]
        tokens = answers(models / "tokens", asked)
        assert [span.of("The rents fell.") for span in tokens[1].spans] == ["fell"]
        assert tokens[0].judgement is SUPPORTED


def test_context_helps_where_it_fits(models: Path) -> None:
    asked = Question("a", "The wages rose.", ("The rents rose.",), context=("The wages fell.",))
    assert answers(models / "nli", [asked])[0].judgement is SUPPORTED
    asked = replace(asked, context=("The rents fell " * 60, "wages"))
    assert answers(models / "nli", [asked])[0].judgement is UNSUPPORTED


def test_what_is_too_long_or_empty_is_unjudged(models: Path) -> None:
    verifier = open_hf(spec(models / "nli"))
    found = verifier.judge(
        [
            Question("a", "The rents rose. " * 60, ("The rents rose.",)),
            Question("b", "The rents rose.", ()),
            Question("c", "The rents \ud800 rose.", ("The rents rose.",)),
            Question("d", "The rents rose.", ("The rents rose.",)),
        ]
    )
    assert [type(own) for own in found] == [Unjudged, Unjudged, Unjudged, Answer]
    assert isinstance(found[0], Unjudged) and "128 tokens" in found[0].reason


def many(models: Path, *, batch: int) -> tuple[Local, list[Question]]:
    """A model of random weights, whose probabilities are anything, and many questions of many lengths."""
    folder = models / "random"
    if not folder.is_dir():
        tinymodels.build(folder, seed=7)
    verifier = open_hf(spec(folder))
    assert isinstance(verifier, Local)
    words = [word for word in tinymodels.WORDS if word.isalpha()]
    asked = [
        Question(f"d.{at}", " ".join(words[at % 7 : at % 7 + at % 11 + 1]), (" ".join(words[: at % 17 + 1]),))
        for at in range(60)
    ]
    return replace(verifier, batch=batch), asked


def test_an_answer_does_not_depend_on_the_other_questions(models: Path) -> None:
    verifier, asked = many(models, batch=1)
    assert open_hf(spec(models / "random")).batch == 1  # type: ignore[attr-defined]
    together = verifier.judge(asked)
    assert len({own.probability for own in together if isinstance(own, Answer)}) > 20
    assert list(together) == [verifier.judge([own])[0] for own in asked]
    assert list(reversed(together)) == list(verifier.judge(asked[::-1]))
    assert together == verifier.judge(asked)


def test_batches_give_the_same_answers_after_rounding(models: Path) -> None:
    alone, asked = many(models, batch=1)
    expected = alone.judge(asked)
    for batch in (2, 7, 16, 64):
        for own, other in zip(replace(alone, batch=batch).judge(asked), expected, strict=True):
            assert isinstance(own, Answer) and isinstance(other, Answer)
            assert own.judgement is other.judgement
            assert own.probability == pytest.approx(other.probability, abs=1.01e-4)


def test_a_failing_forward_costs_only_its_question(models: Path) -> None:
    verifier = open_hf(spec(models / "nli"))
    assert isinstance(verifier, Local)
    own = verifier.forward

    def forward(pairs: Sequence[Any]) -> Sequence[Any]:
        if any(len(pair.ids) > 14 for pair in pairs):
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return own(pairs)

    found = replace(verifier, forward=forward, batch=4).judge(questions())
    assert Unjudged("d.5", "out of memory") in found
    assert found[0] == answers(models / "nli")[0]


# --- other kinds of models ---


@pytest.mark.parametrize(
    ("kind", "head", "positions"),
    [
        ("roberta", "SequenceClassification", 130),  # two positions are lost to the way it counts them
        ("xlm-roberta", "TokenClassification", 130),
        ("deberta-v2", "SequenceClassification", 128),
        ("electra", "SequenceClassification", 128),
        ("modernbert", "SequenceClassification", 128),
        ("modernbert", "TokenClassification", 128),
    ],
)
def test_kinds_of_models_that_verifiers_are_made_of(
    tmp_path: Path, kind: str, head: str, positions: int
) -> None:
    folder = tinymodels.untrained(tmp_path / "m", kind, head, max_position_embeddings=positions)
    verifier = open_hf(spec(folder))
    assert "/128/cpu/" in verifier.signature
    statement = "The ships 🚢 of Óslo"
    asked = [
        Question("d.1", statement, ("Ships in Oslo.",)),
        *(Question(f"d.{size}", statement, ("the harbour " * size,)) for size in range(5, 100, 6)),
    ]
    found = verifier.judge(asked)  # windows that fill the model to the last position among them
    assert all(isinstance(own, Answer) for own in found), found
    for own in found:
        assert isinstance(own, Answer)
        assert all(span.of(statement) == span.of(statement).strip() != "" for span in own.spans)
        assert all(span.start == 0 or statement[span.start - 1] == " " for span in own.spans)


def test_a_model_that_fails_on_everything_is_refused(tmp_path: Path) -> None:
    folder = tinymodels.untrained(
        tmp_path / "m", "roberta", "SequenceClassification", max_position_embeddings=130
    )
    tinymodels.rename(folder, model_type="deberta", relative_attention=True, pos_att_type=["x"])
    refused(folder, "does not work here|cannot be loaded as a model|weights are missing")
    folder = tinymodels.build(tmp_path / "n", longest=8)
    refused(folder, "does not work here: .*reads 8 tokens at once")


# --- what it is called ---


def test_the_signature_names_the_model_and_not_its_place(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "nli", tmp_path / "nli")
    first = open_hf(spec(models / "nli")).signature
    assert first == open_hf(spec(tmp_path / "nli")).signature == open_hf(spec(f"{tmp_path}/./nli/")).signature
    assert re.fullmatch(r"hf:nli@[0-9a-f]{12}/nli/128/cpu/1", first)
    tinymodels.rename(tmp_path / "nli", note="another")
    assert open_hf(spec(tmp_path / "nli")).signature != first


def test_the_shorter_limit_holds(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "nli", tmp_path / "nli")
    path = tmp_path / "nli" / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"model_max_length": 40}))
    assert "/40/" in open_hf(spec(tmp_path / "nli")).signature


def test_open_verifier_opens_it(models: Path) -> None:
    kind, name = parse(f"hf:{models / 'tokens'}")
    assert open_verifier(Spec(kind, name)).signature.startswith("hf:tokens@")


# --- what it refuses ---


def refused(name: Path | str, said: str, **given: Any) -> None:
    with pytest.raises(VerifierError) as error:
        open_hf(spec(name, **given))
    assert re.search(said, str(error.value)), str(error.value)
    assert str(error.value).startswith("hf:") and "\n" not in str(error.value)


@pytest.fixture
def copy(models: Path, tmp_path: Path) -> Path:
    shutil.copytree(models / "nli", tmp_path / "m")
    return tmp_path / "m"


@pytest.mark.parametrize("device", ["cuda:99", "gpu", "cuda:x", "meta", "tpu", "cpu:0", "/dev/null"])
def test_a_device_that_is_not_there(models: Path, device: str) -> None:
    refused(models / "nli", f"no device '{device}' here; there is cpu", device=device)


def test_devices_are_counted(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    refused(models / "nli", "no device 'cuda' here; there is cpu$", device="cuda")
    refused(models / "nli", "no device 'mps' here; there is cpu$", device="mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    refused(models / "nli", "no device 'cuda:2' here; there is cpu, cuda:0, cuda:1$", device="cuda:2")


def test_an_accelerator_gives_the_same_verdicts(models: Path) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("needs an accelerator (cuda)")
    for name in ("nli", "tokens"):
        there = answers(models / name, device="cuda")
        for own, other in zip(there, answers(models / name), strict=True):
            assert (own.judgement, own.spans) == (other.judgement, other.spans)
            assert own.probability == pytest.approx(other.probability, abs=1e-3)


def test_no_such_folder(tmp_path: Path, copy: Path) -> None:
    refused(tmp_path / "none", "no such folder$")
    refused("./none", "no such folder$")
    refused("../none", "no such folder$")
    refused(copy / "model.safetensors", "a file; name the folder")
    refused("https://example.org/model", "no such folder$")
    refused("~no-such-user-here/model", "not a path$")
    refused("m" * 5000, "not a path$")


def test_a_folder_that_is_no_model(tmp_path: Path, copy: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", r"no config\.json")
    (copy / "model.safetensors").unlink()
    refused(copy, r"no weights in it that can be read safely; .* model\.safetensors")


def test_pickled_weights_are_never_read(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    import torch

    (copy / "model.safetensors").unlink()
    (copy / "pytorch_model.bin").write_bytes(b"\x80\x04cos\nsystem\n.")
    for module, name in ((torch, "load"), (pickle, "load"), (pickle, "loads")):
        monkeypatch.setattr(module, name, lambda *_, **__: pytest.fail("a pickle was read"))
    refused(copy, r"pytorch_model\.bin, a format that can run code when it is read; use .*safetensors")


def test_broken_weights(copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(b"\x08" + b"\0" * 7 + b"{}      ")
    refused(copy, "cannot be loaded as a model|of its weights are missing")
    (copy / "model.safetensors").write_bytes(b"garbage")
    refused(copy, "cannot be loaded as a model")


def test_a_head_without_weights_is_refused(tmp_path: Path) -> None:
    folder = tinymodels.build(tmp_path / "m", "MaskedLM", None)
    refused(folder, "its config.json says BertForMaskedLM; a verifier needs")
    tinymodels.rename(
        folder,
        architectures=["BertForSequenceClassification"],
        id2label={"0": "supported", "1": "unsupported"},
    )
    refused(folder, r"of its weights are missing, .* among them")


def test_nameless_labels(tmp_path: Path) -> None:
    folder = tinymodels.build(tmp_path / "m", labels=["LABEL_0", "LABEL_1", "LABEL_2"])
    refused(folder, "no names .*id2label of its config.json")
    tinymodels.rename(folder, id2label={"0": "entailment", "1": "neutral", "2": "contradiction"})
    assert open_hf(spec(folder)).signature.split("/")[1] == "nli"


def test_more_labels_than_scores(copy: Path) -> None:
    names = ["entailment", "neutral", "contradiction", "unsupported"]
    tinymodels.rename(copy, id2label={str(at): own for at, own in enumerate(names)}, label2id=None)
    refused(copy, "cannot be loaded as a model|of its weights are missing")


def test_code_that_comes_with_a_model_is_never_run(copy: Path, tmp_path: Path) -> None:
    (copy / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    own = {"AutoConfig": "evil.Config", "AutoModelForSequenceClassification": "evil.Model"}
    tinymodels.rename(copy, model_type="evil", auto_map=own)
    refused(copy, "needs code of its own, which is never run|cannot be loaded as a model")
    assert not (tmp_path / "ran").exists()
    tinymodels.rename(copy, model_type="bert")
    answers(copy)  # a type that transformers has itself needs no code
    assert not (tmp_path / "ran").exists()


def test_an_unknown_kind_of_model(copy: Path) -> None:
    tinymodels.rename(copy, model_type="no-such-type")
    refused(copy, "cannot be loaded as a model")


def test_a_broken_tokenizer(copy: Path) -> None:
    (copy / "tokenizer.json").write_text("{}")
    refused(copy, "cannot be loaded as a model")


def test_missing_packages(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import claimdiff.verify.local as module

    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "torch" else True)
    refused(models / "nli", r"need torch, not installed here; pip install 'claimdiff\[verify\]'")


# --- the hub ---


@pytest.fixture
def cache(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the hub with one model in it, and no network."""
    from huggingface_hub import constants

    commit = "0123456789" * 4
    own = tmp_path / "hub" / "models--desk--nli"
    shutil.copytree(models / "nli", own / "snapshots" / commit)
    (own / "refs").mkdir()
    (own / "refs" / "main").write_text(commit)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def unplugged(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """No connection and no look-up of a name; the list says which were tried."""
    tried: list[object] = []

    def fail(*given: object, **_: object) -> None:
        tried.append(given)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", fail)
    monkeypatch.setattr(socket.socket, "connect_ex", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    return tried


def test_nothing_is_asked_of_the_network(
    models: Path, cache: Path, unplugged: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    answers(models / "nli")
    answers(models / "nli", hub=True)  # a folder needs no hub
    found = open_hf(spec("desk/nli"))
    assert found.signature.startswith("hf:desk/nli@")
    assert found.judge(questions())[0] == answers(models / "nli")[0]
    refused("desk/other", "not in this machine's cache.*hf download desk/other.*--verifier-hub")
    refused("other", "not in this machine's cache")
    assert not unplugged
    assert "HF_HUB_OFFLINE" not in os.environ


def test_the_hub_is_asked_only_when_that_is_allowed(cache: Path, unplugged: list[object]) -> None:
    refused("desk/other", "cannot be fetched from the hub", hub=True)
    assert unplugged


@pytest.fixture
def hub(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub on this machine that has one model and more than belongs to it; the list says what it gave."""
    from huggingface_hub import constants

    folder = tmp_path / "served"
    shutil.copytree(models / "nli", folder)
    for name in ("pytorch_model.bin", "modeling_own.py", "README.md", "onnx/config.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not for a verifier")
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    commit = "0123456789" * 4
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            name = path.partition(f"/resolve/{commit}/")[2]
            status, body = 404, b""
            if path == "/api/models/desk/nli/revision/main":
                status, body = 200, json.dumps({"id": "desk/nli", "sha": commit}).encode()
            elif path == f"/api/models/desk/nli/tree/{commit}":
                sizes = {own: (folder / own).stat().st_size for own in names}
                found = [{"type": "file", "path": own, "size": sizes[own], "oid": own} for own in names]
                status, body = 200, json.dumps(found).encode()
            elif path.startswith("/desk/nli/") and name in names:
                asked.append(name)
                status, body = 200, (folder / name).read_bytes()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", commit)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        constants.ENDPOINT + "/{repo_id}/resolve/{revision}/{filename}",
    )
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_is_fetched_where_that_is_allowed(models: Path, hub: list[str]) -> None:
    refused("desk/nli", "not in this machine's cache")
    assert not hub
    found = open_hf(spec("desk/nli", hub=True))
    assert found.signature.startswith("hf:desk/nli@")
    assert found.judge(questions())[0] == answers(models / "nli")[0]
    assert set(hub) == {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    hub.clear()
    assert open_hf(spec("desk/nli")).signature == found.signature  # from the cache
    assert not hub
    refused("desk/none", "cannot be fetched from the hub .*; see that the name is right", hub=True)


def test_only_data_is_fetched(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fnmatch

    import huggingface_hub

    asked: dict[str, Any] = {}

    def fetch(name: str, **given: Any) -> str:
        asked.update(given, name=name)
        return str(models / "nli")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    open_hf(spec("desk/nli", hub=True))
    assert asked["name"] == "desk/nli" and asked["local_files_only"] is False
    for file in ("pytorch_model.bin", "modeling_own.py", "model.pt", "README.md"):
        assert not any(fnmatch.fnmatch(file, pattern) for pattern in asked["allow_patterns"])
    for file in ("config.json", "model.safetensors", "tokenizer.json", "model-00001-of-00002.safetensors"):
        assert any(fnmatch.fnmatch(file, pattern) for pattern in asked["allow_patterns"])
    open_hf(spec("desk/nli"))
    assert asked["local_files_only"] is True


def test_loading_leaves_the_settings_of_others_alone(models: Path) -> None:
    from huggingface_hub import constants, utils
    from transformers.utils import logging

    def state() -> tuple[object, ...]:
        return (
            os.environ.get("HF_HUB_OFFLINE"),
            constants.HF_HUB_OFFLINE,
            utils.are_progress_bars_disabled(),
            logging.get_verbosity(),
            logging.is_progress_bar_enabled(),
        )

    before = state()
    open_hf(spec(models / "nli"))
    refused("desk/none", "not in this machine's cache")
    assert state() == before


def test_loading_says_nothing(models: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answers(models / "nli")
    assert capfd.readouterr() == ("", "")

"""Verifiers on exported models: the tiny models of the other tests, exported and computed by onnxruntime."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import tinymodels

pytest.importorskip("onnxruntime", reason="needs the extra `onnx` (onnxruntime)")
pytest.importorskip("tokenizers", reason="needs the extra `onnx` (tokenizers)")
pytest.importorskip("torch", reason="needs the extra `verify` (torch), which makes the models")
pytest.importorskip("transformers", reason="needs the extra `verify` (transformers), which makes the models")
pytest.importorskip("onnx", reason="needs the Python package onnx, which edits the models")

import onnx

from claimdiff.verify.hf import open_hf
from claimdiff.verify.onnx import open_onnx
from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify.spec import Spec, open_verifier, parse

FAMILIES = ("nli", "consistency", "tokens", "typed", "random")
LONG = ("The school in Oslo opened.",) * 60
QUESTIONS = [
    Question("d.1", "The rents rose.", ("The rents rose in May.",)),
    Question("d.2", "The rents fell.", ("The rents rose in May.",), context=("The wages in June.",)),
    Question("d.3", "Wages rose in June", ("The rents rose in May.",), linked=False),
    Question("d.4", "🚢 O\u0301SLO rents — costly", ("The rents in Oslo cost",)),
    Question("d.5", "The rents rose. " * 60, ("The rents rose.",)),
    Question("d.6", "The harbour closed.", (*LONG, "The harbour opened.", *LONG)),
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    with tinymodels.one_thread():
        yield


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tinymodels.build(folder / "nli", labels=["contradiction", "entailment", "neutral"])
    tinymodels.build(folder / "consistency", labels=["consistent", "inconsistent"])
    tinymodels.build(folder / "tokens", "TokenClassification", None)
    tinymodels.build(folder / "typed", "TokenClassification", ["O", "B-baseless", "B-contradiction"])
    tinymodels.build(folder / "random", seed=3)
    for name in FAMILIES:
        tinymodels.export(folder / name, folder / "exported" / name / "model.onnx")
    return folder


def spec(file: Path | str, **given: Any) -> Spec:
    return Spec("onnx", str(file), **given)


def judged(file: Path, asked: Sequence[Question] = QUESTIONS) -> Sequence[Answer | Unjudged]:
    return open_onnx(spec(file)).judge(asked)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_answers_as_before_the_export(models: Path, name: str) -> None:
    expected = open_hf(Spec("hf", str(models / name))).judge(QUESTIONS)
    found = judged(models / "exported" / name / "model.onnx")
    assert [type(own) for own in found] == [Answer] * 4 + [Unjudged, Answer]
    for own, other in zip(found, expected, strict=True):
        if isinstance(own, Answer) and isinstance(other, Answer):
            assert (own.id, own.judgement, own.spans) == (other.id, other.judgement, other.spans)
            assert own.probability == pytest.approx(other.probability, abs=1.01e-4)
        else:
            assert own == other


def test_what_the_families_say(models: Path) -> None:
    found = judged(models / "exported" / "nli" / "model.onnx")
    said = [own.judgement for own in found if isinstance(own, Answer)]
    assert said == [
        Judgement.SUPPORTED,
        Judgement.DISTORTED,
        Judgement.UNSUPPORTED,
        Judgement.UNSUPPORTED,
        Judgement.DISTORTED,
    ]
    found = judged(models / "exported" / "tokens" / "model.onnx")
    spans = [
        [span.of(QUESTIONS[at].statement) for span in getattr(own, "spans", ())]
        for at, own in enumerate(found)
    ]
    assert spans == [[], ["fell"], ["Wages", "June"], ["costly"], [], ["closed"]]


def test_an_answer_does_not_depend_on_the_other_questions(models: Path) -> None:
    verifier = open_onnx(spec(models / "exported" / "random" / "model.onnx"))
    together = verifier.judge(QUESTIONS)
    assert list(together) == [verifier.judge([own])[0] for own in QUESTIONS]
    assert together == verifier.judge(QUESTIONS)


def test_neither_torch_nor_transformers_is_needed(models: Path) -> None:
    file = models / "exported" / "nli" / "model.onnx"
    program = f"""
import sys
sys.modules["torch"] = sys.modules["transformers"] = sys.modules["huggingface_hub"] = None
from claimdiff.verify.onnx import open_onnx
from claimdiff.verify.protocol import Question
from claimdiff.verify.spec import Spec
found = open_onnx(Spec("onnx", {str(file)!r})).judge([Question("d.1", "Rents fell", ("Rents rose",))])
print(found[0].judgement)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("distorted\n", "")


def test_the_signature_names_the_model_and_not_its_place(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "exported" / "nli", tmp_path / "m")
    first = open_onnx(spec(models / "exported" / "nli" / "model.onnx")).signature
    assert re.fullmatch(r"onnx:model\.onnx@[0-9a-f]{12}/nli/128/1", first)
    assert open_onnx(spec(tmp_path / "m" / "model.onnx")).signature == first
    (tmp_path / "m" / "result.json").write_text("{}")  # what else stands there is not the model
    assert open_onnx(spec(tmp_path / "m" / "model.onnx")).signature == first
    tinymodels.rename(tmp_path / "m", note="another")
    assert open_onnx(spec(tmp_path / "m" / "model.onnx")).signature != first
    kind, name = parse(f"onnx:{models / 'exported' / 'tokens' / 'model.onnx'}")
    assert "/tokens/" in open_verifier(Spec(kind, name)).signature


# --- kinds of exports ---


@pytest.fixture
def copy(models: Path, tmp_path: Path) -> Path:
    shutil.copytree(models / "exported" / "nli", tmp_path / "m")
    return tmp_path / "m" / "model.onnx"


def test_weights_in_a_file_beside_it(models: Path, copy: Path) -> None:
    expected = judged(copy)
    model = onnx.load(str(copy))
    onnx.save_model(
        model, str(copy), save_as_external_data=True, all_tensors_to_one_file=True,
        location="model.onnx_data", size_threshold=0,
    )  # fmt: skip
    assert judged(copy) == expected
    before = open_onnx(spec(copy)).signature
    data = copy.with_name("model.onnx_data")
    changed = bytearray(data.read_bytes())
    changed[0] ^= 1
    data.write_bytes(changed)
    assert open_onnx(spec(copy)).signature != before
    data.unlink()
    refused(copy, "cannot be loaded as a model")


def test_the_layout_of_the_hub(copy: Path) -> None:
    expected = judged(copy)
    (copy.parent / "onnx").mkdir()
    inner = copy.rename(copy.parent / "onnx" / "model.onnx")
    assert judged(inner) == expected


def test_a_model_of_one_length(models: Path, tmp_path: Path) -> None:
    file = tinymodels.export(models / "nli", tmp_path / "m" / "model.onnx", rows=1, length=48)
    assert "/nli/48/" in open_onnx(spec(file)).signature
    found, expected = judged(file), judged(models / "exported" / "nli" / "model.onnx")
    for own, other in zip(found, expected, strict=True):
        assert getattr(own, "judgement", None) == getattr(other, "judgement", None)
    more = tinymodels.export(models / "nli", tmp_path / "n" / "model.onnx", rows=4)
    refused(more, "exported for 4 texts at a time; export it for any number")


def edit(file: Path, change: Any) -> None:
    model = onnx.load(str(file))
    change(model.graph)
    onnx.save_model(model, str(file))


def test_only_the_inputs_that_it_asks_for_are_fed(copy: Path) -> None:
    def without_types(graph: Any) -> None:
        own = next(value for value in graph.input if value.name == "token_type_ids")
        graph.input.remove(own)
        shape = onnx.helper.make_node("Shape", ["input_ids"], ["own_shape"])
        zero = onnx.helper.make_tensor("zero", onnx.TensorProto.INT64, [1], [0])
        fill = onnx.helper.make_node("ConstantOfShape", ["own_shape"], ["token_type_ids"], value=zero)
        graph.node.insert(0, fill)
        graph.node.insert(0, shape)

    edit(copy, without_types)
    assert len(judged(copy)) == len(QUESTIONS)


def test_other_inputs_are_refused(copy: Path) -> None:
    def more(graph: Any) -> None:
        graph.input.append(onnx.helper.make_tensor_value_info("pixel_values", onnx.TensorProto.FLOAT, [1]))

    edit(copy, more)
    refused(copy, "asks for pixel_values")


def test_inputs_of_another_type(copy: Path) -> None:
    def floats(graph: Any) -> None:
        own = onnx.helper.make_tensor_value_info(
            "token_type_ids", onnx.TensorProto.FLOAT, ["batch", "sequence"]
        )
        graph.input[2].CopyFrom(own)
        cast = onnx.helper.make_node("Cast", ["token_type_ids"], ["cast"], to=onnx.TensorProto.INT64)
        for node in graph.node:
            for at, name in enumerate(node.input):
                if name == "token_type_ids":
                    node.input[at] = "cast"
        graph.node.insert(0, cast)

    edit(copy, floats)
    refused(copy, "its inputs are not rows of whole numbers")


def test_a_model_without_scores_of_labels(copy: Path) -> None:
    def squeeze(graph: Any) -> None:
        flat = onnx.helper.make_node("ReduceMean", ["logits"], ["embedding"], axes=[1], keepdims=0)
        graph.node.append(flat)
        own = onnx.helper.make_tensor_value_info("embedding", onnx.TensorProto.FLOAT, ["batch"])
        graph.output[0].CopyFrom(own)

    edit(copy, squeeze)
    refused(copy, "its output 'embedding' has no scores of labels")


def test_other_labels_than_scores_are_unjudged_or_refused(copy: Path) -> None:
    tinymodels.rename(copy.parent, id2label={"0": "supported", "1": "unsupported"})
    refused(copy, "scores 3 labels, and its config.json names 2")


# --- what it refuses ---


def refused(file: Path | str, said: str, **given: Any) -> None:
    with pytest.raises(VerifierError) as error:
        open_onnx(spec(file, **given))
    assert re.search(said, str(error.value)), str(error.value)
    assert str(error.value).startswith("onnx:") and "\n" not in str(error.value)


def test_files_that_are_missing(copy: Path) -> None:
    refused(copy.parent, r"a folder; name the file of the model in it, such as model\.onnx")
    refused(copy.parent / "other.onnx", "no such file")
    for name in ("tokenizer.json", "config.json"):
        data = (copy.parent / name).read_bytes()
        (copy.parent / name).unlink()
        refused(copy, f"no {re.escape(name)} beside it")
        (copy.parent / name).write_bytes(data)
    (copy.parent / "tokenizer_config.json").unlink()  # is of use and not needed
    assert len(judged(copy)) == len(QUESTIONS)


def test_files_that_are_broken(copy: Path) -> None:
    (copy.parent / "tokenizer.json").write_text('{"model": 3}')
    refused(copy, r"tokenizer\.json: cannot be loaded")
    copy.write_bytes(b"not a model")
    shutil.copy(copy.parent / "config.json", copy.parent / "tokenizer.json")
    refused(copy, "cannot be loaded")


def test_a_file_that_is_no_model(models: Path, copy: Path) -> None:
    copy.write_bytes(b"not a model")
    refused(copy, "cannot be loaded as a model")
    copy.write_bytes(b"")
    refused(copy, "cannot be loaded as a model")


def test_labels_and_device(copy: Path) -> None:
    refused(copy, "no device 'cuda' here; onnx verifiers compute on the cpu", device="cuda")
    tinymodels.rename(copy.parent, id2label={str(at): f"LABEL_{at}" for at in range(3)})
    refused(copy, r"no names .*id2label of its config\.json")


def test_missing_packages(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import claimdiff.verify.local as module

    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "onnxruntime" else True)
    refused(copy, r"need onnxruntime, not installed here; pip install 'claimdiff\[onnx\]'")


def test_a_tokenizer_that_cuts_and_pads_is_told_not_to(copy: Path) -> None:
    expected = judged(copy)
    path = copy.parent / "tokenizer.json"
    own = json.loads(path.read_text(encoding="utf-8"))
    own["truncation"] = {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}
    own["padding"] = {
        "strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": None,
        "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
    }  # fmt: skip
    path.write_text(json.dumps(own), encoding="utf-8")
    assert judged(copy) == expected

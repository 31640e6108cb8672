"""Tiny real models, their weights set by hand, so that what they say of a pair is known.

A BERT of two layers that reads a few dozen words. Each word of the statement looks for itself among the words
of the evidence, and failing that for its opposite: a word that is not there has no support, and one whose
opposite is there is contradicted. Two large constants in every vector keep layer normalization next to no
change, so that the weights can be read like a program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
OPPOSITES = (("rose", "fell"), ("opened", "closed"), ("hired", "fired"))
WORDS = (
    *(word for pair in OPPOSITES for word in pair),
    "the", "rents", "wages", "harbour", "school", "in", "may", "june", "bergen", "oslo", "cost", "##ly", ".",
    "summarize", "following", "text", "output", ":",
)  # fmt: skip
SIZE = 64  # of a vector: own word, attended word, and what the names below say
_OWN, _SEEN = 0, 24
_EVIDENCE, _LACK, _AGAINST, _ANY_LACK, _ANY_AGAINST = 48, 52, 53, 54, 55
_SCALE = 32**0.5


def build(
    folder: Path,
    head: str = "SequenceClassification",
    labels: Sequence[str] | None = ("entailment", "neutral", "contradiction"),
    *,
    longest: int = 128,
    seed: int | None = None,
) -> Path:
    """Saves a model with its tokenizer; with a `seed` its weights are random. Labels of a sequence model may
    stand in any order: what each stands for is found by its name."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    given: dict[str, Any] = {} if labels is None else {"id2label": dict(enumerate(labels))}
    config = transformers.BertConfig(
        vocab_size=len(SPECIAL) + len(WORDS), hidden_size=SIZE, num_hidden_layers=2, num_attention_heads=1,
        intermediate_size=SIZE, max_position_embeddings=longest,
        initializer_range=0.02 if seed is None else 0.5, **given,
    )  # fmt: skip
    torch.manual_seed(seed or 0)
    model = getattr(transformers, f"BertFor{head}")(config).eval()
    if seed is None and head in {"SequenceClassification", "TokenClassification"}:
        with torch.no_grad():
            _set(model, tuple(labels or ("LABEL_0", "LABEL_1")))
    model.save_pretrained(folder)
    tokenizer(folder, longest)
    return folder


@contextmanager
def one_thread() -> Iterator[None]:
    """Threads that wait for each other on a busy machine make tiny models slow."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tokenizer(folder: Path, longest: int = 128) -> None:
    """Saves the tokenizer, as a transformers model brings it."""
    import tokenizers
    from tokenizers import models, normalizers, pre_tokenizers, processors
    from transformers import BertTokenizerFast

    vocabulary = {word: at for at, word in enumerate((*SPECIAL, *WORDS))}
    own = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    own.normalizer = normalizers.BertNormalizer(lowercase=True)
    own.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    own.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(word, vocabulary[word]) for word in ("[CLS]", "[SEP]")],
    )  # fmt: skip
    BertTokenizerFast(tokenizer_object=own, model_max_length=longest).save_pretrained(folder)


def _set(model: Any, labels: tuple[str, ...]) -> None:
    base = model.bert
    for parameter in model.parameters():
        parameter.zero_()
    for name, parameter in model.named_parameters():
        if "LayerNorm.weight" in name:
            parameter.fill_(1.0)
    embeddings = base.embeddings.word_embeddings.weight
    embeddings[:, SIZE - 2], embeddings[:, SIZE - 1] = _SCALE, -_SCALE
    for at in range(len(WORDS)):
        embeddings[len(SPECIAL) + at, _OWN + at] = 1.0
    base.embeddings.token_type_embeddings.weight[0, _EVIDENCE] = 1.0
    _search(base.encoder.layer[0])
    _gather(base.encoder.layer[1])
    if hasattr(model, "dropout") and base.pooler is None:
        _score_tokens(model.classifier)
    else:
        _score_pair(base.pooler.dense, model.classifier, labels)


def _search(layer: Any) -> None:
    """Each word looks for itself, less for its opposite, least for anything, and in the evidence only."""
    own, seen = range(_OWN, _OWN + len(WORDS)), range(_SEEN, _SEEN + len(WORDS))
    query, key = layer.attention.self.query, layer.attention.self.key
    value, out = layer.attention.self.value.weight, layer.attention.output.dense.weight
    root = SIZE**0.5
    query.bias[_EVIDENCE] = 60 * root
    key.weight[_EVIDENCE, _EVIDENCE] = 1.0
    for at in own:
        query.weight[at, at] = 30 * root
        key.weight[at, at] = value[at, at] = out[seen[at], at] = 1.0
    grow, shrink = layer.intermediate.dense, layer.output.dense.weight
    for at in own:
        grow.weight[at, at], grow.weight[at, seen[at]], grow.bias[at] = 10.0, -10.0, -5.0
        shrink[_LACK, at] = 0.2
    unit = len(own)
    for pair in OPPOSITES:
        here, there = (WORDS.index(word) for word in pair)
        for word, other in ((here, there), (there, here)):
            query.weight[other, word] = 15 * root
            grow.weight[unit, word], grow.weight[unit, seen[other]], grow.bias[unit] = 10.0, 10.0, -15.0
            shrink[_LACK, unit], shrink[_AGAINST, unit] = -0.2, 0.2
            unit += 1


def _gather(layer: Any) -> None:
    """Every token looks for words that lack support, then for contradicted ones."""
    root = SIZE**0.5
    query, key = layer.attention.self.query, layer.attention.self.key
    value, out = layer.attention.self.value.weight, layer.attention.output.dense.weight
    query.bias[0] = root
    key.weight[0, _LACK], key.weight[0, _AGAINST] = 60.0, 30.0
    for here, there in ((_LACK, _ANY_LACK), (_AGAINST, _ANY_AGAINST)):
        value[here, here] = out[there, here] = 1.0


def _score_pair(pooler: Any, classifier: Any, labels: tuple[str, ...]) -> None:
    pooler.weight[0, _ANY_LACK] = pooler.weight[1, _ANY_AGAINST] = 3.0
    pooler.bias[0] = pooler.bias[1] = -1.5
    names = {
        "entailment": (-3.0, -3.0, 0.0), "neutral": (5.0, 0.0, 0.0), "contradiction": (-2.5, 5.0, -2.5),
        "good": (-3.0, -3.0, -2.0), "bad": (3.0, 3.0, 2.0),
    }  # fmt: skip
    for at, label in enumerate(labels):
        plain = label.lower().strip("_012")
        own = next((plain for word in names if word == plain), None)
        good = plain in {"consistent", "supported", "faithful"}
        lack, against, bias = names[own or ("good" if good else "bad")]
        classifier.weight[at, 0], classifier.weight[at, 1], classifier.bias[at] = lack, against, bias


def _score_tokens(classifier: Any) -> None:
    """The second label for what lacks support, the last for what is contradicted."""
    count = classifier.weight.shape[0]
    classifier.weight[1, _LACK], classifier.bias[1] = 10.0, -5.0
    classifier.weight[count - 1, _AGAINST] = 10.0
    classifier.bias[count - 1] = -5.0


def untrained(folder: Path, kind: str, head: str, **given: Any) -> Path:
    """Saves a model of another kind, with random weights and a tokenizer of bytes, as such models have it."""
    import tokenizers
    import torch
    import transformers
    from tokenizers import models, pre_tokenizers, processors, trainers

    numbers = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "cls_token_id": 0, "sep_token_id": 2}
    sizes = {"vocab_size": 300, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    if head == "SequenceClassification":
        given["id2label"] = {0: "entailment", 1: "neutral", 2: "contradiction"}
    config = transformers.AutoConfig.for_model(kind, **sizes, **numbers, intermediate_size=32, **given)
    torch.manual_seed(1)
    getattr(transformers, f"AutoModelFor{head}").from_config(config).save_pretrained(folder)
    own = tokenizers.Tokenizer(models.BPE())
    own.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "<pad>", "</s>"]
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, initial_alphabet=letters, show_progress=False
    )
    own.train_from_iterator([" ".join(WORDS)], trainer)
    own.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=False, add_prefix_space=False
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=own, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    tokenizer.save_pretrained(folder)
    return folder


def rename(folder: Path, **changes: Any) -> Path:
    """Changes a saved model's config; None takes an entry out."""
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in config.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")
    return folder


def export(folder: Path, file: Path, *, rows: int | None = None, length: int | None = None) -> Path:
    """Writes a saved model as ONNX with its tokenizer and config beside it, for any number of texts of any
    length or for the given ones."""
    import shutil
    import warnings

    import torch
    import transformers

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = config["architectures"][0]
    model = getattr(transformers, kind).from_pretrained(folder).eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]

    class Plain(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: Any) -> Any:
            return self.model(**dict(zip(names, given, strict=True)))[0]

    ones = torch.ones(rows or 2, length or 9, dtype=torch.long)
    free = {at: name for at, name in enumerate(("batch", "sequence")) if (rows, length)[at] is None}
    file.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the older one
        torch.onnx.export(
            Plain(), (ones, ones, ones * 0), str(file), input_names=names, output_names=["logits"],
            dynamic_axes=dict.fromkeys(names, free), dynamo=False, opset_version=17,
        )  # fmt: skip
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(folder / name, file.parent)
    return file

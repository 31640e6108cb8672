"""How well and how fast the sources of rewrites are found among many other articles.

    python -m benchmarks.trace [--sizes 1000 10000 20000 100000] [--json FILE]

The rewrites are those of benchmarks/articles and, where they are at hand, of ../shared/gold. Their sources
are hidden among articles made, with a fixed seed, from sentences of many others: a fifth of these hold three
to five sentences of one of the sources, and a fifth have the names of one in place of their own. The peer is
FTS5's own bm25 over stemmed text, asked for all words of the rewrite.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import claimdiff
from claimdiff.model import Document
from claimdiff.read import read_text
from claimdiff.segment import segment
from claimdiff.trace import Index, Reading, update
from claimdiff.trace.search import search
from claimdiff.trace.shared import claims

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
RESULTS = HERE / "results" / "trace.json"
SIZES = (1_000, 10_000, 20_000, 100_000)
PEER = 20_000  # the size at which the peer is asked, too
PAIRS, SHORT = 60, 3  # rewrites made of two; sentences of a short one
SEED = 5
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
SENTENCE = re.compile(r"(?<=[.!?])[\"”]?\s+(?=[\"“A-Z])")

Case = dict[str, Any]


def cases() -> list[Case]:
    """The labelled pairs."""
    gold = sorted((SHARED / "gold").glob("*.json"))
    if not gold:
        print(f"skipped: {SHARED / 'gold'} is not there; measured on benchmarks/articles alone")
    paths = [*sorted((HERE / "articles").glob("*.json")), *gold]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def pool(found: Sequence[Case]) -> list[list[str]]:
    """The sentences of many articles; those of the cases come first."""
    out = [[own for own in case["segments"]["source"] if len(own) > 30] for case in found]
    files = sorted((SHARED / "data").glob("*/documents.jsonl"))
    if not files:
        print(f"skipped: {SHARED / 'data'} is not there; the others are made from fewer sentences")
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            sentences = SENTENCE.split(json.loads(line)["text"])
            out.append([own for own in sentences if 30 < len(own) < 400])
    return [own for own in out if own]


def others(found: Sequence[Case], sentences: Sequence[Sequence[str]], count: int) -> Iterator[Case]:
    """Articles that are none of the sources."""
    rng = random.Random(SEED)
    names = [sorted(set(NAME.findall(case["source"]))) for case in found]
    for number in range(count):
        size, kind = rng.randint(8, 25), number % 5
        own = [rng.choice(rng.choice(sentences)) for _ in range(size)]
        about = rng.randrange(len(found))
        if kind == 0:
            part = rng.sample(sentences[about], min(len(sentences[about]), rng.randint(3, 5)))
            own[: len(part)] = part
            rng.shuffle(own)
        elif kind == 1 and names[about]:
            own = [NAME.sub(lambda _, few=names[about]: rng.choice(few), text) for text in own]  # type: ignore[misc]
        text = "\n\n".join(" ".join(own[at : at + 3]) for at in range(0, size, 3))
        yield {"id": f"other {number}", "about": found[about]["id"] if kind == 0 else "", "text": text}


def write(path: Path, found: Sequence[Case], made: Iterator[Case]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for case in found:
            file.write(json.dumps({"id": case["id"], "text": case["source"]}) + "\n")
        for own in made:
            file.write(json.dumps(own) + "\n")


def read(text: str) -> Document:
    return segment(read_text(text, id="d"), "d")


def measure(index: Index, found: Sequence[Case], about: dict[str, list[int]]) -> dict[str, Any]:
    """The measures of one archive; `about` are the articles with sentences of a source, by its case."""
    ids = dict(index.connection.execute("SELECT key, id FROM article"))
    times: list[float] = []
    ours: list[float] = []

    def ask(text: str, leave: Sequence[int] = ()) -> list[tuple[str, bool, float]]:
        query = [terms for _, terms in claims(read(text))]
        start, begun = perf_counter(), process_time()
        with index.transaction():
            answer = search(index, query, top=5, leave=leave)[0]
        times.append(1000 * (perf_counter() - start))
        ours.append(1000 * (process_time() - begun))
        return [(own.article.key, own.likely, own.score) for own in answer]

    first = five = likely = short_first = short_five = false = 0
    lowest, highest = 1.0, 0.0
    for case in found:
        answer = ask(case["derivative"])
        names = [name for name, _, _ in answer]
        first += names[:1] == [case["id"]]
        five += case["id"] in names
        likely += (case["id"], True) in [row[:2] for row in answer]
        lowest = min([lowest, *(score for name, _, score in answer if name == case["id"])])
        names = [name for name, _, _ in ask("\n\n".join(case["segments"]["derivative"][1 : 1 + SHORT]))]
        short_first += names[:1] == [case["id"]]
        short_five += case["id"] in names
        answer = ask(case["derivative"], [ids[case["id"]], *about.get(case["id"], ())])
        false += any(likely for _, likely, _ in answer)
        highest = max([highest, *(score for _, _, score in answer)])
    both, wrong = two_sources(found, ask)
    count = len(found)
    return {
        "recall@1": round(first / count, 4),
        "recall@5": round(five / count, 4),
        "taken for a source": round(likely / count, 4),
        "short recall@1": round(short_first / count, 4),
        "short recall@5": round(short_five / count, 4),
        "both of two": round(both / PAIRS, 4),
        "wrong beside two": wrong,
        "found without source": round(false / count, 4),
        "lowest score of a source": round(lowest, 3),
        "highest score without": round(highest, 3),
        "query ms, median": round(median(times), 1),
        "query ms, 95%": round(quantiles(times, n=20)[-1], 1),
        "query cpu ms, median": round(median(ours), 1),
    }


def two_sources(found: Sequence[Case], ask: Any) -> tuple[int, int]:
    """Of rewrites whose first half comes from one source and whose second from another: how many had both
    taken for sources, and how many other articles were."""
    rng = random.Random(SEED)
    both = wrong = 0
    for _ in range(PAIRS):
        one, two = rng.sample(list(found), 2)
        front, back = one["segments"]["derivative"], two["segments"]["derivative"]
        text = "\n\n".join([*front[: len(front) // 2], *back[len(back) // 2 :]])
        likely = {name for name, likely, _ in ask(text) if likely}
        both += {one["id"], two["id"]} <= likely
        wrong += len(likely - {one["id"], two["id"]})
    return both, wrong


def peer(path: Path, found: Sequence[Case]) -> dict[str, Any]:
    """FTS5 as it comes: stemmed words, bm25."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE plain USING fts5 (id UNINDEXED, text, tokenize = 'porter')")
    with path.open(encoding="utf-8") as file:
        rows = ((own["id"], own["text"]) for own in map(json.loads, file))
        connection.executemany("INSERT INTO plain VALUES (?, ?)", rows)
    first = five = short_first = short_five = 0
    times = []
    for case in found:
        for short in (False, True):
            part = case["segments"]["derivative"][1 : 1 + SHORT]
            text = "\n".join(part) if short else case["derivative"]
            words = sorted(set(re.findall(r"[^\W_]+", text.lower())))
            start = perf_counter()
            query = "SELECT id FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 5"
            names = [row[0] for row in connection.execute(query, (" OR ".join(f'"{own}"' for own in words),))]
            times.append(1000 * (perf_counter() - start))
            if short:
                short_first += names[:1] == [case["id"]]
                short_five += case["id"] in names
            else:
                first += names[:1] == [case["id"]]
                five += case["id"] in names
    count = len(found)
    return {
        "recall@1": round(first / count, 4),
        "recall@5": round(five / count, 4),
        "short recall@1": round(short_first / count, 4),
        "short recall@5": round(short_five / count, 4),
        "query ms, median": round(median(times), 1),
    }


def run(sizes: Sequence[int]) -> dict[str, Any]:
    found = cases()
    sentences = pool(found)
    result: dict[str, Any] = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "claimdiff": claimdiff.__version__,
        "rewrites": len(found),
        "articles with sentences": len(sentences),
        "sizes": {},
    }
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            path = Path(name) / f"{size}.jsonl"
            made = list(others(found, sentences, size - len(found)))
            write(path, found, iter(made))
            index = Index(Path(name) / f"{size}.sqlite", Reading())
            start, begun = perf_counter(), process_time()
            update(index, path, Reading())
            took, worked = perf_counter() - start, process_time() - begun
            ids = dict(index.connection.execute("SELECT key, id FROM article"))
            about: dict[str, list[int]] = {}
            for own in made:
                if own["about"]:
                    about.setdefault(own["about"], []).append(ids[own["id"]])
            row = measure(index, found, about)
            row |= {"index s": round(took, 1), "index cpu ms per article": round(1000 * worked / size, 2)}
            index.close()
            row["index MB"] = round(index.path.stat().st_size / 1e6, 1)
            row["archive MB"] = round(path.stat().st_size / 1e6, 1)
            if size == PEER:
                result["bm25"] = {"size": size, **peer(path, found)}
            result["sizes"][str(size)] = row
            print(f"{size:,} articles: done", flush=True)
            path.unlink()
            index.path.unlink()
    return result


def table(result: dict[str, Any]) -> str:
    """The measures, a row each."""
    sizes = result["sizes"]
    rows = [["articles", *(f"{int(size):,}" for size in sizes)]]
    for name in next(iter(sizes.values())):
        rows.append([name, *(f"{row[name]:g}" for row in sizes.values())])
    return "\n".join(f"{row[0]:28}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", type=Path, default=RESULTS)
    given = parser.parse_args()
    result = run(given.sizes)
    print(table(result))
    if "bm25" in result:
        print(f"bm25 alone: {result['bm25']}")
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

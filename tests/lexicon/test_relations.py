"""Relations between words: pairs that are related and pairs that are not, and the compiled file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimdiff.lexicon import graph, inflect, relations

HERE = Path(__file__).parent
LEXICON = Path(relations.__file__).parent
PAIRS = tomllib.loads((HERE / "relations.toml").read_text(encoding="utf-8"))
WORDNET = Path("/usr/share/wordnet")
BUILD = HERE.parents[1] / "tools" / "build_relations.py"
MAX_BYTES = 12_000_000
NOISE = 0.3  # what is below this is chance
INVERSE = {"hypernym": "hyponym", "hyponym": "hypernym"}


def pair(entry: str) -> tuple[str, str]:
    word, other = entry.split()
    return word.replace("_", " "), other.replace("_", " ")


@pytest.mark.parametrize("kind", [kind for kind in PAIRS if kind != "unrelated"])
def test_related(kind: str) -> None:
    for entry in PAIRS[kind]:
        found = relations.related(*pair(entry))
        assert found is not None, entry
        assert (found.kind, found.weight > 0.25) == (kind, True), (entry, found)


def test_unrelated() -> None:
    for entry in PAIRS["unrelated"]:
        found = relations.related(*pair(entry))
        assert found is None or found.weight < NOISE, (entry, found)


def test_there_are_enough_pairs() -> None:
    assert sum(len(entries) for kind, entries in PAIRS.items() if kind != "unrelated") >= 100
    assert len(PAIRS["unrelated"]) >= 50


def test_relations_run_both_ways() -> None:
    for kind, entries in PAIRS.items():
        for word, other in map(pair, entries):
            there, back = relations.related(word, other), relations.related(other, word)
            assert (there is None) == (back is None)
            if there is not None and back is not None:
                assert back.kind == INVERSE.get(there.kind, there.kind), (kind, word, other)
                assert back.weight == pytest.approx(there.weight)
                assert 0 < there.weight <= 1


def test_parts_of_speech() -> None:
    assert relations.parts_of_speech("company")[0] == "n"
    assert relations.parts_of_speech("say")[0] == "v"
    assert relations.parts_of_speech("plan") in ("nv", "vn")
    assert relations.parts_of_speech("zzyzzx") == ""
    assert relations.known("prime minister")
    assert not relations.known("zzyzzx")
    assert not relations.known("")
    assert not relations.known("été\ud800")


def test_synonyms_and_antonyms() -> None:
    assert {"acquire", "purchase"} <= relations.synonyms("buy")
    assert "buy" not in relations.synonyms("buy")
    assert "reject" in relations.antonyms("accept")
    assert relations.synonyms("zzyzzx") == relations.antonyms("zzyzzx") == frozenset()


def test_phrases_are_indexed_by_their_first_word() -> None:
    index = relations.phrases()
    assert ("turn", "down") in index["turn"]
    for first, group in index.items():
        assert all(phrase[0] == first and len(phrase) > 1 for phrase in group)
        assert [len(phrase) for phrase in group] == sorted((len(phrase) for phrase in group), reverse=True)


def test_lemmas() -> None:
    assert relations.lemmas("rose", "v") == ("rise",)
    assert relations.lemmas("left")[0] == "leave"
    assert relations.lemmas("children") == ("child",)
    assert relations.lemmas("zzyzzxed") == ()


def test_the_file_is_small_and_carries_its_licence() -> None:
    assert (LEXICON / "relations.bin").stat().st_size <= MAX_BYTES
    assert "Princeton University" in (LEXICON / "LICENSE.wordnet").read_text(encoding="utf-8")


def test_a_lookup_reads_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search halves the vocabulary, and a second question about a word asks the file nothing."""
    data = graph.graph()
    reads = 0

    def counted(read: Callable[..., Any]) -> Callable[..., Any]:
        def reading(*arguments: object) -> Any:
            nonlocal reads
            reads += 1
            return read(*arguments)

        return reading

    for name in ("_bytes", "_row"):
        monkeypatch.setattr(graph.Graph, name, counted(getattr(graph.Graph, name)))
    graph.Graph.find.cache_clear()
    assert data.find("negotiation") >= 0
    assert 0 < reads <= data.size.bit_length() + 1
    relations.related("negotiation", "dialogue")
    reads = 0
    relations.related("negotiation", "dialogue")
    assert reads == 0


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a file"):
        graph.Graph(b"something else altogether")
    with pytest.raises(ValueError, match="version"):
        graph.Graph(graph.MAGIC + bytes(graph.HEADER.size))


def test_nothing_is_read_at_import() -> None:
    program = (
        "import claimdiff.lexicon.listed as l, claimdiff.lexicon.graph as g, claimdiff.facts.token, sys;"
        "sys.exit(g.graph.cache_info().currsize + l._lists.cache_info().currsize + ('nltk' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_build_is_reproducible(tmp_path: Path) -> None:
    if not (WORDNET / "data.noun").is_file():
        pytest.skip("needs the Debian package wordnet-base")
    subprocess.run(
        [sys.executable, str(BUILD), "--out", str(tmp_path)], check=True, stdout=subprocess.DEVNULL
    )
    for name in ("relations.bin", "LICENSE.wordnet"):
        assert (tmp_path / name).read_bytes() == (LEXICON / name).read_bytes(), name


def test_the_build_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(BUILD, tmp_path)
    done = subprocess.run(
        [sys.executable, str(BUILD), "--wordnet", str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "wordnet-base" in done.stderr


def test_american_spelling() -> None:
    for british, american in (("colour", "color"), ("organise", "organize"), ("theatre", "theater")):
        assert inflect.american(british) == inflect.american(american) == american
    for word in ("hour", "storey", "advice", "rise", "tour", "practice", "call"):
        assert inflect.american(word) == word

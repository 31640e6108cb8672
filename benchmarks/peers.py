"""What a user might run instead of claimdiff, each on the same two texts; all of them answer less.

Nothing heavy is imported before it is called, so that a process which runs one of them has only that one's
memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FLOOR = "Punkt + Snowball"

# What each of them tells the user.
ANSWERS = {
    "claimdiff": "which statement rests on which, what was added, left out and distorted, and how",
    FLOOR: "nothing yet: both texts cut into sentences by nltk and every word stemmed; the floor",
    "wdiff": "which words differ; what moved counts as deleted and inserted",
    "git diff": "which words of changed lines differ (--no-index --word-diff)",
    "dmp words": "the shortest way from text to text in words, by diff-match-patch",
    "dmp characters": "the same in characters",
    "embeddings": "which sentence is nearest to which: all-MiniLM-L6-v2 and cosine, on one thread",
}
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")


def claimdiff(source: str, derivative: str) -> None:
    from claimdiff import compare
    from claimdiff.errors import NotComparableError

    with suppress(NotComparableError):  # which it has found out by comparing
        compare(source, derivative)


def floor(source: str, derivative: str) -> None:
    """As a user of nltk writes it. A stemmer and a tokenizer of that kind keep nothing between texts."""
    from nltk.stem import SnowballStemmer
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    tokenizer, stemmer = PunktSentenceTokenizer(), SnowballStemmer("english")
    for text in (source, derivative):
        for sentence in tokenizer.tokenize(text):
            for word in re.findall(r"\w+", sentence):
                stemmer.stem(word)


def sentences(text: str) -> list[str]:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    return [str(own) for own in PunktSentenceTokenizer().tokenize(text)]


def dmp_characters(source: str, derivative: str) -> None:
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the whole answer, however long it takes
    engine.diff_main(source, derivative)


def dmp_words(source: str, derivative: str) -> None:
    codes: dict[str, str] = {}
    old, new = (
        "".join(codes.setdefault(own, chr(0xF0000 + len(codes))) for own in _PIECE.findall(text))
        for text in (source, derivative)
    )
    dmp_characters(old, new)


def command(*command: str) -> Callable[[str, str], None] | None:
    """A program that is given two files, if it is at hand. It may say by its exit status that they differ."""
    import os
    import shutil
    import subprocess

    if shutil.which(command[0]) is None:
        return None
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def run(source: str, derivative: str) -> None:
        done = subprocess.run(
            [*command, source, derivative], stdout=subprocess.DEVNULL, env={**os.environ, **plain}
        )
        if done.returncode > 1:
            raise OSError(f"{command[0]} ended with {done.returncode}")

    return run


def of_files(folder: Path, source: str, derivative: str) -> tuple[str, str]:
    """The texts as files."""
    names = tuple(str(folder / name) for name in ("source.txt", "derivative.txt"))
    for name, text in zip(names, (source, derivative), strict=True):
        Path(name).write_text(text, encoding="utf-8")
    return names[0], names[1]


def peak() -> float:
    """The highest memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():  # what it had before it became this program does not count here
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) * 1024 / 1e6
    import resource
    import sys

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6

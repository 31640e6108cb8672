"""How long a command takes from its start to its end, beside Python that does nothing and `import nltk`.

Every round runs each command once, one after the other, so that whatever else the machine does strikes
them alike. A ratio is taken within its round. The pair that is checked has 500 words a side.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import claimdiff
from benchmarks import peers, texts
from benchmarks.stopwatch import Row, Spent, middle, quietly, ratios, timed, times

WORDS = 500
NOTHING, NLTK = "python -c pass", 'python -c "import nltk"'

# At most so many times what another command takes: what docs and issues ask for. The others are measured
# beside Python that does nothing, without a word on whether they are good.
REACH = {
    "claimdiff --version": (5.0, NOTHING),
    "claimdiff --help": (5.0, NOTHING),
    "claimdiff check, cached": (1.5, NLTK),
    "claimdiff check, --no-cache": (2.5, NLTK),
}


def program() -> list[str]:
    """The command as it is installed beside this Python, or else the module."""
    script = Path(sys.executable).with_name("claimdiff")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "claimdiff"]


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands by what they are called in the table; their files are in the folder."""
    source, derivative = map(Path, peers.of_files(folder, *texts.pair(WORDS)))
    stored = folder / "stored.json"
    stored.write_text(claimdiff.compare(source, derivative).to_json(), encoding="utf-8")
    python, own = sys.executable, program()
    check = [*own, "check", "--no-config", "--exit-zero", "--source", source.name, derivative.name]
    return {
        NOTHING: [python, "-c", "pass"],
        'python -c "import click"': [python, "-c", "import click"],
        NLTK: [python, "-c", "import nltk"],
        "claimdiff --version": [*own, "--version"],
        "claimdiff --help": [*own, "--help"],
        "claimdiff rules": [*own, "rules"],
        "claimdiff render": [*own, "render", stored.name],
        "claimdiff check, cached": check,
        "claimdiff check, --no-cache": [*check, "--no-cache"],
        "claimdiff compare": [*own, "compare", source.name, derivative.name],
    }


def run(command: list[str], folder: Path) -> None:
    """Run to its end; a command that fails is no measurement."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Bytecode as an installed program has it, also where this checkout has none.
    environment |= {
        "CLAIMDIFF_CACHE_DIR": str(folder / "cache"),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with {done.returncode}: {done.stderr.decode()[-500:]}")


def measure(turns: int) -> dict[str, list[Spent]]:
    """Time by command, turn by turn, after one turn that fills caches and counts for nothing."""
    with quietly() as name:
        folder = Path(name)
        every = {called: partial(run, command, folder) for called, command in commands(folder).items()}
        for do in every.values():
            do()
        found = [[timed(do) for do in every.values()] for _ in range(turns)]
        return dict(zip(every, map(list, zip(*found, strict=True)), strict=True))


def rows(found: dict[str, list[Spent]]) -> Iterator[Row]:
    for called, spent in found.items():
        own = middle(spent)
        most, of = REACH.get(called, (None, NOTHING))
        yield Row("cold", called, own.cpu, "ms", own.wall, times(of, ratios(spent, found[of])), most)

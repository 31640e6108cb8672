"""How long a command takes from its start to its end, beside Python that does nothing and `import nltk`.

    python -m benchmarks.cold [--rounds NUMBER] [--json FILE]

Every round runs each command once, one after the other, so that whatever else the machine does strikes
them alike. A ratio is taken within its round; the table has medians, and of the ratios the quartiles too.
The pair that is checked has 500 words a side, made from seeds/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import claimdiff

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results") / "cold.json"
SEEDS = ("figures", "voices")
WORDS = 500
ROUNDS = 25
NOTHING, NLTK = "python -c pass", 'python -c "import nltk"'


class Reach(NamedTuple):
    """At most so many times what another command takes."""

    times: float
    of: str


# What docs and issues ask for; the others are shown without a word on whether they are good.
REACH = {
    "claimdiff --version": Reach(5, NOTHING),
    "claimdiff --help": Reach(5, NOTHING),
    "claimdiff check, cached": Reach(1.5, NLTK),
    "claimdiff check, --no-cache": Reach(2.5, NLTK),
}


def program() -> list[str]:
    """The command as it is installed beside this Python, or else the module."""
    script = Path(sys.executable).with_name("claimdiff.exe" if sys.platform == "win32" else "claimdiff")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "claimdiff"]


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands by what they are called in the table; their files are in the folder."""
    source, derivative = write_pair(folder)
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


def write_pair(folder: Path) -> tuple[Path, Path]:
    """A source and its derivative, as many whole paragraphs of the example pairs as make up the words."""
    paths = []
    for side in ("source", "derivative"):
        text = "\n\n".join(
            (ROOT / "seeds" / seed / side).with_suffix(_suffix(seed)).read_text("utf-8") for seed in SEEDS
        )
        kept: list[str] = []
        for paragraph in text.split("\n\n"):
            if len(" ".join(kept).split()) < WORDS:
                kept.append(paragraph)
        paths.append(folder / f"{side}.md")
        paths[-1].write_text("\n\n".join(kept), encoding="utf-8")
    return paths[0], paths[1]


def _suffix(seed: str) -> str:
    return next(path.suffix for path in (ROOT / "seeds" / seed).glob("source.*"))


def seconds(command: list[str], folder: Path) -> float:
    """How long the command takes; a command that fails is no measurement."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Bytecode as an installed program has it, also where this checkout has none.
    environment |= {
        "CLAIMDIFF_CACHE_DIR": str(folder / "cache"),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    taken = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return taken


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds by command, round by round, after one round that fills caches and counts for nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = commands(folder)
        taken: dict[str, list[float]] = {called: [] for called in every}
        for turn in range(rounds + 1):
            for called, command in every.items():
                spent = seconds(command, folder)
                if turn:
                    taken[called].append(spent)
    return taken


def ratio(taken: dict[str, list[float]], called: str, of: str) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile of what a command takes in times of another."""
    times = [own / other for own, other in zip(taken[called], taken[of], strict=True)]
    low, middle, high = quantiles(times, n=4, method="inclusive")
    return low, middle, high


def summary(taken: dict[str, list[float]]) -> dict[str, Any]:
    rows = {}
    for called, times in taken.items():
        row: dict[str, Any] = {
            "median_ms": round(median(times) * 1000, 1),
            "least_ms": round(min(times) * 1000, 1),
        }
        for name, of in (("nothing", NOTHING), ("nltk", NLTK)):
            low, middle, high = ratio(taken, called, of)
            row[f"times_{name}"] = {"median": round(middle, 2), "quartiles": [round(low, 2), round(high, 2)]}
        rows[called] = row
    return rows


def machine() -> dict[str, Any]:
    model = ""
    cpus = Path("/proc/cpuinfo")
    if cpus.is_file():
        lines = cpus.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return {
        "system": platform.system(),
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "claimdiff": claimdiff.__version__,
        "nltk": version("nltk"),
        "click": version("click"),
    }


def table(rows: dict[str, Any]) -> list[str]:
    lines = [f"{'':29}{'ms':>8}{'least':>8}   {'times nothing':24}{'times nltk':24}reach"]
    for called, row in rows.items():
        nothing, nltk = _spread(row["times_nothing"]), _spread(row["times_nltk"])
        figures = f"{row['median_ms']:8.1f}{row['least_ms']:8.1f}   {nothing:24}{nltk:24}"
        lines.append(f"{called:29}{figures}{_reach(called, row)}".rstrip())
    return lines


def _reach(called: str, row: dict[str, Any]) -> str:
    if called not in REACH:
        return ""
    most, of = REACH[called]
    base = "nothing" if of == NOTHING else "nltk"
    held = row[f"times_{base}"]["median"] <= most
    return f"{most:g} times {base}: {'held' if held else 'missed'}"


def _spread(times: dict[str, Any]) -> str:
    low, high = times["quartiles"]
    return f"{times['median']:.2f} ({low:.2f}-{high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the start of claimdiff's commands.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each command is run")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures are written")
    given = parser.parse_args()
    rows = summary(measure(max(2, given.rounds)))
    print("\n".join(table(rows)))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    data = {"machine": machine(), "rounds": given.rounds, "words": WORDS, "commands": rows}
    given.json.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

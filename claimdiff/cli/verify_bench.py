"""`claimdiff verify-bench`: how right the rules, a verifier, and both together are on your own texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import options, output
from claimdiff.cli import verifier as asked
from claimdiff.cli.exits import Exit
from claimdiff.cli.options import share
from claimdiff.cli.output import Talk
from claimdiff.errors import InputError
from claimdiff.model import MIN_CONFIDENCE
from claimdiff.render.words import count, plain

if TYPE_CHECKING:
    from claimdiff.bench.run import Bench
    from claimdiff.verify.spec import Spec

NAMES = {
    "segment": "ends of statements, F1",
    "align": "links, F1",
    "flag_p": "drifting statements, precision",
    "flag_r": "drifting statements, recall",
    "flag": "drifting statements, F1",
    "kind": "supported, distorted, added or boilerplate, macro-F1",
    "omit_p": "omissions, precision",
    "omit_r": "omissions, recall",
    "omit": "omissions, F1",
    "type": "types of distortions, F1",
    "span": "place in the derivative, mean overlap",
    "major": "major findings, recall",
    "false": "false alarms on 100 supported statements",
}
CLAIMS = {
    "balanced": "balanced accuracy",
    "recall": "recall",
    "false": "false alarms, share of supported claims",
}
HEADS = {"rules": "rules", "verifier": "verifier", "both": "both"}
Figures = dict[str, dict[str, float]]


@click.command()
@click.argument("texts", metavar="FOLDER|FILE", type=click.Path(path_type=Path))
@click.option(
    "--min-confidence", type=float, metavar="NUMBER", callback=share, default=MIN_CONFIDENCE,
    show_default=True, help="Leave out findings that are less certain than this, from 0 to 1.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="What to print: Markdown tables, or all figures as JSON.",
)  # fmt: skip
@click.option("-o", "--output", "target", metavar="FILE", help="Write to this file, not to standard output.")
@asked.options
@asked.no_cache
@options.talk
@click.pass_obj
def verify_bench(
    talk: Talk,
    texts: Path,
    min_confidence: float,
    form: str,
    target: str | None,
    verifier: Spec | None,
    no_cache: bool,
) -> Exit:
    """Measure on labelled texts: the rules alone, the verifier alone, and both together.

    FOLDER holds article pairs with complete labels (.json), claims beside a passage (.jsonl), or both; FILE
    is one of them. docs/verifiers.md has their forms. Without --verifier the rules are measured alone.

    The verifier alone means that the program says which statement rests on which, and what was left out, and
    the verifier what drifted.

    The exit code is 0 when all was measured; 2 when something could not be read or judged.

    \b
    Examples:
      claimdiff verify-bench gold/ --verifier hf:models/nli
      claimdiff verify-bench claims.jsonl --verifier llm:some-model --verifier-url http://localhost:8000/v1
      claimdiff verify-bench gold/ --verifier onnx:judge.onnx --format json
    """
    from claimdiff.bench import labels
    from claimdiff.bench.run import Bench
    from claimdiff.verify.spec import opened

    pairs, tables = labels.find(texts)
    cases = [labels.read_article(path) for path in pairs]
    claims = [claim for path in tables for claim in labels.read_claims(path)]
    verifier = asked.anew(verifier, no_cache)
    if not cases and not claims:
        raise InputError(f"{texts}: holds no claim")
    bench = Bench(opened(verifier) if verifier else None, min_confidence)
    total, odd = bench.articles(cases, _progress(talk, len(cases), "article pair"))
    seen = bench.claims(claims, _progress(talk, len(claims), "claim")) if claims else {}
    talk.progress("")
    for told in odd:
        talk.error(told)
    data = _data(bench, total if len(cases) > len(odd) else {}, len(cases) - len(odd), seen, len(claims))
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n" if form == "json" else _text(data)
    if target is None:
        output.emit(text)
    else:
        output.save(text, Path(target))
        talk.say(f"wrote {target}")
    return Exit.TROUBLE if odd or bench.gaps else Exit.OK


def _progress(talk: Talk, number: int, noun: str) -> Callable[[int], None]:
    return lambda done: talk.progress(f"{done} of {count(number, noun)}")


def _data(bench: Bench, total: dict[str, Any], pairs: int, seen: Figures, claims: int) -> dict[str, Any]:
    """All figures, rounded as they are printed."""
    from claimdiff.bench import measure
    from claimdiff.verify.ask import signature

    data: dict[str, Any] = {"min_confidence": bench.min_confidence}
    if bench.verifier:
        gaps = [{"reason": reason, "statements": number} for reason, number in bench.gaps.most_common()]
        data["verifier"] = signature(bench.verifier)
        data["verification"] = {"asked": bench.asked, "judged": bench.judged, "unjudged": gaps}
    if total:
        rows = {name: _rounded(measure.figures(own)) for name, own in total.items()}
        parts = ("right", "too_much", "missed")
        types = {
            name: {type: dict(zip(parts, row, strict=True)) for type, row in measure.by_type(own).items()}
            for name, own in total.items()
        }
        data["articles"] = {"pairs": pairs, "figures": rows, "types": types}
    if seen:
        data["claims"] = {"claims": claims, "not_comparable": bench.strange}
        data["claims"] |= {"figures": {name: _rounded(own) for name, own in seen.items()}}
    return data


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


# --- as Markdown ------------------------------------------------------------------------------------


def _text(data: dict[str, Any]) -> str:
    return "\n".join(_lines(data)) + "\n"


def _lines(data: dict[str, Any]) -> Iterator[str]:
    if "verifier" in data:
        told = data["verification"]
        judged = f"{told['judged']} of {count(told['asked'], 'statement')} judged"
        yield f"Verifier {plain(data['verifier'])}: {judged}"
        for own in told["unjudged"]:
            yield f"Not judged: {count(own['statements'], 'statement')}, {plain(own['reason'])}"
        yield ""
    if "articles" in data:
        own = data["articles"]
        yield from _table(count(own["pairs"], "article pair"), own["figures"], NAMES)
        yield from _types(own["types"])
    if "claims" in data:
        own = data["claims"]
        first = next(iter(own["figures"].values()))
        names = CLAIMS | {name: plain(name) for name in first if name not in CLAIMS}
        yield from _table(count(own["claims"], "claim"), own["figures"], names)
        if strange := own["not_comparable"]:
            yield f"Counted as wrong, since not comparable with the passage: {count(strange, 'claim')}"


def _table(head: str, figures: Figures, names: dict[str, str]) -> Iterator[str]:
    rows = [[shown, *(_number(name, own[name]) for own in figures.values())] for name, shown in names.items()]
    yield from _aligned([head, *(HEADS[name] for name in figures)], rows)


def _number(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "false" and value > 1 else f"{value:.3f}"


def _types(types: dict[str, dict[str, dict[str, int]]]) -> Iterator[str]:
    names = dict.fromkeys(name for own in types.values() for name in own)
    none = {"right": 0, "too_much": 0, "missed": 0}
    rows = [
        [name, *(" ".join(map(str, own.get(name, none).values())) for own in types.values())]
        for name in names
    ]
    if rows:
        yield from _aligned(["type: right, too much, missed", *(HEADS[name] for name in types)], rows)


def _aligned(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    marks = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (head, marks, *rows):
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""

"""The summary as a page: in Markdown, and in HTML with charts that are drawn in the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from claimdiff.batch.summary import NO_DATE, NONE, by
from claimdiff.render import words
from claimdiff.render.escape import escape
from claimdiff.render.page import environment, hashed

if TYPE_CHECKING:
    from jinja2 import Template

OUTCOMES = {"pass": "pass", "review": "for review", "block": "blocked", "error": "not judged"}
SHOWN = 40  # values of a column; the JSON has all


def number(value: float | None, places: int = 2) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{places}f}"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def headline(data: Mapping[str, Any]) -> str:
    """The run in a sentence."""
    parts = [f"{data['outcomes'][own]:,} {word}" for own, word in OUTCOMES.items() if data["outcomes"][own]]
    return f"{words.count(data['pairs'], 'pair')}: {', '.join(parts)}" if parts else "No pairs"


def traced(data: Mapping[str, Any]) -> str:
    """What became of the pairs whose sources had to be found."""
    pairs, without = data["traced"]["pairs"], data["traced"]["without_source"]
    return f"Sources looked for in the archive: {pairs:,}, of them {without:,} not found."


def gaps(data: Mapping[str, Any]) -> str:
    """How many pairs a verifier did not judge whole; "" for none."""
    pairs = data.get("verifier_gaps", 0)
    told = f"Not judged whole by the verifier: {words.count(pairs, 'pair')}; their rows say why."
    return told if pairs else ""


def groups(data: Mapping[str, Any]) -> Iterator[tuple[str, bool, list[Mapping[str, Any]], int]]:
    """Each column that was counted by: its name, whether it is a date, its rows, how many more there are."""
    for name, rows in data["by"].items():
        is_date = bool(by(name).part)
        shown = rows[-SHOWN:] if is_date else rows[:SHOWN]
        yield name, is_date, shown, len(rows) - len(shown)


# --- Markdown -------------------------------------------------------------------------------------


def markdown(data: Mapping[str, Any]) -> str:
    return "\n".join(_markdown(data)).rstrip("\n") + "\n"


def _markdown(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {headline(data)}"
    yield ""
    found = data["drift_quantiles"]
    yield f"{words.count(data['findings'], 'finding')}, {data['major']:,} of them major."
    yield f"Drift: mean {number(data['drift'])}, median {number(found['median'])}, nine tenths of the pairs"
    yield f"below {number(found['p90'])}. Coverage: mean {number(data['coverage'])}; support: mean"
    yield f"{number(data['support'])}."
    yield ""
    if data["errors"]:
        yield "Not judged: " + ", ".join(f"{own:,} {kind}" for kind, own in data["errors"].items()) + "."
        yield ""
    if data["traced"]["pairs"]:
        yield traced(data)
        yield ""
    if told := gaps(data):
        yield told
        yield ""
    yield "## Drift"
    yield ""
    yield from _table(
        ("drift", "pairs", "share"),
        (
            (
                f"{own['from']:.2f} to {own['to']:.2f}",
                number(own["pairs"]),
                percent(own["pairs"], data["judged"]),
            )
            for own in data["drift_histogram"]
            if own["pairs"]
        ),
    )
    yield "## Types"
    yield ""
    yield from _table(
        ("type", "findings", "share"),
        (
            (name, number(own), percent(own, sum(data["types"].values())))
            for name, own in data["types"].items()
        ),
    )
    yield from _markdown_groups(data)
    yield from _markdown_rows(data)


def _markdown_groups(data: Mapping[str, Any]) -> Iterator[str]:
    for name, _, rows, more in groups(data):
        yield f"## By {escape(name)}"
        yield ""
        yield from _table((name, *GROUP), ((own["value"], *group(own)) for own in rows))
        if more:
            yield f"{more:,} more in `summary.json`."
            yield ""


GROUP = ("pairs", "not judged", "blocked", "drift", "findings", "major", "mostly")


def group(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row's cells after its value, by GROUP."""
    return (
        number(row["pairs"]),
        number(row["outcomes"]["error"]),
        percent(row["outcomes"]["block"], row["judged"]),
        number(row["drift"]),
        number(row["findings"]),
        number(row["major"]),
        ", ".join(list(row["types"])[:3]),
    )


def _markdown_rows(data: Mapping[str, Any]) -> Iterator[str]:
    if data["worst"]:
        yield "## Worst"
        yield ""
        yield "| pair | drift | findings | major | row |"
        yield "| :--- | ---: | ---: | ---: | :--- |"
        for own in data["worst"]:
            name = escape(own["pair"])
            linked = f"[{name}]({quote(own['report'])})" if own["report"] else name
            place = f"[{own['file']}]({quote(own['file'])}), {own['line']}"
            yield f"| {linked} | {number(own['drift'])} | {own['findings']} | {own['major']} | {place} |"
        yield ""
    if data["first_errors"]:
        yield "## Not judged"
        yield ""
        yield from _table(
            ("row", "pair", "why", "reason"),
            (
                (number(own["row"]), own["pair"], own["trouble"], own["reason"][:300])
                for own in data["first_errors"]
            ),
        )


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(map(escape, head)) + " |"
    yield "| :--- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(map(escape, row)) + " |"
    yield ""


# --- HTML -----------------------------------------------------------------------------------------


def html(data: Mapping[str, Any]) -> str:
    """One file that loads nothing and runs nothing; every chart stands beside its numbers."""
    return _template().render(
        data=data,
        title=headline(data),
        outcomes=[(own, word, data["outcomes"][own]) for own, word in OUTCOMES.items()],
        groups=list(groups(data)),
        group_head=GROUP,
        undated=(NONE, NO_DATE),
        traced=traced(data) if data["traced"]["pairs"] else "",
        gaps=gaps(data),
        most_type=max(data["types"].values(), default=0),
        most_bin=max(own["pairs"] for own in data["drift_histogram"]),
    )


@cache
def _template() -> Template:
    from markupsafe import Markup

    made = environment(_part)
    style = _part("summary.css")
    made.globals.update(
        style=Markup(style),  # our own file, the same for every summary
        policy=f"default-src 'none'; style-src '{hashed(style)}'; base-uri 'none'; form-action 'none'",
    )
    made.filters.update(number=number, group=group, quote=quote)
    made.tests["finite"] = lambda value: value is not None
    made.globals.update(percent=percent, count=words.count, round_=lambda value: round(value, 2))
    return made.get_template("summary.html.jinja")


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")

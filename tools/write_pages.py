"""Write what the pages say of the program from the program itself.

    python tools/write_pages.py [--check] [--only-rules]

Four things: docs/rules/, a page for each rule and a list, from the rules; the tables of settings and
profiles in docs/check.md; the excerpt in README.md, from the comparison of a seeds pair; and the last
column of the tables in docs/tricky-cases.md, from comparing each row. `--check` writes nothing and fails
when a page is not what it should be.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import claimdiff
from claimdiff.detect import RULES
from claimdiff.gate.config import Layer
from claimdiff.gate.policy import profiles, written
from claimdiff.gate.setting import BY_NAME, SETTINGS, Setting
from claimdiff.model import Rule
from claimdiff.render import text as report
from claimdiff.render.criteria import criterion
from claimdiff.render.escape import escape

ROOT = Path(__file__).resolve().parent.parent
RULES_FOLDER = ROOT / "docs" / "rules"
CHECK = ROOT / "docs" / "check.md"
COMMAND = "python tools/write_pages.py"

WRITTEN = f"This page is written by `{COMMAND}`; change the rules in `claimdiff/detect/` instead."
RULES_HEAD = f"""# Rules

What claimdiff can find, by kind and type, with a page for each rule. `claimdiff explain RULE` says the same
of one rule. {WRITTEN}

A rule's severity is what it usually has. A single finding can weigh more or less, and a rule that has
seen something is evidence: whether it becomes a finding depends on all that was seen in the statement.
Each page has an example and its harmless twin, a rewrite that looks alike and is fine.
"""

# The excerpt: its pair, words from findings worth showing, the best ones first, and how many it shows.
EXCERPT_OF, SHOWN, LEAST = "voices", 4, 3
EXCERPT = (
    "sit under those beams",
    "other 14 schools",
    "had known of the cracks",
    "It could not have waited until the summer after",
    "We are heartbroken",
    "We will not set foot in there",
)
LABELS = re.compile(r"(?m)^ *\w+:\d+|\[-|-\]|\{\+|\+\}")  # what a report puts between an article's words
BEGIN, END = "<!-- excerpt -->\n```text\n", "```\n<!-- end of excerpt -->"


# --- docs/rules/ ----------------------------------------------------------------------------------


def rules_index(rules: Iterable[Rule] = RULES) -> str:
    """The page that lists all rules, in their own order."""
    out = [RULES_HEAD]
    for title, own in groupby(rules, key=_group):
        out.append(f"## {title}\n\n| rule | severity | what it catches |\n| :--- | :--- | :--- |")
        out += [f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {escape(rule.summary)} |" for rule in own]
        out.append("")
    return "\n".join(out)


def _group(rule: Rule) -> str:
    if rule.id.startswith("verifier-"):
        return "Second opinion"
    return str(rule.type or rule.kind).capitalize()


def rule_page(rule: Rule) -> str:
    """The page of one rule."""
    kind = f"{rule.kind} ({rule.type})" if rule.type else str(rule.kind)
    types = (rule.type,) if rule.type else ()
    rows = (
        f"| {name} | {escape(source)} | {escape(derivative)} |"
        for name, (source, derivative) in (("caught", rule.example), ("harmless", rule.twin))
    )
    parts = (
        f"# {rule.id}",
        str(escape(rule.summary)),
        str(escape(rule.why)),
        "\n".join(("| | source | derivative |", "| :--- | :--- | :--- |", *rows)),
        f"{kind.capitalize()}, usually {rule.severity}. By the criteria of public broadcasters: "
        f"{criterion(rule.kind, types)}. [All rules](README.md)",
        WRITTEN,
    )
    return "\n\n".join(parts) + "\n"


def rules_pages(rules: Iterable[Rule] = RULES) -> Iterator[tuple[Path, str]]:
    """Each page in docs/rules/, and what it should hold."""
    yield RULES_FOLDER / "README.md", rules_index(rules)
    for rule in rules:
        yield RULES_FOLDER / f"{rule.id}.md", rule_page(rule)


def gone(rules: Iterable[Rule] = RULES) -> list[Path]:
    """Pages of rules that there are no more."""
    known = {path for path, _ in rules_pages(rules)}
    return sorted(path for path in RULES_FOLDER.glob("*.md") if path not in known)


# --- README.md ------------------------------------------------------------------------------------


def text_report(name: str) -> str:
    """The text report on a seeds pair, as `claimdiff compare` prints it into a pipe."""
    with contextlib.chdir(ROOT):  # paths as a reader of the page would type them: lines wrap at their length
        folder = Path("seeds", name)
        (derivative,) = folder.glob("derivative.*")
        comparison = claimdiff.compare(sorted(folder.glob("source*.*")), derivative)
    return report.render(comparison, color=False, width=80)


def excerpt(page: str) -> str:
    """The head of a text report and the best findings that hold words of EXCERPT."""
    blocks = page.strip("\n").split("\n\n")
    flat = [" ".join(LABELS.sub("", block).split()) for block in blocks]
    found = [at for words in EXCERPT for at in range(1, len(blocks)) if words in flat[at]]
    best = list(dict.fromkeys(found))[:SHOWN]
    if len(best) < LEAST:
        raise SystemExit(f"seeds/{EXCERPT_OF}: too few findings hold the words of EXCERPT; choose others")
    out, last = [], -1
    for number in (0, *sorted(best)):
        if number != last + 1:
            out.append("[...]")
        out.append(blocks[number])
        last = number
    return "\n\n".join([*out, "[...]"] if last + 1 < len(blocks) else out) + "\n"


def readme(page: str) -> str:
    """The README with its excerpt as the program writes it now."""
    start = page.index(BEGIN) + len(BEGIN)
    shown = excerpt(report_head(text_report(EXCERPT_OF)))
    return page[:start] + shown + page[page.index(END, start) :]


def report_head(page: str) -> str:
    """A text report without its last part, the table of counts."""
    return page.rstrip("\n").rsplit("\n\n", 1)[0]


# --- docs/check.md --------------------------------------------------------------------------------


def check_page(page: str) -> str:
    """The page of the check with its tables as the program knows the settings."""
    settings = [f"| `{own.name}` | {_default(own)} | {escape(own.help)} |" for own in SETTINGS]
    page = _between(
        page, "settings", ["| setting | by default | what it does |", "| :--- | :--- | :--- |", *settings]
    )
    names = list(dict.fromkeys(key for layer in profiles().values() for key in layer))
    told = [
        f"| `{key}` | " + " | ".join(_value(layer, key) for layer in profiles().values()) + " |"
        for key in names
    ]
    head = "| setting | " + " | ".join(f"`{name}`" for name in profiles()) + " |"
    return _between(page, "profiles", [head, "| :--- |" + " :--- |" * len(profiles()), *told])


def _default(own: Setting) -> str:
    return "" if own.table or own.default == "" else f"`{written(own.default)}`"


def _value(layer: Layer, key: str) -> str:
    return f"`{written(layer[key].value if key in layer else BY_NAME[key].default)}`"


def _between(page: str, name: str, lines: list[str]) -> str:
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, rest = page.split(start)
    return before + start + "\n".join(lines) + "\n" + rest[rest.index(end) :]


# --- docs/tricky-cases.md -------------------------------------------------------------------------

PASSES, STOPS = "fine", "wrong"


def rows(page: str) -> Iterator[tuple[str, str, str, str]]:
    """(source, derivative, what an editor says, what claimdiff is said to say) of each table row."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[2] in (PASSES, STOPS):
            yield cells[0], cells[1], cells[2], cells[3]


def today(source: str, derivative: str, editor: str) -> str:
    """What the program says of a row, and whether that is right."""
    try:
        findings = claimdiff.compare(source, derivative).findings
    except claimdiff.NotComparableError:
        return "not comparable"
    found = ", ".join(dict.fromkeys(f"`{finding.rule}`" for finding in findings))
    if editor == PASSES:
        return f"false alarm: {found}" if found else "silent"
    return found or "missed"


def tricky_cases(page: str) -> str:
    """The page with its last column as the program judges now."""
    for source, derivative, editor, said in rows(page):
        row = f"| {source} | {derivative} | {editor} |"
        page = page.replace(f"{row} {said} |", f"{row} {today(source, derivative, editor)} |")
    return page


# --- all ------------------------------------------------------------------------------------------


def pages(only_rules: bool = False) -> Iterator[tuple[Path, str]]:
    """Each page that this tool writes, and what it should hold."""
    yield from rules_pages()
    yield CHECK, check_page(CHECK.read_text(encoding="utf-8"))
    if only_rules:
        return
    for path, write in ((ROOT / "README.md", readme), (ROOT / "docs" / "tricky-cases.md", tricky_cases)):
        yield path, write(path.read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only-rules", action="store_true", help="docs/rules/ alone, which compares nothing")
    given = parser.parse_args()
    stale = False
    RULES_FOLDER.mkdir(exist_ok=True)
    for path, page in pages(given.only_rules):
        if path.exists() and path.read_text(encoding="utf-8") == page:
            continue
        stale = True
        print(f"{path.relative_to(ROOT)}: {'stale' if given.check else 'written'}")
        if not given.check:
            path.write_text(page, encoding="utf-8", newline="")
    for path in gone():
        stale = True
        print(f"{path.relative_to(ROOT)}: {'of no rule' if given.check else 'removed'}")
        if not given.check:
            path.unlink()
    return int(given.check and stale)


if __name__ == "__main__":
    sys.exit(main())

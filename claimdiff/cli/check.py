"""`claimdiff check`: may these texts go out?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from claimdiff.cli import desk, options, output, reports, show
from claimdiff.cli.desk import Choices
from claimdiff.cli.exits import Exit, worst
from claimdiff.cli.output import Talk
from claimdiff.cli.pairs import Task, tasks
from claimdiff.cli.reports import Target
from claimdiff.errors import ClaimdiffError, NotComparableError
from claimdiff.model import Outcome
from claimdiff.render import FORMATS
from claimdiff.render.link import DOCS

if TYPE_CHECKING:
    from claimdiff.checking import Desk
    from claimdiff.model import Comparison


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a pair: a judged comparison, or why there is none."""

    name: str
    code: Exit
    comparison: Comparison | None = None
    trouble: str = ""


@click.command()
@click.argument("derivatives", metavar="[DERIVATIVE ...]", nargs=-1, type=desk.FILE)
@click.option(
    "--source",
    "sources",
    metavar="FILE",
    multiple=True,
    type=desk.FILE,
    help="A source of all the derivatives that are named. Repeatable.",
)
@click.option("--pairs", metavar="FILE", type=desk.FILE, help="Check the pairs in this .jsonl or .toml file.")
@click.option("--allow-unpaired", is_flag=True, help="Pass over a derivative for which no source is known.")
@desk.options
@click.option(
    "--format", "form", type=click.Choice(tuple(FORMATS)), metavar="NAME", default="text", show_default=True,
    help="What to print: " + ", ".join(FORMATS) + ".",
)  # fmt: skip
@click.option(
    "-o", "--output", "outputs", metavar="[FORMAT=]FILE", multiple=True, callback=reports.targets,
    help="Write a report too, in FORMAT or what its ending says; {name} in it is the text. Repeatable.",
)  # fmt: skip
@click.option("--explain-verdict", is_flag=True, help="Say of every setting and finding what it did.")
@click.option("--exit-zero", is_flag=True, help="Say 0 in place of 1; what was not judged is still 2 or 3.")
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True,
    help="Colour the text; auto is for terminals and heeds NO_COLOR and FORCE_COLOR.",
)  # fmt: skip
@show.rules_url
@options.talk
@click.pass_obj
def check(
    talk: Talk,
    derivatives: tuple[str, ...],
    sources: tuple[str, ...],
    pairs: str | None,
    allow_unpaired: bool,
    choices: Choices,
    form: str,
    outputs: tuple[Target, ...],
    explain_verdict: bool,
    exit_zero: bool,
    color: str,
    rules_url: str = DOCS,
) -> Exit:
    """Judge each DERIVATIVE by the policy in claimdiff.toml and say whether it may go out.

    Its source is the one named by --source; else the one that its own front matter names (source:,
    sources: or isBasedOn:, as seen from the file); else what [[pairs]] in the configuration says. Without
    a DERIVATIVE, all are checked that [[pairs]] or --pairs name.

    The exit code is 0 when every text passes; 1 when the policy stops one; 3 when one cannot be compared
    with its source; 2 when anything could not be read or judged. The worst counts: 2, 3, 1, 0.

    Each finding is shown with an id, by which `claimdiff waive` lets it pass. `claimdiff config` prints the
    policy in force. A claimdiff.toml can be as short as this:

    \b
      [[pairs]]
      derivative = "rewrites/{slug}.md"
      source = "wire/{slug}.md"

    \b
    Examples:
      claimdiff check rewrite.md --source wire.txt
      claimdiff check --profile strict -o report.html
      claimdiff check rewrites/*.md -o sarif=claimdiff.sarif -o junit=claimdiff.xml
    """
    own = choices.desk()
    work = tasks(own, derivatives, sources, pairs)
    targets = [*outputs, Target(form, None)]
    reports.refuse(targets, work, own.path)
    own.prepare()
    results = list(_results(own, work, talk, allow_unpaired=allow_unpaired))
    codes = [result.code for result in results]
    if exit_zero:
        codes = [Exit.OK if code is Exit.FOUND else code for code in codes]
    for result in results:
        if result.trouble:
            talk.error(result.trouble)
    done = [(result.name, result.comparison) for result in results if result.comparison]
    judged = [(own.path(name), comparison) for name, comparison in done]
    troubles = [(own.path(result.name), result.trouble) for result in results if result.trouble]
    for target in targets:
        try:
            reports.write(target, judged, troubles, color=color, rules_url=rules_url, talk=talk)
        except Exception as error:
            talk.trace()
            talk.error(str(error) if isinstance(error, ClaimdiffError) else output.internal(error))
            codes.append(Exit.TROUBLE)
    tell = partial(output.emit, needed=True) if form == "text" else talk.write
    if explain_verdict:
        from claimdiff.gate.explain import explain

        for name, comparison in done:
            tell(explain(comparison, own.policy(name), own.path(name)))
    if len(results) > 1:
        tell(reports.table([(r.name, r.code, r.comparison) for r in results]))
    return worst(codes)


def _results(own: Desk, work: Sequence[Task], talk: Talk, *, allow_unpaired: bool) -> Iterator[Result]:
    """All pairs are judged, whatever becomes of one."""
    from claimdiff.checking import UnpairedError

    for number, task in enumerate(work, 1):
        if len(work) > 1:
            talk.progress(f"{number} of {len(work)}: {task.name}")
        try:
            comparison = task.check(own)
            blocked = comparison.verdict is None or comparison.verdict.outcome is Outcome.BLOCK
            yield Result(task.name, Exit.FOUND if blocked else Exit.OK, comparison)
        except UnpairedError as error:
            if allow_unpaired:
                talk.say(f"{task.name}: no source is known; passed over")
                yield Result(task.name, Exit.OK)
            else:
                yield Result(task.name, Exit.TROUBLE, trouble=str(error))
        except NotComparableError as error:
            talk.trace()
            yield Result(task.name, Exit.NOT_COMPARABLE, trouble=_named(task.name, error))
        except ClaimdiffError as error:
            talk.trace()
            yield Result(task.name, Exit.TROUBLE, trouble=str(error))
        except Exception as error:
            talk.trace()
            yield Result(task.name, Exit.TROUBLE, trouble=f"{task.name}: {output.internal(error)}")
    talk.progress("")


def _named(name: str, error: Exception) -> str:
    """What went wrong, with the text's name where the words do not hold it."""
    return str(error) if name in str(error) else f"{name}: {error}"

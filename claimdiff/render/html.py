"""The comparison as one HTML file to forward: it loads nothing, needs no JavaScript to be read, and
its Content-Security-Policy lets nothing run but the script that is in it.

Whatever comes from the articles passes `words.plain` and the template's escaping; nothing in Python
makes markup.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claimdiff.model import Comparison, Kind, Type
from claimdiff.render import link, words
from claimdiff.render.html_judged import judged
from claimdiff.render.html_verdict import groups, sentence
from claimdiff.render.html_view import View, document
from claimdiff.render.page import environment, hashed

if TYPE_CHECKING:
    from jinja2 import Template


def render(comparison: Comparison, *, docs: str = link.DOCS) -> str:
    """The report as a page in one self-contained HTML file; `docs` is where the pages of the rules are."""
    return _template().render(content(comparison, docs=docs))


def content(comparison: Comparison, *, docs: str = link.DOCS) -> dict[str, Any]:
    """What the page's template is filled with."""
    view = View(comparison, docs)
    return {
        "title": words.title(comparison),
        "sentence": sentence(comparison),
        "tally": words.tally(comparison.findings),
        "comparison": comparison,
        "notes": words.notes(comparison),
        "summary": comparison.summary,
        "documents": [("Source", own, document(own)) for own in comparison.sources]
        + [("Derivative", comparison.derivative, document(comparison.derivative))],
        "groups": groups(comparison),
        "twice": any(len(own.types) > 1 for own in comparison.findings),
        "strips": view.strips(),
        "cards": view.cards,
        "sections": list(view.sections()),
        "judged": judged(view),
        "kinds": [kind for kind in Kind if any(own.kind is kind for own in comparison.findings)],
        "types": [type for type in Type if any(type in own.types for own in comparison.findings)],
        "folds": list(view.folds()),
    }


@cache
def _template() -> Template:
    """The page's template, with the style and the script in it and their hashes."""
    from markupsafe import Markup

    made = environment(_part)
    style, script = _part("report.css"), _part("report.js")
    made.globals.update(
        style=Markup(style),  # our own files, the same for every comparison
        script=Markup(script),
        policy=f"default-src 'none'; style-src '{hashed(style)}'; script-src '{hashed(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
    )
    return made.get_template("report.html.jinja")


def _part(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")

"""Jinja templates that make Markdown: every value that is not `Markdown` already is escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from claimdiff.render.escape import escape, linked, marked


@cache
def environment() -> Environment:
    """The environment of the templates in this package."""
    made = Environment(
        loader=FunctionLoader(_source),
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters.update(linked=linked, marked=marked)
    return made


def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")

"""A comparison as something to read, for people or for other programs: one module a format.

Each module has `render`, which returns text; `FORMATS` lists them. Renderers decide nothing: what is a
finding and what is not was settled before. Whatever comes from the articles is made harmless here,
for each format in its own way: nothing in an article may act in what is rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimdiff.model import Comparison


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is for, how its files end, and the module that makes it."""

    name: str
    summary: str
    suffix: str
    module: str = ""

    def load(self) -> Callable[..., str]:
        """The module's own `render`; what it needs is imported only now."""
        render: Callable[..., str] = import_module(f"{__name__}.{self.module or self.name}").render
        return render

    def render(self, comparison: Comparison, **options: Any) -> str:
        """The comparison in this format, with those of the options that it takes.

        All that there are: `title`; `rules`, what is known of each rule; `docs`, where the pages of the
        rules are; `root`, the folder that paths are told from; and for a terminal `color`, `width`,
        `verbose`, `side_by_side` and `encoding`.
        """
        known = self.options()
        return self.load()(comparison, **{name: own for name, own in options.items() if name in known})

    def options(self) -> frozenset[str]:
        """The options that it takes."""
        from inspect import signature

        return frozenset(signature(self.load()).parameters) - {"comparison"}


FORMATS: dict[str, Format] = {
    own.name: own
    for own in (
        Format("text", "for reading in a terminal", ".txt"),
        Format("markdown", "a full report", ".md"),
        Format("markdown-summary", "the same in brief, for a comment or a ticket", ".md", "summary"),
        Format("html", "a page to look through and to pass on", ".html"),
        Format("json", "everything, to keep or to work on", ".json", "whole"),
        Format("sarif", "SARIF 2.1.0, for code scanning and editors", ".sarif"),
        Format("github", "annotations, printed into the log of a GitHub workflow", ".log"),
        Format("rdjson", "diagnostics for reviewdog", ".rdjson"),
        Format("junit", "test results in JUnit's XML", ".xml"),
        Format("annotation", "W3C Web Annotations in JSON-LD", ".jsonld"),
        Format("csv", "a table of the findings", ".csv", "table"),
    )
}

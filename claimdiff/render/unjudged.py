"""What could not be judged, in the formats that can say so: whoever reads only a report must not take a text
that is missing in it for one that passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from claimdiff.render import github, sarif, words
from claimdiff.render.escape import escape
from claimdiff.render.junit import clean
from claimdiff.render.machine import dump

Trouble = tuple[str, str]  # a text's name, and why there is no verdict on it


def render(form: str, troubles: Sequence[Trouble], version: str) -> str:
    """A report on these texts alone, to be joined with the others; "" in a format that has no place for it.
    `version` is the program's."""
    return WAYS[form](troubles, version) if troubles and form in WAYS else ""


def _text(troubles: Sequence[Trouble], version: str) -> str:
    return "".join(f"Not judged: {words.plain(message)}\n" for _, message in troubles)


def _markdown(troubles: Sequence[Trouble], version: str) -> str:
    lines = [f"- {escape(name)}: {escape(message)}" for name, message in troubles]
    return "\n".join(("## Not judged", "", *lines, ""))


def _github(troubles: Sequence[Trouble], version: str) -> str:
    return "".join(
        f"::error title=claimdiff::{github.escape(f'Not judged: {words.plain(message)}')}\n"
        for _, message in troubles
    )


def _junit(troubles: Sequence[Trouble], version: str) -> str:
    number = str(len(troubles))
    top = Element("testsuites", name="claimdiff", tests=number, failures="0", errors=number, skipped="0")
    suite = SubElement(
        top, "testsuite", name="not judged", tests=number, failures="0", errors=number, skipped="0"
    )
    for name, message in troubles:
        case = SubElement(suite, "testcase", classname=clean(name), name="verdict", file=clean(name))
        SubElement(case, "error", message=clean(message), type="not judged")
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _sarif(troubles: Sequence[Trouble], version: str) -> str:
    told = [{"level": "error", "message": {"text": words.plain(message)}} for _, message in troubles]
    run = {
        "tool": {"driver": {"name": "claimdiff", "version": version, "rules": []}},
        "automationDetails": {"id": "claimdiff/not judged"},
        "invocations": [{"executionSuccessful": False, "toolExecutionNotifications": told}],
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    return dump({"$schema": sarif.SCHEMA, "version": "2.1.0", "runs": [run]})


WAYS: dict[str, Callable[[Sequence[Trouble], str], str]] = {
    "text": _text,
    "markdown": _markdown,
    "markdown-summary": _markdown,
    "github": _github,
    "junit": _junit,
    "sarif": _sarif,
}

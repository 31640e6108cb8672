"""Comparisons made by hand, for tests of what comes after the engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Edit,
    Finding,
    Kind,
    Link,
    Piece,
    Place,
    Relation,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Summary,
    Tally,
    Type,
)
from claimdiff.verify import Verifier
from claimdiff.verify import spec as specs

HELD = {Status.COVERED, Status.VERBATIM, Status.PARAPHRASE}


def document(id: str, name: str, lines: Sequence[tuple[str, Status]]) -> Document:
    """A document of one statement a paragraph; the first is the headline."""
    text, statements = "", []
    for number, (line, status) in enumerate(lines, 1):
        span = Span(len(text), len(text) + len(line))
        role = (
            Role.BOILERPLATE if status is Status.BOILERPLATE else Role.BODY if number > 1 else Role.HEADLINE
        )
        pieces = (Piece(0, span.start, len(line)),) if line else ()
        statements.append(Statement(f"{id}.{number}", id, span, role, line, pieces, status=status))
        text += line + "\n\n"
    return Document(id, name, text, statements=tuple(statements))


def finding(
    documents: Sequence[Document],
    kind: Kind,
    severity: Severity,
    *,
    source: tuple[str, str] | None = None,
    derivative: tuple[str, str] | None = None,
    **given: Any,
) -> Finding:
    """A finding whose places are a statement's id and words in it."""

    def place(where: tuple[str, str] | None) -> Place | None:
        if where is None:
            return None
        own = next(own for document in documents for own in document.statements if own.id == where[0])
        start = own.text.index(where[1])
        return own.place(Span(start, start + len(where[1])))

    values: dict[str, Any] = {
        "id": f"{kind}-{source}-{derivative}",
        "rule": f"{kind}-rule",
        "types": (),
        "confidence": 0.9,
        "message": f"This is an {kind}.",
    }
    return Finding(
        kind=kind, severity=severity, source=place(source), derivative=place(derivative), **(values | given)
    )


def comparison(
    sources: Sequence[Document],
    derivative: Document,
    links: Sequence[Link] = (),
    findings: Sequence[Finding] = (),
    notes: Sequence[str] = (),
) -> Comparison:
    """A comparison with the scores that follow from its parts."""

    def tally(documents: Sequence[Document]) -> Tally:
        status = [own.status for document in documents for own in document.statements]
        judged = [own for own in status if own is not Status.BOILERPLATE]
        return Tally(sum(own in HELD for own in judged), len(judged))

    covered, supported = tally(sources), tally([derivative])
    counts = Counts(**{kind.value: sum(own.kind is kind for own in findings) for kind in Kind})
    share = [round(own.held / own.total, 4) if own.total else 1.0 for own in (covered, supported)]
    drift = round(1 - sum(share) / 2, 4)
    summary = Summary(drift, share[0], share[1], counts, covered, supported)
    return Comparison(
        tuple(sources), derivative, tuple(links), tuple(findings), summary, "0.1.0", notes=tuple(notes)
    )


def ferry() -> Comparison:
    """A small pair with something of everything."""
    source = document(
        "s",
        "source.md",
        [
            ("Ferry line adds two boats", Status.COVERED),
            ("The Sundal line will add two boats in May, its director Ola Brekke said.", Status.COVERED),
            ("Fares rose 12% last year.", Status.COVERED),
            ("The union had not been asked.", Status.OMITTED),
            ("No jobs will be lost, Brekke said.", Status.OMITTED),
            ("Read more: harbour news", Status.BOILERPLATE),
        ],
    )
    derivative = document(
        "d",
        "derivative.md",
        [
            ("Ferry line adds two boats", Status.VERBATIM),
            ("The Sundal line has added two boats, its director Ola Brekke said.", Status.DISTORTED),
            ("Fares rose 20% last year.", Status.DISTORTED),
            ("A rival plans to sue.", Status.ADDED),
            ("Share this story", Status.BOILERPLATE),
        ],
    )
    both = (source, derivative)
    links = [
        Link("d.1", ("s.1",), Relation.VERBATIM, 1.0),
        Link(
            "d.2",
            ("s.2",),
            Relation.DISTORTED,
            0.8125,
            (
                Edit("The Sundal line ", "The Sundal line "),
                Edit("will add", ""),
                Edit("", "has added"),
                Edit(" two boats", " two boats"),
                Edit(" in May", ""),
                Edit(", its director Ola Brekke said.", ", its director Ola Brekke said."),
            ),
        ),
        Link(
            "d.3",
            ("s.3",),
            Relation.DISTORTED,
            0.9,
            (
                Edit("Fares rose ", "Fares rose "),
                Edit("12%", ""),
                Edit("", "20%"),
                Edit(" last year.", " last year."),
            ),
        ),
    ]
    findings = [
        finding(
            both,
            Kind.DISTORTION,
            Severity.MAJOR,
            source=("s.2", "will add"),
            derivative=("d.2", "has added"),
            types=(Type.MODALITY, Type.TIME),
            rule="plan-as-done",
            message="A plan in the source, done here.",
        ),
        finding(
            both,
            Kind.DISTORTION,
            Severity.MAJOR,
            source=("s.3", "12%"),
            derivative=("d.3", "20%"),
            types=(Type.NUMBER,),
            rule="number-changed",
            message="12% in the source, 20% here.",
            confidence=0.7,
            because=("number-changed",),
        ),
        finding(
            both, Kind.ADDITION, Severity.MINOR, derivative=("d.4", "A rival plans to sue."), confidence=0.6
        ),
        finding(
            both,
            Kind.OMISSION,
            Severity.MAJOR,
            source=("s.5", "No jobs will be lost, Brekke said."),
            after="d.3",
        ),
        finding(
            both,
            Kind.OMISSION,
            Severity.MINOR,
            source=("s.4", "The union had not been asked."),
            after="d.3",
            confidence=0.5,
        ),
    ]
    return comparison([source], derivative, links, findings, ["derivative.md: one line was cut short"])


@pytest.fixture
def pair() -> Comparison:
    return ferry()


@pytest.fixture
def build() -> Callable[..., Comparison]:
    """Builds a comparison from (text, status) lines of a source and a derivative."""

    def made(
        source: Sequence[tuple[str, Status]], derivative: Sequence[tuple[str, Status]], **given: Any
    ) -> Comparison:
        return comparison(
            [document("s", "source.md", source)], document("d", "derivative.md", derivative), **given
        )

    return made


# --- a browser ----------------------------------------------------------------------------------------

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs chromium: install Debian's package of that name")
    with api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield made
        made.close()


# --- a verifier -----------------------------------------------------------------------------------------


@pytest.fixture
def install_verifier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Verifier], None]]:
    """A function that lets every `--verifier` be this one."""

    def install(own: Verifier) -> None:
        specs.opened.cache_clear()
        monkeypatch.setattr(specs, "open_verifier", lambda spec: own)

    yield install
    specs.opened.cache_clear()


# --- what CI may skip ---------------------------------------------------------------------------------------

# In CI every part that a test may need is there, but for what the machine cannot give.
EXCUSED = (
    "needs a user whom rights bind",
    "needs file rights",
    "shared",
    "POSIX",
    "/dev/full",
    "needs chromium",  # .ci/run installs it where it can
    "needs php",
    "needs the extra `verify`",  # these three in `make test-models`, with packages of their own
    "needs the extra `onnx`",
    "needs the Python package onnx",
    "needs an accelerator",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that CI skipped for a missing part."""
    for reason in _unexcused(terminalreporter):
        terminalreporter.write_line(f"CI must not skip: {reason}", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Such a skip fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and _unexcused(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unexcused(reporter: pytest.TerminalReporter) -> list[str]:
    if os.environ.get("CI") != "true":
        return []
    reasons = (str(report.longrepr) for report in reporter.stats.get("skipped", []))
    return [reason for reason in reasons if not any(excuse in reason for excuse in EXCUSED)]

"""A browser and pages for it; without Playwright or Chromium these tests are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from seen import Opener, Watched, compared

from claimdiff.render.html import render


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that gives the file of a pair's report."""
    folder = tmp_path_factory.mktemp("reports")

    @cache
    def write(name: str) -> Path:
        path = folder / f"{name}.html"
        path.write_text(render(compared(name)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def open_report(browser: Any, written: Callable[[str], Path]) -> Iterator[Opener]:
    """A function that opens the report of a pair from disk; options go to the browser's context.

    After the test no page may have asked for anything but its own file, or said anything in its console."""
    contexts, watched = [], []

    def open_one(name: str = "harbour", hash: str = "", **options: Any) -> Watched:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        options.setdefault("reduced_motion", "reduce")  # no gliding: tests need not wait for it
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        own = Watched(context.new_page())
        contexts.append(context)
        watched.append((own, address := written(name).as_uri()))
        own.page.goto(address + hash)
        return own

    yield open_one
    for context in contexts:
        context.close()
    for own, address in watched:
        assert own.messages == []
        assert {url.partition("#")[0] for url in own.requests if not url.startswith("data:")} == {address}

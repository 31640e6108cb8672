"""The HTML report in a real browser, opened from disk. Every test also holds the page to silence: no request
but for the file itself, no message in the console (see `open_report`)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from seen import PAIRS, Opener, compared

WIDTHS = (1440, 1024, 390)
ALL = (*PAIRS, "long", "envoy")


def visible(page: Any, query: str) -> int:
    return int(page.locator(f"{query}:visible").count())


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def in_view(page: Any, id: str) -> bool:
    """Whether an element comes to stand on the screen; the page may glide there."""
    page.wait_for_function(
        """id => { const box = document.getElementById(id).getBoundingClientRect();
        return box.top >= 0 && box.top < innerHeight && box.height > 0; }""",
        arg=id,
        timeout=3000,
    )
    return True


# --- going about ----------------------------------------------------------------------------------


def test_a_finding_leads_to_its_row_and_back(open_report: Opener) -> None:
    page = open_report().page
    card = page.locator(".card").first
    id = card.get_attribute("id")
    card.locator(".go").first.click()
    row = page.evaluate("location.hash.slice(1)")
    assert row.startswith("row-")
    assert focused(page) == row
    assert in_view(page, row)
    page.locator(f'[id="{row}"] .chip').first.click()
    assert focused(page) == id
    assert in_view(page, id)


def test_marked_words_lead_to_their_finding(open_report: Opener) -> None:
    page = open_report().page
    mark = page.locator(".rows mark[data-finding]").first
    mark.click()
    assert focused(page) == mark.get_attribute("data-finding")


def test_a_cell_of_the_map_leads_to_its_row(open_report: Opener) -> None:
    page = open_report().page
    cells = page.locator(".strip a.cell")
    for at in range(0, cells.count(), 3):
        cells.nth(at).click()
        row = page.evaluate("location.hash.slice(1)")
        assert in_view(page, row), row


def test_arrows_walk_along_the_map(open_report: Opener) -> None:
    page = open_report().page
    page.locator(".strip a.cell").first.focus()
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.parentElement.nextElementSibling") is None
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == first


@pytest.mark.parametrize("at", [0, -1])
def test_a_deep_link_shows_its_finding(open_report: Opener, at: int) -> None:
    finding = compared("harbour").findings[at]
    page = open_report(hash=f"#{finding.id}").page
    assert focused(page) == finding.id
    assert in_view(page, finding.id)


def test_a_deep_link_is_the_findings_own_id() -> None:
    assert all(finding.id.isalnum() for finding in compared("harbour").findings)


def test_a_link_to_a_finding_that_is_filtered_out_shows_it_all_the_same(open_report: Opener) -> None:
    page = open_report().page
    page.fill("#search", "nothing has these words")
    assert visible(page, ".card") == 0
    finding = compared("harbour").findings[0]
    page.evaluate("id => { location.hash = id }", finding.id)
    page.locator(f"#{finding.id}").wait_for(state="visible")
    assert focused(page) == finding.id


def test_a_link_into_a_fold_opens_it(open_report: Opener) -> None:
    page = open_report().page
    row = page.locator("details .row").first
    id = row.get_attribute("id")
    assert not row.is_visible()
    page.evaluate("id => { location.hash = id }", id)
    row.wait_for(state="visible")


def test_a_link_that_leads_nowhere_does_nothing(open_report: Opener) -> None:
    page = open_report(hash="#%E0%A4%A").page
    assert visible(page, ".card") == len(compared("harbour").findings)


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("control", "keeps"),
    [
        ('[name="severity"][value="minor"]', lambda own: own.severity == "major"),
        ('[name="severity"][value="major"]', lambda own: own.severity == "minor"),
        ('[name="kind"][value="distortion"]', lambda own: own.kind != "distortion"),
        ('[name="kind"][value="omission"]', lambda own: own.kind != "omission"),
    ],
)
def test_a_box_that_is_cleared_takes_its_findings_away(open_report: Opener, control: str, keeps: Any) -> None:
    page = open_report().page
    findings = compared("harbour").findings
    kept = sum(keeps(own) for own in findings)
    assert 0 < kept < len(findings)
    page.uncheck(control)
    assert visible(page, ".card") == kept
    assert page.inner_text("#shown") == f"{kept} of {len(findings)} findings shown"
    page.click('#filters button[type="reset"]')
    page.locator("#shown").wait_for(state="hidden")
    assert visible(page, ".card") == len(findings)


def test_a_type_is_chosen(open_report: Opener) -> None:
    page = open_report().page
    findings = compared("harbour").findings
    for type in {type for own in findings for type in own.types}:
        page.select_option('[name="type"]', type)
        assert visible(page, ".card") == sum(type in own.types for own in findings)


def test_confidence_is_a_floor(open_report: Opener) -> None:
    page = open_report().page
    findings = compared("harbour").findings
    least = sorted(own.confidence for own in findings)[len(findings) // 2]
    floor = round(least / 0.05) * 0.05
    page.evaluate(
        """value => { const slider = document.getElementById("confidence"); slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true })); }""",
        floor,
    )
    assert visible(page, ".card") == sum(own.confidence >= round(floor, 4) for own in findings)
    assert page.inner_text("#least") == f"{floor:.2f}"


def test_search_looks_through_the_words_of_the_cards(open_report: Opener) -> None:
    page = open_report().page
    page.keyboard.press("/")
    page.keyboard.type("CRUISE lines")
    assert visible(page, ".card") == 1
    page.keyboard.press("Escape")
    assert visible(page, ".card") == len(compared("harbour").findings)


# --- folds and keys -------------------------------------------------------------------------------


def test_equal_rows_fold(open_report: Opener) -> None:
    page = open_report().page
    fold = page.locator("details").first
    assert "statements unchanged" in fold.locator("summary").inner_text()
    assert visible(page, "details .row") == 0
    fold.locator("summary").click()
    assert visible(page, "details .row") > 0
    fold.locator("summary").click()
    assert visible(page, "details .row") == 0


def test_e_unfolds_and_folds_all(open_report: Opener) -> None:
    page = open_report().page
    page.keyboard.press("e")
    assert page.locator("details:not([open])").count() == 0
    assert page.get_attribute("#expand", "aria-expanded") == "true"
    page.keyboard.press("e")
    assert page.locator("details[open]").count() == 0


def test_j_and_k_walk_through_the_findings(open_report: Opener) -> None:
    page = open_report().page
    cards = [page.locator(".card").nth(at).get_attribute("id") for at in range(page.locator(".card").count())]
    for id in cards:
        page.keyboard.press("j")
        assert focused(page) == id
        assert in_view(page, id)
    page.keyboard.press("j")
    assert focused(page) == cards[-1]
    page.keyboard.press("k")
    assert focused(page) == cards[-2]
    page.keyboard.press("Enter")
    assert focused(page).startswith("row-")


def test_j_passes_over_what_is_filtered_out(open_report: Opener) -> None:
    page = open_report().page
    page.uncheck('[name="severity"][value="major"]')
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.severity") == "minor"


def test_the_keys_are_told(open_report: Opener) -> None:
    page = open_report().page
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("j")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.click("#show-keys")
    page.uncheck("#keys-on")
    page.click("#close-keys")
    page.keyboard.press("j")
    assert focused(page) == "show-keys"


def test_keys_are_letters_in_a_field(open_report: Opener) -> None:
    page = open_report().page
    page.focus("#search")
    page.keyboard.type("jke?")
    assert page.input_value("#search") == "jke?"
    assert focused(page) == "search"
    assert not page.locator("#keys").is_visible()


# --- whatever the text, the screen and the reader ---------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ALL)
def test_nothing_is_wider_than_the_screen(open_report: Opener, name: str, width: int) -> None:
    page = open_report(name, viewport={"width": width, "height": 900}).page
    page.keyboard.press("e")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        """[...document.querySelectorAll("main *:not(.hidden)")].filter((own) =>
        own.getBoundingClientRect().right > innerWidth + 1 && !own.closest(".hidden, svg")).length"""
    )
    assert wide == 0


@pytest.mark.parametrize("name", ["runs", "names"])
def test_nothing_that_an_article_brings_runs(open_report: Opener, name: str) -> None:
    page = open_report(name).page
    page.keyboard.press("e")
    page.locator(".card").first.click()
    page.wait_for_timeout(100)
    assert page.evaluate("typeof window.ran") == "undefined"
    assert page.locator("main img, main iframe, main script, main a[href^='javascript']").count() == 0


def test_without_scripts_all_is_there(open_report: Opener) -> None:
    page = open_report(java_script_enabled=False).page
    assert visible(page, ".card") == len(compared("harbour").findings)
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#expand").is_visible()
    assert visible(page, "a.cell") == page.locator("a.cell").count()
    page.locator("summary").first.click()
    assert visible(page, "details .row") > 0


def test_print_shows_what_is_folded_and_no_controls(open_report: Opener) -> None:
    page = open_report().page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("#filters").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_rows_are_level(open_report: Opener) -> None:
    """Both sides of a row begin at one height."""
    page = open_report("envoy").page
    uneven = page.evaluate(
        """[...document.querySelectorAll(".rows .row")].filter((row) => {
        const sides = [...row.querySelectorAll(":scope > .side")];
        const tops = sides.map((own) => own.getBoundingClientRect().top);
        return tops.length === 2 && Math.abs(tops[0] - tops[1]) > 1; }).length"""
    )
    assert uneven == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["harbour", "names", "envoy"])
def test_axe_finds_nothing(open_report: Opener, name: str, width: int, scheme: str) -> None:
    """WCAG 2.2 A and AA, and axe-core's best practices: contrast, names, roles, order of headings."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = open_report(name, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    page.keyboard.press("e")
    found = axe.Axe().run(page).response["violations"]
    told = [(own["id"], own["impact"], [node["html"][:120] for node in own["nodes"][:3]]) for own in found]
    assert not told, json.dumps(told, indent=1)

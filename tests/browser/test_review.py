"""The review in a real browser, served by the command itself. Every test also holds the pages to silence: no
request but to the server, no message in the console but of what was refused (see `open_page`)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Watched
from invented import HARBOUR, NAMES, RUNS, Texts

pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
pytest.importorskip("uvicorn", reason="needs the extra `review` (uvicorn)")
httpx = pytest.importorskip("httpx", reason="needs httpx")

TOKEN = "a-token-of-more-than-twenty-characters"
GERMAN = (
    "Der Hafen bleibt im Juni geschlossen, sagte die Behörde am Montag. Die Arbeiten dauern vierzehn Wochen. "
)
MENDED = HARBOUR.derivative.replace("8.2 million", "6.2 million").replace("3 July", "3 June")
WORSE = MENDED.replace("Some 140 dockers", "Some 410 dockers")
REFUSED = re.compile(r"error: Failed to load resource: the server responded with a status of 4(09|22)\b")


@dataclass
class Server:
    process: subprocess.Popen[str]
    url: str

    def start(self, name: str, texts: Texts = HARBOUR) -> str:
        """The address of a new comparison of these texts, which no other test has."""
        body = {
            "name": name,
            "author": "the wire",
            "sources": [{"text": texts.source, "name": f"{name} source"}],
            "derivative": {"text": texts.derivative, "name": f"{name} rewrite"},
        }
        told = self.call("POST", "/v1/check", json=body).json()
        return f"/comparisons/{told['id']}"

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = httpx.request(method, self.url + path, headers=headers, timeout=60, trust_env=False, **more)
        return answer.raise_for_status()

    def standings(self, place: str) -> list[str]:
        told = self.call("GET", f"/v1{place}").json()
        return sorted(own["decision"] for own in told["decisions"])


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """`claimdiff review` with its database in this folder."""
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    command = [
        sys.executable, "-m", "claimdiff", "review", "--no-config", "--no-cache", "--no-browser",
        "--port", "0", "--workers", "1", "--database", str(folder / "review.sqlite3"),
        "--token-file", str(token),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stderr is not None
    said: list[str] = []
    hearing = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
    try:
        found = re.search(r"http://\S+?:\d+", line := process.stderr.readline())
        hearing.start()
        assert found, line
        yield Server(process, found[0])
        told = "".join(said)  # what a worker says when its server is killed is no trouble
        assert "Traceback" not in told, told
    finally:
        process.kill()
        process.wait()
        hearing.join()
        process.stderr.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("review")) as own:
        yield own


Opener = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, server: Server) -> Iterator[Opener]:
    """A function that opens a page of the server in a browser of its own, for somebody of this name."""
    contexts, watched = [], []

    def open_one(path: str = "/", author: str = "Ann", url: str = server.url, **options: Any) -> Any:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        if author:
            cookie = {"name": "claimdiff-name", "value": author, "url": url, "sameSite": "Strict"}
            context.add_cookies([cookie])
        own = Watched(context.new_page())
        contexts.append(context)
        watched.append((own, url))
        path, hash, anchor = path.partition("#")
        own.page.goto(f"{url}{path}?token={TOKEN}{hash}{anchor}")
        return own.page

    yield open_one
    for context in contexts:
        context.close()
    for own, url in watched:
        assert [told for told in own.messages if not REFUSED.match(told)] == []
        assert [asked for asked in own.requests if not asked.startswith((f"{url}/", "data:"))] == []


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def cards(page: Any) -> list[str]:
    return [str(own) for own in page.eval_on_selector_all(".card", "all => all.map(own => own.id)")]


def standing(page: Any, id: str, expected: str) -> None:
    """Wait until the card stands so."""
    page.locator(f'[id="stand-{id}"][data-standing="{expected}"]').wait_for()


def said(page: Any, words: str) -> None:
    page.locator("#said", has_text=words).wait_for()


def decide(page: Any, id: str, key: str, words: str = "") -> None:
    """Decide by keys on a card that the focus is brought to."""
    page.evaluate("id => document.getElementById(id).focus()", id)
    page.keyboard.press(key)
    if words:
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    expected = {"a": "accepted", "d": "dismissed"}
    if key in expected:
        standing(page, id, expected[key])


# --- starting -------------------------------------------------------------------------------------


def test_two_texts_are_pasted(open_page: Opener) -> None:
    page = open_page("/new", author="")
    page.fill("#source-1", HARBOUR.source + "Pasted by hand.")
    page.fill("#derivative", HARBOUR.derivative)
    page.fill("#name", "Quay, pasted")
    page.fill("#author", "Ann Öberg")
    page.click("#compare")
    page.wait_for_url("**/comparisons/*")
    assert page.title() == "Quay, pasted"
    assert page.locator(".card").count() > 3
    assert page.input_value("#who-name") == "Ann Öberg"
    page.click("text=Desk")
    assert (
        page.locator(".desk tbody tr").filter(has_text="Quay, pasted").filter(has_text="Ann Öberg").count()
        == 1
    )


DROP = """([zone, files]) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
  document.getElementById(zone).dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_files_are_dropped(open_page: Opener, server: Server) -> None:
    page = open_page("/new")
    half = HARBOUR.source.index("Fishing")
    parts = [
        ["one.txt", list(HARBOUR.source[:half].encode())],
        ["two.md", list(HARBOUR.source[half:].encode())],
    ]
    page.evaluate(DROP, ["zone-source", parts])
    page.locator("#source-2").wait_for()
    latin = HARBOUR.derivative.replace("Tollen", "Tollén").encode("cp1252")
    page.evaluate(DROP, ["zone-derivative", [["rewrite.txt", list(latin)]]])
    page.locator(".file-name", has_text="rewrite.txt").wait_for()
    assert "Fishing boats" in page.input_value("#source-2")
    page.click("#compare")
    page.wait_for_url("**/comparisons/*")
    names = page.locator(".documents bdi").all_inner_texts()
    assert names == ["one.txt", "two.md", "rewrite.txt"]
    assert "Tollén" in page.input_value("#text-edit")


@pytest.mark.parametrize(
    ("place", "source", "derivative"),
    [
        ("derivative", HARBOUR.source, ""),
        ("source-1", "", HARBOUR.derivative),
        ("source-1", GERMAN * 4, HARBOUR.derivative),
    ],
)
def test_what_cannot_be_compared_is_told_beside_its_text(
    open_page: Opener, place: str, source: str, derivative: str
) -> None:
    page = open_page("/new")
    page.fill("#source-1", source)
    page.fill("#derivative", derivative)
    page.click("#compare")
    page.locator(f"#trouble-{place}:not(:empty)").wait_for()
    assert focused(page) == place
    assert page.locator(".trouble:not(:empty)").count() == 1
    assert page.input_value("#source-1") == source


def test_a_file_that_cannot_be_read_is_told_where_it_was_dropped(open_page: Opener) -> None:
    page = open_page("/new")
    page.fill("#source-1", HARBOUR.source)
    page.evaluate(DROP, ["zone-derivative", [["rewrite.pdf", list(b"%PDF-1.4 nothing")]]])
    page.locator(".file-name", has_text="rewrite.pdf").wait_for()
    page.click("#compare")
    page.locator("#trouble-derivative:not(:empty)").wait_for()
    page.click("#zone-derivative .remove")
    assert page.locator("#derivative").is_visible()


def test_a_comparison_that_takes_long_is_stopped(open_page: Opener) -> None:
    page = open_page("/new")
    page.route("**/new", lambda route: None)  # which never comes to an end
    page.fill("#source-1", HARBOUR.source)
    page.fill("#derivative", HARBOUR.derivative)
    page.click("#compare")
    page.locator("#working:visible").wait_for()
    assert page.locator("#compare").is_disabled()
    page.click("#cancel")
    page.locator("#trouble-start", has_text="Stopped").wait_for()
    assert page.locator("#compare").is_enabled()
    assert page.input_value("#source-1") == HARBOUR.source


# --- the desk -------------------------------------------------------------------------------------


def test_the_desk_is_searched_and_filtered(open_page: Opener, server: Server) -> None:
    server.start("Zebra crossing")
    place = server.start("Zebra market")
    server.call("POST", f"/v1{place}/state", json={"act": "changes-asked", "author": "Ben", "revision": 1})
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type("zebra")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=zebra**")
    assert page.locator(".desk tbody tr").count() == 2
    page.select_option("#state", "changes asked")
    page.wait_for_url("**state=changes**")
    assert page.locator(".desk tbody th").all_inner_texts() == ["Zebra market"]
    page.fill("#q", "nothing has this name")
    page.keyboard.press("Enter")
    page.locator("text=Nothing here fits").wait_for()


# --- deciding -------------------------------------------------------------------------------------


def test_a_text_is_reviewed_to_its_sign_off_by_keys_alone(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("By keys"))
    assert page.locator("#sign-off").is_disabled()
    assert "undecided" in page.inner_text("#unsigned")
    ids = cards(page)
    for id in ids:
        page.keyboard.press("j")
        assert focused(page) == id
        page.keyboard.press("d")
        assert focused(page) == f"text-{id}"
        page.keyboard.type("jade: the desk knows, a d c u")
        page.keyboard.press("Enter")
        standing(page, id, "dismissed")
        assert focused(page) == id
    said(page, f"{len(ids)} of {len(ids)} decided")
    page.locator("#sign-off:enabled").wait_for()
    page.focus("#sign-off")
    page.keyboard.press("Enter")
    page.locator("#reopen").wait_for()
    assert page.inner_text("#review-now .state") == "Signed off"
    page.reload()
    assert page.inner_text("#review-now .state") == "Signed off"
    assert page.locator('.stand[data-standing="dismissed"]').count() == len(ids)
    assert page.locator("#dismissed-title").is_visible()
    assert page.locator(".reason", has_text="jade: the desk knows, a d c u").count() >= len(ids)


def test_sign_off_is_refused_while_something_major_is_left(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Refused"))
    page.evaluate("document.getElementById('sign-off').disabled = false")
    page.click("#sign-off")
    page.locator("#trouble-review:not(:empty)").wait_for()
    assert "undecided" in page.inner_text("#trouble-review")
    major = page.eval_on_selector_all(".card[data-severity=major]", "all => all.map(own => own.id)")
    for id in major:
        decide(page, id, "a")
    page.locator("#unsigned", has_text="still there").wait_for()
    for id in major:
        decide(page, id, "d", "as the desk wants it")
    page.locator("#sign-off:enabled").wait_for()
    page.click("#sign-off")
    page.locator("#reopen").wait_for()
    page.keyboard.press("u")
    page.locator("#sign-off:enabled").wait_for()


def test_what_was_done_last_is_undone(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Undone"))
    first, second = cards(page)[:2]
    decide(page, first, "a")
    decide(page, second, "d", "known")
    page.keyboard.press("u")
    standing(page, second, "open")
    assert focused(page) == second
    page.keyboard.press("u")
    standing(page, first, "open")
    page.keyboard.press("u")
    said(page, "nothing of yours")


def test_a_dismissal_without_a_reason_is_refused_where_it_was_tried(
    open_page: Opener, server: Server
) -> None:
    page = open_page(server.start("No reason"))
    first, second = cards(page)[:2]
    page.fill("#text-review", "half a note")
    page.evaluate("id => document.getElementById(id).focus()", second)
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    page.locator(f"#trouble-{second}:not(:empty)").wait_for()
    assert "reason" in page.inner_text(f"#trouble-{second}")
    assert focused(page) == f"text-{second}"
    assert page.locator(".trouble:not(:empty)").count() == 1
    page.keyboard.press("Escape")
    assert focused(page) == second
    assert page.input_value("#text-review") == "half a note"
    standing(page, second, "open")
    standing(page, first, "open")


def test_the_page_stays_where_it_is(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Stays"))
    id = cards(page)[3]
    page.evaluate("id => document.getElementById(id).scrollIntoView()", id)
    place = "id => document.getElementById(id).getBoundingClientRect().top"
    before = page.evaluate(place, id)
    page.click(f"#accept-{id}")
    standing(page, id, "accepted")
    assert focused(page) in (id, f"accept-{id}")
    assert abs(page.evaluate(place, id) - before) < 2


def test_who_decides_is_asked_once(open_page: Opener, server: Server) -> None:
    place = server.start("Nameless")
    page = open_page(place, author="")
    id = cards(page)[0]
    assert page.locator(".decide button, #form-review").count() == 0
    page.evaluate("id => document.getElementById(id).focus()", id)
    page.keyboard.press("a")
    said(page, "Say who you are")
    page.fill("#who-name", "Zoë Ādams")
    page.keyboard.press("Enter")
    page.locator("#form-review").wait_for()
    decide(page, id, "a")
    assert "Zoë Ādams" in page.inner_text(f"#stand-{id}")
    page.goto(f"{server.url}/new")
    assert page.locator("#author").count() == 0


def test_what_was_decided_is_saved_as_files(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Saved"))
    decide(page, cards(page)[0], "d", "The port says so")
    for name, suffix in (("Markdown", "md"), ("JSON", "json"), ("Waivers", "toml")):
        with page.expect_download() as download:
            page.click(f".exports >> text={name}")
        assert download.value.suggested_filename.endswith(f".{suffix}")
        assert "The port says so" in Path(download.value.path()).read_text(encoding="utf-8")


def test_comments_are_kept(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Commented"))
    id = cards(page)[0]
    page.evaluate("id => document.getElementById(id).focus()", id)
    page.keyboard.press("c")
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    page.locator(f"#stand-{id} .remark").wait_for()
    assert page.inner_text(f"#stand-{id} .remark p:last-child") == "First line\nsecond line"
    page.fill("#text-review", "The whole of it")
    page.click("#comment-text")
    page.locator("#review-now .remark", has_text="The whole of it").wait_for()
    assert page.input_value("#text-review") == ""


def test_keys_are_letters_in_a_field_and_told_in_the_help(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Letters"))
    page.focus("#text-review")
    page.keyboard.type("adcu/?")
    assert page.input_value("#text-review") == "adcu/?"
    page.focus("#sign-off, #ask")
    page.locator("h1").click()
    page.keyboard.press("a")
    said(page, "Choose a finding")
    page.keyboard.press("?")
    assert "dismiss, with a reason" in page.inner_text("#keys")
    page.keyboard.press("Escape")
    assert server.standings(page.url.removeprefix(server.url).partition("?")[0]) == []


def test_only_what_is_undecided_is_shown_if_asked(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Narrowed"))
    ids = cards(page)
    decide(page, ids[0], "a")
    page.check("#undecided-only")
    assert page.locator(".card:visible").count() == len(ids) - 1
    page.locator("h1").click()
    page.keyboard.press("j")
    assert focused(page) == ids[1]
    page.uncheck("#undecided-only")
    assert page.locator(".card:visible").count() == len(ids)


# --- editing --------------------------------------------------------------------------------------


def test_the_text_is_edited_and_checked_again(open_page: Opener, server: Server) -> None:
    page = open_page(server.start("Edited"))
    cruise = page.locator(".card", has_text="cruise lines").first.get_attribute("id")
    cost = page.locator(".card[data-types~=number]").first.get_attribute("id")
    decide(page, cruise, "d", "confirmed by phone")
    decide(page, cost, "a")
    page.fill("#text-edit", WORSE)
    page.fill("#note-edit", "Figures as in the wire")
    page.click("#recheck")
    page.locator('#review[data-revision="2"]').wait_for()
    standing(page, cruise, "dismissed")
    assert page.locator(".stand.new").count() >= 1
    assert page.locator(f'#fixed [id="stand-{cost}"]').inner_text().startswith("✓ Fixed, was accepted by Ann")
    new = page.locator(".stand.new").count()
    assert f"{new} new" in page.inner_text(".changed")
    page.click(".changed a")
    standing(page, focused(page), "new")
    assert page.locator("#log-list", has_text="Figures as in the wire").count() == 1
    page.goto(page.url.partition("#")[0] + "?revision=1")
    assert "nobody decides" in page.inner_text("#review")
    assert page.locator(".decide, #edit").count() == 0


def test_a_finding_leads_to_its_words_in_the_field(open_page: Opener, server: Server) -> None:
    texts = Texts(HARBOUR.source, HARBOUR.derivative.replace("Tollen harbour to", "𝔗ollen harbour to"))
    page = open_page(server.start("To its words", texts))
    card = page.locator(".card", has_text="cruise lines").first
    card.locator(".to-edit").click()
    assert focused(page) == "text-edit"
    field = "(own => own.value.slice(own.selectionStart, own.selectionEnd))(document.activeElement)"
    assert page.evaluate(field).startswith("Three cruise lines")


def test_two_editors_decide_and_see_each_other(open_page: Opener, server: Server) -> None:
    place = server.start("Two editors")
    ann, ben = open_page(place), open_page(place, author="Ben")
    first = ann.locator(".card[data-types~=number]").first.get_attribute("id")
    second = ann.locator(".card", has_text="cruise lines").first.get_attribute("id")
    decide(ann, first, "a")
    decide(ben, second, "d", "Ben knows")
    standing(ben, first, "accepted")
    standing(ann, second, "dismissed")
    assert "Ben" in ann.inner_text(f"#stand-{second}")
    assert server.standings(place) == ["accepted", "dismissed"]
    ann.fill("#text-edit", MENDED)
    ann.click("#recheck")
    ann.locator('#review[data-revision="2"]').wait_for()
    ben.fill("#text-edit", HARBOUR.derivative.replace("8.2", "9.9"))
    ben.click("#recheck")
    ben.locator("#edit .notice").wait_for()
    assert "revision 2 is there now" in ben.inner_text("#trouble-edit")
    assert "9.9" in ben.input_value("#text-edit")
    ben.locator("#stale:visible").wait_for()
    assert server.call("GET", f"/v1{place}").json()["revision"] == 2
    ben.click("#recheck")  # now knowingly
    ben.locator('#review[data-revision="3"]').wait_for()
    standing(ben, second, "dismissed")


# --- whatever comes -------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [RUNS, NAMES], ids=["runs", "names"])
def test_nothing_that_anybody_writes_runs(open_page: Opener, server: Server, texts: Texts) -> None:
    evil = '</textarea></title><script>window.ran=1</script><img src=x onerror="window.ran=1">'
    evil += '" onfocus="window.ran=1'
    place = server.start(f"{evil} {len(texts.source)}", texts)
    page = open_page(place, author="%3Cimg%20src%3Dx%20onerror%3D%22window.ran%3D1%22%3E")
    id = cards(page)[0]
    decide(page, id, "d", evil)
    page.fill("#text-review", evil)
    page.click("#comment-text")
    page.locator("#review-now .remark").wait_for()
    assert page.input_value("#text-edit") == texts.derivative
    for path in (place, "/", f"/?q={evil}"):
        page.goto(server.url + path)
        page.wait_for_timeout(100)
        assert page.evaluate("typeof window.ran") == "undefined"
        assert (
            page.locator(
                "main img, main iframe, main script, [onerror], [onfocus], a[href^='javascript']"
            ).count()
            == 0
        )


def test_without_scripts_everything_can_be_done(open_page: Opener, server: Server) -> None:
    page = open_page("/new", author="", java_script_enabled=False)
    page.fill("#source-1", HARBOUR.source + "No script.")
    page.fill("#author", "Ann")
    page.click("#compare")
    assert "empty" in page.inner_text("#trouble-derivative")
    page.fill("#derivative", HARBOUR.derivative)
    page.click("#compare")
    page.wait_for_url("**/comparisons/*")
    first, second = cards(page)[:2]
    page.click(f"#dismiss-{first}")
    assert "reason" in page.inner_text(f"#trouble-{first}")
    page.fill(f"#text-{first}", "It is known")
    page.click(f"#dismiss-{first}")
    standing(page, first, "dismissed")
    assert page.url.endswith(f"#{first}")
    page.click(f"#accept-{second}")
    standing(page, second, "accepted")
    page.click("#undo")
    standing(page, second, "open")
    page.fill("#text-edit", MENDED)
    page.click("#recheck")
    assert "Revision 2" in page.inner_text(".changed")
    page.fill("#who-name", "Ben")
    page.click("#who button")
    assert "You are Ben" in page.inner_text(".crumbs")


def test_nothing_acknowledged_is_lost_when_the_server_dies(open_page: Opener, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        place = server.start("Killed")
        page = open_page(place, url=server.url)
        first, second = cards(page)[:2]
        decide(page, first, "a")
        page.evaluate("id => document.getElementById(id).focus()", second)
        page.keyboard.press("d")
        page.keyboard.type("half a reas")
        page.route("**/now", lambda route: None)  # it would say in the console that nobody answers
        server.process.kill()
        page.context.close()
    with serving(tmp_path) as server:
        page = open_page(place, url=server.url)
        standing(page, first, "accepted")
        standing(page, second, "open")
        page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(open_page: Opener, server: Server, width: int) -> None:
    """WCAG 2.2 A and AA, and axe-core's best practices, in both schemes at least once."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    place = server.start(f"Harbour at {width}")
    page = open_page(place, viewport={"width": width, "height": 900})
    ids = cards(page)
    decide(page, ids[0], "a")
    decide(page, ids[1], "d", "known")
    page.evaluate("id => document.getElementById(id).focus()", ids[2])
    page.keyboard.press("d")
    rule = page.locator(".rule a").first.get_attribute("href")
    for path in ("", "/", "/new", rule):
        if path:
            page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark") if width > 400 else ("light",):
            page.emulate_media(color_scheme=scheme)
            found = axe.Axe().run(page).response["violations"]
            told = [(own["id"], [node["html"][:160] for node in own["nodes"][:3]]) for own in found]
            assert not told, json.dumps([path, scheme, told], indent=1)

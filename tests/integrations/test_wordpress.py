"""integrations/wordpress: the panel in a browser and the plugin in PHP, both before the real service.

The panel runs on as much of WordPress as it uses (fake_wp.js), and what it asks is answered by a small proxy
that does what the plugin does. Where there is PHP, the plugin itself answers the same questions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from service import (
    DISTORTED,
    DOUBTFUL,
    FAITHFUL,
    SOURCE,
    TOKEN,
    UNLIKE,
    Scripted,
    nobody,
    running,
    scripted,
    serving,
)

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parents[1] / "integrations" / "wordpress"
PHP = shutil.which("php")
ROUTE = "/wp-json/claimdiff/v1/check"
NONCE = {"X-WP-Nonce": "a-nonce"}
BUSY = (429, {"Retry-After": "1"}, {"detail": "16 comparisons are waiting already"})
PAGE = """<!doctype html><meta charset="utf-8"><title>Editor</title><div id="root"></div>
<script src="/fake_wp.js"></script><script src="/panel.js"></script>"""


def blocks(text: str) -> str:
    """A text as the block editor keeps it."""
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{own}</p>\n<!-- /wp:paragraph -->" for own in text.split("\n\n")
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("service")) as url:
        yield url


# --- a proxy that does what the plugin does -------------------------------------------------------------


@dataclass
class Site:
    """A site with the plugin, as it is set up."""

    service: str
    unreachable: str = "block"
    sourceless: str = "warn"
    token: str = TOKEN
    seconds: float = 20.0
    sent: list[bytes] = field(default_factory=list)
    url: str = ""


def asked(site: Site, given: dict[str, Any]) -> dict[str, Any]:
    """What `claimdiff_check` answers."""

    def answer(verdict: str, reason: str, hold: bool, **more: Any) -> dict[str, Any]:
        told = {"verdict": verdict, "reason": reason, "hold": hold}
        return told | {"findings": [], "report_url": None, "retry_after": None} | more

    def unchecked(reason: str, retry_after: int | None = None) -> dict[str, Any]:
        return answer("unchecked", reason, site.unreachable != "warn", retry_after=retry_after)

    if not given["source"].strip():
        return answer("sourceless", "No source is named", site.sourceless != "warn")
    if not site.token or not site.service:
        return unchecked("The service is not set up")
    html = re.sub(r"<!-- /?wp:.*?-->\n?", "", given["content"])
    item = {"headline": given["title"], "body_html": html}
    derivative = {"name": f"post-{given['post']}", "ninjs": item}
    name = " ".join(re.sub(r"[\x7f-\x9f]", " ", given["title"]).split())[:200]
    body = {"sources": [{"text": given["source"]}], "derivative": derivative, "name": name}
    headers = {"Authorization": f"Bearer {site.token}", "Content-Type": "application/json"}
    try:
        response = fetched(f"{site.service}/v1/check", json.dumps(body).encode(), headers, site.seconds)
    except OSError:
        return unchecked("The service cannot be reached.")
    status, told, head = response
    if status != 200 or not isinstance(told, dict):
        detail = told["detail"] if isinstance(told, dict) else ""
        retry = head.get("Retry-After", "")
        return unchecked(f"no verdict ({status}). {detail}", int(retry) if retry.isdigit() else None)
    if told.get("verdict") not in ("pass", "review", "block", "not_comparable"):
        return unchecked("The service gave a verdict that this plugin does not know.")
    findings = [
        {key: own[key] for key in ("id", "severity", "stops", "message")}
        | {"snippet": (own["derivative"] or own["source"])["snippet"]}
        for own in told["findings"]
    ]
    hold = told["verdict"] not in ("pass", "review")
    return answer(told["verdict"], told["reason"], hold, findings=findings, report_url=told["report_url"])


def fetched(url: str, data: bytes, headers: dict[str, str], seconds: float = 20) -> tuple[int, Any, Any]:
    """The status, the JSON and the headers of an answer."""
    request = urllib.request.Request(url, data=data, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=seconds) as response:
            return response.status, parsed(response.read()), response.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, parsed(error.read()), error.headers


def parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


@contextmanager
def proxy(site: Site) -> Iterator[str]:
    files = {
        "/": ("text/html", PAGE.encode()),
        "/fake_wp.js": ("text/javascript", (HERE / "fake_wp.js").read_bytes()),
        "/panel.js": ("text/javascript", (PLUGIN / "panel.js").read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, data = files.get(self.path, ("text/plain", b""))
            self.reply(200 if self.path in files else 404, data, kind)

        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["X-WP-Nonce"] != "a-nonce" or given["post"] != 7:
                self.reply(403, json.dumps({"message": "Not allowed."}).encode())
            else:
                self.reply(200, json.dumps(asked(site, given)).encode())

        def reply(self, status: int, data: bytes, kind: str = "application/json") -> None:
            site.sent.append(data)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with serving(Handler) as url:
        yield url


@contextmanager
def php(site: Site) -> Iterator[str]:
    """The plugin itself, on a stub of WordPress."""
    assert PHP
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {
        "STUB_PLUGIN": str(PLUGIN / "claimdiff.php"),
        "STUB_TOKEN": site.token,
        "STUB_SECONDS": str(site.seconds),
        "claimdiff_url": site.service,
        "claimdiff_unreachable": site.unreachable,
        "claimdiff_sourceless": site.sourceless,
    }
    command = [PHP, "-d", "display_errors=1", "-d", "error_reporting=-1", "-S", f"127.0.0.1:{port}"]
    stub = str(HERE / "wordpress_stub.php")
    process = subprocess.Popen([*command, stub], env=env, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        assert "started" in said, said
        hearing = threading.Thread(target=process.stderr.read, daemon=True)
        hearing.start()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        hearing.join()
        process.stderr.close()


# --- what the plugin answers ------------------------------------------------------------------------------

Ask = Callable[..., dict[str, Any]]
Sites = Callable[..., Site]


@pytest.fixture(params=["proxy", "php"])
def sites(request: pytest.FixtureRequest) -> Iterator[Sites]:
    """Sets up a site, with the proxy or with the plugin."""
    if request.param == "php" and PHP is None:
        pytest.skip("needs php: install Debian's package php-cli")
    with ExitStack() as stack:

        def made(service: str, **more: Any) -> Site:
            site = Site(service, **more)
            site.url = stack.enter_context((php if request.param == "php" else proxy)(site))
            return site

        yield made


def check(site: Site, text: str = FAITHFUL, source: str = SOURCE, **more: Any) -> dict[str, Any]:
    body = {"post": 7, "title": "Ferry line adds two boats", "content": blocks(text), "source": source} | more
    status, told, _ = fetched(site.url + ROUTE, json.dumps(body).encode(), NONCE)
    assert status == 200, told
    assert set(told) == {"verdict", "reason", "hold", "findings", "report_url", "retry_after"}
    assert TOKEN not in json.dumps(told)
    return dict(told)


def test_verdicts_decide_what_is_held_back(sites: Sites, service: str) -> None:
    site = sites(service)
    passed = check(site)
    assert (passed["verdict"], passed["hold"], passed["findings"]) == ("pass", False, [])
    assert passed["report_url"].startswith(f"{service}/comparisons/")
    doubtful = check(site, DOUBTFUL)
    assert (doubtful["verdict"], doubtful["hold"]) == ("review", False)
    blocked = check(site, DISTORTED)
    assert (blocked["verdict"], blocked["hold"]) == ("block", True)
    (found,) = blocked["findings"]
    assert found["severity"] == "major" and found["stops"] is True and "20 percent" in found["message"]
    assert found["snippet"] == "Fares rose 20 percent last year."
    unlike = check(site, UNLIKE, title="Apples")
    assert (unlike["verdict"], unlike["hold"], unlike["report_url"]) == ("not_comparable", True, None)
    strange = check(site, FAITHFUL + "\n\nFü\\n “x” & <b>y</b>", title="Œuvre \u0085 &amp;\n" + "x" * 300)
    assert strange["verdict"] in ("pass", "review", "block")


def test_whoever_may_not_edit_the_post_is_told_nothing(sites: Sites, service: str) -> None:
    site = sites(service)
    body = {"post": 7, "title": "x", "content": "x", "source": SOURCE}
    for headers, post in (({}, 7), ({"X-WP-Nonce": "old"}, 7), (NONCE, 8)):
        status, told, _ = fetched(site.url + ROUTE, json.dumps(body | {"post": post}).encode(), headers)
        assert status == 403 and "verdict" not in told


@pytest.mark.parametrize(("setting", "hold"), [("block", True), ("warn", False), ("whatever", True)])
def test_without_a_verdict_the_setting_decides(sites: Sites, setting: str, hold: bool) -> None:
    site = sites(nobody(), unreachable=setting, sourceless=setting)
    down = check(site)
    assert (down["verdict"], down["hold"]) == ("unchecked", hold) and "reached" in down["reason"]
    alone = check(site, source=" \n")
    assert (alone["verdict"], alone["hold"]) == ("sourceless", hold)


def test_a_plugin_that_is_not_set_up_says_so(sites: Sites, service: str) -> None:
    told = check(sites(service, token=""))
    assert told["verdict"] == "unchecked" and told["hold"] is True and "not set up" in told["reason"]
    wrong = check(sites(service, token="another-token-of-twenty-characters"))
    assert wrong["verdict"] == "unchecked" and wrong["hold"] is True and "401" in wrong["reason"]


def test_answers_that_are_no_verdict_let_nothing_out(sites: Sites) -> None:
    answers: list[Any] = [
        BUSY,
        (200, {}, b"<p>welcome</p>"),
        (200, {}, {"verdict": "PASS"}),
        (500, {}, {"detail": "x"}),
    ]
    with scripted(*answers) as own:
        site = sites(own.url)
        busy = check(site)
        assert (busy["verdict"], busy["hold"], busy["retry_after"]) == ("unchecked", True, 1)
        for _ in answers[1:]:
            told = check(site)
            assert (told["verdict"], told["hold"], told["retry_after"]) == ("unchecked", True, None)
    assert {asked["authorization"] for asked in own.asked} == {f"Bearer {TOKEN}"}
    derivative = own.asked[0]["derivative"]
    assert "wp:" not in derivative["ninjs"]["body_html"] and FAITHFUL[:20] in derivative["ninjs"]["body_html"]


def test_a_slow_service_is_given_up(sites: Sites) -> None:
    never = threading.Event()
    with scripted((200, {}, {}), wait=never) as own:
        try:
            assert check(sites(own.url, seconds=0.5))["verdict"] == "unchecked"
        finally:
            never.set()


# --- what only the plugin does ------------------------------------------------------------------------------


@pytest.mark.skipif(PHP is None, reason="needs php: install Debian's package php-cli")
def test_the_gate_stops_a_post_that_no_panel_showed(service: str) -> None:
    def saved(site: Site, text: str, status: str, source: str = SOURCE) -> tuple[int, Any]:
        post = {
            "status": status,
            "title": "Ferry",
            "content": blocks(text),
            "meta": {"claimdiff_source": source},
        }
        return fetched(f"{site.url}/wp-json/wp/v2/posts/7", json.dumps(post).encode(), NONCE)[:2]

    site = Site(service)
    with php(site) as site.url:
        assert saved(site, FAITHFUL, "publish") == (200, {"status": "publish"})
        assert saved(site, DISTORTED, "draft") == (200, {"status": "draft"})
        for status in ("publish", "future"):
            code, told = saved(site, DISTORTED, status)
            assert code == 422 and "major" in told["message"] and told["data"]["claimdiff"]["hold"] is True
        assert saved(site, DISTORTED, "publish", source="")[0] == 200, "a post of our own"
        status, meta, _ = fetched(f"{site.url}/meta", b"{}", {})
        assert meta["post/claimdiff_source"]["show_in_rest"]["schema"]["context"] == ["edit"]
        with urllib.request.urlopen(f"{site.url}/settings", timeout=10) as response:
            fields = response.read().decode()
        assert fields.count("<select") == 2 and service in fields and "Warning" not in fields
    with php(Site(nobody())) as url:
        assert saved(Site("", url=url), FAITHFUL, "publish")[0] == 422


# --- the panel ----------------------------------------------------------------------------------------


class Editor:
    """The editor in a browser."""

    def __init__(self, page: Any, site: Site) -> None:
        self.page, self.site = page, site
        self.panel = page.get_by_label("Claimdiff")

    def change(self, **what: Any) -> None:
        self.page.evaluate("what => window.change(what)", what)

    def write(self, text: str, **more: Any) -> None:
        self.change(title="Ferry line adds two boats", content=blocks(text), **more)

    def open(self) -> None:
        self.change(open=True)

    def settled(self, verdict: str) -> str:
        """What the panel says once it says this."""
        self.panel.get_by_role("status").filter(has_text=verdict).wait_for()
        return str(self.panel.inner_text())

    @property
    def held(self) -> bool:
        return bool(self.page.locator("#publish").is_disabled())


Opened = Callable[..., Editor]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    """Opens the editor of a site. After the test nothing has failed in it, and no token was in it."""
    with ExitStack() as stack:
        made: list[tuple[Site, list[str], list[str]]] = []

        def opening(service: str, nonce: str = "a-nonce", **more: Any) -> Editor:
            site = Site(service, **more)
            site.url = stack.enter_context(proxy(site))
            context = browser.new_context()
            stack.callback(context.close)
            context.set_default_timeout(10_000)
            page, errors, sent = context.new_page(), [], []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("request", lambda own: sent.append(f"{own.url} {own.headers} {own.post_data}"))
            made.append((site, errors, sent))
            page.goto(site.url)
            page.evaluate("nonce => { window.nonce = nonce }", nonce)
            editor = Editor(page, site)
            editor.write(FAITHFUL, meta={"claimdiff_source": SOURCE})
            return editor

        yield opening
        for site, errors, sent in made:
            assert errors == []
            assert all(own.startswith(site.url) for own in sent)
            assert TOKEN not in "".join(sent) and TOKEN.encode() not in b"".join(site.sent)


def test_a_post_is_locked_until_it_has_passed(opened: Opened, service: str) -> None:
    editor = opened(service)
    assert not editor.held, "a draft can be saved while the panel is closed"
    editor.open()
    assert editor.held and "held to its source" in editor.panel.inner_text()
    editor.settled("Nothing was found")
    assert not editor.held
    link = editor.panel.get_by_role("link", name="Open the report")
    assert link.get_attribute("href").startswith(f"{service}/comparisons/")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_distorted_post_stays_locked_until_it_is_mended(opened: Opened, service: str) -> None:
    editor = opened(service)
    editor.write(DISTORTED)
    editor.open()
    told = editor.settled("must not go out")
    assert editor.held and "20 percent" in told and "stops the text" in told
    assert "cannot be published" in told
    editor.write(FAITHFUL)
    assert editor.held, "what is known is about another text"
    editor.settled("Nothing was found")
    assert not editor.held
    editor.write(DISTORTED)
    editor.settled("must not go out")
    editor.change(open=False)
    assert not editor.held and editor.page.evaluate("post.locks") == []
    editor.open()
    editor.settled("must not go out")
    assert editor.held


def test_findings_that_stop_nothing_are_shown(opened: Opened, service: str) -> None:
    editor = opened(service)
    editor.write(DOUBTFUL)
    editor.open()
    assert "Nordbåt" in editor.settled("Look at these findings") and not editor.held
    editor.change(title="Apples", content=blocks(UNLIKE))
    assert "in common" in editor.settled("cannot be held to its source") and editor.held


def test_the_source_is_typed_in(opened: Opened, service: str) -> None:
    editor = opened(service)
    editor.change(meta={})
    editor.open()
    assert "No source" in editor.settled("was not checked") and not editor.held
    editor.page.get_by_label("What this text rests on").fill(SOURCE)
    editor.settled("Nothing was found")
    assert editor.page.evaluate("post.meta.claimdiff_source") == SOURCE


def test_markup_in_a_text_stays_text(opened: Opened, service: str) -> None:
    editor = opened(service)
    editor.write(f"{FAITHFUL} Nordbåt &lt;img src=x onerror=alert(1)&gt; paid 90 million.")
    editor.open()
    editor.panel.get_by_role("listitem").first.wait_for()
    assert editor.panel.locator("img, script").count() == 0


@pytest.mark.parametrize("setting", ["block", "warn"])
def test_without_the_service_nothing_passes_silently(opened: Opened, setting: str) -> None:
    editor = opened(nobody(), unreachable=setting)
    editor.open()
    assert editor.held
    assert "cannot be reached" in editor.settled("was not checked")
    assert editor.held is (setting == "block")


def test_the_panel_comes_back_to_a_busy_service(opened: Opened, service: str) -> None:
    answers: list[Any] = [
        BUSY,
        (200, {}, {"verdict": "pass", "reason": "", "findings": [], "report_url": "javascript:alert(1)"}),
    ]
    with scripted(*answers) as own:
        editor = opened(own.url)
        editor.open()
        assert "waiting" in editor.settled("was not checked") and editor.held
        editor.settled("Nothing was found")
        assert not editor.held and editor.panel.get_by_role("link").count() == 0


def test_an_editor_can_ask_again(opened: Opened, service: str) -> None:
    editor = opened(nobody())
    editor.open()
    editor.settled("was not checked")
    editor.site.service = service
    editor.panel.get_by_role("button", name="Check again").click()
    editor.settled("Nothing was found")
    assert not editor.held


def test_a_session_that_is_over_holds_the_post(opened: Opened, service: str) -> None:
    editor = opened(service, nonce="old")
    editor.open()
    assert "Not allowed." in editor.settled("was not checked") and editor.held


def test_answers_that_came_late_are_of_no_account(opened: Opened) -> None:
    """The first text passes, but its answer comes when another one stands there."""
    wait = threading.Event()
    passed = (200, {}, {"verdict": "pass", "reason": "", "findings": [], "report_url": None})
    with scripted(passed, (500, {}, {"detail": "broken"}), wait=wait) as own:
        editor = opened(own.url)
        editor.open()
        until(editor, own, 1)
        editor.write(DISTORTED)
        until(editor, own, 2)
        wait.set()
        assert "broken" in editor.settled("was not checked") and editor.held
        editor.page.wait_for_timeout(200)
        assert "broken" in editor.panel.inner_text() and editor.held


def until(editor: Editor, own: Scripted, number: int) -> None:
    for _ in range(200):
        if len(own.asked) >= number:
            return
        editor.page.wait_for_timeout(20)
    raise AssertionError("the service was not asked")

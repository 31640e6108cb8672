"""`claimdiff review`: the desk in a browser, and the service for other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import desk, options
from claimdiff.cli.desk import Choices
from claimdiff.cli.exits import Exit
from claimdiff.cli.output import Talk
from claimdiff.cli.pairs import tasks
from claimdiff.errors import ConfigError

if TYPE_CHECKING:
    from claimdiff.checking import Desk
    from claimdiff.review.app import Settings, Start
    from claimdiff.review.serve import Listener

NEEDED = ("starlette", "uvicorn", "anyio")
PORT = 8717
FILE = "review.sqlite3"


def _limit(name: str, default: float, help: str, *, most: float) -> Callable[..., Any]:
    of = (
        click.FloatRange(0, most, min_open=True)
        if isinstance(default, float)
        else click.IntRange(1, int(most))
    )
    return click.option(name, type=of, metavar="NUMBER", default=default, show_default=True, help=help)


@click.command()
@click.argument("derivatives", metavar="[DERIVATIVE ...]", nargs=-1)
@click.option(
    "--source", "sources", metavar="FILE", multiple=True, help="The source of the derivatives. Repeatable."
)
@click.option("--pairs", metavar="FILE", help="Start with the pairs in this .jsonl or .toml file.")
@click.option("--database", metavar="FILE", help="Where all is kept.  [default: in the user's data folder]")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", metavar="NUMBER", type=click.IntRange(0, 65535),
    help=f"The port; 0 is any free one.  [default: {PORT}, or any free one]",
)  # fmt: skip
@click.option("--public-url", metavar="URL", default="", help="Where browsers reach it, behind a proxy.")
@click.option("--token-file", metavar="FILE", help="A file with the token, in place of one that is made up.")
@click.option(
    "--origin", "origins", metavar="URL", multiple=True,
    help="A site whose scripts may call the API with the token. Repeatable.",
)  # fmt: skip
@click.option("--by", default="", metavar="NAME", help="Who decides, unless the page is told otherwise.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@_limit("--workers", 2, "Comparisons at the same time.", most=64)
@_limit("--queue", 16, "Comparisons that may wait; more are refused.", most=10_000)
@_limit("--time-limit", 60.0, "Seconds for one comparison.", most=86_400)
@_limit("--max-body", 4_000_000, "Bytes of one request.", most=1_000_000_000)
@_limit("--max-characters", 500_000, "Characters of the texts of one request.", most=1_000_000_000)
@_limit("--grace", 30, "Seconds for what is at work when it is stopped.", most=3_600)
@desk.options
@options.talk
@click.pass_obj
def review(
    talk: Talk,
    /,
    derivatives: tuple[str, ...],
    sources: tuple[str, ...],
    pairs: str | None,
    database: str | None,
    host: str,
    port: int | None,
    public_url: str,
    token_file: str | None,
    origins: tuple[str, ...],
    by: str,
    no_browser: bool,
    choices: Choices,
    **limits: Any,
) -> Exit:
    """Go through findings in a browser, decide on each, and sign texts off; or let a CMS ask over HTTP.

    Each DERIVATIVE is compared with its source, which is found as `claimdiff check` finds it; without one,
    only what was compared before is there, and what is dropped or pasted on the page. It serves until it
    is stopped, for this machine alone; the address is on standard error and holds the key.

    Other machines reach it only where --host says so, and then --token-file must name the key.

    \b
    Examples:
      claimdiff review rewrite.md --source wire.txt
      claimdiff review --pairs pairs.jsonl --by "A. Editor"
      claimdiff review --host 0.0.0.0 --token-file /etc/claimdiff/token --public-url https://review.example
    """
    _need_extra()
    from claimdiff.review import app as apps
    from claimdiff.review import serve

    own = choices.desk()
    own.prepare()
    keys, told = _keys(token_file, host, talk)
    settings = apps.Settings(
        database=Path(database) if database else default_database(),
        keys=keys,
        desk=own,
        host=host,
        url=_url(public_url, "--public-url"),
        author=by,
        origins=frozenset(_url(origin, "--origin") for origin in origins),
        limits=_limits(limits),
        starts=_starts(own, derivatives, sources, pairs),
        trouble=talk.error,
    )
    app = apps.create_app(settings)
    with _listening(host, port) as listener:
        ready = _Ready(talk, listener, settings, told=told, browser=not no_browser)
        return Exit.OK if serve.serve(app, listener, ready) else Exit.TROUBLE


def _need_extra() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"the review needs {', '.join(missing)}; install it with: pip install 'claimdiff[review]'"
        )


class _Ready:
    """Says where the server is, once it is there."""

    def __init__(
        self, talk: Talk, listener: Listener, settings: Settings, *, told: bool, browser: bool
    ) -> None:
        self.talk, self.settings = talk, settings
        self.url = settings.url or listener.url
        self.told, self.browser = told, browser

    def __call__(self) -> None:
        key = f"/?token={self.settings.keys.token}" if self.told else "/"
        click.echo(f"claimdiff: review at {self.url}{key}", err=True)
        if not self.told:
            self.talk.say("The token is the one in the file that --token-file names.")
        self.talk.say("Stop it with Ctrl-C.")
        if self.browser and _has_screen():
            import threading
            import webbrowser

            # Others on this machine can see a browser's arguments; this word opens one session and no more.
            word = self.settings.keys.new_pass()
            threading.Thread(target=webbrowser.open, args=(f"{self.url}/?token={word}",), daemon=True).start()


def _has_screen() -> bool:
    """Whether a browser would have a window; one in the terminal would only be in the way."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _keys(token_file: str | None, host: str, talk: Talk) -> tuple[Any, bool]:
    """The keys, and whether the token may be shown: one that was made up for this run."""
    from claimdiff.review.app import is_loopback
    from claimdiff.review.keys import Keys, new_token

    if token_file is None:
        if not is_loopback(host):
            raise click.UsageError(
                f"--host {host} lets other machines in; name a file that holds the token with --token-file."
            )
        return Keys(new_token()), True
    path = Path(token_file)
    text = desk.text_of(path).strip()
    if os.name == "posix" and path.stat().st_mode & 0o077:
        talk.say(f"{path}: others on this machine may read the token; chmod 600 keeps it to yourself")
    try:
        return Keys(text), False
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _url(given: str, option: str) -> str:
    """An address of the form that a browser says as an origin."""
    from urllib.parse import urlsplit

    if not given:
        return ""
    try:
        parts = urlsplit(given)
        fine = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) and not parts.query
    except ValueError:
        fine = False
    if not fine or parts.path not in ("", "/") or parts.username or parts.fragment:
        raise click.BadParameter(f"{given!r} is no address such as https://review.example", param_hint=option)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _limits(given: dict[str, Any]) -> Any:
    from claimdiff.review.api import Limits

    return Limits(
        body_bytes=given["max_body"],
        characters=given["max_characters"],
        seconds=given["time_limit"],
        workers=given["workers"],
        queue=given["queue"],
        grace=given["grace"],
    )


def _starts(
    own: Desk, derivatives: tuple[str, ...], sources: tuple[str, ...], pairs: str | None
) -> list[Start]:
    """What to begin with; what cannot be read is an error now, not later."""
    if not (derivatives or sources or pairs is not None):
        return []
    from claimdiff.review.app import Start
    from claimdiff.review.record import Text

    made = []
    for task in tasks(own, derivatives, sources, pairs):
        derivative, found = task.load(own)
        texts = [Text(text.name, text.data) for text in (*found, derivative)]
        made.append(Start(task.derivative, texts[:-1], texts[-1]))
    return made


def _listening(host: str, port: int | None) -> Any:
    from contextlib import closing

    from claimdiff.review.serve import Listener

    try:
        return closing(Listener(host, PORT if port is None else port))
    except ConfigError:
        if port is not None:
            raise
        return closing(Listener(host, 0))


def default_database() -> Path:
    """Where all is kept unless somebody names another place."""
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE", "")
    data = os.environ.get("XDG_DATA_HOME", "")
    if sys.platform == "win32":
        data = os.environ.get("LOCALAPPDATA", "")
    if Path(data).is_absolute():  # a relative one has no meaning
        return Path(data, "claimdiff", FILE)
    if not home:
        raise ConfigError("no home folder is known; say where all is kept with --database")
    between = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return Path(home, between, "claimdiff", FILE)

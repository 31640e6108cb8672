"""The options by which a command decides: configuration, policy, waivers, baseline and cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import verifier
from claimdiff.cli.options import FORMS
from claimdiff.errors import ConfigError
from claimdiff.gate import config as configuration
from claimdiff.gate.config import Config, Value
from claimdiff.gate.entries import is_day
from claimdiff.gate.setting import BY_NAME, PROFILES
from claimdiff.model import Severity

if TYPE_CHECKING:
    from claimdiff.checking import Desk
    from claimdiff.verify.spec import Spec

LINE = "command line"
FILE = click.Path()  # so that shells complete it; whether it is there is for the reader to say


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose on the command line; None and () leave a setting as it is."""

    config: str | None
    no_config: bool
    settings: dict[str, Any]
    waivers: str | None
    baseline: str | None
    no_cache: bool
    today: str | None
    input_format: str | None
    encoding: str | None
    verifier: Spec | None = None

    def read(self) -> Config:
        """The configuration: the file that was named, or the nearest one upward."""
        if self.no_config and self.config:
            raise click.UsageError("--config and --no-config exclude each other.")
        if self.no_config:
            return Config(Path.cwd())
        path = Path(self.config) if self.config else configuration.find(Path.cwd())
        return configuration.read(path) if path else Config(Path.cwd())

    def layer(self) -> dict[str, Value]:
        return {name: Value(value, LINE) for name, value in self.settings.items() if value not in (None, ())}

    def desk(self, *, without: Collection[str] = ()) -> Desk:
        """All that a run decides with; what of it cannot be read is a ConfigError. `without` leaves the
        waivers or the baseline aside."""
        from claimdiff.cache import Cache, default_folder
        from claimdiff.checking import Desk
        from claimdiff.gate import baseline, waiver

        config = self.read()
        waivers = self.file(config, "waivers", self.waivers, needed="waivers" not in without)
        accepted = self.file(config, "baseline", self.baseline, needed="baseline" not in without)
        has_waivers = "waivers" not in without and waivers.exists()
        has_baseline = "baseline" not in without and accepted.exists()
        folder = None if self.no_cache else default_folder()
        return Desk(
            config=config,
            given=self.layer(),
            today=self.day(),
            waivers=waiver.read(text_of(waivers), str(waivers)) if has_waivers else (),
            accepted=baseline.read(text_of(accepted), str(accepted)) if has_baseline else (),
            cache=Cache(folder) if folder else None,
            form=self.input_format,
            encoding=self.encoding,
            verifier=verifier.anew(self.verifier, self.no_cache),
        )

    def file(self, config: Config, setting: str, given: str | None, *, needed: bool = True) -> Path:
        """The file of waivers or the baseline; one that somebody named must be there when it is `needed`."""
        named = config.layer.get(setting)
        path = Path(given) if given else config.folder / (named.value if named else BY_NAME[setting].default)
        usual = not given and (named is None or named.value == BY_NAME[setting].default)
        if needed and not usual and not path.exists():
            where = f" ({named.origin})" if named and not given else ""
            raise ConfigError(f"{path}: no such file{where}; {_MAKE[setting]} makes it")
        return path

    def day(self) -> str:
        """The day against which waivers lapse."""
        return self.today or date.today().isoformat()


_MAKE = {"waivers": "`claimdiff waive`", "baseline": "`claimdiff baseline`"}


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read ({reason})") from None


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How to decide; the command gets it as `choices`."""

    @wraps(command)
    def gathering(*args: Any, **given: Any) -> Any:
        settings = {name: given.pop(name.replace("-", "_")) for name in _SETTINGS}
        rest = {name: given.pop(name) for name in _OWN}
        return command(*args, choices=Choices(settings=settings, **rest), **given)

    for option in reversed((*_options(), *_settings(), verifier.options)):
        gathering = option(gathering)
    return gathering


_OWN = (
    "config", "no_config", "waivers", "baseline", "no_cache", "today", "input_format", "encoding", "verifier",
)  # fmt: skip
_SETTINGS = (
    "profile", "fail-on", "fail-confidence", "min-confidence", "select", "ignore", "lang", "max-bytes",
)  # fmt: skip


def _options() -> Iterator[Callable[..., Any]]:
    yield click.option(
        "--config",
        metavar="FILE",
        type=FILE,
        help="The configuration, in place of the nearest claimdiff.toml.",
    )
    yield click.option(
        "--no-config", is_flag=True, help="Read no configuration; defaults and the command line hold."
    )
    yield click.option(
        "--waivers",
        metavar="FILE",
        type=FILE,
        help="The file of waivers, in place of claimdiff-waivers.toml.",
    )
    yield click.option(
        "--baseline", metavar="FILE", type=FILE,
        help="The file of accepted findings, in place of claimdiff-baseline.toml.",
    )  # fmt: skip
    yield click.option("--no-cache", is_flag=True, help="Work everything out anew and keep nothing.")
    yield click.option(
        "--today", metavar="DATE", callback=_day, help="The day against which waivers lapse, as 2026-01-31."
    )
    yield click.option(
        "--input-format", type=click.Choice(FORMS), metavar="NAME",
        help="What the texts are: " + ", ".join(FORMS) + "; otherwise their names and contents say it.",
    )  # fmt: skip
    yield click.option("--encoding", metavar="NAME", help="The encoding of the texts, such as cp1252.")


def _settings() -> Iterator[Callable[..., Any]]:
    for name in _SETTINGS:
        setting = BY_NAME[name]
        several = name in ("select", "ignore")
        yield click.option(
            f"--{name}",
            metavar=_METAVARS[name],
            type=_TYPES.get(name, str),
            multiple=several,
            callback=_setting(name),
            help=setting.help + (" Repeatable." if several else ""),
        )


_TYPES: dict[str, Any] = {
    "profile": click.Choice(PROFILES),
    "fail-on": click.Choice((*map(str, Severity), "none")),
    "lang": click.Choice(("en",)),
    "fail-confidence": float,
    "min-confidence": float,
    "max-bytes": int,
}
_METAVARS = {
    "profile": "|".join(PROFILES),
    "fail-on": "|".join((*map(str, Severity), "none")),
    "fail-confidence": "0..1",
    "min-confidence": "0..1",
    "select": "NAME",
    "ignore": "NAME",
    "lang": "en",
    "max-bytes": "NUMBER",
}


def _setting(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value in (None, ()):
            return value
        try:
            return BY_NAME[name].form.check(list(value) if isinstance(value, tuple) else value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from None

    return callback


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_day(value):
        raise click.BadParameter(f"{value!r} is no day such as 2026-01-31", ctx, param)
    return value

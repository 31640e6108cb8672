"""A policy: the settings in force for one derivative, each with where it was set.

Layers, the strongest last: defaults, the profile, the configuration, its overrides for paths that are like
the derivative's, in their order, and the command line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from claimdiff.errors import ConfigError
from claimdiff.gate.config import Config, Layer, Value
from claimdiff.gate.nearest import nearest
from claimdiff.gate.pairing import is_like
from claimdiff.gate.setting import ALL, BY_NAME, NONE, SELECTORS, SETTINGS, Limit
from claimdiff.model import Boilerplate, Finding, Severity, Type

NUMBERS = "number-unsourced"  # the rule that `sourced-numbers` asks the engine for
_RANK = {Severity.MINOR: 1, Severity.MAJOR: 2}


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings in force, by name, the entries of tables under `name.key`."""

    values: Mapping[str, Value]

    def get(self, name: str) -> Any:
        """A setting's value; a table comes as a dict."""
        if BY_NAME[name].table:
            return {key: own.value for key, own in self.table(name).items()}
        return self.values[name].value

    def table(self, name: str) -> dict[str, Value]:
        start = f"{name}."
        return {key[len(start) :]: own for key, own in self.values.items() if key.startswith(start)}

    def origin(self, name: str) -> str:
        return self.values[name].origin if name in self.values else "default"

    def said(self, name: str) -> str:
        """A setting as a configuration would write it."""
        return f"{name} = {written(self.get(name))}"

    # --- what it says of a finding -------------------------------------------------------------

    def wants(self, finding: Finding) -> bool:
        """Whether the policy asks for such findings."""
        if self.requires(finding):
            return True
        names = (ALL, *_names(finding))
        chosen, ignored = self.get("select"), self.get("ignore")
        return any(name in chosen for name in names) and not any(name in ignored for name in names)

    def requires(self, finding: Finding) -> bool:
        """Whether it breaks what the policy requires, which select and ignore do not touch."""
        altered = self.get("exact-quotations") and Type.QUOTE in finding.types
        return altered or (self.get("sourced-numbers") and finding.rule == NUMBERS)

    def severity(self, finding: Finding) -> Severity:
        """The severity that the policy gives it: that of its rule, else the gravest of its types, else
        that of its kind, else its own."""
        given = _own(finding, self.get("severity"), finding.severity)
        return max(map(Severity, given), key=_RANK.__getitem__)

    def reports(self, finding: Finding) -> bool:
        """Whether it is certain enough to be told at all: by min-confidence, or by a lower one of its own."""
        usual: float = self.get("min-confidence")
        least: float = min(usual, *_own(finding, self.get("confidence"), usual))
        return finding.confidence >= least

    def threshold(self, finding: Finding) -> float:
        """The confidence from which it can stop a text; of several types the lowest counts."""
        return float(min(_own(finding, self.get("confidence"), self.get("fail-confidence"))))

    def stops(self, finding: Finding) -> bool:
        """Whether its severity, as the policy sees it, stops a text."""
        least = self.get("fail-on")
        return (
            least != NONE
            and _RANK[finding.severity] >= _RANK[Severity(least)]
            and finding.confidence >= self.threshold(finding)
        )

    @property
    def thresholds(self) -> tuple[float, ...]:
        """All confidences from which a finding is told, or can stop a text."""
        own = {self.get("min-confidence"), self.get("fail-confidence"), *self.get("confidence").values()}
        return tuple(sorted(own))

    # --- what it says to the engine ------------------------------------------------------------

    @property
    def engine(self) -> dict[str, Any]:
        """The arguments of `compare` that the policy decides."""
        asked = (("quotations", "exact-quotations"), ("numbers", "sourced-numbers"))
        return {
            "min_confidence": min([self.get("min-confidence"), *self.get("confidence").values()]),
            "lang": self.get("lang") or None,
            "boilerplate": Boilerplate(**{k: tuple(v) for k, v in self.get("boilerplate").items()}),
            "aliases": tuple((name, *others) for name, others in sorted(self.get("aliases").items())),
            "require": tuple(name for name, setting in asked if self.get(setting)),
        }


def _names(finding: Finding) -> tuple[str, ...]:
    return (finding.rule, *finding.types, finding.kind)


def _own(finding: Finding, given: Mapping[str, Any], usual: Any) -> list[Any]:
    """What a table says of a finding, most specific first: of its rule, its types, its kind, of all. A type
    of which it says nothing, beside one of which it does, is as usual."""
    for names in ((finding.rule,), finding.types, (finding.kind,), (ALL,)):
        if any(name in given for name in names):
            return [given.get(name, usual) for name in names]
    return [usual]


def is_of(finding: Finding, limit: Limit) -> bool:
    """Whether a limit counts this finding."""
    return limit.of in (ALL, *_names(finding)) and limit.severity in (None, finding.severity)


def policy(config: Config, derivative: str, given: Layer, *, rules: Callable[[], Sequence[str]]) -> Policy:
    """The policy for a derivative, by its path as seen from the configuration's folder; `given` is what
    the command line says. A name that is no kind, type or rule is a ConfigError."""
    overrides = [o.layer for o in config.overrides if any(is_like(derivative, path) for path in o.paths)]
    layers = [dict(config.layer), *overrides, given]
    named = [layer["profile"] for layer in layers if "profile" in layer]
    profile = named[-1] if named else Value(BY_NAME["profile"].default, "default")
    values: dict[str, Value] = {
        setting.name: Value(setting.default, "default") for setting in SETTINGS if not setting.table
    }
    for layer in (profiles()[profile.value], *layers):
        values |= layer
    values["profile"] = profile
    made = Policy(values)
    _hold(made, rules)
    return made


def _hold(made: Policy, rules: Callable[[], Sequence[str]]) -> None:
    """Every name in the policy must be one that findings can have, and none may be an alias of two."""
    groups: dict[str, str] = {}
    for key, others in made.get("aliases").items():
        for name in dict.fromkeys(" ".join(own.casefold().split()) for own in (key, *others)):
            if name in groups:
                raise ConfigError(
                    f"{made.origin(f'aliases.{key}')}: aliases: {name!r} is a name of {groups[name]!r} too"
                )
            groups[name] = key
    places = [(name, own) for name in ("select", "ignore") for own in made.get(name)]
    places += [(f"{name}.{key}", key) for name in ("severity", "confidence") for key in made.get(name)]
    places += [("limits", limit.of) for limit in made.get("limits")]
    for setting, name in places:
        if name not in SELECTORS and name not in rules():
            close = nearest(name, (*SELECTORS, *rules()))
            raise ConfigError(
                f"{made.origin(setting)}: {setting.split('.')[0]}: {name!r} is no rule, type or kind"
                + (f"; did you mean {close}?" if close else "; `claimdiff rules` lists them")
            )


@cache
def profiles() -> Mapping[str, Layer]:
    """The profiles that come with the program, by name."""
    data = tomllib.loads(files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8"))
    return {
        name: {key: Value(BY_NAME[key].form.check(own), f"profile {name}") for key, own in layer.items()}
        for name, layer in data.items()
    }


def written(value: Any) -> str:
    """A value in TOML's form, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        short = f"{value:g}"
        return short if isinstance(value, float) and float(short) == value else repr(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
    if isinstance(value, Limit):
        parts = [f"at-most = {value.most}", f"of = {written(value.of)}"]
        parts += [f"severity = {written(str(value.severity))}"] if value.severity else []
        return "{ " + ", ".join(parts) + " }"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{written(str(key))} = {written(own)}" for key, own in value.items()) + " }"
    return "[" + ", ".join(map(written, value)) + "]"


def in_force(own: Policy, config: Config, *, title: str) -> str:
    """The policy in the form of `claimdiff.toml`, each value with where it was set."""
    lines = [f"# In force: {title}"]
    tables = []
    for setting in SETTINGS:
        if setting.table:
            tables += [(setting.name, own.table(setting.name))] if own.table(setting.name) else []
        elif setting.default != "" or own.values[setting.name].value:
            value, origin = own.values[setting.name]
            lines.append(f"{setting.name} = {written(value)}  # {origin}")
    for name, entries in tables:
        lines += [
            "",
            f"[{name}]",
            *(f"{written(key)} = {written(v)}  # {o}" for key, (v, o) in entries.items()),
        ]
    for pair in config.pairs:
        sources = written(pair.source)
        lines += [
            "",
            f"[[pairs]]  # {pair.origin}",
            f"derivative = {written(pair.derivative)}",
            f"source = {sources}",
        ]
    return "\n".join([*lines, ""])

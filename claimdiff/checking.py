"""Checking: from a derivative's path to a judged comparison, as every command and service does it.

A `Desk` is what a run decides with: configuration, policy from the command line, waivers, baseline and
cache. Whatever cannot be read or judged raises; a comparison without a verdict never leaves this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimdiff import read, store
from claimdiff.cache import Cache, key, unchanged
from claimdiff.errors import ConfigError, FormatError, InputError
from claimdiff.gate import baseline, comment, waiver
from claimdiff.gate.config import Config, Layer
from claimdiff.gate.judge import Pardoner, judge
from claimdiff.gate.pairing import sources as paired
from claimdiff.gate.policy import Policy, policy
from claimdiff.model import Comparison, Document
from claimdiff.read.form import EXTENSIONS

if TYPE_CHECKING:
    from claimdiff.verify.spec import Spec

NAMING = ("source", "sources", "isBasedOn")  # what a text calls its sources in its front matter
COMMENT = "claimdiff"  # what a waiver in a text cannot do without


class UnpairedError(InputError):
    """A derivative for which no source is known."""


@dataclass(frozen=True, slots=True)
class Text:
    """The bytes of a text, and what they are called; where it is known of this text, what form and encoding
    they have."""

    name: str
    data: bytes
    form: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run decides with. `given` are settings from the command line, `today` is an ISO date, and
    `verifier` is who gives a second opinion."""

    config: Config
    given: Layer
    today: str
    waivers: Sequence[waiver.Waiver] = ()
    accepted: Sequence[baseline.Accepted] = ()
    cache: Cache | None = None
    form: str | None = None
    encoding: str | None = None
    verifier: Spec | None = None

    def path(self, name: str) -> str:
        """A file as patterns, waivers and the baseline call it: as seen from the configuration's folder."""
        place = Path(name)
        try:
            return place.resolve().relative_to(self.config.folder.resolve()).as_posix()
        except (ValueError, OSError, RuntimeError):  # the last for links that lead in a circle
            return place.as_posix()

    def policy(self, name: str) -> Policy:
        return policy(self.config, self.path(name), self.given, rules=rules)

    def prepare(self) -> None:
        """Open the verifier, so that what is wrong with it is said before anything is judged. Raises
        VerifierError."""
        if self.verifier:
            from claimdiff.verify.spec import opened

            opened(self.verifier)

    @property
    def signature(self) -> str:
        """That of the verifier; "" without one."""
        if self.verifier is None:
            return ""
        from claimdiff.verify.ask import signature
        from claimdiff.verify.spec import opened

        return signature(opened(self.verifier))

    def load(self, name: str) -> Text:
        """The text in a file, within the size that the policy allows."""
        return Text(name, read.load(Path(name), self.policy(name).get("max-bytes")))

    # --- which sources -------------------------------------------------------------------------

    def sources(self, derivative: Text) -> tuple[str, ...]:
        """The sources that a derivative names itself, or else those that the configuration pairs with it.
        Raises UnpairedError when there are none."""
        others: list[str] = []
        named: list[str] = []
        for field, value in self._metadata(derivative):
            if field in NAMING and value.strip():
                (named if _is_path(value) else others).append(value.strip())
        if named:
            folder = Path(derivative.name).parent
            return tuple(str(folder / own) for own in dict.fromkeys(named))
        found = paired(self.path(derivative.name), self.config.pairs, self.config.folder)
        if found:
            return tuple(map(near, found))
        told = f"it names {others[0]}, and claimdiff opens no address or agency; " if others else ""
        raise UnpairedError(
            f"{derivative.name}: no source is known; {told}name one with --source, with `source:` in its "
            "front matter, or by [[pairs]] in the configuration"
        )

    def _metadata(self, text: Text) -> Sequence[tuple[str, str]]:
        if found := read.matter_of(text.data, text.name, text.form or self.form):
            return found
        if Path(text.name).suffix.lower() in (".md", ".markdown", ".txt"):
            return ()
        return self.document(text, "d").metadata

    # --- judging -------------------------------------------------------------------------------

    def check(self, sources: Sequence[Text], derivative: Text) -> Comparison:
        """The comparison with its verdict. Raises InputError, NotComparableError or ConfigError."""
        own = self.policy(derivative.name)
        return self.judge(self.compare(sources, derivative, own), derivative.name)

    def judge(self, comparison: Comparison, name: str, first: Sequence[Pardoner] = ()) -> Comparison:
        """A comparison that was made before, with its verdict; `name` is the derivative's. `first` pardons
        before waivers, comments and the baseline do."""
        own = self.policy(name)
        return judge(comparison, own, (*first, *self._pardoners(name, own)))

    def compare(self, sources: Sequence[Text], derivative: Text, own: Policy) -> Comparison:
        """The comparison before any policy looks at it, from the cache where it is there."""
        if self.cache is None:
            return self._compare(sources, derivative, own)
        asked = (self.signature, own.thresholds) if self.verifier else ()
        how = repr((sorted(own.engine.items()), self.form, self.encoding, *asked))
        texts = [
            part
            for text in (*sources, derivative)
            for part in (text.name, text.form, text.encoding, text.data)
        ]
        place = key([how, *texts])
        kept = self.cache.get(place)
        if kept is not None:
            with suppress(FormatError):
                return store.from_json(kept)
        made = self._compare(sources, derivative, own)
        if unchanged() and not (made.opinion and made.opinion.unjudged):
            self.cache.put(place, store.to_json(made, indent=None))
        return made

    def _compare(self, sources: Sequence[Text], derivative: Text, own: Policy) -> Comparison:
        old = [self.document(text, f"s{number}") for number, text in enumerate(sources, 1)]
        return self.compare_documents(old, self.document(derivative, "d"), own)

    def compare_documents(self, sources: Sequence[Document], derivative: Document, own: Policy) -> Comparison:
        """The same of texts that were read before; no cache is asked."""
        from claimdiff.pipeline import compare

        made = compare(sources, derivative, **own.engine)
        if self.verifier is None:
            return made
        from claimdiff.verify.merge import consult
        from claimdiff.verify.spec import opened

        least: float = own.engine["min_confidence"]
        return consult(made, opened(self.verifier), min_confidence=least, thresholds=own.thresholds)

    def document(self, text: Text, id: str) -> Document:
        """A text as it is read for a comparison."""
        from claimdiff.read.form import of_name

        limit: int = self.policy(text.name).get("max-bytes")
        form = text.form or self.form or of_name(Path(text.name).name)
        encoding = text.encoding or self.encoding
        return read.read_bytes(
            text.data, id=id, name=text.name, form=form, encoding=encoding, max_bytes=limit
        )

    def _pardoners(self, name: str, own: Policy) -> list[Pardoner]:
        path = self.path(name)
        return [
            partial(waiver.apply, self.waivers, derivative=path, today=self.today),
            partial(self._comments, own),
            lambda comparison: baseline.apply(self.accepted, comparison, path),
        ]

    def _comments(self, own: Policy, comparison: Comparison) -> Any:
        if COMMENT not in comparison.derivative.text.casefold():
            return (), ()
        comments = comment.read(comparison.derivative, rules())
        if comments and not own.get("inline-waivers"):
            raise ConfigError(
                f"{comparison.derivative.name}: waives findings in a comment, which inline-waivers = false "
                f"({own.origin('inline-waivers')}) does not allow; use `claimdiff waive`"
            )
        return comment.apply(comments, comparison, self.today)


def _is_path(named: str) -> bool:
    """Whether what a text calls its source is a file: an agency's name or an address is none."""
    return "://" not in named and ("/" in named or "\\" in named or Path(named).suffix.lower() in EXTENSIONS)


def near(path: Path) -> str:
    """A path as seen from the current folder, where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@cache
def rules() -> tuple[str, ...]:
    """The ids of all rules."""
    from claimdiff.detect import RULES

    return tuple(rule.id for rule in RULES)

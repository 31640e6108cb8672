"""Does the rewrite still say what the source says?

`compare` is the whole of it; the types of its result and the errors come with it. Importing this
package costs nothing: the engine is loaded by the first comparison.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from claimdiff.errors import ClaimdiffError, FormatError, InputError, NotComparableError
    from claimdiff.model import (
        Boilerplate,
        Comparison,
        Counts,
        Document,
        Edit,
        Finding,
        Kind,
        Link,
        Place,
        Relation,
        Role,
        Rule,
        Severity,
        Span,
        Statement,
        Status,
        Summary,
        Tally,
        Type,
    )
    from claimdiff.verify.protocol import Verifier

__version__ = "0.1.0"

__all__ = [
    "Boilerplate",
    "ClaimdiffError",
    "Comparison",
    "Counts",
    "Document",
    "Edit",
    "Finding",
    "FormatError",
    "InputError",
    "Kind",
    "Link",
    "NotComparableError",
    "Place",
    "Relation",
    "Role",
    "Rule",
    "Severity",
    "Span",
    "Statement",
    "Status",
    "Summary",
    "Tally",
    "Type",
    "__version__",
    "compare",
]

_ERRORS = frozenset({"ClaimdiffError", "FormatError", "InputError", "NotComparableError"})


def compare(
    source: str | Path | Document | Sequence[str | Path | Document],
    derivative: str | Path | Document,
    *,
    min_confidence: float = 0.25,
    lang: str | None = None,
    boilerplate: Boilerplate | None = None,
    aliases: Sequence[Sequence[str]] = (),
    require: Sequence[str] = (),
    verifier: Verifier | None = None,
) -> Comparison:
    """Compare a derivative with its source, or with several sources.

    A str is the text itself, never the name of a file; a Path is read, as what its extension or its
    content says; a Document is taken as it is. Findings below `min_confidence` (0 to 1; the default is
    model.MIN_CONFIDENCE) are left out. `lang` "en" says that the texts are English, whatever they look
    like; `boilerplate` are a house's own lines that are no part of a story. A `verifier` gives a second
    opinion: anything with a `signature` and a method `judge` (docs/verifiers.md). Raises InputError for a
    file that cannot be read and NotComparableError when a text holds nothing to compare or is not in English.
    """
    from claimdiff.pipeline import compare as run

    return run(
        source,
        derivative,
        min_confidence=min_confidence,
        lang=lang,
        boilerplate=boilerplate,
        aliases=aliases,
        require=require,
        verifier=verifier,
    )


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module("claimdiff.errors" if name in _ERRORS else "claimdiff.model"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""What a run is of, in its output's `manifest.json`: a folder holds one run, and another is refused.

Only what the rows follow from is in it; how many processes work, and what the summary counts by, is not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from claimdiff.batch import parts
from claimdiff.batch.inputs import Input
from claimdiff.batch.place import PART, Place, save
from claimdiff.batch.remote import Remote
from claimdiff.batch.rows import Maker
from claimdiff.errors import ClaimdiffError
from claimdiff.gate.policy import Policy, written

if TYPE_CHECKING:
    from claimdiff.batch.archive import Archive
    from claimdiff.checking import Desk

NAME = "manifest.json"
FORM = "claimdiff batch 1"
MADE = ("summary.json", "summary.md", "summary.html")  # beside the manifest, the partitions and the pages
REPORTS = "reports"


class OtherRunError(ClaimdiffError):
    """The output folder holds something else than this run."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the rows of a run follow from."""

    data: dict[str, Any]

    def text(self) -> str:
        return json.dumps(self.data, ensure_ascii=False, indent=2) + "\n"


def manifest(
    input: Input,
    desk: Desk,
    maker: Maker,
    *,
    form: str,
    rows: int,
    limit: float | None,
    archive: Archive | None = None,
) -> Manifest:
    own: Policy = desk.policy("")
    policy = {name: [written(value.value), value.origin] for name, value in own.values.items()}
    searched = {"archive": archive.name, "archive_content": archive.content} if archive else {}
    decided = repr((sorted(policy.items()), desk.config.overrides, desk.waivers, desk.accepted))
    return Manifest(
        {
            "form": FORM,
            "version": maker.version,
            "engine": maker.engine,
            "input": [
                {"name": place.as_posix(), "size": size}
                for place, size in zip(input.places, input.sizes(), strict=True)
            ],
            "columns": dict(input.mapping),
            **searched,
            "to": form,
            "partition_size": rows,
            "time_limit": limit,
            "today": desk.today,
            "input_format": desk.form,
            "encoding": desk.encoding,
            **_opinion(desk),
            "settings": policy,
            "policy": sha256(decided.encode("utf-8", "backslashreplace")).hexdigest(),
        }
    )


def _opinion(desk: Desk) -> dict[str, Any]:
    """Who gives the second opinion, and what limits it; nothing where nobody is asked."""
    spec, name = desk.verifier, desk.signature
    return {"verifier": [name, spec.seconds, spec.tokens]} if spec else {}


def day(folder: Place) -> str | None:
    """The day of the run that a folder holds, so that it goes on as it began."""
    with suppress(ClaimdiffError):
        found = (_held(folder) or {}).get("today")
        return found if isinstance(found, str) else None
    return None


def claim(folder: Place, own: Manifest, *, restart: bool) -> bool:
    """Make the folder this run's; True when it was so before. Raises OtherRunError for one that holds
    anything else, and then changes nothing; with `restart`, another run's files are removed first."""
    held = _held(folder)
    if held is not None and restart:
        _clear(folder)
        save(folder / NAME, own.text().encode("utf-8"))
        return False
    if held is None:
        stranger = next((name for name in names(folder) if not _is_own(name)), None)
        if stranger is not None:
            raise OtherRunError(
                f"{folder}: holds {stranger} and no run; name a new folder with --output, nothing is written "
                "among files of yours"
            )
        save(folder / NAME, own.text().encode("utf-8"))
        return False
    other = sorted(name for name in {*held, *own.data} if held.get(name) != own.data.get(name))
    if other:
        raise OtherRunError(
            f"{folder}: holds a run with other {', '.join(map(_said, other))}; name another folder, or give "
            "--restart to remove that run and begin anew"
        )
    return True


def still(folder: Place, own: Manifest) -> None:
    """Raises OtherRunError where another run has taken a folder over that could not be locked."""
    if isinstance(folder, Remote) and _held(folder) != own.data:
        raise OtherRunError(f"{folder}: another run has begun there meanwhile; name another folder")


def _said(name: str) -> str:
    return {"engine": "program files", "to": "--to", "today": "--today"}.get(name, name.replace("_", " "))


def _held(folder: Place) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OtherRunError(f"{folder / NAME}: cannot be read ({error}); name another folder") from None
    if not isinstance(found, dict) or found.get("form") != FORM:
        raise OtherRunError(f"{folder / NAME}: is of no run of `claimdiff batch`; name another folder")
    return found


def names(folder: Place) -> list[str]:
    """What a folder holds, sorted."""
    return sorted(own.name for own in folder.iterdir())


def _is_own(name: str) -> bool:
    """Whether a file may be there before the manifest is: what a run left that was stopped."""
    return name == f".{NAME}{PART}"


def _clear(folder: Place) -> None:
    """Remove a run's files but for its manifest, which is replaced in one step, and nothing else."""
    reports = folder / REPORTS
    if reports.is_dir():
        for own in [*reports.iterdir()]:
            if re.fullmatch(r"[0-9].*\.html", own.name):
                own.unlink()
        with suppress(OSError):
            reports.rmdir()
    partitions = [name for name in names(folder) if parts.OWN.fullmatch(name)]
    for name in (*partitions, *(f".{own}{PART}" for own in MADE), *MADE):
        (folder / name).unlink(missing_ok=True)


@contextmanager
def alone(folder: Place) -> Iterator[None]:
    """Hold the folder against other runs, where the system has locks; one ends with its process. Stores have
    none: there `still` tells."""
    if isinstance(folder, Remote):
        yield
        return
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OtherRunError(f"{folder}: another run is writing there") from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)

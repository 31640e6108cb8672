"""The cache of results: what comes out is what was put in under that key, or nothing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimdiff
from claimdiff import cache
from claimdiff.cache import Cache, default_folder, engine_signature, key, signature

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
UNPRIVILEGED = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom rights bind"
)
PACKAGE = Path(claimdiff.__file__).parent


def a_key(number: int, *, tidies: bool = False) -> str:
    """A key; putting under it looks after the folder's size, or does not."""
    return f"{number:062x}" + ("00" if tidies else "ff")


def entry(folder: Path, name: str) -> Path:
    return folder / name[:2] / name


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_is_the_same_every_time() -> None:
    assert key(["a", b"b"]) == key(part for part in ("a", b"b"))
    assert len(key([])) == 64


def test_a_key_tells_parts_order_and_kinds_apart() -> None:
    lists: list[list[bytes | str]] = [
        [], [""], [b""], ["", ""], ["ab"], [b"ab"], ["a", "b"], ["b", "a"], ["a", b"b"], ["text 1:a"],
        ["a", "text 1:a"], ["\ud800"],
    ]  # fmt: skip
    assert len({key(parts) for parts in lists}) == len(lists)


@given(st.lists(st.text() | st.binary()), st.lists(st.text() | st.binary()))
def test_two_lists_have_one_key_only_if_they_are_equal(
    one: list[bytes | str], other: list[bytes | str]
) -> None:
    assert (key(one) == key(other)) == (one == other)


# --- the signature of the program -----------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package like ours."""
    for name in ("model.py", "lexicon/number.toml", "lexicon/relations.bin", "cli/app.py", "read/cli/own.py"):
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return tmp_path / "package"


@pytest.mark.parametrize(
    "name", ["model.py", "lexicon/number.toml", "lexicon/relations.bin", "read/cli/own.py"]
)
def test_a_changed_file_changes_the_signature(package: Path, name: str) -> None:
    before = signature(package)
    path = package / name
    state = path.stat()
    path.write_text(path.read_text().replace("o", "0", 1))  # as long as before
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert signature(package) != before


def test_a_new_a_lost_and_a_renamed_file_change_the_signature(package: Path) -> None:
    seen = {signature(package)}
    (package / "detect").mkdir()
    (package / "detect" / "new.py").write_text("")
    seen.add(signature(package))
    (package / "detect" / "new.py").rename(package / "detect" / "newer.py")
    seen.add(signature(package))
    (package / "model.py").unlink()
    seen.add(signature(package))
    assert len(seen) == 4


def test_what_only_shows_results_is_no_part_of_the_signature(package: Path) -> None:
    before = signature(package)
    (package / "cli" / "app.py").write_text("changed")
    (package / "render").mkdir()
    (package / "render" / "html.py").write_text("")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "model.cpython-311.pyc").write_bytes(b"")
    assert signature(package) == before


def test_a_lexicon_of_our_own_that_changes_is_seen(tmp_path: Path) -> None:
    copy = tmp_path / "claimdiff"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = signature(copy)
    with (copy / "lexicon" / "negation.toml").open("a") as file:
        file.write("\n# a comment\n")
    assert signature(copy) != before


def test_the_signature_does_not_tell_where_the_package_lies(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package, tmp_path / "elsewhere")
    assert signature(package) == signature(tmp_path / "elsewhere")


def test_another_version_of_nltk_or_of_python_changes_the_signature(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages"
    (installed / "nltk-3.10.4.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(installed)])
    seen = {signature(package)}
    (installed / "nltk-3.10.4.dist-info").rename(installed / "nltk-3.10.5.dist-info")
    seen.add(signature(package))
    monkeypatch.setattr(sys, "version", "3.99.0")
    seen.add(signature(package))
    monkeypatch.setattr(cache, "__version__", "9.9")
    seen.add(signature(package))
    assert len(seen) == 4


def test_nltk_is_among_what_is_installed() -> None:
    names = [name for here in cache._distributions() for name in here]
    assert any(name.startswith("nltk-") for name in names)
    assert any(name.replace("-", "_").startswith("diff_match_patch_") for name in names)


@POSIX
def test_a_link_that_leads_nowhere_is_no_error(package: Path) -> None:
    before = signature(package)
    (package / ".#model.py").symlink_to("somebody@somewhere.1")
    assert signature(package) == signature(package) != before


def test_a_program_without_files_has_no_lasting_signature(tmp_path: Path) -> None:
    assert signature(tmp_path / "claimdiff.zip") != signature(tmp_path / "claimdiff.zip")


def test_an_edit_while_the_program_runs_is_seen(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PACKAGE", package)
    engine_signature.cache_clear()
    try:
        assert cache.unchanged()
        (package / "model.py").write_text("edited")
        assert not cache.unchanged()
    finally:
        engine_signature.cache_clear()


# --- getting and putting --------------------------------------------------------------------------


def test_nothing_was_put(kept: Cache) -> None:
    assert kept.get(a_key(1)) is None
    assert not kept.folder.exists()


@pytest.mark.parametrize("text", ["", "a", "a\r\nb\nc\r", "\0", "é – “ ” 😀", "\ud800", "x" * 1_000_000])
def test_what_was_put_comes_back(kept: Cache, text: str) -> None:
    assert kept.put(a_key(1), text)
    assert kept.get(a_key(1)) == text
    assert kept.get(a_key(2)) is None


def test_the_last_text_counts(kept: Cache) -> None:
    assert kept.put(a_key(1), "old")
    assert kept.put(a_key(1), "new")
    assert kept.get(a_key(1)) == "new"
    assert [path.name for path in kept.folder.rglob("*") if path.is_file()] == [a_key(1)]


@pytest.mark.parametrize("name", ["", "ab", "../../" + "a" * 58, "A" * 64, "g" * 64, "a" * 63 + "\n"])
def test_a_name_that_is_no_key_is_a_miss(kept: Cache, name: str) -> None:
    assert not kept.put(name, "text")
    assert kept.get(name) is None


@POSIX
def test_only_the_owner_can_look_into_the_cache(kept: Cache) -> None:
    kept.put(a_key(1), "text")
    path = entry(kept.folder, a_key(1))
    modes = [stat.S_IMODE(own.stat().st_mode) & 0o077 for own in (kept.folder, path.parent, path)]
    assert modes == [0, 0, 0]


# --- broken entries -------------------------------------------------------------------------------

TEXT = '{"schema_version": 1, "tool": {"name": "claimdiff"}}'
BYTES = len(cache._pack(a_key(1), TEXT))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, BYTES - 1), flip=st.integers(1, 255))
def test_an_entry_with_any_byte_changed_is_a_miss_and_goes(kept: Cache, at: int, flip: int) -> None:
    assert kept.put(a_key(1), TEXT)
    path = entry(kept.folder, a_key(1))
    data = bytearray(path.read_bytes())
    data[at] ^= flip
    path.write_bytes(data)
    assert kept.get(a_key(1)) is None
    assert not path.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(length=st.integers(0, BYTES - 1), more=st.binary(min_size=1, max_size=9))
def test_an_entry_that_is_cut_or_longer_is_a_miss(kept: Cache, length: int, more: bytes) -> None:
    whole = cache._pack(a_key(1), TEXT)
    kept.put(a_key(1), TEXT)
    for data in (whole[:length], whole + more, more):
        entry(kept.folder, a_key(1)).write_bytes(data)
        assert kept.get(a_key(1)) is None


def test_an_entry_of_another_key_is_a_miss(kept: Cache) -> None:
    kept.put(a_key(1), "one")
    kept.put(a_key(2), "two")
    shutil.copy(entry(kept.folder, a_key(1)), entry(kept.folder, a_key(2)))
    assert kept.get(a_key(2)) is None
    assert kept.get(a_key(1)) == "one"


@pytest.mark.parametrize(
    "packed", [b"", b"no zlib", zlib.compress(b"\xff"), zlib.compress(b"cut short")[:-3]]
)
def test_an_entry_that_was_sealed_and_holds_no_text_is_a_miss(kept: Cache, packed: bytes) -> None:
    kept.put(a_key(1), "text")
    entry(kept.folder, a_key(1)).write_bytes(cache._seal(a_key(1), packed) + b"\n" + packed)
    assert kept.get(a_key(1)) is None


@POSIX
def test_what_is_no_file_is_a_miss(kept: Cache) -> None:
    kept.put(a_key(1), "text")
    path = entry(kept.folder, a_key(1))
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("")
    assert kept.get(a_key(1)) is None
    assert not kept.put(a_key(1), "text")
    shutil.rmtree(path)
    os.mkfifo(path)
    assert kept.get(a_key(1)) is None
    assert kept.put(a_key(1), "text")
    assert kept.get(a_key(1)) == "text"


# --- folders that cannot be used ------------------------------------------------------------------


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    for folder in (tmp_path / "cache", tmp_path / "cache" / "below"):
        assert not Cache(folder).put(a_key(1), "text")
        assert Cache(folder).get(a_key(1)) is None
    assert (tmp_path / "cache").read_text() == "not a folder"


def test_a_file_in_the_place_of_a_part_of_the_folder(kept: Cache) -> None:
    kept.put(a_key(1), "text")
    shutil.rmtree(kept.folder / "00")
    (kept.folder / "00").write_text("")
    assert not kept.put(a_key(1), "text")
    assert kept.get(a_key(1)) is None


@POSIX
def test_a_link_to_a_folder_is_not_used(kept: Cache, tmp_path: Path) -> None:
    kept.put(a_key(1), "text")
    link = tmp_path / "link"
    link.symlink_to(kept.folder)
    assert Cache(link).get(a_key(1)) is None
    assert not Cache(link).put(a_key(2), "text")


@POSIX
def test_a_folder_of_somebody_else_is_not_used(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.put(a_key(1), "text")
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    assert kept.get(a_key(1)) is None
    assert not kept.put(a_key(2), "text")


@POSIX
def test_a_folder_that_anybody_can_write_into_is_not_used(kept: Cache) -> None:
    kept.put(a_key(1), "text")
    kept.folder.chmod(0o777)
    assert kept.get(a_key(1)) is None
    assert not kept.put(a_key(2), "text")


@UNPRIVILEGED
def test_a_folder_that_cannot_be_written_into_can_still_be_read(kept: Cache) -> None:
    kept.put(a_key(1), "text")
    kept.folder.chmod(0o500)
    try:
        assert kept.get(a_key(1)) == "text"
        assert not kept.put("a" * 64, "text")
    finally:
        kept.folder.chmod(0o700)


@pytest.mark.parametrize("step", ["open", "write", "replace"])
def test_a_disk_that_refuses_keeps_nothing_and_leaves_nothing(
    kept: Cache, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept.put(a_key(1), "old")

    def full(*args: object, **given: object) -> object:
        raise OSError(28, "No space left on device")

    class Full:
        def __init__(self, handle: int, mode: str) -> None:
            self.handle = handle

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *error: object) -> None:
            os.close(self.handle)

        write = full

    with monkeypatch.context() as patch:
        if step == "open":
            patch.setattr(os, "open", full)
        elif step == "write":
            patch.setattr(os, "fdopen", Full)
        else:
            patch.setattr(Path, "replace", full)
        assert not kept.put(a_key(1), "new")
        assert not kept.put("a" * 64, "new")
    assert kept.get(a_key(1)) == "old"
    assert [path.name for path in kept.folder.rglob("*") if path.is_file()] == [a_key(1)]


def test_an_interruption_is_passed_on_and_leaves_nothing(
    kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept.put(a_key(1), "text")
    assert not [path for path in kept.folder.rglob("*") if path.is_file()]


# --- size -----------------------------------------------------------------------------------------


def noise(number: int) -> str:
    """A thousand characters that cannot be packed."""
    return "".join(cache._digest([f"{number} {part}"]) for part in range(16))[:1000]


def fill(kept: Cache, count: int) -> list[str]:
    """Put so many entries, used one after the other."""
    names = [a_key(number) for number in range(count)]
    for number, name in enumerate(names):
        assert kept.put(name, noise(number))
        os.utime(entry(kept.folder, name), ns=(number * 10**9, number * 10**9))
    return names


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_too_much_is_taken_down_to_four_fifths_oldest_first(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", limit=10_000)
    names = fill(kept, 40)
    assert size(kept.folder) > 20_000
    assert kept.put(a_key(99, tidies=True), "text")
    assert 7_000 < size(kept.folder) <= 8_000
    left = [name for name in names if kept.get(name) is not None]
    assert left == names[-len(left) :]
    assert kept.get(a_key(99, tidies=True)) == "text"


def test_what_was_used_stays(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", limit=10_000)
    names = fill(kept, 20)
    assert kept.get(names[0]) is not None
    kept.tidy()
    assert kept.get(names[0]) is not None
    assert kept.get(names[1]) is None


def test_what_fits_stays(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", limit=100_000)
    names = fill(kept, 20)
    kept.put(a_key(99, tidies=True), "text")
    assert all(kept.get(name) is not None for name in names)


def test_a_text_beyond_the_limit_is_not_kept(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", limit=1_000)
    assert not kept.put(a_key(1), noise(1) + noise(2))
    assert not kept.folder.exists()


def test_halves_that_a_crash_left_are_removed_and_strangers_are_not(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", limit=2_000)
    fill(kept, 1)
    half = entry(kept.folder, a_key(0) + ".0123456789abcdef")
    strangers = [kept.folder / "report.md", kept.folder / "00" / "notes.txt", kept.folder / "src" / a_key(7)]
    strangers[2].parent.mkdir()
    for path in (half, *strangers):
        path.write_bytes(bytes(3_000))
        os.utime(path, ns=(0, 0))
    os.utime(entry(kept.folder, a_key(0)), ns=(1, 10**9))
    kept.tidy()
    assert not half.exists()
    assert all(path.exists() for path in strangers)
    assert kept.get(a_key(0)) == noise(0)


def test_entries_that_vanish_while_tidying_are_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Cache(tmp_path / "cache", limit=10_000)
    names = fill(kept, 20)
    remove = Path.unlink

    def vanished(path: Path, missing_ok: bool = False) -> None:
        remove(path)
        if path.name == names[2]:
            raise PermissionError(13, "in use")
        raise FileNotFoundError(2, "another was quicker")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", vanished)
        kept.tidy()
    assert kept.get(names[-1]) is not None
    shutil.rmtree(kept.folder)
    kept.tidy()


# --- many at once ---------------------------------------------------------------------------------

WORKERS, ROUNDS, KEYS = 8, 60, 4


def _work(folder: Path, worker: int) -> None:
    kept = Cache(folder, limit=30_000)
    for turn in range(ROUNDS):
        number = (turn + worker) % KEYS
        name = a_key(number, tidies=number == 0)
        found = kept.get(name)
        assert found is None or (len(found) == 9_000 and len(set(found)) == 1 and found[0] in "01234567"), (
            found
        )
        kept.put(name, str(worker) * 9_000)
        kept.put(a_key(100 + turn * WORKERS + worker), noise(turn))  # makes others be removed


def test_many_processes_at_once_read_whole_texts_only(tmp_path: Path) -> None:
    context: Any = multiprocessing.get_context("spawn")
    folder = tmp_path / "cache"
    workers = [context.Process(target=_work, args=(folder, worker)) for worker in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    assert all(len(path.name) == 64 for path in folder.rglob("*") if path.is_file())


# --- where it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "given", "expected"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.cache/claimdiff"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "/x"}, "/x/claimdiff"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/claimdiff"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "x"}, "/home/a/.cache/claimdiff"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": ""}, "/home/a/.cache/claimdiff"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Caches/claimdiff"),
        ("win32", {"LOCALAPPDATA": "/local", "HOME": "/home/a"}, "/local/claimdiff/Cache"),
        ("win32", {"HOME": "/home/a"}, None),
        ("linux", {"HOME": "/home/a", "CLAIMDIFF_CACHE_DIR": "here"}, "here"),
        ("linux", {"HOME": "/home/a", "CLAIMDIFF_CACHE_DIR": ""}, "/home/a/.cache/claimdiff"),
        ("linux", {}, None),
        ("linux", {"HOME": ""}, None),
    ],
)  # fmt: skip
@POSIX
def test_the_folder_that_is_used(
    monkeypatch: pytest.MonkeyPatch, platform: str, given: dict[str, str], expected: str | None
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "CLAIMDIFF_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    folder = default_folder()
    assert (folder.as_posix() if folder else None) == expected

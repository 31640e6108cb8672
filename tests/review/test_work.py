"""Worker processes: shared work, refused work, stopped work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest

anyio = pytest.importorskip("anyio", reason="needs the extra `review` (anyio)")
pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")

from claimdiff.errors import NotComparableError  # noqa: E402
from claimdiff.review.problem import ProblemError  # noqa: E402
from claimdiff.review.work import Workers, ready  # noqa: E402


def run(test: Callable[[Workers], Coroutine[Any, Any, None]], **settings: Any) -> None:
    """Run a test with workers that start when they are needed."""

    async def running() -> None:
        workers = Workers(**({"processes": 1, "queue": 8, "seconds": 20.0, "prepare": ready} | settings))
        async with workers.running():
            await test(workers)

    anyio.run(running)


def pid_after(seconds: float, note: str = "") -> int:
    if note:
        Path(note).write_text(str(os.getpid()))
    time.sleep(seconds)
    return os.getpid()


def fail_with(message: str) -> None:
    raise NotComparableError(message)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stop_yourself() -> str:
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2] if Path("/proc").exists() else True


async def gone(pid: int, seconds: float = 2.0) -> bool:
    """Whether a process ends within this time."""
    for _ in range(int(seconds / 0.02)):
        if not alive(pid):
            return True
        await anyio.sleep(0.02)
    return False


async def noted(path: Path) -> int:
    with anyio.fail_after(20):
        while not path.exists() or not path.read_text():
            await anyio.sleep(0.02)
    return int(path.read_text())


def test_work_is_done_in_another_process_that_stays() -> None:
    async def test(workers: Workers) -> None:
        first = await workers.run(pid_after, 0)
        assert first != os.getpid()
        assert await workers.run(pid_after, 0) == first

    run(test)


def test_an_error_comes_back_as_it_was() -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(NotComparableError, match="nothing in common"):
            await workers.run(fail_with, "nothing in common")
        assert await workers.run(pid_after, 0)

    run(test)


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    async def test(workers: Workers) -> None:
        with pytest.raises(ProblemError, match="more than 1 seconds") as caught:
            await workers.run(pid_after, 60, str(note))
        assert caught.value.status == 503 and "Retry-After" in caught.value.headers
        assert await gone(int(note.read_text()))
        assert await workers.run(pid_after, 0)

    run(test, seconds=1.0)


def test_who_is_cancelled_frees_the_worker(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    async def test(workers: Workers) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(workers.run, pid_after, 60, str(note))
            pid = await noted(note)
            group.cancel_scope.cancel()
        assert await gone(pid)
        with anyio.fail_after(10):
            assert await workers.run(pid_after, 0) != pid

    run(test)


def test_a_worker_that_dies_is_told_and_replaced() -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(ProblemError, match="died") as caught:
            await workers.run(die)
        assert caught.value.status == 503
        assert await workers.run(pid_after, 0)

    run(test)


def test_a_stop_is_left_to_the_server() -> None:
    async def test(workers: Workers) -> None:
        assert await workers.run(stop_yourself) == "still here"

    run(test)


def test_more_than_the_queue_holds_is_refused(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    async def test(workers: Workers) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(workers.run, pid_after, 60, str(note))
            await noted(note)
            group.start_soon(workers.run, pid_after, 60)
            await anyio.sleep(0.1)
            with pytest.raises(ProblemError, match="waiting") as caught:
                await workers.run(pid_after, 0)
            assert caught.value.status == 429 and caught.value.headers["Retry-After"]
            group.cancel_scope.cancel()
        assert workers.waiting == 0

    run(test, queue=1)


def test_a_queue_of_none_still_works() -> None:
    async def test(workers: Workers) -> None:
        with anyio.fail_after(20):
            while True:
                try:
                    assert await workers.run(pid_after, 0)
                    return
                except ProblemError:  # the worker is still getting ready
                    await anyio.sleep(0.05)

    run(test, queue=0)


def test_after_a_stop_nothing_begins_and_all_ends() -> None:
    async def test(workers: Workers) -> None:
        pids: list[int] = []

        async def working() -> None:
            pids.append(await workers.run(pid_after, 0.5))

        await workers.run(pid_after, 0)
        async with anyio.create_task_group() as group:
            group.start_soon(working)
            await anyio.sleep(0.2)
            workers.drain()
            with pytest.raises(ProblemError, match="stopping") as caught:
                await workers.run(pid_after, 0)
            assert caught.value.status == 503
        assert pids

    run(test)


# --- shared work ----------------------------------------------------------------------------------


def counting(
    seconds: float, calls: list[int], error: Exception | None = None
) -> Callable[[], Awaitable[int]]:
    async def make() -> int:
        calls.append(1)
        try:
            await anyio.sleep(seconds)
        except BaseException:
            calls.append(-1)
            raise
        if error:
            raise error
        return len(calls)

    return make


def test_equal_work_is_done_once() -> None:
    calls: list[int] = []
    results: list[int] = []

    async def test(workers: Workers) -> None:
        async def ask() -> None:
            results.append(await workers.share("same", counting(0.1, calls)))

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(ask)
        assert calls == [1] and results == [1] * 20
        assert workers.busy == 0
        await ask()
        assert calls == [1, 1]

    run(test)


def test_an_error_reaches_all_who_wait() -> None:
    calls: list[int] = []
    caught: list[str] = []

    async def test(workers: Workers) -> None:
        async def ask() -> None:
            try:
                await workers.share("same", counting(0.05, calls, NotComparableError("no")))
            except NotComparableError as error:
                caught.append(str(error))

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask)
        assert calls == [1] and caught == ["no"] * 5

    run(test)


def test_shared_work_goes_on_while_one_waits() -> None:
    calls: list[int] = []
    results: list[int] = []

    async def test(workers: Workers) -> None:
        async def ask() -> None:
            results.append(await workers.share("same", counting(0.3, calls)))

        async with anyio.create_task_group() as stays, anyio.create_task_group() as leaves:
            stays.start_soon(ask)
            leaves.start_soon(ask)
            await anyio.sleep(0.1)
            leaves.cancel_scope.cancel()
        assert calls == [1] and results == [1]

    run(test)


def test_shared_work_ends_when_nobody_waits() -> None:
    calls: list[int] = []

    async def test(workers: Workers) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(partial(workers.share, "same", counting(60, calls)))
            await anyio.sleep(0.1)
            group.cancel_scope.cancel()
        await anyio.sleep(0.05)
        assert calls == [1, -1]
        assert workers.busy == 0
        assert await workers.share("same", counting(0, calls)) == 3

    run(test)


def test_work_that_is_asked_for_as_it_is_given_up_begins_anew() -> None:
    calls: list[int] = []

    async def test(workers: Workers) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(partial(workers.share, "same", counting(60, calls)))
            await anyio.sleep(0.05)
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            assert await workers.share("same", counting(0, calls))

    run(test)


def test_at_the_end_all_workers_are_gone(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    async def running() -> int:
        workers = Workers(processes=1, queue=1, seconds=60.0, prepare=ready)
        async with anyio.create_task_group() as group:
            async with workers.running():

                async def ask() -> None:
                    with pytest.raises(ProblemError, match="stopping"):
                        await workers.share("one", partial(workers.run, pid_after, 60, str(note)))

                group.start_soon(ask)
                pid = await noted(note)
            assert await gone(pid)
            with pytest.raises(ProblemError, match="stopping"):
                await workers.share("two", partial(workers.run, pid_after, 0))
        return pid

    assert not alive(anyio.run(running))

"""Work spread over threads that nobody has to wait for: they end with the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import Empty, Queue, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class _Failed(Generic[Task]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


def spread(
    do: Callable[[Task], Result], tasks: Sequence[Task], threads: int, left: Callable[[], float]
) -> Iterator[Result]:
    """The results of the tasks, as they come; what a task raises is raised here. The tasks are begun in
    their order. It ends early when `left`, asked for the seconds that are left, has come to nothing."""
    waiting: Queue[Task] = Queue()
    for task in tasks:
        waiting.put(task)
    done: SimpleQueue[Result | _Failed[Task]] = SimpleQueue()

    def work() -> None:
        while True:
            try:
                task = waiting.get_nowait()
            except Empty:
                return
            try:
                done.put(do(task))
            except BaseException as error:
                done.put(_Failed(error))
                return

    for number in range(min(threads, len(tasks))):
        Thread(target=work, name=f"claimdiff-verifier-{number}", daemon=True).start()
    for _ in tasks:
        seconds = left()
        try:
            result = done.get(timeout=None if seconds == float("inf") else max(0.0, seconds))
        except Empty:
            return
        if isinstance(result, _Failed):
            raise result.error
        yield result

"""Comparing for whoever asks: texts become a comparison in the database, by way of a worker process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from anyio import to_thread

from claimdiff.errors import ConfigError
from claimdiff.gate.config import Layer
from claimdiff.review import given
from claimdiff.review.record import Text
from claimdiff.review.service import Found, Job, Review, work
from claimdiff.review.work import Workers

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Comparer:
    """A review, and the workers that compare for it. Who is cancelled while waiting frees the worker."""

    review: Review
    workers: Workers

    def under(self, policy: Layer) -> Review:
        """The review that starts comparisons with these settings over the desk's."""
        try:
            return self.review.under(policy)
        except ConfigError as error:
            given.misfit(error)

    async def start(
        self, name: str, sources: Sequence[Text], derivative: Text, author: str, policy: Layer | None = None
    ) -> Found:
        """Where the comparison of these texts is; it is made unless it is there."""
        review = await here(self.under, policy or {})
        job = await here(review.job, sources, derivative)

        async def make() -> Found:
            if found := await here(review.find, sources, derivative):
                return found
            result = await self._work(job)
            id = await here(partial(review.start, name, sources, derivative, author, result=result))
            return await here(review.find, sources, derivative) or Found(id, 1)

        return await self.workers.share(f"start {job.key}", make)

    async def edit(self, id: str, text: str | Text, *, author: str, revision: int, note: str = "") -> int:
        """The number of the revision that holds this text; it is compared unless it is there."""
        job = await here(self.review.edit_job, id, text, revision)
        if job is None:
            return revision

        async def make() -> int:
            result = await self._work(job)
            return await here(
                partial(
                    self.review.edit, id, text, author=author, revision=revision, note=note, result=result
                )
            )

        return await self.workers.share(f"edit {id} {revision} {job.key} {author}", make)

    async def _work(self, job: Job) -> str:
        return await self.workers.run(work, job)


async def here(function: Callable[..., Result], *args: object) -> Result:
    """The function's result, from a thread, so that a waiting database stops nobody."""
    return await to_thread.run_sync(partial(function, *args))

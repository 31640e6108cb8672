"""The pages: the desk, the start of a comparison, and the comparison itself.

Every form works without a script: it is posted, and the answer leads to the page as it stands then. What is
refused comes back with the page, at the place where it was tried, with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from claimdiff.errors import ClaimdiffError, InputError
from claimdiff.render.html_view import anchor
from claimdiff.review import answer, clean, export, posted, sheet, shown
from claimdiff.review.api import ACTS, EXPORTS, unless_gone
from claimdiff.review.compared import Comparer, here
from claimdiff.review.guard import clean_path, csrf
from claimdiff.review.posted import Form, Start
from claimdiff.review.problem import ProblemError
from claimdiff.review.record import DECIDING, Act, State
from claimdiff.review.service import Found, Refused, Unavailable, Unknown
from claimdiff.review.shown import Trouble
from claimdiff.verify.protocol import VerifierError

if TYPE_CHECKING:
    from claimdiff.review.app import Settings

NAME = "claimdiff-name"  # the cookie that holds who decides
YEAR = 365 * 24 * 3600
ROWS = 25
SUFFIXES = {"markdown": "md", "json": "json", "waivers": "toml"}
MAIN = Trouble("", "")


def routes(settings: Settings, comparer: Comparer) -> list[BaseRoute]:
    """All pages, and the files that they load."""
    own = Pages(settings, comparer)
    one = "/comparisons/{id}"
    return [
        Route("/", own.desk),
        Route("/new", own.blank, methods=["GET"]),
        Route("/new", own.start, methods=["POST"]),
        Route("/name", own.name, methods=["POST"]),
        Route(one, own.comparison, methods=["GET"]),
        Route(f"{one}/act", own.act, methods=["POST"]),
        Route(f"{one}/edit", own.edit, methods=["POST"]),
        Route(f"{one}/now", own.now),
        Route(f"{one}/export/{{form}}", own.export),
        Route("/rules/{rule}", own.rule),
        Route("/static/{name}", own.static),
    ]


class Pages:
    """The pages of a server."""

    def __init__(self, settings: Settings, comparer: Comparer) -> None:
        self.comparer, self.review = comparer, comparer.review
        self.own, self.limits = settings.author, settings.limits
        self.secure = settings.url.startswith("https://")

    # --- the desk -----------------------------------------------------------------------------------

    async def desk(self, request: Request) -> Response:
        query = request.query_params
        words = query.get("q", "")[:200]
        state = State(query["state"]) if query.get("state") in tuple(State) else None
        asked = query.get("page", "")
        number = max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
        found = await here(
            partial(self.review.search, words, state=state, limit=ROWS, offset=ROWS * (number - 1))
        )

        def place(page: int) -> str:
            given = {"q": words, "state": state.value if state else "", "page": str(page) if page > 1 else ""}
            told = urlencode({key: value for key, value in given.items() if value})
            return f"/?{told}" if told else "/"

        more = ROWS * number < found.total
        return await self._page(request, "desk.html.jinja", {
            "title": "Desk", "rows": found.rows, "total": found.total, "words": words, "state": state,
            "states": list(State), "busy": self.comparer.workers.busy, "first": ROWS * (number - 1) + 1,
            "previous": place(number - 1) if number > 1 else "", "next": place(number + 1) if more else "",
        })  # fmt: skip

    async def now(self, request: Request) -> Response:
        """How far the log is, for a page that wants to know whether it is behind."""
        row = await here(self.review.row, _id(request))
        return answer.reply({"last": row.last, "revision": row.revision, "author": row.last_author})

    # --- who decides --------------------------------------------------------------------------------

    def author(self, request: Request) -> str:
        try:
            return clean.author(unquote(request.cookies.get(NAME, "")))
        except InputError:
            return self.own

    async def name(self, request: Request) -> Response:
        given = await posted.form(request)
        place, _, hash = given.get("next").partition("#")
        try:
            author = clean.author(given.get("author"))
        except InputError as error:
            raise ProblemError(422, f"{error}; go back to do so") from None
        response = RedirectResponse(clean_path(place) + (f"#{quote(hash)}" if hash else ""), 303)
        self._keep(response, author)
        return response

    def _keep(self, response: Response, author: str) -> None:
        response.set_cookie(
            NAME, quote(author), max_age=YEAR, httponly=True, samesite="strict", secure=self.secure
        )

    # --- starting -----------------------------------------------------------------------------------

    async def blank(self, request: Request) -> Response:
        return await self._blank(request, posted.Form({}), {}, 200)

    async def start(self, request: Request) -> Response:
        """By a form, or by a script that sends files too and wants JSON."""
        if request.headers.get("content-type", "").startswith("application/json"):
            return await self._started(request)
        given = await posted.form(request)
        if given.get("more"):
            return await self._blank(request, given, {}, 200, more=1)
        start = posted.from_form(given, self.review.typed)
        try:
            place = await self._start(request, start)
        except ClaimdiffError as error:
            return await self._blank(request, given, _places(error, start), _status(error))
        response = RedirectResponse(place, 303)
        self._keep(response, start.author or self.author(request))
        return response

    async def _started(self, request: Request) -> Response:
        data = await posted.body(request)
        start = None
        try:
            start = await here(posted.from_json, data, self.review.typed, self.limits.texts)
            place = await self._start(request, start)
        except ClaimdiffError as error:
            return answer.reply({"errors": _places(error, start)}, _status(error))
        response = answer.reply({"place": place})
        self._keep(response, start.author or self.author(request))
        return response

    async def _start(self, request: Request, start: Start) -> str:
        """The address of the comparison of these texts."""
        author = clean.author(start.author or self.author(request))
        size = sum(len(own.data) for own in (*start.sources, start.derivative))
        if size > self.limits.body_bytes:
            raise ProblemError(413, f"the texts have {size:,} bytes together; pass shorter ones")

        async def make() -> Found:
            return await self.comparer.start(start.name, start.sources, start.derivative, author)

        return answer.page((await unless_gone(request, make)).id)

    async def _blank(
        self, request: Request, given: Form, errors: dict[str, str], status: int, more: int = 0
    ) -> Response:
        sources = (given.all("source") or [""]) + [""] * more
        return await self._page(request, "start.html.jinja", {
            "title": "New comparison", "name": given.get("name"), "given": given.get("author"),
            "sources": sources, "derivative": given.get("derivative"), "errors": errors,
        }, status)  # fmt: skip

    # --- a comparison -------------------------------------------------------------------------------

    async def comparison(self, request: Request) -> Response:
        asked = request.query_params.get("revision", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 10 else None
        return await self._comparison(request, MAIN, 200, number)

    async def _comparison(
        self, request: Request, trouble: Trouble, status: int, revision: int | None = None
    ) -> Response:
        author = self.author(request)

        def make() -> dict[str, Any]:
            view = self.review.view(_id(request), revision)
            return shown.page(self.review, view, author, trouble)

        return await self._page(request, "comparison.html.jinja", await here(make), status)

    async def act(self, request: Request) -> Response:
        given = await posted.form(request)
        finding = given.get("finding")
        place = anchor(finding) if finding else "review"
        try:
            await here(self._act(_id(request), given, finding, self.author(request)))
        except (Refused, InputError, Unknown, Unavailable) as error:
            trouble = Trouble(finding or "review", _sentence(error), given.get("text"))
            return await self._comparison(request, trouble, _status(error))
        return RedirectResponse(f"{answer.page(_id(request))}#{place}", 303)

    def _act(self, id: str, given: Form, finding: str, author: str) -> Callable[[], object]:
        name, text = given.get("act"), given.get("text")
        who: dict[str, Any] = {"author": author, "revision": given.number("revision")}
        if name in tuple(DECIDING):
            reason = text if name == Act.DISMISSED else ""
            return partial(self.review.decide, id, finding, Act(name), reason, **who)
        if name == Act.COMMENTED:
            return partial(self.review.comment, id, text, finding=finding, **who)
        if name == Act.UNDONE:
            return partial(self.review.undo, id, **who)
        if name in tuple(ACTS):
            return partial(getattr(self.review, ACTS[Act(name)]), id, text, **who)
        raise ProblemError(422, "the form does not say what to do; go back and press a button")

    async def edit(self, request: Request) -> Response:
        given = await posted.form(request)
        id, revision = _id(request), given.number("revision")
        text, note, author = given.get("text"), given.get("note"), self.author(request)
        try:
            clean.author(author)
            old = (await here(self.review.view, id)).comparison.derivative.text
            if "\r\n" in old and "\n" not in old.replace("\r\n", ""):
                text = text.replace("\n", "\r\n")

            async def make() -> int:
                return await self.comparer.edit(id, text, author=author, revision=revision, note=note)

            number = await unless_gone(request, make)
        except ClaimdiffError as error:
            trouble = Trouble("edit", _sentence(error), given.get("text"), revision)
            return await self._comparison(request, trouble, _status(error))
        return RedirectResponse(f"{answer.page(id)}#{'edit' if number == revision else 'review'}", 303)

    async def export(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form not in export.FORMS:
            raise Unknown(f"there is no such export; there are {', '.join(export.FORMS)}")
        written = await here(self.review.export, _id(request), form)
        headers = {
            "Content-Disposition": f'attachment; filename="review-{_id(request)[:8]}.{SUFFIXES[form]}"'
        }
        return Response(written.encode("utf-8", "replace"), 200, headers, EXPORTS[form])

    async def rule(self, request: Request) -> Response:
        rule = await here(shown.rule, request.path_params["rule"])
        return await self._page(request, "rule.html.jinja", {"title": rule.id, "rule": rule})

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in sheet.STATIC:
            raise Unknown("there is nothing at this address")
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response(sheet.static(name), 200, headers, sheet.STATIC[name])

    async def _page(
        self, request: Request, name: str, content: dict[str, Any], status: int = 200
    ) -> Response:
        content = {"csrf": csrf(request), "author": self.author(request), "here": _here(request)} | content
        return HTMLResponse(await here(sheet.render, name, content), status)


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _here(request: Request) -> str:
    """Where to come back to: this page, or that of the comparison which a form was posted to."""
    if "id" in request.path_params:
        return answer.page(_id(request))
    return clean_path(request.url.path)


def _sentence(error: ClaimdiffError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _status(error: ClaimdiffError) -> int:
    if isinstance(error, ProblemError):
        return error.status
    if isinstance(error, Unavailable | VerifierError):
        return 503
    return 409 if isinstance(error, Refused) else 404 if isinstance(error, Unknown) else 422


def _places(error: ClaimdiffError, start: Start | None) -> dict[str, str]:
    """What went wrong in a start, by the text that it is about: "derivative", "source-1" or "start"."""
    text = str(error).removeprefix("not comparable: ").partition("; --lang")[0]
    told = text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
    texts: Sequence[tuple[str, str]] = ()
    if start is not None:
        texts = [(f"source-{n}", own.name) for n, own in enumerate(start.sources, 1)]
        texts = [*texts, ("derivative", start.derivative.name)]
    about = {place: told for place, name in texts if text.startswith((f"{name}:", f"{name} "))}
    return about or {"author" if "named as the one who decides" in told else "start": told}

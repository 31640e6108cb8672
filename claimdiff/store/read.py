"""A comparison from JSON text. What is read is held to the form: ids lead somewhere, offsets lie in
their text, values are of their kind. Properties that the form does not know are passed over."""

from __future__ import annotations

from claimdiff.errors import FormatError
from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Edit,
    Failure,
    Finding,
    Kind,
    Link,
    Opinion,
    Outcome,
    Pardon,
    Piece,
    Place,
    Relation,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Summary,
    Tally,
    Type,
    Verdict,
)
from claimdiff.store.form import DERIVATIVE_STATUS, NAME, PARDONS, SOURCE_STATUS, VERSION, plain_pieces
from claimdiff.store.node import Node, parse

HELD = frozenset({Status.COVERED, Status.VERBATIM, Status.PARAPHRASE})


def from_json(text: str) -> Comparison:
    """The comparison that `to_json` wrote; raises FormatError for anything else."""
    root = parse(text)
    version = root.get("schema_version")
    if version.value != VERSION or isinstance(version.value, bool):
        version.fail(f"{VERSION}, the only version that this program reads")
    tool = root.get("tool")
    if tool.get("name").value != NAME:
        tool.get("name").fail(repr(NAME))
    sources = tuple(_document(node, SOURCE_STATUS) for node in root.get("sources").items(least=1))
    derivative = _document(root.get("derivative"), DERIVATIVE_STATUS)
    index = _Index(root, sources, derivative)
    findings = tuple(_finding(node, index) for node in root.get("findings").items())
    notes, verdict = root.find("notes"), root.find("verdict")
    return Comparison(
        sources=sources,
        derivative=derivative,
        links=_links(root.get("links"), index),
        findings=findings,
        summary=_summary(root.get("summary"), sources, derivative),
        version=tool.get("version").text(),
        notes=notes.texts() if notes else (),
        verdict=_verdict(verdict, index, frozenset(own.id for own in findings)) if verdict else None,
        opinion=_opinion(root, tool, index),
    )


def _document(node: Node, allowed: frozenset[Status]) -> Document:
    id, text = node.get("id").text(), node.get("text").text()
    name, metadata, notes = node.find("name"), node.find("metadata"), node.find("notes")
    return Document(
        id=id,
        name=name.text() if name else "",
        text=text,
        statements=tuple(_statement(item, id, text, allowed) for item in node.get("statements").items()),
        metadata=tuple(_entry(item) for item in metadata.items()) if metadata else (),
        notes=notes.texts() if notes else (),
    )


def _entry(node: Node) -> tuple[str, str]:
    entry = node.texts()
    if len(entry) != 2:
        node.fail("a pair of a key and a value")
    return entry[0], entry[1]


def _span(node: Node, text: str) -> Span:
    start, end = node.get("start").count(), node.get("end").count()
    if not start <= end <= len(text):
        raise FormatError(f"{node.path}: {start} to {end} is no range in a text of {len(text)} characters")
    return Span(start, end)


def _statement(node: Node, document: str, text: str, allowed: frozenset[Status]) -> Statement:
    span = _span(node, text)
    status = node.get("status")
    if status.member(Status) not in allowed:
        status.fail(f"one of {', '.join(value for value in Status if value in allowed)}")
    own, pieces, inside = node.find("text"), node.find("pieces"), node.find("inside")
    section = node.find("section")
    plain = own.text() if own else span.of(text)
    return Statement(
        id=node.get("id").text(),
        document=document,
        span=span,
        role=node.get("role").member(Role),
        text=plain,
        pieces=plain_pieces(span, plain) if pieces is None else _pieces(pieces, plain, text),
        inside=inside.flag() if inside else False,
        status=status.member(Status),
        section=section.text() if section else "",
    )


def _pieces(node: Node, plain: str, text: str) -> tuple[Piece, ...]:
    pieces = []
    for item in node.items():
        numbers = [number.count() for number in item.items()]
        if len(numbers) != 3:
            item.fail("three numbers")
        piece = Piece(*numbers)
        if piece.view + piece.length > len(plain) or piece.raw + piece.length > len(text):
            item.fail("a range inside the statement and the document")
        pieces.append(piece)
    return tuple(pieces)


class _Index:
    """Which documents and statements there are, and on which side; ids are unique over all of them."""

    def __init__(self, root: Node, sources: tuple[Document, ...], derivative: Document) -> None:
        documents = (*sources, derivative)
        self.documents = {document.id: document for document in documents}
        self.sources = {own.id: own for document in sources for own in document.statements}
        self.derivative = {own.id: own for own in derivative.statements}
        self.statements = self.sources | self.derivative
        if len(self.documents) < len(documents):
            raise FormatError(f"{root.path}: two documents have the same id")
        if len(self.statements) < sum(len(document.statements) for document in documents):
            raise FormatError(f"{root.path}: two statements have the same id")


def _known(node: Node, ids: dict[str, Statement]) -> str:
    id = node.text()
    if id not in ids:
        node.fail("the id of a statement on that side")
    return id


def _links(node: Node, index: _Index) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for item in node.items():
        derivative = item.get("derivative")
        if _known(derivative, index.derivative) in links:
            derivative.fail("a statement that has no link yet")
        edits = item.find("edits")
        links[derivative.text()] = Link(
            derivative=derivative.text(),
            sources=tuple(_known(id, index.sources) for id in item.get("sources").items(least=1)),
            relation=item.get("relation").member(Relation),
            score=item.get("score").share(),
            edits=tuple(_edit(edit) for edit in edits.items()) if edits else (),
        )
    return tuple(links.values())


def _edit(node: Node) -> Edit:
    op, text, old = node.get("op"), node.get("text").text(), node.find("old")
    if op.value == "equal":
        return Edit(old.text() if old else text, text)
    if op.value == "delete":
        return Edit(text, "")
    if op.value != "insert":
        op.fail("one of equal, delete, insert")
    return Edit("", text)


def _finding(node: Node, index: _Index) -> Finding:
    after, because = node.find("after"), node.find("because")
    if after and after.value != "":
        _known(after, index.derivative)
    return Finding(
        id=node.get("id").text(),
        rule=node.get("rule").text(),
        kind=node.get("kind").member(Kind),
        types=tuple(type.member(Type) for type in node.get("types").items()),
        severity=node.get("severity").member(Severity),
        confidence=node.get("confidence").share(),
        message=node.get("message").text(),
        derivative=_place(node.get("derivative"), index, index.derivative),
        source=_place(node.get("source"), index, index.sources),
        after=after.text() if after else None,
        because=because.texts() if because else (),
    )


def _place(node: Node, index: _Index, side: dict[str, Statement]) -> Place | None:
    if node.value is None:
        return None
    document, statement = node.get("document"), node.get("statement")
    if side[_known(statement, side)].document != document.text():
        document.fail(f"the document of {statement.value!r}")
    return Place(document.text(), statement.text(), _span(node, index.documents[document.text()].text))


def _opinion(root: Node, tool: Node, index: _Index) -> Opinion | None:
    """What a verifier gave; one that is named without an account of what it judged gave none."""
    verifier, node = tool.find("verifier"), root.find("verification")
    if verifier is None:
        if node is not None:
            node.fail("none without tool.verifier")
        return None
    if node is None:
        return None
    asked, judged = node.get("asked").count(), node.get("judged").count()
    unjudged = tuple(
        (_known(own.get("statement"), index.derivative), own.get("reason").text())
        for own in node.get("unjudged").items()
    )
    if judged + len(unjudged) != asked:
        node.fail("as many asked as judged and unjudged")
    return Opinion(verifier.text(), asked, judged, unjudged)


def _verdict(node: Node, index: _Index, findings: frozenset[str]) -> Verdict:
    """The verdict. One that lets a text pass and says why it was stopped is none."""
    outcome, failures = node.get("outcome").member(Outcome), node.get("failures")
    if failures.value and outcome is not Outcome.BLOCK:
        failures.fail(f"none of them where the outcome is {outcome}")
    pardons, warnings = node.find("pardons"), node.find("warnings")
    return Verdict(
        outcome=outcome,
        failures=tuple(_failure(item, findings) for item in failures.items()),
        pardons=tuple(_pardon(item, index) for item in pardons.items()) if pardons else (),
        warnings=warnings.texts() if warnings else (),
    )


def _failure(node: Node, findings: frozenset[str]) -> Failure:
    found = node.find("findings")
    for id in found.items() if found else ():
        if id.text() not in findings:
            id.fail("the id of a finding")
    return Failure(
        setting=node.get("setting").text(),
        origin=node.get("origin").text(),
        message=node.get("message").text(),
        findings=found.texts() if found else (),
    )


def _pardon(node: Node, index: _Index) -> Pardon:
    by, reason, who, until = node.get("by"), node.find("reason"), node.find("who"), node.find("until")
    if by.value not in PARDONS:
        by.fail(f"one of {', '.join(PARDONS)}")
    return Pardon(
        finding=_finding(node.get("finding"), index),
        by=by.text(),
        reason=reason.text() if reason else "",
        who=who.text() if who else "",
        until=until.text() if until else "",
    )


def _summary(node: Node, sources: tuple[Document, ...], derivative: Document) -> Summary:
    counts, covered, supported = node.get("counts"), node.find("covered"), node.find("supported")
    return Summary(
        drift=node.get("drift").share(),
        coverage=node.get("coverage").share(),
        support=node.get("support").share(),
        counts=Counts(
            addition=counts.get("addition").count(),
            omission=counts.get("omission").count(),
            distortion=counts.get("distortion").count(),
        ),
        covered=_tally(covered) if covered else _counted(*sources),
        supported=_tally(supported) if supported else _counted(derivative),
    )


def _tally(node: Node) -> Tally:
    held, total = node.get("held").count(), node.get("total").count()
    if held > total:
        node.fail("no more held than there are")
    return Tally(held, total)


def _counted(*documents: Document) -> Tally:
    """The tally of a comparison that was stored without one."""
    judged = [own.status for document in documents for own in document.statements]
    judged = [status for status in judged if status is not Status.BOILERPLATE]
    return Tally(sum(status in HELD for status in judged), len(judged))

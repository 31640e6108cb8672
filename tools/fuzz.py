"""Coverage-guided fuzzing of the readers and of the whole comparison (needs atheris).

    python -m tools.fuzz readers|pipeline CORPUS [libFuzzer options, such as -max_total_time=1800]

`readers` gives the input to one reader after the other, as its first byte says: any error but InputError, and
any piece that does not lie in its text, is a crash. `pipeline` splits the input in two texts, compares
them, and holds every place of the result to its text. CORPUS is a folder, filled with our own texts on the
first run. libFuzzer's `-timeout=10` makes a hang a crash.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["claimdiff"]):
    import claimdiff
    from claimdiff import pipeline as _engine  # noqa: F401  (what is imported late would not be instrumented)
    from claimdiff import read, store
    from claimdiff.errors import ClaimdiffError, InputError
    from claimdiff.model import Comparison, Document
    from claimdiff.read import feed, html, markdown, newswire, ninjs, page, pdf, word  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
FORMS = tuple(sorted(read.FORMS))
PART = b"\n=====\n"  # between the two texts of a pair


def readers(data: bytes) -> None:
    form = FORMS[data[0] % len(FORMS)] if data else FORMS[0]
    try:
        _hold(read.read_bytes(data[1:], id="d", name="input", form=form))
    except InputError as error:
        assert "\n" not in str(error)


def pipeline(data: bytes) -> None:
    source, _, derivative = data.partition(PART)
    texts = [part.decode("utf-8", "surrogateescape") for part in (source, derivative)]
    try:
        made = claimdiff.compare(*texts, min_confidence=0.0)
    except ClaimdiffError:
        return
    _hold_all(made)
    assert store.from_json(store.to_json(made)) == made


def _hold(document: Document) -> None:
    for block in document.blocks:
        last = 0
        for piece in block.pieces:
            assert last <= piece.raw <= piece.raw + piece.length <= len(document.text)
            assert piece.view + piece.length <= len(block.text)
            last = piece.raw + piece.length


def _hold_all(made: Comparison) -> None:
    documents = {own.id: own for own in (*made.sources, made.derivative)}
    for finding in made.findings:
        for place in (finding.source, finding.derivative):
            if place is not None:
                assert 0 <= place.span.start <= place.span.end <= len(documents[place.document].text)


def fill(corpus: Path, target: str) -> None:
    """Put our own texts in an empty corpus."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    seeds = sorted((ROOT / "seeds").glob("*/*.md"))
    if target == "pipeline":
        texts = [
            PART.join(case[side].encode() for side in ("source", "derivative"))
            for path in sorted((ROOT / "tests" / "cases").glob("*.toml"))
            for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"][:40]
        ]
    else:
        texts = [bytes([at]) + path.read_bytes()[:3000] for at in range(len(FORMS)) for path in seeds[:4]]
        cases = tomllib.loads((ROOT / "tests" / "read" / "forms.toml").read_text(encoding="utf-8"))["case"]
        known = [case for case in cases if {"form", "text"} <= case.keys()]
        texts += [bytes([FORMS.index(case["form"])]) + case["text"].encode() for case in known]
        texts += [bytes([FORMS.index(form)]) + data for form, data in _office()]
    for number, text in enumerate(texts):
        (corpus / f"own-{number:04}").write_bytes(text)


def _office() -> list[tuple[str, bytes]]:
    """A Word file, and the beginning of a PDF."""
    from io import BytesIO

    import docx

    made = docx.Document()
    made.add_heading("Port to close", 0)
    made.add_paragraph("The port will close on Monday, officials said.")
    kept = BytesIO()
    made.save(kept)
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    return [("docx", kept.getvalue()), ("pdf", pdf + b"trailer<</Root 1 0 R>>\n%%EOF")]


def main() -> None:
    target, corpus = sys.argv[1], Path(sys.argv[2])
    fill(corpus, target)
    run = {"readers": readers, "pipeline": pipeline}[target]
    atheris.Setup([sys.argv[0], str(corpus), *sys.argv[3:]], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

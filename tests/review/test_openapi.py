"""openapi.json says what the API does: schemathesis calls all of it, in every way that it describes and in
many that it does not."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
pytest.importorskip("httpx", reason="needs httpx")

from calling import HEADERS, TOKEN, calling, settings

from claimdiff.gate.setting import SETTINGS
from claimdiff.read import FORMS
from claimdiff.review.api import Limits, openapi
from claimdiff.review.app import create_app
from claimdiff.review.asked import FILES
from claimdiff.review.given import TEXT_FORMS
from claimdiff.review.record import Act, Standing, State, Text

EXAMPLES = 5  # of each call and each way to call it
STATEFUL = 6
SUMS = (("source", "$20 million"), ("derivative", "$90 million"))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(openapi())
    return told


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


def refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, own in value.items():
            if key == "$ref":
                yield own
            else:
                yield from refs(own)
    elif isinstance(value, list):
        for own in value:
            yield from refs(own)


def test_every_reference_leads_somewhere_and_nothing_is_left_over(document: dict[str, Any]) -> None:
    named = set(refs(document))
    for own in named:
        place: Any = document
        for part in own.removeprefix("#/").split("/"):
            place = place[part]
    for kind, members in document["components"].items():
        if kind != "securitySchemes":
            assert {f"#/components/{kind}/{name}" for name in members} <= named


def test_the_routes_are_those_that_are_described(document: dict[str, Any], tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    there = {
        (route.path, method.lower())
        for route in app.routes
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
        if route.path.startswith("/v1/")  # type: ignore[attr-defined]
    }
    assert there == {(path, method) for path, own in document["paths"].items() for method in own}


def test_the_policys_settings_are_the_programs(document: dict[str, Any]) -> None:
    described = schema(document, "Policy")["properties"]
    own = {setting.name: setting for setting in SETTINGS if setting.name not in FILES}
    assert described.keys() == own.keys()
    for name, setting in own.items():
        expected = json.loads(json.dumps(setting.form.schema)) | {"description": setting.help}
        assert described[name] == expected, name


def test_the_words_are_the_programs(document: dict[str, Any]) -> None:
    assert schema(document, "State")["enum"] == list(State)
    assert schema(document, "Standing")["enum"] == list(Standing)
    assert schema(document, "Event")["properties"]["act"]["enum"] == list(Act)
    assert schema(document, "Text")["properties"]["format"]["enum"] == list(TEXT_FORMS)
    assert set(TEXT_FORMS) < set(FORMS)
    assert schema(document, "Request")["properties"]["sources"]["maxItems"] == Limits().texts - 1


def test_what_acts_answer_is_as_described(document: dict[str, Any], tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    source = "The board met on Monday. It spent $20 million. It may build a port."
    worse = source.replace("$20", "$90").replace("may", "will")

    def hold(response: Any, name: str) -> Any:
        assert response.status_code == 200, response.text
        jsonschema.validate(response.json(), {"$ref": f"#/components/schemas/{name}", **document})
        return response.json()

    with calling(settings(tmp_path, limits=Limits(workers=1))) as client:
        texts = {"sources": [{"text": source}], "derivative": {"text": worse}}
        told = hold(client.post("/v1/check", json=texts), "Checked")
        hold(client.post("/v1/compare", json=texts), "Compared")
        hold(client.post("/v1/check", json=texts | {"derivative": {"text": ""}}), "Checked")
        at = f"/v1/comparisons/{told['id']}"
        for act, reason in (("accepted", ""), ("dismissed", "it may"), ("commented", "seen")):
            body = {"finding": told["findings"][0]["id"], "act": act, "reason": reason, "revision": 1}
            hold(client.post(f"{at}/decisions", json=body), "Stands")
        hold(client.post(f"{at}/undo", json={"revision": 1}), "Stands")
        hold(client.post(f"{at}/state", json={"act": "changes-asked", "revision": 1}), "Stands")
        edited = {"derivative": {"text": source.replace("may", "will")}, "revision": 1}
        hold(client.put(f"{at}/derivative", json=edited), "Checked")
        view = hold(client.get(at), "View")
        assert "fixed" in view["standings"].values() and view["fixed"]
        hold(client.get(f"{at}?revision=1"), "View")
        hold(client.get("/v1/comparisons"), "Page")


CONFIG: dict[str, Any] = {
    "seed": 1,
    "headers": HEADERS,
    "auth": {"openapi": {"token": {"bearer": TOKEN}}},
    "continue-on-failure": True,
    "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"generation": {"max-examples": STATEFUL}}},
    "checks": {
        # A text is of any characters, and many of them cannot be read as what they are said to be, or
        # cannot be compared; which ones no schema says.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "413", "422", "429", "503"]
        },
    },
}


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema
    from schemathesis.python.asgi import shutdown_lifespans

    app = create_app(settings(tmp_path, host="testserver", limits=Limits(workers=2)))
    texts = [Text(name, f"The board met on Monday. It spent {sum}.".encode()) for name, sum in SUMS]
    there = app.state.review.start("Board", texts[:1], texts[1], "A. Editor")
    config = CONFIG | {
        "dictionaries": {"there": {"values": [there]}},
        "parameters": {"path.id": {"dictionary": "there", "probability": 0.7}},
    }
    failures: list[str] = []
    calls: dict[str, set[int]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = schemathesis.openapi.from_asgi(
            "/v1/openapi.json", app, headers=HEADERS, config=SchemathesisConfig.from_dict(config)
        )
        try:
            for event in from_schema(loaded).execute():
                if isinstance(event, events.NonFatalError):
                    failures.append(f"{event.label}: {event.info}")
                if isinstance(event, events.FatalError):
                    failures.append(str(event.exception))
                if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
                    failures += told(event.recorder)
                    for id, own in event.recorder.interactions.items():
                        if own.response is not None:
                            label = event.recorder.cases[id].value.operation.label
                            calls.setdefault(label, set()).add(own.response.status_code)
        finally:
            shutdown_lifespans()
    assert not failures, "\n\n".join(dict.fromkeys(failures))
    seen = "\n".join(f"{label}: {sorted(codes)}" for label, codes in sorted(calls.items()))
    assert len(calls) == 11, seen  # all but the description itself
    # To decide on a finding needs its id, which no description gives.
    assert all(200 in codes or label.endswith("/decisions") for label, codes in calls.items()), seen


def told(recorder: Any) -> Iterator[str]:
    for id, checks in recorder.checks.items():
        for own in checks:
            if own.failure_info is not None:
                yield f"{own.name}: {recorder.cases[id].value.operation.label}: {own.failure_info.failure}"

"""The API, from texts to a signed review, over the real app with its workers and its database."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
pytest.importorskip("httpx", reason="needs httpx")

from calling import Client, calling, settings

from claimdiff.gate.config import Value
from claimdiff.model import Comparison
from claimdiff.review import compared, work
from claimdiff.review.api import Limits

SOURCE = (
    "The harbour board approved a new ferry terminal on Tuesday. The terminal will cost $40 million. "
    "Work may begin in March, the board said. Two unions opposed the plan."
)
SAME = {"sources": [{"text": SOURCE}], "derivative": {"text": SOURCE}}
WORSE = SOURCE.replace("$40 million", "$90 million").replace("may begin", "will begin")
DRIFTED = {"sources": [{"text": SOURCE}], "derivative": {"text": WORSE}, "name": "Ferry"}
UNLIKE = {
    "sources": [{"text": SOURCE}],
    "derivative": {
        "text": "Apples ripen late this year. Growers blame rain. Pickers are few. Prices climb at markets."
    },
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    limits = Limits(body_bytes=100_000, texts=4, characters=20_000, workers=1)
    with calling(settings(tmp_path_factory.mktemp("review"), limits=limits)) as made:
        yield made


def check(client: Client, body: Any, **changes: Any) -> dict[str, Any]:
    response = client.post("/v1/check", json=body | changes)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def problem(response: Any, status: int) -> str:
    """What a refusal says; all of them have one form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status and told["title"] and told["type"] == "about:blank"
    assert isinstance(told["detail"], str) and len(told["detail"]) > 10
    return str(told["detail"])


def variant(number: int) -> dict[str, Any]:
    """A pair that no other test has."""
    source = SOURCE + f" The board has {number} members."
    return {"sources": [{"text": source}], "derivative": {"text": source.replace("$40", "$90")}}


# --- check and compare ----------------------------------------------------------------------------


def test_a_faithful_text_passes(client: Client) -> None:
    told = check(client, SAME)
    assert told["verdict"] == "pass" and told["findings"] == [] and told["failures"] == []
    assert told["scores"] == {"drift": 0.0, "coverage": 1.0, "support": 1.0}
    assert told["tool"]["name"] == "claimdiff"


def test_a_distorted_text_is_blocked_with_its_places(client: Client) -> None:
    told = check(client, DRIFTED)
    assert told["verdict"] == "block" and "major" in told["reason"]
    assert told["name"] == "Ferry"
    found = next(own for own in told["findings"] if own["rule"] == "number-changed")
    place, source = found["derivative"], found["source"]
    assert found["stops"] and found["id"] in told["failures"][0]["findings"]
    assert WORSE[place["start"] : place["end"]] == place["text"] and "90" in place["text"]
    assert SOURCE[source["start"] : source["end"]] == source["text"] and "40" in source["text"]
    assert place["line"] == 1 and place["column"] == place["start"] + 1
    assert place["snippet"] in WORSE
    counts = told["counts"]
    assert counts["major"] + counts["minor"] == len(told["findings"])
    assert counts["distortion"] >= 1
    assert told["report_url"] == f"http://localhost/comparisons/{told['id']}"


def test_texts_that_have_nothing_in_common_are_not_comparable(client: Client) -> None:
    told = check(client, UNLIKE)
    assert told["verdict"] == "not_comparable" and "in common" in told["reason"]
    assert told["id"] is None and told["report_url"] is None
    assert "in common" in problem(client.post("/v1/compare", json=UNLIKE), 422)
    empty = check(client, SAME, derivative={"text": ""})
    assert empty["verdict"] == "not_comparable" and "empty" in empty["reason"]


def test_compare_gives_the_contracts_json(client: Client) -> None:
    response = client.post("/v1/compare", json=DRIFTED)
    assert response.status_code == 200
    told = response.json()
    whole = Comparison.from_json(json.dumps(told["comparison"]))
    assert whole.derivative.text == WORSE and whole.verdict is not None
    assert told["id"] == check(client, DRIFTED)["id"]


def test_the_policy_is_the_callers(client: Client) -> None:
    lenient = check(client, DRIFTED, policy={"fail-on": "none"})
    assert lenient["verdict"] == "review" and lenient["failures"] == []
    strict = check(client, DRIFTED, policy={"profile": "strict", "max-drift": 0.01})
    assert {own["origin"] for own in strict["failures"]} >= {"request"}
    assert check(client, DRIFTED, policy={"ignore": ["all"]})["findings"] == []
    assert check(client, DRIFTED)["verdict"] == "block"


def test_the_policy_holds_for_all_that_follows(client: Client) -> None:
    given = variant(77) | {"policy": {"fail-on": "none", "severity": {"distortion": "minor"}}}
    id = check(client, given)["id"]
    seen = client.get(f"/v1/comparisons/{id}").json()
    assert seen["comparison"]["verdict"]["outcome"] == "review"
    assert {own["severity"] for own in seen["comparison"]["findings"]} == {"minor"}
    listed = client.get("/v1/comparisons", params={"q": "derivative"}).json()["items"]
    assert {own["id"]: own["verdict"] for own in listed}[id] == "review"
    worse = given["derivative"]["text"].replace("may begin", "will begin")
    body = {"derivative": {"text": worse}, "author": "Ann", "revision": 1}
    edited = client.put(f"/v1/comparisons/{id}/derivative", json=body).json()
    assert (edited["id"], edited["revision"], edited["verdict"]) == (id, 2, "review")
    again = check(client, given, derivative={"text": worse})
    assert (again["id"], again["revision"], again["findings"]) == (id, 2, edited["findings"])
    done = client.post(f"/v1/comparisons/{id}/state", json={"act": "signed-off", "revision": 2})
    assert done.status_code == 200 and done.json()["state"] == "signed off", "nothing in it is major"


def test_another_policy_is_another_comparison(client: Client) -> None:
    policies: list[dict[str, Any]] = [{}, {"fail-on": "minor"}, {"fail-on": "none"}, {"min-confidence": 0.9}]
    ids = [check(client, DRIFTED, policy=own)["id"] for own in policies]
    assert len(set(ids)) == 4 and ids[0] == check(client, DRIFTED)["id"]
    assert ids == [check(client, DRIFTED, policy=own)["id"] for own in policies]


def test_ninjs_is_read(client: Client) -> None:
    item = {"uri": "x", "type": "text", "headline": "Ferry terminal approved", "body_text": SOURCE}
    told = check(client, SAME, derivative={"ninjs": item, "name": "item.json"})
    assert told["verdict"] in ("pass", "review")
    assert told["name"] == "item.json"


def test_several_sources_and_forms(client: Client) -> None:
    html = f"<html><body><article><p>{SOURCE}</p></article></body></html>"
    sources = [
        {"text": html, "format": "html", "name": "wire"},
        {"text": "Ferries sail on Sundays.", "name": "b"},
    ]
    told = check(client, SAME, sources=sources)
    assert {own["kind"] for own in told["findings"]} == {"omission"}
    assert {own["source"]["name"] for own in told["findings"]} == {"b"}


def test_no_path_or_address_is_opened(client: Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SOURCE)
    text = f"---\nsource: {secret}\n---\n{SOURCE}"
    told = check(
        client, SAME, derivative={"text": text, "name": f"../../../..{secret}", "format": "markdown"}
    )
    assert told["verdict"] in ("pass", "review")
    for text in (str(secret), secret.as_uri(), "http://127.0.0.1:1/"):
        given = SAME | {"derivative": {"text": text, "name": str(secret)}}
        response = client.post("/v1/compare", json=given)
        assert response.status_code == 422 or response.json()["comparison"]["derivative"]["text"] == text


# --- the same body, the same comparison -----------------------------------------------------------


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows with each comparison that is made."""
    made: list[int] = []
    before = work.Workers.run

    async def counting(self: work.Workers, function: Any, *args: Any) -> Any:
        made.append(1)
        return await before(self, function, *args)

    monkeypatch.setattr(work.Workers, "run", counting)
    return made


def test_the_same_body_is_compared_once(client: Client, works: list[int]) -> None:
    ids = {check(client, variant(1))["id"] for _ in range(3)}
    assert len(ids) == 1 and len(works) == 1
    client.post("/v1/compare", json=variant(1))
    assert len(works) == 1


def test_the_same_body_at_the_same_time_is_compared_once(client: Client, works: list[int]) -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda _: check(client, variant(2))["id"], range(8)))
    assert len(ids) == 1 and len(works) == 1
    assert client.get("/v1/comparisons", params={"q": "derivative"}).json()["total"] >= 1


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"sources": []}, "/sources"),
        ({"sources": "x"}, "/sources"),
        ({"sources": [3]}, "/sources/0"),
        ({"sources": [{}]}, "/sources/0/text"),
        ({"derivative": None}, "/derivative"),
        ({"derivative": {"text": 3}}, "/derivative/text"),
        ({"derivative": {"text": "x", "format": "pdf"}}, "/derivative/format"),
        ({"derivative": {"text": "x", "format": ["text"]}}, "/derivative/format"),
        ({"derivative": {"text": "x", "url": "http://x"}}, "/derivative/url"),
        ({"derivative": {"text": "x", "name": "a\nb"}}, "/derivative/name"),
        ({"derivative": {"text": "x", "name": "a" * 201}}, "/derivative/name"),
        ({"derivative": {"ninjs": "x"}}, "/derivative/ninjs"),
        ({"derivative": {"ninjs": {}, "text": "x"}}, "/derivative/text"),
        ({"policy": []}, "/policy"),
        ({"policy": {"fail-on": "huge"}}, "/policy/fail-on"),
        ({"policy": {"waivers": "/etc/passwd"}}, "/policy/waivers"),
        ({"policy": {"baseline": "b.toml"}}, "/policy/baseline"),
        ({"policy": {"pairs": []}}, "/policy/pairs"),
        ({"policy": {"ignore": ["nonsense"]}}, "/policy"),
        ({"policy": {"severity": {"nonsense": "major"}}}, "/policy"),
        ({"polcy": {}}, "/polcy"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"name": 3}, "/name"),
        ({"author": "a\x07"}, "/author"),
    ],
)
def test_a_body_that_is_not_as_described_is_named(client: Client, change: dict[str, Any], where: str) -> None:
    response = client.post("/v1/check", json=SAME | change)
    detail = problem(response, 422)
    assert response.json()["errors"][0]["pointer"] == where
    assert detail.startswith(f"{where}: ")


def test_a_typing_error_gets_a_hint(client: Client) -> None:
    assert "did you mean policy?" in problem(client.post("/v1/check", json=SAME | {"polcy": {}}), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"nothing",
        b"[" * 50_000,
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": 1e999}',
    ],
)
def test_what_is_no_json_is_refused(client: Client, body: bytes) -> None:
    response = client.post("/v1/check", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    problem(response, response.status_code)


def test_a_body_that_is_no_object_is_refused(client: Client) -> None:
    for body in ([], "x", 3, None, True):
        kind = {"Content-Type": "application/json"}
        problem(client.post("/v1/check", content=json.dumps(body), headers=kind), 422)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_other_types_are_refused(client: Client, kind: str) -> None:
    response = client.post("/v1/check", content=json.dumps(SAME), headers={"Content-Type": kind})
    assert "application/json" in problem(response, 415)


def test_too_much_is_refused(client: Client) -> None:
    long = SAME | {"derivative": {"text": "word " * 5_000}}
    assert "20,000" in problem(client.post("/v1/check", json=long), 413)
    many = SAME | {"sources": [{"text": "x"}] * 4}
    assert "3 is the most" in problem(client.post("/v1/check", json=many), 422)
    assert "100,000 bytes" in problem(client.post("/v1/check", json=SAME | {"name": "x" * 200_000}), 413)


def test_strange_characters_are_taken_as_they_are(client: Client) -> None:
    body = json.dumps(SAME | {"derivative": {"text": SOURCE + " \\ud800 \\u0000 \u202e"}}).replace(
        "\\\\u", "\\u"
    )
    response = client.post("/v1/check", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert "\u202e" not in response.text  # escaped, so that it does not act in a terminal


def test_other_ways_in_are_refused(client: Client) -> None:
    assert client.get("/v1/check").headers["allow"] == "POST"
    assert "POST" in problem(client.get("/v1/check"), 405)
    problem(client.request("DELETE", "/v1/comparisons/x"), 405)
    problem(client.get("/v1/nothing"), 404)
    problem(client.get("/v1/check/"), 404)
    problem(client.get("/v1/comparisons/" + "0" * 32), 404)
    problem(client.get("/v1/comparisons/%00"), 404)
    problem(client.get("/v1/version", headers={"Authorization": "Bearer x"}), 401)
    problem(client.get("/v1/version", headers={"Host": "evil.example"}), 421)


# --- what there is --------------------------------------------------------------------------------


def test_of_the_service_itself(client: Client) -> None:
    health = client.get("/v1/health", headers={"Authorization": "Bearer wrong"})
    assert health.json() == {"status": "ok"}
    assert client.get("/v1/version").json()["name"] == "claimdiff"
    assert client.get("/v1/openapi.json").json()["openapi"] == "3.1.0"
    assert client.request("HEAD", "/v1/version").status_code == 200


def test_comparisons_are_listed_and_found(client: Client) -> None:
    for number in range(5):
        check(client, variant(100 + number), name=f"Listed {number}")
    page = client.get("/v1/comparisons", params={"q": "listed", "limit": 2}).json()
    assert page["total"] == 5 and [own["name"] for own in page["items"]] == ["Listed 4", "Listed 3"]
    rest = client.get("/v1/comparisons", params={"q": "listed", "limit": 2, "offset": 4}).json()
    assert [own["name"] for own in rest["items"]] == ["Listed 0"]
    assert client.get("/v1/comparisons", params={"state": "signed off", "q": "listed"}).json()["items"] == []
    first = page["items"][0]
    assert first["findings"]["open"] == first["findings"]["total"] > 0 and first["state"] == "new"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "offset=-1",
        "state=lost",
        "since=monday",
        "since=2026-13-01",
        "since=",
        "q=" + "x" * 201,
    ],
)
def test_a_query_that_is_not_as_described_is_refused(client: Client, query: str) -> None:
    problem(client.get(f"/v1/comparisons?{query}"), 422)


def test_exports(client: Client) -> None:
    id = check(client, DRIFTED)["id"]
    kinds = {"markdown": "text/markdown", "json": "application/json", "waivers": "application/toml"}
    for form, kind in kinds.items():
        response = client.get(f"/v1/comparisons/{id}/export", params={"format": form})
        assert response.status_code == 200 and response.headers["content-type"].startswith(kind)
    assert "markdown" in problem(client.get(f"/v1/comparisons/{id}/export?format=exe"), 422)
    problem(client.get(f"/v1/comparisons/{id}/export"), 422)


# --- a review -------------------------------------------------------------------------------------


def test_a_review_from_the_first_finding_to_the_sign_off(client: Client) -> None:
    told = check(client, variant(200))
    at, major = (
        f"/v1/comparisons/{told['id']}",
        [own["id"] for own in told["findings"] if own["severity"] == "major"],
    )
    who = {"author": "A. Editor", "revision": 1}
    refused = client.post(f"{at}/state", json={"act": "signed-off", **who})
    assert "undecided" in problem(refused, 409)

    stands = client.post(f"{at}/decisions", json={"finding": major[0], "act": "accepted", **who}).json()
    assert stands["standings"][major[0]] == "accepted" and stands["state"] == "in review"
    assert stands["progress"]["decided"] == 1 and "comparison" not in stands
    undone = client.post(f"{at}/undo", json=who).json()
    assert undone["standings"][major[0]] == "open" and undone["decisions"] == []
    problem(client.post(f"{at}/undo", json={"author": "B. Editor", "revision": 1}), 409)

    for own in told["findings"]:
        body = {"finding": own["id"], "act": "dismissed", "reason": "the agency corrected it", **who}
        assert client.post(f"{at}/decisions", json=body).status_code == 200
    note = {"act": "commented", "reason": "well done", **who}
    assert client.post(f"{at}/decisions", json=note).json()["comments"][0]["text"] == "well done"
    assert client.post(f"{at}/state", json={"act": "signed-off", **who}).json()["state"] == "signed off"
    problem(client.post(f"{at}/decisions", json={"finding": major[0], "act": "accepted", **who}), 409)
    assert client.post(f"{at}/state", json={"act": "reopened", **who}).json()["state"] == "in review"

    assert check(client, variant(200))["verdict"] == "pass"  # what was dismissed does not count
    view = client.get(at).json()
    assert view["comparison"]["verdict"]["pardons"] and len(view["events"]) >= 6
    assert "the agency corrected it" in client.get(f"{at}/export?format=waivers").text


def test_an_edit_is_a_revision(client: Client) -> None:
    body = variant(300)
    told = check(client, body)
    at = f"/v1/comparisons/{told['id']}"
    fixed = {
        "derivative": {"text": body["sources"][0]["text"]},
        "revision": 1,
        "author": "A",
        "note": "figure",
    }
    after = client.put(f"{at}/derivative", json=fixed).json()
    assert after["revision"] == 2 and after["verdict"] == "pass" and after["id"] == told["id"]
    view = client.get(at).json()
    assert view["revision"] == 2 and set(view["standings"].values()) == {"fixed"}
    assert client.get(f"{at}?revision=1").json()["current"] is False
    assert "revision 2" in problem(client.put(f"{at}/derivative", json=fixed), 409)
    problem(client.get(f"{at}?revision=9"), 404)
    problem(client.get(f"{at}?revision=x"), 422)
    problem(client.put(f"/v1/comparisons/{'0' * 32}/derivative", json=fixed), 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"finding": "none"}, 404),
        ({"finding": 3}, 422),
        ({"act": "signed-off"}, 422),
        ({"act": "dismissed"}, 422),
        ({"act": "dismissed", "reason": "  "}, 422),
        ({"act": "commented", "reason": ""}, 422),
        ({"revision": "1"}, 422),
        ({"revision": -1}, 422),
        ({"revision": 1.5}, 422),
        ({"revision": True}, 422),
        ({"revision": 7}, 404),
        ({"reason": "x" * 2_001}, 422),
    ],
)
def test_a_decision_that_is_none_is_refused(client: Client, change: dict[str, Any], status: int) -> None:
    told = check(client, DRIFTED)
    body = {"finding": told["findings"][0]["id"], "act": "accepted", "revision": 1} | change
    problem(client.post(f"/v1/comparisons/{told['id']}/decisions", json=body), status)


def test_two_editors_at_once_are_both_kept(client: Client) -> None:
    told = check(client, variant(400), derivative={"text": WORSE})
    at, ids = f"/v1/comparisons/{told['id']}", [own["id"] for own in told["findings"]]
    assert len(ids) >= 2
    gate = threading.Barrier(2)

    def decide(finding: str) -> int:
        gate.wait()
        body = {"finding": finding, "act": "accepted", "author": finding, "revision": 1}
        return client.post(f"{at}/decisions", json=body).status_code

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(decide, ids[:2])) == [200, 200]
    assert {own["finding"] for own in client.get(at).json()["decisions"]} == set(ids[:2])


# --- limits on time and at once -------------------------------------------------------------------


def test_what_takes_too_long_is_a_503(tmp_path: Path) -> None:
    with calling(settings(tmp_path, limits=Limits(seconds=0.001, workers=1))) as client:
        response = client.post("/v1/check", json=DRIFTED)
        assert "shorten" in problem(response, 503) and response.headers["retry-after"]
        assert client.get("/v1/comparisons").json()["total"] == 0


def test_more_than_the_queue_holds_is_a_429(tmp_path: Path) -> None:
    with (
        calling(settings(tmp_path, limits=Limits(workers=1, queue=1))) as client,
        ThreadPoolExecutor(12) as threads,
    ):
        responses = list(threads.map(lambda n: client.post("/v1/check", json=variant(n)), range(12)))
        codes = [own.status_code for own in responses]
        assert set(codes) == {200, 429}
        refused = responses[codes.index(429)]
        assert refused.headers["retry-after"] and "try again" in problem(refused, 429)
        assert client.post("/v1/check", json=variant(codes.index(429))).status_code == 200


def test_a_service_that_stops_begins_nothing(tmp_path: Path) -> None:
    with calling(settings(tmp_path, limits=Limits(workers=1))) as client:
        client.app.state.workers.drain()
        assert client.post("/v1/check", json=SAME).headers["retry-after"]
        problem(client.get("/v1/health"), 503)
        assert client.get("/v1/comparisons").status_code == 200


def test_a_fault_of_ours_is_a_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr(compared.Review, "search", broken)
    assert "hunter2" not in problem(client.get("/v1/comparisons"), 500)


def test_the_list_follows_a_new_policy(tmp_path: Path) -> None:
    with calling(settings(tmp_path, limits=Limits(workers=1))) as client:
        assert check(client, DRIFTED)["verdict"] == "block"
        assert client.get("/v1/comparisons").json()["items"][0]["verdict"] == "block"
    lenient = replace(settings(tmp_path).desk, given={"fail-on": Value("none", "test")})
    with calling(replace(settings(tmp_path, limits=Limits(workers=1)), desk=lenient)) as client:
        end = time.monotonic() + 20
        while client.get("/v1/comparisons").json()["items"][0]["verdict"] != "review":
            assert time.monotonic() < end
            time.sleep(0.05)

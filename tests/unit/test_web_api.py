import json
from dataclasses import dataclass, fields, is_dataclass

import jsonschema
import pytest

from retriever.errors import IndexDamagedError, RetrieverError
from retriever.records import Results, failure, success, wire
from retriever.web import app as web_app
from retriever.web.api import routes
from retriever.web.failures import STATUSES, JsonResponse
from retriever.web.openapi import schema_of
from retriever.web.operations import OPERATIONS, Operation

API = "/api/v1"


@pytest.fixture
def client(browser):
    return browser()


@pytest.fixture
def described(client):
    return client.get(f"{API}/openapi.json").json()


def check(described, method, path, answer):
    """Check an answer against the description of its operation."""
    responses = described["paths"][API + path][method]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": described["components"]}).validate(answer.json())


def test_a_search_is_that_of_the_library_in_the_envelope(client, described):
    answer = client.get(f"{API}/search", params={"q": "attention that cancels noise", "limit": 3, "venue": "ICLR"})
    found = client.retriever.search("attention that cancels noise", limit=3, venue="ICLR")
    assert answer.json() == json.loads(json.dumps(success("search", found)))
    assert len(found.hits) == 3
    check(described, "get", "/search", answer)


def test_every_filter_and_order_reaches_the_library(client):
    asked = {"q": "memory", "year": ["2024", "2025"], "sort": "date", "mode": "lexical", "has": "key", "kind": "paper"}
    found = client.retriever.search(
        "memory", year=["2024", "2025"], sort="date", mode="lexical", has="key", kind="paper"
    )
    assert client.get(f"{API}/search", params=asked).json()["data"] == json.loads(json.dumps(wire(found)))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "q is missing"),
        ("q=", "q is blank"),
        ("q=%20%09", "q is blank"),
        ("q=a&q=b", "q is given 2 times"),
        ("q=a&limit=0", "limit is a whole number from 1 to 1,000"),
        ("q=a&limit=1e3", "limit is a whole number"),
        ("q=a&mode=magic", "mode is one of hybrid, lexical, dense"),
        ("q=a&kind=book", "kind is one of paper, section"),
        ("q=a&limt=3", "There is no parameter 'limt'; there are q, limit,"),
        ("q=a&venue=", "venue is blank"),
        ("q=" + "a" * 2001, "q has 2,001 characters; the most is 2,000"),
        ("q=a" + "&tag=x" * 51, "tag is given 51 times; the most is 50"),
    ],
)
def test_a_request_that_cannot_be_read_is_400_and_says_why(client, described, asked, said):
    answer = client.get(f"{API}/search?{asked}")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "usage"
    assert said in answer.json()["error"]["message"]
    check(described, "get", "/search", answer)


@pytest.mark.parametrize("asked", ["q=a&year=20x", "q=a&topic=Nowhere", "q=a&since=yesterday", "q=a&venue=%21"])
def test_a_value_that_the_library_does_not_take_is_422_in_the_words_of_the_library(client, asked):
    answer = client.get(f"{API}/search?{asked}")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "usage"


def test_similar_papers_by_handles_and_by_a_text(client, described):
    answer = client.get(f"{API}/similar", params={"paper": ["SAM2", "KAN"], "not": "AdaOne2025ICLR", "limit": 2})
    found = client.retriever.similar("SAM2", "KAN", without=["AdaOne2025ICLR"], limit=2)
    assert answer.json()["data"] == json.loads(json.dumps(wire(found)))
    check(described, "get", "/similar", answer)
    body = {"text": "splines on edges", "among": ["KAN", "SAM2"], "limit": 2.0, "paper": None}
    answer = client.post(f"{API}/similar", json=body)
    found = client.retriever.similar(text="splines on edges", among=["KAN", "SAM2"], limit=2)
    assert answer.json()["data"] == json.loads(json.dumps(wire(found)))
    check(described, "post", "/similar", answer)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("{", 400, "not JSON"),
        ("[" * 100_000, 400, "not JSON"),
        ("[]", 400, "a JSON object"),
        ('{"text": 3}', 400, "text is a text"),
        ('{"limit": "3", "text": "a"}', 400, "limit is a whole number"),
        ('{"limit": true, "text": "a"}', 400, "limit is a whole number"),
        ('{"limit": 2.5, "text": "a"}', 400, "limit is a whole number"),
        ('{"paper": "SAM2"}', 400, "paper is a list"),
        ('{"text": ["a"]}', 400, "text is a text"),
        ('{"words": "a"}', 400, "no parameter 'words'"),
        ("{}", 422, "No paper is given"),
        ('{"paper": ["nobody"]}', 404, "No paper in the index answers to 'nobody'"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_apart_from_one_that_has_no_answer(client, body, status, said):
    answer = client.post(f"{API}/similar", content=body, headers={"content-type": "application/json; charset=utf-8"})
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


def test_a_body_of_another_type_is_not_read_and_takes_no_query(client):
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(f"{API}/similar", content="{}", headers=form).status_code == 415
    assert client.post(f"{API}/similar", content="{}").status_code == 415
    assert client.post(f"{API}/similar?limit=3", json={"text": "a"}).status_code == 400


@pytest.mark.parametrize(
    "handle", ["SAM2", "https://openreview.net/forum?id=Ha6RTeWMd0", "10.1234/AB.567", "article.md:7"]
)
def test_a_paper_is_found_by_any_handle_and_told_whole(client, described, handle):
    answer = client.get(f"{API}/paper/{handle.replace('?', '%3F')}")
    assert answer.json()["data"] == json.loads(json.dumps(wire(client.retriever.dossier(handle))))
    check(described, "get", "/paper/{handle}", answer)


@pytest.mark.parametrize("path", ["/paper/nobody", "/paper/", "/topics/Nowhere", "/similar?paper=nobody", "/nothing"])
def test_what_is_not_there_is_404(client, path):
    answer = client.get(API + path)
    assert answer.status_code in ({400} if path == "/paper/" else {404})
    assert answer.json()["ok"] is False


def test_papers_are_listed_page_by_page_and_by_filters(client, described):
    labels = [paper.label for paper in client.retriever.papers()]
    seen = []
    while True:
        answer = client.get(f"{API}/papers", params={"limit": 4, "offset": len(seen)}).json()["data"]
        assert answer["total"] == len(labels)
        if not answer["papers"]:
            break
        seen += [paper["label"] for paper in answer["papers"]]
    assert seen == labels
    answer = client.get(f"{API}/papers", params={"topic": "Vision"})
    vision = {paper.label for shelf in client.retriever.topic("Vision").shelves for paper in shelf.papers}
    assert {paper["label"] for paper in answer.json()["data"]["papers"]} == vision
    check(described, "get", "/papers", answer)


def test_topics_and_the_state_of_the_index_are_those_of_the_library(client, described):
    for path, template, found in (
        ("/topics", "/topics", {"topics": client.retriever.topics()}),
        ("/topics/Vision > Diffusion", "/topics/{name}", client.retriever.topic("Vision > Diffusion")),
        ("/status", "/status", client.retriever.status()),
    ):
        answer = client.get(API + path)
        assert answer.json()["data"] == json.loads(json.dumps(wire(found)))
        check(described, "get", template, answer)


def test_other_methods_are_refused_with_those_that_there_are_and_head_is_get_without_a_body(client):
    answer = client.delete(f"{API}/similar")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert answer.json()["error"]["code"] == "method_not_allowed"
    head = client.head(f"{API}/topics")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(client.get(f"{API}/topics").content))


def test_the_description_holds_every_operation_and_every_field_of_every_record(described):
    listed = {(API + operation.path, operation.method.lower()) for operation in OPERATIONS}
    assert {(path, method) for path, methods in described["paths"].items() for method in methods} == listed
    assert described["openapi"] == "3.1.0"
    schemas = described["components"]["schemas"]
    assert list(schemas["Results"]["properties"]) == [field.name for field in fields(Results)]
    names = [methods[method]["operationId"] for methods in described["paths"].values() for method in methods]
    assert len(set(names)) == len(names)


def test_a_record_of_any_shape_has_a_schema():
    @dataclass
    class Leaf:
        pair: tuple[str, float]
        above: "Leaf | None"

    schemas = {}
    Leaf.__annotations__["above"] = Leaf | None
    assert is_dataclass(Leaf)
    assert schema_of(Leaf, schemas) == {"$ref": "#/components/schemas/Leaf"}
    properties = schemas["Leaf"]["properties"]
    assert properties["above"]["anyOf"][0] == {"$ref": "#/components/schemas/Leaf"}
    assert [item["type"] for item in properties["pair"]["prefixItems"]] == ["string", "number"]
    with pytest.raises(TypeError, match="has no schema"):
        schema_of(set[str], {})


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_each_error_has_its_status_and_keeps_its_words(monkeypatch, browser, kind, status):
    error = kind.__new__(kind)
    RetrieverError.__init__(error, "It went wrong.", "Do this.")
    client = broken(monkeypatch, browser, error)
    answer = client.get(f"{API}/topics")
    assert answer.status_code == status
    assert answer.json() == failure("topics", kind.code, "It went wrong.", "Do this.")


def broken(monkeypatch, browser, error):
    """Return a client of an application whose operation topics fails."""

    def fails(*_):
        raise error

    operation = Operation(name="topics", path="/topics", about="", answer=fails, data=str)
    monkeypatch.setattr(web_app, "OPERATIONS", (operation,))
    return browser()


def test_an_error_that_nobody_foresaw_is_500_and_is_logged(monkeypatch, browser, caplog):
    client = broken(monkeypatch, browser, ZeroDivisionError("secret"))
    answer = client.get(f"{API}/topics")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "secret" not in answer.text
    assert "ZeroDivisionError: secret" in caplog.text


def test_an_index_that_is_damaged_is_told_on_the_page_too(monkeypatch, browser, toy_index):
    client = browser()
    monkeypatch.setattr(
        client.retriever, "dossier", lambda _: (_ for _ in ()).throw(IndexDamagedError(toy_index, "x", "short"))
    )
    answer = client.get("/paper/SAM2")
    assert answer.status_code == 503
    assert "is damaged: x: short." in answer.text


def test_text_that_utf_8_has_no_bytes_for_is_still_json():
    assert json.loads(JsonResponse({"file": "a\udcff.md"}).body) == {"file": "a\udcff.md"}


def test_routes_are_made_of_the_table_alone():
    paths = {route.path for route in routes(None, OPERATIONS)}
    assert len(paths) == 1 + len({operation.path for operation in OPERATIONS})

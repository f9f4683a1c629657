import asyncio
import http.cookies

import pytest

from retriever.web import guards
from retriever.web.guards import HEADERS, MAX_BODY, MAX_TARGET, Guard, Rules

TOKEN = "a-token-of-24-characters"  # noqa: S105  of no server
HOST = "127.0.0.1:8377"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example:8377", ""])
def test_a_name_that_is_not_ours_is_misdirected(browser, host):
    for path in ("/", "/api/v1/status", "/static/page.css"):
        answer = browser().get(path, headers={"host": host})
        assert answer.status_code == 421
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_our_names_are_answered_in_any_case(browser):
    for host in (HOST, "localhost:8377", "LocalHost:8377"):
        assert browser().get("/api/v1/topics", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:8378", "x"])
def test_another_origin_is_forbidden(browser, origin):
    for method in ("GET", "POST", "OPTIONS"):
        assert browser().request(method, "/api/v1/similar", headers={"origin": origin}).status_code == 403


def test_our_own_origin_is_answered_and_no_answer_shares_itself(browser):
    answer = browser().get("/api/v1/topics", headers={"origin": f"http://{HOST}"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("site", "mode", "method", "status"),
    [
        ("cross-site", "no-cors", "GET", 403),
        ("same-site", "cors", "GET", 403),
        ("cross-site", "navigate", "POST", 403),
        ("cross-site", "navigate", "GET", 200),
        ("none", "navigate", "GET", 200),
        ("same-origin", "cors", "GET", 200),
    ],
)
def test_what_another_site_embeds_is_forbidden_and_its_links_may_be_followed(browser, site, mode, method, status):
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
    assert browser().request(method, "/topics", headers=headers).status_code == status


def test_every_answer_bears_the_headers_that_keep_it_to_itself(browser):
    client = browser()
    for path in ("/", "/nothing", "/static/page.css", "/api/v1/topics", "/api/v1/nothing"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "server" not in headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}


def test_answers_are_kept_nowhere_and_files_are_asked_for_again(browser):
    client = browser()
    assert client.get("/").headers["cache-control"] == "no-store"
    file = client.get("/static/page.css")
    assert file.headers["cache-control"] == "no-cache"
    assert client.get("/static/page.css", headers={"if-none-match": file.headers["etag"]}).status_code == 304


def test_a_body_is_bounded_by_what_it_says_and_by_what_comes(browser):
    client = browser()
    json = {"content-type": "application/json"}
    assert client.post("/api/v1/similar", content=b" " * (MAX_BODY + 1), headers=json).status_code == 413
    pieces = (b" " * 1000 for _ in range(MAX_BODY // 1000 + 2))
    assert client.post("/api/v1/similar", content=pieces, headers=json).status_code == 413
    assert client.post("/api/v1/similar", content=b" " * MAX_BODY, headers=json).status_code == 400
    assert client.post("/api/v1/similar", content=b"", headers=json | {"content-length": "x"}).status_code == 413


def test_an_address_is_bounded(browser):
    assert browser().get("/api/v1/search?q=" + "a" * MAX_TARGET).status_code == 414
    assert browser().get("/api/v1/search?q=" + "%F0%9F%A7%A0" * 2000).status_code == 200


def test_a_token_is_asked_for_everywhere(browser):
    client = browser(token=TOKEN)
    for path in ("/", "/api/v1/status", "/static/page.css", "/nothing"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer é"):
        assert client.get("/api/v1/topics", headers={"authorization": wrong.encode()}).status_code == 401
    assert client.get("/api/v1/topics", headers={"authorization": f"bearer {TOKEN}"}).status_code == 200
    assert client.get("/", headers={"cookie": "=;;;,"}).status_code == 401
    assert client.get("/", headers={"cookie": f"a/b=c; retriever-8377={TOKEN}; retriever-1=x"}).status_code == 200
    assert client.get("/", headers={"cookie": f"retriever-1={TOKEN}"}).status_code == 401


def test_a_token_in_the_address_becomes_a_cookie_and_leaves_the_address(browser):
    client = browser(token=TOKEN)
    answer = client.get("/", params={"q": "a b", "token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=a+b")
    assert TOKEN not in answer.headers["location"]
    (cookie,) = http.cookies.SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "strict", "/", "")
    assert client.get("/").status_code == 200  # the client keeps it
    assert browser(token=TOKEN).get("/", params={"token": "guess"}).status_code == 401
    assert browser(token=TOKEN).post("/api/v1/similar", params={"token": TOKEN}).status_code == 401


def test_the_way_on_never_leads_elsewhere(browser):
    client = browser(token=TOKEN)
    assert client.get(f"http://{HOST}//evil.example/", params={"token": TOKEN}).headers["location"] == "/evil.example/"
    answer = browser(token=TOKEN).get("/a%0d%0ab", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/a%0D%0Ab")


def answered(app, scope):
    """Return the messages that a guarded application sends."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(app, Rules(frozenset({"h"})))(scope, receive, send))
    return sent


SCOPE = {"type": "http", "method": "GET", "path": "/api/v1/x", "query_string": b"", "headers": [(b"host", b"h")]}


def test_what_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(guards, "SECONDS", 0.01)

    async def slow(*_):
        await asyncio.sleep(60)

    start, body = answered(slow, dict(SCOPE))
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]
    assert b'"code":"too_slow"' in body["body"]


def test_an_answer_that_has_begun_is_cut_off(monkeypatch):
    monkeypatch.setattr(guards, "SECONDS", 0.01)

    async def stuck(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        answered(stuck, dict(SCOPE))


def test_there_is_no_door_for_web_sockets():
    assert answered(None, {"type": "websocket"}) == []

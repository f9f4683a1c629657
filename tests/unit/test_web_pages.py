import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from toy import WordEncoder, write_notes

from retriever import Retriever, build
from retriever.records import Group, Hit, Paper, Parts, PassageHit, Reason, Results, TopicRef
from retriever.web.links import outward

# ruff: noqa: E501  notes have long lines
HOSTILE = """# Reading

- <script>alert(1)</script> [Mallory2025ICLR](https://openreview.net/forum?id=mmmmmmmmM1) [here](javascript:alert(1)) says "</mark><img src=x onerror=alert(2)>" & noise \u202e
"""


class Page(HTMLParser):
    """The elements of a page, and the text that a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, **attributes):
        attributes = {name.rstrip("_"): value for name, value in attributes.items()}
        return [given for one, given in self.elements if one == tag and attributes.items() <= given.items()]


@pytest.fixture
def client(browser):
    return browser()


def page(client, path, status=200, **params):
    answer = client.get(path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def titles(found):
    return [link["href"] for link in found.all("a", class_="step") if link["href"].startswith("/paper/")]


def test_a_question_is_answered_with_the_papers_of_the_library_in_their_groups(client):
    found = page(client, "/", q="attention that cancels noise")
    results = client.retriever.search("attention that cancels noise", limit=30)
    ranks = [rank for group in results.groups for rank in group.ranks]
    meant = [rank for rank in ranks if results.hits[rank - 1].meant]
    near = [rank for rank in ranks if not results.hits[rank - 1].meant]
    papers = [results.hits[rank - 1].paper for rank in meant + near]
    assert titles(found) == [f"/paper/{paper.id}" for paper in papers if paper]
    assert [int(hit["value"]) for hit in found.all("li", class_="hit")] == meant + near
    assert found.all("input", id="q")[0]["value"] == "attention that cancels noise"


def test_highlights_are_marked_and_everything_else_is_as_it_stands(client):
    html = client.get("/", params={"q": "softmax noise"}).text
    best = client.retriever.search("softmax noise").hits[0].passages[0]
    start, end = best.highlights[0]
    assert f"<mark>{best.text[start:end]}</mark>" in html
    said = re.sub(r"<[^>]+>", "", re.search(r'<p class="said" dir="auto">(.*?)</p>', html)[1])
    assert said == best.text


def test_filters_of_the_address_reach_the_library_and_can_be_taken_back(client):
    found = page(client, "/", q="network", venue="ICLR", year=["2025", "2026"], nonsense="x", tag="")
    results = client.retriever.search("network", limit=30, venue="ICLR", year=["2025", "2026"])
    assert sorted(titles(found)) == sorted(f"/paper/{hit.paper.id}" for hit in results.hits if hit.paper)
    removals = {link["href"] for link in found.all("a", title="Remove this filter")}
    assert removals == {
        "/?q=network&year=2025&year=2026",
        "/?q=network&venue=ICLR&year=2025",
        "/?q=network&venue=ICLR&year=2026",
    }
    hidden = [(field["name"], field["value"]) for field in found.all("input", type="hidden")]
    assert hidden == [("venue", "ICLR"), ("year", "2025"), ("year", "2026")]


def test_filters_alone_list_what_they_let_through_and_count_it(client):
    found = page(client, "/", topic="Vision", limit=2)
    assert len(titles(found)) == 2
    assert f"{len(client.retriever.papers(topic='Vision'))} papers, the newest 2" in found.text
    assert page(client, "/", limit=4, topic="Vision").all("a", href=re.compile("x").pattern) == []
    assert [link["href"] for link in found.all("a", class_="step")][-1] == "/?topic=Vision&limit=4"


def test_nothing_asked_shows_the_topics_and_what_can_be_filtered_by(client):
    found = page(client, "/")
    tops = [link["href"] for link in found.all("a", class_="drawer step")]
    assert tops == [f"/topics/{topic.id}" for topic in client.retriever.topics()]
    chips = {link["href"] for link in found.all("a", class_="chip")}
    assert "/?venue=ICLR" in chips
    assert f"/?topic={client.retriever.topic('Vision').topics[0].id}" in chips
    assert "11 papers in 2 notes" in " ".join(found.text.split())


@pytest.mark.parametrize(
    ("params", "status", "said"),
    [
        ({"q": "x", "limit": "many"}, 400, "limit is a whole number from 1 to 1,000."),
        ({"topic": "Nowhere"}, 422, "No topic is called 'Nowhere'"),
        ({"q": "a" * 2001}, 400, "the most is 2,000"),
    ],
)
def test_what_cannot_be_asked_is_told_on_a_page(client, params, status, said):
    assert said in page(client, "/", status, **params).text


def test_nothing_about_the_question_is_said_and_the_nearest_few_are_shown(client, monkeypatch):
    results = client.retriever.search("noise", limit=10)
    monkeypatch.setattr(
        client.retriever,
        "search",
        lambda *_, **__: Results(**{f: getattr(results, f) for f in results.__slots__} | {"abstained": True}),
    )
    found = page(client, "/", q="pottery")
    assert "Nothing in your notes about this; the nearest are:" in found.text
    assert sorted(int(hit["value"]) for hit in found.all("li", class_="hit")) == [1, 2, 3, 4, 5]


def test_hits_that_are_near_stand_apart_under_their_own_line(client, monkeypatch):
    def hit(rank, confidence):
        passage = PassageHit(f"p{rank}", "paper", "a.md", 1, 1, ("A",), "text", ())
        return Hit(
            rank,
            1.0,
            confidence,
            Parts(0.5, 0.5),
            (Reason("x", "because"),),
            Paper(id=f"paper{rank}", label=f"T{rank}"),
            (passage,),
        )

    topic = TopicRef("t", ("Attention",))
    results = Results(
        "x", "hybrid", False, (hit(1, 0.9), hit(2, 0.1), hit(3, 0.25)), (Group(topic, (1, 2, 3)),), ("Read so.",)
    )
    monkeypatch.setattr(client.retriever, "search", lambda *_, **__: results)
    html = client.get("/", params={"q": "x"}).text
    before, line, after = html.partition('<h2 id="near" class="line">')
    assert line
    assert re.findall("/paper/paper[0-9]", before) == ["/paper/paper1", "/paper/paper3"]
    assert re.findall("/paper/paper[0-9]", after) == ["/paper/paper2"]
    assert "2 papers, best first, and 1 that is near" in " ".join(Page(html).text.split())
    assert "Read so." in before
    for said in ("confidence 0.90", "●●●●", "because"):
        assert said in before


def test_a_paper_page_tells_the_dossier_and_similar_papers_with_their_reasons(client):
    found = page(client, "/paper/Differential Transformer")
    dossier = client.retriever.dossier("Differential Transformer")
    alike = client.retriever.similar(dossier.paper.id, limit=8)
    for passage in dossier.passages:
        assert passage.text in found.text
        assert f"{passage.file}:{passage.first_line}" in "".join(found.text.split())
    assert [href.removeprefix("/paper/") for href in titles(found)] == [hit.paper.id for hit in alike.hits]
    assert all(reason.text in found.text for hit in alike.hits for reason in hit.reasons)
    entry = client.get(found.all("details", class_="bibtex")[0]["data-from"])
    assert entry.text == client.retriever.export([dossier.paper.id]).text
    assert entry.headers["content-type"] == "text/plain; charset=utf-8"
    (out,) = found.all("a", class_="out")
    assert (out["href"], out["rel"]) == ("https://openreview.net/forum?id=OvoCm1gGhN", "noopener noreferrer")


def test_a_paper_that_is_not_there_is_404(client):
    assert "No paper in the index answers to 'nobody'." in page(client, "/paper/nobody", 404).text


def test_links_out_are_of_the_web_alone():
    paper = Paper(id="x", label="x", url="javascript:alert(1)", doi="10.1/a<b>", arxiv="2501.00001")
    assert list(outward(paper)) == [
        ("arXiv", "2501.00001", "https://arxiv.org/abs/2501.00001"),
        ("DOI", "10.1/a<b>", "https://doi.org/10.1/a%3Cb%3E"),
    ]
    own = Paper(id="x", label="x", url="HTTPS://example.org/a")
    assert [address for _, _, address in outward(own)] == ["HTTPS://example.org/a"]
    same = Paper(id="x", label="x", url="https://arxiv.org/abs/2501.00001", arxiv="2501.00001")
    assert len(list(outward(same))) == 1


def test_the_tree_of_topics_has_every_topic_with_its_papers(client):
    found = page(client, "/topics")
    every = []

    def walk(topics):
        for topic in topics:
            every.append((f"/topics/{topic.id}", str(topic.papers)))
            walk(topic.children)

    walk(client.retriever.topics())
    links = [link["href"] for link in found.all("a", class_="step")]
    assert links == [href for href, _ in every]
    assert re.findall(r"\d+", found.text.partition("Topics")[2].partition("indexed")[0])[: len(every)] == [
        n for _, n in every
    ]


def test_a_topic_page_lists_its_papers_shelf_by_shelf_and_the_way_up(client, monkeypatch):
    topic = client.retriever.topic("Vision > Diffusion").topics[0]
    found = page(client, f"/topics/{topic.id}")
    held = [paper.id for shelf in client.retriever.topic(topic.id).shelves for paper in shelf.papers]
    assert [href.removeprefix("/paper/") for href in titles(found)] == held
    assert found.all("a", href=f"/topics/{client.retriever.topic('Vision').topics[0].id}")
    assert page(client, "/topics/Nowhere", 404)
    monkeypatch.setattr("retriever.web.pages.SHELVED", 1)
    short = page(client, "/topics/Vision")
    assert len(titles(short)) == 1
    assert "more; search in this topic" in " ".join(short.text.split())


def test_text_of_a_note_is_text_whatever_it_holds(browser, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "<b>.md").write_text(HOSTILE, encoding="utf-8")
    build([tmp_path / "notes"], tmp_path / "index", encoder=WordEncoder())
    client = browser(tmp_path / "index")
    (paper,) = client.retriever.papers()
    for path, params in (
        ("/", {"q": "noise <i>"}),
        (f"/paper/{paper.id}", {}),
        ("/topics", {}),
        ("/", {"note": "<b>"}),
    ):
        found = page(client, path, **params)
        tags = {tag for tag, _ in found.elements}
        assert not tags & {"img", "b", "i", "style", "iframe"}
        assert all(re.fullmatch(r"/static/\w+\.js", script["src"]) for script in found.all("script"))
        assert not any(name.startswith("on") or name == "style" for _, given in found.elements for name in given)
        assert not any("javascript:" in (given.get("href") or "") for _, given in found.elements)


def test_no_page_asks_for_anything_elsewhere_or_holds_style_or_script(client):
    for path in ("/", "/?q=noise", "/topics", "/paper/SAM2", "/nothing"):
        html = client.get(path).text
        assert not re.search(r"<style|style=|<script(?! src=)|\bon\w+=", html)
        assert all(src.startswith("/static/") for src in re.findall(r'(?:src|href)="([^"]+\.(?:js|css|svg))"', html))


def test_notes_open_at_their_line_in_what_the_setting_names(browser, toy_index):
    with Retriever.open(toy_index) as retriever:
        place = retriever.place("SAM2")
    for links, address in (
        ("vscode", f"vscode://file{place.file}:{place.line}"),
        ("file", f"file://{place.file}"),
        ("obsidian", "obsidian://open?path=" + place.file.replace("/", "%2F")),
        (None, f"vscode://file{place.file}:{place.line}"),
    ):
        hrefs = {link["href"] for link in page(browser(links=links), "/paper/SAM2").all("a", class_="place")}
        assert address in hrefs


def test_notes_of_a_vault_open_in_obsidian_unless_told_otherwise(browser, tmp_path):
    write_notes(tmp_path / "vault" / "papers")
    (tmp_path / "vault" / ".obsidian").mkdir()
    build([tmp_path / "vault"], tmp_path / "index", encoder=WordEncoder())
    places = page(browser(tmp_path / "index"), "/paper/SAM2").all("a", class_="place")
    assert all(link["href"].startswith("obsidian://open?path=%2F") for link in places)
    places = page(browser(tmp_path / "index", links="vscode"), "/paper/SAM2").all("a", class_="place")
    assert all(link["href"].startswith("vscode://file/") for link in places)


def test_a_passage_that_a_build_took_away_has_a_place_and_no_link(client, monkeypatch):
    results = client.retriever.search("noise", limit=1)
    (hit,) = results.hits
    gone = PassageHit("gone", "paper", "gone.md", 7, 7, (), "noise", ())
    there = Hit(1, 1.0, None, hit.parts, (), hit.paper, (gone,))
    monkeypatch.setattr(
        client.retriever, "search", lambda *_, **__: Results("noise", "hybrid", None, (there,), (Group(None, (1,)),))
    )
    found = page(client, "/", q="noise")
    assert "gone.md:7" in "".join(found.text.split())
    assert not found.all("a", class_="place")


def test_the_page_follows_a_rebuild_without_a_restart(browser, tmp_path):
    notes = write_notes(tmp_path / "notes")
    build([notes], tmp_path / "index", encoder=WordEncoder())
    client = browser(tmp_path / "index")
    assert "11 papers in 2 notes" in " ".join(page(client, "/").text.split())
    (notes / "new.md").write_text(
        "## Sound\n\n- [EveSix2025ICLR](https://openreview.net/forum?id=eeeeeeeeE1) hears whales\n"
    )
    build(None, tmp_path / "index", encoder=WordEncoder())
    after = page(client, "/")
    assert "12 papers in 3 notes" in " ".join(after.text.split())
    assert "Sound" in after.text
    assert "EveSix2025ICLR" in page(client, "/", q="whales").text


def test_a_script_is_spared_the_look_at_all_notes(client, monkeypatch):
    monkeypatch.setattr(client.retriever, "status", lambda: pytest.fail("looked at the notes"))
    answer = client.get(
        "/", params={"q": "noise"}, headers={"sec-fetch-dest": "empty", "sec-fetch-site": "same-origin"}
    )
    assert "<mark>" in answer.text


def test_every_file_that_a_page_names_is_there(client):
    for path in ("/", "/paper/SAM2"):
        for file in set(re.findall(r'"(/static/[^"]+)"', client.get(path).text)):
            assert client.get(file).status_code == 200
    assert client.get("/static/../app.py").status_code == 404
    static = Path(__file__).resolve().parents[2] / "retriever" / "web" / "static"
    assert not [file for file in static.iterdir() if "http://" in file.read_text() and file.suffix != ".svg"]

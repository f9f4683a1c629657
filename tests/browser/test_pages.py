"""The pages in a browser: as one types, by mouse, by keyboard alone, in the dark, on a narrow screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

NARROW = {"viewport": {"width": 390, "height": 844}}
PAGES = {
    "start": "/",
    "answer": "/?q=attention+that+cancels+noise",
    "filtered": "/?venue=ICLR&year=2026",
    "nothing": "/?q=medieval+pottery+glazes",
    "paper": "/paper/Differential%20Transformer",
    "topics": "/topics",
    "topic": "/topics/Language%20models",
    "failure": "/paper/nobody",
}


def ask(page, text):
    """Type a question, or more of it, and wait until the answer to it stands there."""
    box = page.get_by_role("searchbox")
    box.press("End")
    box.press_sequentially(text, delay=10)
    answered(page, box.input_value())


def answered(page, text):
    """Wait until the answer to a whole question stands there, not that to its beginning."""
    page.wait_for_function(
        "text => new URLSearchParams(location.search).get('q') === text && !document.querySelector('[aria-busy]')",
        arg=text,
    )


def test_papers_come_as_one_types_grouped_by_topic_and_the_address_can_be_shared(open_page):
    page = open_page()
    ask(page, "attention that cancels noise")
    first = page.locator(".shelf").first
    expect(first.locator("h2")).to_contain_text("Attention")
    expect(first.locator(".hit").first).to_contain_text("Differential Transformer")
    assert {"noise", "cancels"} <= set(first.locator("mark").all_text_contents())
    expect(page.get_by_role("status")).to_contain_text("best first")
    expect(page).to_have_title("attention that cancels noise · Retriever")
    shared = open_page(page.url)
    assert shared.locator("#answer").inner_text() == page.locator("#answer").inner_text()


def test_a_group_can_be_closed_and_reasons_are_told_when_asked_for(open_page):
    page = open_page(PAGES["answer"])
    hit = page.locator(".hit").first
    reasons = hit.get_by_role("table", name="Score")
    expect(reasons).to_be_hidden()
    hit.get_by_text("Why").click()
    expect(reasons.get_by_role("rowheader", name="meaning")).to_be_visible()
    page.locator(".shelf > summary").first.click()
    expect(hit).to_be_hidden()


def test_a_filter_narrows_the_answer_and_is_taken_back(open_page):
    page = open_page(PAGES["answer"])
    before = page.locator(".hit").count()
    page.get_by_role("complementary").get_by_role("link", name=re.compile("^2026")).click()
    expect(page.locator(".chip.on").first).to_contain_text("2026")
    assert all("2026" in text for text in page.locator(".hit .venue").all_inner_texts())
    assert 0 < page.locator(".hit").count() <= before
    ask(page, " more")  # typing keeps the filter
    assert "year=2026" in page.url
    page.get_by_title("Remove this filter").click()
    expect(page.locator(".active")).to_have_count(0)


def test_a_paper_is_opened_and_a_similar_one_followed(open_page):
    page = open_page(PAGES["answer"])
    page.get_by_role("link", name="Differential Transformer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Differential Transformer")
    alike = page.get_by_role("complementary", name="Similar papers").get_by_role("link").first
    name = alike.inner_text()
    assert page.locator(".reasons li").count()
    alike.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_bibtex_is_shown_and_copied(open_page, address):
    page = open_page(PAGES["paper"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.get_by_text("BibTeX").click()
    expect(page.locator(".bibtex pre")).to_contain_text("title = {Differential Transformer}")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".bibtex").get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".bibtex pre").text_content()


def test_a_topic_is_found_in_the_tree_and_searched(open_page):
    page = open_page("/")
    page.get_by_role("navigation").get_by_role("link", name="Topics").click()
    page.get_by_role("link", name="Language models", exact=True).click()
    assert page.locator(".papers li").count() > 3
    page.get_by_role("link", name="Search in this topic").click()
    expect(page.locator(".chip.on").first).to_contain_text("Language models")


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


def test_everything_can_be_reached_by_keyboard_alone(open_page):
    page = open_page("/topics")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("/")
    page.wait_for_url("**/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("state tracking in recurrent networks", delay=5)
    answered(page, "state tracking in recurrent networks")
    expect(page.locator(".hit").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    first = focused(page)
    assert first == page.locator(".hit .step").first.inner_text()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("j")
    assert focused(page) != first
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("k")
    assert focused(page) == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/paper/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
    page.keyboard.press("/")
    page.wait_for_url("**/")


@pytest.mark.parametrize(
    ("width", "scheme", "names"),
    [
        ("wide", "light", list(PAGES)),
        ("wide", "dark", ["start", "answer", "paper"]),
        ("narrow", "light", ["answer", "paper", "topics"]),
        ("narrow", "dark", ["start", "topic"]),
    ],
)
def test_no_page_has_a_serious_fault_for_anybody_nor_is_wider_than_the_screen(open_page, shots, width, scheme, names):
    page = open_page("/", color_scheme=scheme, **(NARROW if width == "narrow" else {}))
    axe = Axe()
    for name in names:
        page.goto(PAGES[name])
        found = axe.run(page).response["violations"]
        grave = [fault for fault in found if fault["impact"] in {"serious", "critical"}]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in grave]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=shots / f"{name}-{width}-{scheme}.png")


def test_dark_is_dark_and_nothing_moves_for_those_who_ask(open_page):
    light, dark = (open_page("/", color_scheme=scheme, reduced_motion="reduce") for scheme in ("light", "dark"))
    ground = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)"
    assert sum(light.evaluate(ground)) > 600
    assert sum(dark.evaluate(ground)) < 150
    assert dark.evaluate("getComputedStyle(document.querySelector('.found')).transitionDuration") == "0s"


def test_without_scripts_the_form_and_every_link_still_work(open_page):
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("attention that cancels noise")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Differential Transformer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Differential Transformer")


def test_on_a_narrow_screen_filters_are_folded_away_until_asked_for(open_page):
    page = open_page(PAGES["answer"], **NARROW)
    chip = page.get_by_role("complementary").get_by_role("link", name=re.compile("^ICLR"))
    expect(chip).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(chip).to_be_visible()

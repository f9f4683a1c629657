"""One server over an index of corpus/ and one browser for all that is tried here, with a log of what is asked for."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from retriever import build

ROOT = Path(__file__).resolve().parents[2]
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Return the address of a server of the installed command."""
    folder = tmp_path_factory.mktemp("served")
    build([ROOT / "corpus"], folder / "index")
    words = [Path(sys.executable).with_name("retriever"), "serve", "--port", "0", "--index", folder / "index"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://\S+(?=/)", server.stdout.readline())[0]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def chromium():
    """Return Debian's Chromium; skip where it is not installed.

    Gone with its module: while Playwright runs, no other test of this process can start an event loop of its own.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """Return the folder where pictures of the pages are kept: RETRIEVER_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("RETRIEVER_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_fault(message):
    """Tell whether a browser complains of the page; that a paper is not there is no fault of it."""
    return message.type == "error" and not message.location["url"].endswith("/nobody")


@pytest.fixture
def open_page(chromium, address):
    """Return a function that opens a page; what it asks for elsewhere, and what it complains of, fails the test."""
    contexts, wrong = [], []

    def start(path="/", **options):
        context = chromium.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: request.url.startswith(f"{address}/") or wrong.append(request.url))
        page.on("console", lambda message: is_fault(message) and wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not wrong

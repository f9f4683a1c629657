"""The web application over the toy index, asked in this process."""

import pytest
from starlette.testclient import TestClient
from toy import WordEncoder

from retriever import Retriever, embedder
from retriever.web.app import application
from retriever.web.settings import Settings

PORT = 8377


@pytest.fixture
def browser(toy_index, monkeypatch):
    """Return a function that gives a client of the application, with settings as keywords; redirects are not followed.

    The library loads the toy encoder by any name.
    """
    monkeypatch.setattr(embedder, "load_encoder", lambda model, **_: WordEncoder(model))
    opened = []

    def start(index=toy_index, **settings):
        retriever = Retriever.open(index)
        app = application(retriever, Settings(**settings), port=PORT)
        client = TestClient(
            app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False, follow_redirects=False
        )
        client.retriever = retriever
        opened.append(retriever)
        return client

    yield start
    for retriever in opened:
        retriever.close()

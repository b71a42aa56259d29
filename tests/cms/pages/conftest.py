import pytest

from cms.pages.following import KIND, follow_pages
from cms.setup import set_up_pages
from search import registry
from search.sync import sync_all


@pytest.fixture
def site(desk):
    """The root of the pages in both languages."""
    set_up_pages()


@pytest.fixture
def index(site, search_engine, monkeypatch):
    """The product's index with the pages as its only source."""
    monkeypatch.setattr(registry, "_sources", {KIND: registry.source(KIND)})
    return search_engine


@pytest.fixture
def ticks(index):
    """Everything the clock does for the index within some seconds."""

    def run():
        while follow_pages():
            pass
        sync_all()

    return run

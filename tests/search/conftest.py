import pytest

from search import registry
from search.engines import get_engine
from tests.search.engines import ENGINES, address
from tests.search.sources import RESULTS


@pytest.fixture(params=ENGINES)
def engine_url(request, tmp_path):
    return address(request.param, tmp_path)


@pytest.fixture
def engine(engine_url):
    """An empty index."""
    engine = get_engine(engine_url)
    engine.rebuild([])
    return engine


@pytest.fixture
def index(settings, engine_url, monkeypatch):
    """The product's index at an address of its own, with results as its only source."""
    settings.SEARCH_URL = engine_url
    monkeypatch.setattr(registry, "_sources", {"result": RESULTS})
    return get_engine()

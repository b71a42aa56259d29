import pytest

from search import registry
from search.engines import get_engine
from tests.search.engines import ENGINES, address, remove
from tests.search.sources import RESULTS


@pytest.fixture(params=ENGINES)
def engine_name(request):
    return request.param


@pytest.fixture
def engine_url(engine_name, tmp_path):
    """The address of an index that nobody has made."""
    url = address(engine_name, tmp_path)
    yield url
    remove(url)


@pytest.fixture(scope="session")
def kept_urls(tmp_path_factory):
    """`kept_urls(engine name, what for)`: an address of this worker for all its tests.

    To make and remove indexes is what takes a server's time.
    """
    urls: dict[tuple[str, str], str] = {}

    def kept(name: str, purpose: str) -> str:
        if (name, purpose) not in urls:
            urls[(name, purpose)] = address(name, tmp_path_factory.mktemp(purpose))
        return urls[(name, purpose)]

    yield kept
    for url in urls.values():
        remove(url)


@pytest.fixture
def engine(engine_name, kept_urls):
    """An empty index."""
    engine = get_engine(kept_urls(engine_name, "empty"))
    engine.rebuild([])
    return engine


@pytest.fixture
def index(settings, search_url, monkeypatch):
    """The product's index at an address of its own, with results as its only source."""
    settings.SEARCH_URL = search_url
    monkeypatch.setattr(registry, "_sources", {"result": RESULTS})
    return get_engine()

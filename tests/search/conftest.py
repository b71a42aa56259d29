import pytest

from search.engines import get_engine
from tests.search.engines import ENGINES, address


@pytest.fixture(params=ENGINES)
def engine_url(request, tmp_path):
    return address(request.param, tmp_path)


@pytest.fixture
def engine(engine_url):
    """An empty index."""
    engine = get_engine(engine_url)
    engine.rebuild([])
    return engine

import pytest

from search.semantic import embedding, port
from tests.search.semantic.encoder import TinyEncoder


@pytest.fixture
def encoder(settings, monkeypatch):
    """A tiny encoder at the port, and results as the kind that is read."""
    settings.SEMANTIC_ENCODER = "tests.search.semantic.encoder.TinyEncoder"
    tiny = TinyEncoder()
    monkeypatch.setattr(port, "_encoders", {settings.SEMANTIC_ENCODER: tiny})
    monkeypatch.setattr(embedding, "_kinds", ["result"])
    return tiny

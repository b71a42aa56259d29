import pytest
from django.template import engines


class _Missing(str):
    """A template variable that nobody passed is a mistake, not an empty string."""

    def __contains__(self, item: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"undefined in a template: {variable}")


@pytest.fixture(autouse=True)
def _strict_templates(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", _Missing("%s"))

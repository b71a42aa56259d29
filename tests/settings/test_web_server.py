"""gunicorn as it is started for real takes the longest address that the search page makes."""

import json
import re
import sys

import pytest
from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication

ROOT = settings.BASE_DIR
LONGEST = 8190


def container_command() -> list[str]:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    return json.loads(re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)[1])


def test_container_serves_long_search_addresses(monkeypatch):
    monkeypatch.setattr(sys, "argv", container_command())
    served = WSGIApplication("%(prog)s [OPTIONS]").cfg
    assert served.limit_request_line == LONGEST
    assert served.workers == 2


@pytest.mark.parametrize(
    "name", ["Containerfile", "marketplace/demo/management/commands/demo.py"], ids=["image", "demo"]
)
def test_the_limit_stands_in_one_place(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "python:marketplace.web_server" in text
    assert "limit" not in text

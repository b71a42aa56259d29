"""`compose.yaml` gives production what it asks for, and the servers that the tests run on."""

import re

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


@pytest.mark.parametrize("name", ["web", "worker", "clock", "migrations"])
def test_production_has_all_it_requires(name):
    source = (ROOT / "marketplace/settings/production.py").read_text(encoding="utf-8")
    required = set(re.findall(r'^\s+"([A-Z_]+)",$', source, re.MULTILINE))
    assert required >= {"SECRET_KEY", "SEARCH_URL"}
    assert required <= SERVICES[name]["environment"].keys()


@pytest.mark.parametrize("name", ["opensearch", "elasticsearch"])
def test_search_servers_are_of_the_tested_version(name):
    start = (ROOT / "tests/services" / name / "start").read_text(encoding="utf-8")
    tested = re.search(r"^version=(\S+)$", start, re.MULTILINE)[1]
    assert SERVICES[name]["image"].endswith(f":{tested}")

"""The map shows every province once, and the archipelagos that belong to two of them."""

import pytest

from marketplace.accounts.province_map import MAPPED, tiles
from marketplace.taxonomy.shipped import MANIFEST, read_terms
from tests.factories.accounts import OrganizationFactory


@pytest.mark.django_db
def test_map_shows_every_province_once_and_the_islands():
    OrganizationFactory(province_code="48")
    counted = {tile.code: tile.count for tile in tiles() if tile.code}
    assert counted["48"] == 1
    assert sum(counted.values()) == 1
    named = [str(tile.name) for tile in tiles() if tile.name and not tile.code]
    assert named == ["Quần đảo Hoàng Sa", "Quần đảo Trường Sa"]


def test_map_has_the_provinces_of_today():
    provinces = read_terms(MANIFEST.parent / "provinces-2025.tsv")
    assert sorted(MAPPED) == sorted(term.code for term in provinces)

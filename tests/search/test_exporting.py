"""The list as a table to take away: what the page shows, nothing that a spreadsheet would calculate."""

import csv
import io

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from search.sync import sync_all
from search.views import exporting
from tests.search.sources import make_result, withdraw


@pytest.fixture
def taken(client, index):
    def get(**query):
        sync_all()
        return client.get(reverse("search:export"), query)

    return get


def rows_of(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.mark.django_db
def test_csv_holds_what_the_page_shows(taken):
    result = make_result("Máy sấy xoài", abstract="Sấy lạnh,\ngiữ màu")
    make_result("Lò hơi")
    heading, row = rows_of(taken(q="máy sấy xoài"))
    assert heading[2] == "Tên"
    assert row[0] == "Kết quả"
    assert row[2] == "Máy sấy xoài"
    assert row[9] == "Sấy lạnh, giữ màu"
    assert row[10].endswith(result.get_absolute_url())


@pytest.mark.django_db
def test_workbook_holds_the_same(taken):
    make_result("=HYPERLINK(1)", abstract="\x0bSấy")
    response = taken(dang="xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    cells = list(sheet.iter_rows(min_row=2))[0]
    assert cells[2].value == "'=HYPERLINK(1)"
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.django_db
def test_withdrawn_is_not_in_it(taken, client):
    result = make_result("Máy sấy")
    sync_all()
    withdraw(result)
    assert len(rows_of(client.get(reverse("search:export"), {"q": "máy sấy"}))) == 1


@pytest.mark.django_db
def test_number_of_rows_is_bounded(taken, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 4)
    monkeypatch.setattr(exporting, "_BATCH", 2)
    for number in range(7):
        make_result(f"Máy sấy {number}")
    assert len(rows_of(taken(q="máy sấy"))) == 1 + 4


@pytest.mark.django_db
def test_engine_down_leads_back_to_the_page(client, index):
    response = client.get(reverse("search:export"), {"q": "máy"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("search:search"))


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@x", " =1", "\t=1", "\n=1", "|cmd", "%0A"])
def test_formulas_are_text(text):
    assert str(exporting.guarded(text)).startswith("'")


@given(st.text())
def test_any_text_can_be_written(text):
    value = exporting.guarded(text)
    assert not ILLEGAL_CHARACTERS_RE.search(value)
    assert not value.lstrip().startswith(("=", "+", "-", "@"))
    value.encode()

"""Citations are read back by the libraries that others use."""

import json

import pytest
import rispy
from pybtex.database import parse_string

from marketplace.research.citations import bibtex, csl_json, ris, written_out
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db

URL = "https://example.vn/ket-qua/may_say-50%25-abc/"


def test_bibtex_is_read_back():
    result = ResultFactory(title="Sấy {xoài} & 50 % nước_ép")

    entry = parse_string(bibtex(result, URL), "bibtex").entries[result.public_id]

    assert entry.type == "techreport"
    assert entry.fields["title"] == r"Sấy (xoài) \& 50 \% nước\_ép"
    assert entry.fields["url"] == URL
    assert [str(person) for person in entry.persons["author"]] == [
        "Trần, Thị Thử",
        "Lê, Văn Nghiệm",
    ]


def test_ris_is_read_back():
    result = ResultFactory(abstract="Dòng một\nER  - dòng hai")

    [entry] = rispy.loads(ris(result, URL))

    assert entry["title"] == result.title
    assert entry["authors"] == ["Trần, Thị Thử", "Lê, Văn Nghiệm"]
    assert entry["abstract"] == "Dòng một ER - dòng hai"
    assert entry["urls"] == [URL]


def test_csl_holds_what_is_known_and_nothing_empty():
    result = ResultFactory(year=None, keywords=[], people=[{"name": "Nguyễn", "role": "lead"}])

    [item] = json.loads(csl_json(result, URL))

    assert item["author"] == [{"literal": "Nguyễn"}]
    assert item["number"] == "2022-24-0001/KQNC"
    assert not {"issued", "keyword"} & set(item)


@pytest.mark.parametrize("values", [{}, {"people": [], "year": None}, {"organization": None}])
def test_line_for_a_reference_list(values):
    result = ResultFactory(title="Máy sấy <b>xoài</b> & khoai", archive_number="1/KQNC", **values)

    line = written_out(result, URL)

    assert "Máy sấy <b>xoài</b> & khoai" in line  # text, which the page escapes
    assert line.endswith(f"{URL}.")
    assert line.startswith(
        "Trần Thị Thử, Lê Văn Nghiệm (2022). " if result.people else result.organization.name
    )


def test_result_of_hardly_anything_can_be_cited():
    result = ResultFactory(
        people=[],
        year=None,
        organization=None,
        agency="",
        archive_number="",
        abstract="",
        keywords=[],
    )

    for write in (bibtex, ris, csl_json, written_out):
        assert result.title in write(result, URL)

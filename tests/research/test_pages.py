"""Public pages of results."""

import json

import pytest
from django.urls import reverse

from marketplace.accounts.services import find_organization
from marketplace.core.errors import InvalidTransition
from marketplace.research.models import Result
from marketplace.research.naming import name_batch
from marketplace.research.services import show_result_again, withdraw_result
from tests.factories.accounts import CuratorFactory
from tests.factories.research import ResultFactory, TaskFactory
from tests.research.registers import browse_all

pytestmark = pytest.mark.django_db


def page_of(client, url, **query):
    return client.get(url, query).content.decode()


def test_result_page_shows_what_the_record_says(client):
    result = ResultFactory(
        certificate_number="9118/GCN",
        ip_rights=[{"number": "2-2021-90417", "type": "utility_solution", "status": "granted"}],
        products="Máy sấy 300 kg/mẻ",
        source_url="https://example.vn/kq/1",
        funding=3_850_000_000,
    )

    page = page_of(client, result.get_absolute_url())

    for text in (
        result.title, result.abstract, result.organization.name, "Trần Thị Thử", "chủ nhiệm",
        "đã đăng ký kết quả", "9118/GCN", "2022-24-0001/KQNC", "2-2021-90417", "Giải pháp hữu ích",
        "Máy sấy 300 kg/mẻ", "https://example.vn/kq/1", "3,85 tỷ đồng", "Đã ứng dụng",
    ):  # fmt: skip
        assert text in page


def test_bare_result_has_a_page_too(client):
    result = Result.objects.create(source="s", source_id="1", content_hash="0", title="Chỉ có tên")

    response = client.get(result.get_absolute_url())

    assert response.status_code == 200
    assert "đã đăng ký kết quả" not in response.content.decode()


def test_text_of_a_record_is_never_markup(client):
    result = ResultFactory(title="<script>alert(1)</script>", abstract="<b>x</b>")

    assert "<script>alert" not in page_of(client, result.get_absolute_url())


def test_wrong_slug_moves_to_the_right_one(client):
    result = ResultFactory()

    response = client.get(reverse("research:result", args=["khac", result.public_id]))

    assert (response.status_code, response["Location"]) == (301, result.get_absolute_url())


def test_withdrawn_result_is_gone_everywhere(client):
    result = ResultFactory()
    withdraw_result(result, by=CuratorFactory(), reason="Trùng bản ghi")

    response = client.get(result.get_absolute_url())

    assert response.status_code == 410
    assert result.title not in response.content.decode()
    assert result.title not in page_of(client, reverse("research:result_list"))
    assert result.title not in page_of(client, result.organization.get_absolute_url())
    assert (
        client.get(reverse("research:citation", args=[result.public_id, "bib"])).status_code == 404
    )


def test_withdrawal_is_done_once_and_can_be_undone():
    result = ResultFactory()
    curator = CuratorFactory()
    withdraw_result(result, by=curator, reason="sai")

    with pytest.raises(InvalidTransition):
        withdraw_result(result, by=curator, reason="sai")
    show_result_again(result, by=curator)

    assert result.withdrawn_at is None
    assert result.content_version == 3
    with pytest.raises(InvalidTransition):
        show_result_again(result, by=curator)


def test_list_filters_by_field_of_any_level_year_and_organisation(client):
    # The list is read from entries that a tick keeps.
    mango = ResultFactory(title="Xoài", field_codes=["40107"], year=2022)
    steel = ResultFactory(title="Thép", field_codes=["20501", "2"], year=2021)
    browse_all()
    url = reverse("research:result_list")

    assert [r.title for r in client.get(url, {"linh-vuc": "4"}).context["page"]] == ["Xoài"]
    assert [r.title for r in client.get(url, {"linh-vuc": "401"}).context["page"]] == ["Xoài"]
    assert [r.title for r in client.get(url, {"nam": "2021"}).context["page"]] == ["Thép"]
    of = client.get(url, {"to-chuc": steel.organization.public_id}).context["page"]
    assert [r.title for r in of] == ["Thép"]
    assert [r.title for r in client.get(url).context["page"]] == [mango.title, steel.title]


@pytest.mark.parametrize(
    "query",
    [
        {"linh-vuc": "%"},
        {"nam": "99999999999"},
        {"to-chuc": "khong-co"},
        {"page": "x"},
        {"nam": "²"},
    ],
)
def test_list_stands_odd_addresses(client, query):
    ResultFactory()

    assert client.get(reverse("research:result_list"), query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_have_a_fixed_number_of_queries(client, rows, django_assert_max_num_queries):
    results = ResultFactory.create_batch(rows)
    browse_all()
    name_batch()
    client.get(results[0].get_absolute_url())  # names of codes are kept for a minute

    # Counts of each filter alone say from which side the rows are read.
    with django_assert_max_num_queries(10):
        client.get(reverse("research:result_list"), {"linh-vuc": "401", "nam": "2022"})
    # One of them asks whether the result is on offer, one whether it is had by terms that stand.
    with django_assert_max_num_queries(10):
        client.get(results[0].get_absolute_url())


def test_citation_is_bibtex(client):
    result = ResultFactory(title="Sấy {xoài} & 50 % nước")

    response = client.get(reverse("research:citation", args=[result.public_id, "bib"]))
    text = response.content.decode()

    assert response["Content-Disposition"].endswith('.bib"')
    assert "Trần, Thị Thử and Lê, Văn Nghiệm" in text
    assert r"Sấy (xoài) \& 50 \% nước" in text
    assert result.get_absolute_url() in text


def test_english_page_keeps_the_language_of_the_record(client):
    result = ResultFactory()

    response = client.get(f"/en{result.get_absolute_url()}")

    assert response.status_code == 200
    assert f'<article class="stack" lang="{result.language}">' in response.content.decode()


def test_every_citation_format_is_a_file(client):
    result = ResultFactory()

    page = page_of(client, result.get_absolute_url())
    for suffix in ("bib", "ris", "json"):
        address = reverse("research:citation", args=[result.public_id, suffix])
        response = client.get(address)
        assert address in page
        assert response["Content-Disposition"].endswith(f'.{suffix}"')
        assert result.title in response.content.decode()
    unknown = reverse("research:citation", args=[result.public_id, "exe"])
    assert client.get(unknown).status_code == 404


def test_programs_read_what_the_page_is_of(client):
    result = ResultFactory(title="</script><b>Máy sấy</b> & xoài")

    address = result.get_absolute_url()
    page = page_of(client, f"/en{address}")
    text = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    described = json.loads(text)

    assert described["@type"] == "Report"
    assert described["name"] == result.title
    assert described["url"] == f"http://testserver{address}"
    assert [person["name"] for person in described["author"]] == ["Trần Thị Thử", "Lê Văn Nghiệm"]


def test_programs_read_what_a_task_is(client):
    task = TaskFactory()

    text = page_of(client, task.get_absolute_url()).split('ld+json">')[1].split("</script>")[0]

    assert json.loads(text)["@type"] == "ResearchProject"


def test_page_of_a_managing_authority_shows_what_it_manages(client):
    """A ministry leads nothing itself: its page tells of the tasks and results under it."""
    task = TaskFactory(agency="Bộ Thử nghiệm")
    result = ResultFactory(agency="Bộ Thử nghiệm")
    browse_all()
    ministry = find_organization("Bộ Thử nghiệm")

    page = page_of(client, ministry.get_absolute_url())

    assert "Nhiệm vụ do cơ quan này quản lý" in page
    assert task.title in page
    assert result.title in page
    assert "Chưa có kết quả" not in page
    led = page_of(client, task.organization.get_absolute_url())
    assert task.title in led
    assert "do cơ quan này quản lý" not in led

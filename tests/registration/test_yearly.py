"""The consolidated report of a year: its figures, closing, documents; the page of paper."""

import io
from datetime import date, datetime

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.registration.models import Duty, YearlyReport
from marketplace.registration.services import yearly
from marketplace.registration.services.duties import (
    derive_focal_points,
    derive_results,
    derive_tasks,
)
from marketplace.research.registering import report_application
from tests.factories.accounts import OrganizationFactory
from tests.factories.registration import DossierFactory
from tests.factories.research import ResultFactory, TaskFactory
from tests.registration.test_permissions import CAST, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
NAME = "=Viện “Thử” & <Nghiệm>"


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen_at(datetime(2026, 12, 28, 9, tzinfo=clock.VIETNAM)):
        yield


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def year(organization, owner, ministry, province, agency, officer):
    """A certificate, a late unit, one report on application filed, tasks at two focal points."""
    DossierFactory(organization=organization, created_by=owner, state="registered")
    late = OrganizationFactory(name=NAME, kind="institute")
    task = TaskFactory(organization=late, ended_on="2026-09", field_codes=["40107"])
    TaskFactory(
        organization=late, level="province", agency="UBND tỉnh Lâm Đồng", ended_on="2027-01"
    )
    TaskFactory(organization=late, started_on="2020-01", ended_on="2022-01")
    result = ResultFactory(organization=organization, accepted_on=date(2025, 5, 5))
    report_application(
        result, year_number=1, organization_name="HTX", reported_on=date(2026, 5, 2), by=owner
    )
    derive_tasks([task.pk])
    derive_results([result.pk])
    derive_focal_points([ministry.pk, province.pk, agency.pk])


def test_figures_are_those_of_the_year_and_the_focal_point(year, ministry, province, agency):
    found = yearly.figures_of([ministry, province, agency], 2026)
    mine = found[ministry.pk]
    # The task of the dossier runs until 2026-03, the late one until 2026-09.
    assert mine["tasks"] == {"total": 2, "by_level": {"ministry": 2}, "by_field": {"4": 2}}
    assert mine["results"] == {"total": 1, "by_level": {"ministry": 1}, "by_field": {"4": 1}}
    assert mine["applications"] == {"due": 1, "done": 1, "late": 0, "filed": 1}
    assert mine["dossiers"] == {"received": 1, "registered": 1, "refused": 0, "waiting": 0}
    assert mine["owing"] == [
        {"unit": NAME, "late": 1, "registering": 1, "reporting": 0, "sheets": 0}
    ]
    assert found[province.pk]["tasks"] == {
        "total": 1, "by_level": {"province": 1}, "by_field": {"4": 1},
    }  # fmt: skip
    assert found[agency.pk]["tasks"]["total"] == 0
    assert yearly.figures_of([ministry], 2021)[ministry.pk]["tasks"]["total"] == 1


def test_figures_of_a_past_year_are_those_of_its_last_day(year, ministry):
    duty = Duty.objects.get(kind="register", state="late")
    with clock.frozen_at(datetime(2027, 2, 1, 9, tzinfo=clock.VIETNAM)):
        # Done after the year, and late since: neither changes what was owed on 31 December.
        Duty.objects.filter(pk=duty.pk).update(state="done", done_on=date(2027, 1, 20))
        Duty.objects.filter(kind="application-report", number=2).update(
            state="late", due_on=date(2027, 1, 10)
        )
        found = yearly.figures_of([ministry], 2026)[ministry.pk]
        assert (found["as_of"], [row["late"] for row in found["owing"]]) == ("2026-12-31", [1])
        [row] = yearly.figures_of([ministry], 2027)[ministry.pk]["owing"]
        assert (row["late"], row["registering"], row["reporting"]) == (1, 0, 1)


def test_closing_keeps_the_figures_and_ends_the_duty(year, ministry, officer):
    duty = Duty.objects.get(key=f"yearly-report:{ministry.slug}:2026")
    assert duty.state == "open"

    yearly.close_year(ministry, 2026, by=officer)

    duty.refresh_from_db()
    assert (duty.state, duty.done_on) == ("done", date(2026, 12, 28))
    Duty.objects.filter(kind="register").update(state="excused", excuse="x")
    assert len(YearlyReport.objects.get().figures["owing"]) == 1
    with pytest.raises(InvalidTransition):
        yearly.close_year(ministry, 2026, by=officer)


def test_year_that_has_not_come_to_its_end_is_not_closed(year, ministry, officer):
    with (
        clock.frozen_at(datetime(2026, 11, 25, 9, tzinfo=clock.VIETNAM)),
        pytest.raises(yearly.TooEarly),
    ):
        yearly.close_year(ministry, 2026, by=officer)
    assert not YearlyReport.objects.exists()


def test_own_focal_point_closes_the_agency_reads_and_others_see_nothing(
    year, everybody, ministry, client
):
    close = reverse("compliance:close_year", args=[ministry.slug, 2026])
    pages = [
        reverse("compliance:yearly_report", args=[ministry.slug, 2026]),
        reverse("compliance:yearly_document", args=[ministry.slug, 2026]),
        reverse("compliance:yearly_workbook", args=[ministry.slug, 2026]),
    ]
    for page in pages:
        seen = {w for w in CAST if signed_in(client, everybody[w]).get(page).status_code == 200}
        assert seen == {"officer", "reader", "agency_officer"}, page
    for who in sorted(set(CAST) - {"officer", "reader"}):
        assert signed_in(client, everybody[who]).post(close).status_code == 404, who
    assert not YearlyReport.objects.exists()
    assert signed_in(client, everybody["reader"]).post(close).status_code == 302
    assert YearlyReport.objects.get().focal_point == ministry


def test_agency_sees_the_focal_points_side_by_side(
    year, agency_officer, other_officer, ministry, province, client
):
    url = reverse("compliance:yearly")
    page = signed_in(client, agency_officer).get(url, {"nam": "2026"}).text
    assert ministry.name in page
    assert province.name in page
    own = signed_in(client, other_officer).get(url, {"nam": "2026"}).text
    assert province.name in own
    assert ministry.name not in own


def test_documents_carry_the_figures_and_no_formula(year, officer, ministry, client):
    signed_in(client, officer)
    docx = client.get(reverse("compliance:yearly_document", args=[ministry.slug, 2026]))
    document = Document(io.BytesIO(docx.content))
    cells = [[c.text for c in row.cells] for table in document.tables for row in table.rows]
    assert ["Kết quả được cấp giấy chứng nhận", "1"] in cells
    assert [NAME, "1", "0", "0", "1"] in cells
    assert document.tables[0].cell(1, 0).text == f"Số: …………/BC-{ministry.body_code}"
    xlsx = client.get(reverse("compliance:yearly_workbook", args=[ministry.slug, 2026]))
    book = load_workbook(io.BytesIO(xlsx.content))
    first = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert first["Nhiệm vụ tiến hành trong năm"] == 2
    assert [c.value for c in book.worksheets[1][2]][1:] == [f"'{NAME}", 1, 0, 0, 1]
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet for cell in row)


def test_page_of_paper_is_of_the_own_focal_point(
    year, officer, other_officer, agency_officer, curator, client
):
    url = reverse("compliance:sheet")
    page = signed_in(client, officer).get(url)
    assert [row["organization__name"] for row in page.context["units"]] == [NAME]
    assert page.context["late"]["all"] == 1
    assert page.context["month_count"] == 1
    assert signed_in(client, other_officer).get(url).context["units"] == []
    assert signed_in(client, agency_officer).get(url).context["month_count"] == 1
    assert signed_in(client, curator).get(url).status_code == 404

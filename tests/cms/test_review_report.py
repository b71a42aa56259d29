"""How the desk works, counted; and as files that a spreadsheet opens."""

import io
from datetime import timedelta

from django.urls import reverse
from openpyxl import load_workbook

from cms import services
from cms.review_report import as_csv, as_xlsx, report_of
from marketplace.core import clock
from marketplace.listings.models import Need
from tests.cms.acts import fresh, reason


def by_code(tables):
    return {table.code: table for table in tables}


def test_decisions_and_waiting_times_are_counted(submission, officer, frozen_clock):
    waited = fresh(submission).current_workflow_task_state
    type(waited).objects.filter(pk=waited.pk).update(started_at=clock.now() - timedelta(days=2))
    waited.refresh_from_db()
    services.return_for_changes(waited, by=officer, reasons=[reason()], text="Thêm số.")
    type(waited).objects.filter(pk=waited.pk).update(finished_at=clock.now())

    found = by_code(report_of(clock.today() - timedelta(days=3), clock.today()))

    need = next(
        row for row in found["throughput"].rows if row[0] == Need._meta.verbose_name.capitalize()
    )
    assert need == (Need._meta.verbose_name.capitalize(), 0, 0, 1, 0, 0, 2.0, 2.0)
    assert found["steps"].rows[0][1:] == (1, 2.0, 2.0)
    assert found["reasons"].rows == [(reason().label_vi, 1)]
    assert found["curators"].rows == [(str(officer), 1, 0, 1, 0, 2.0, 2.0)]
    assert found["institutes"].rows == [(submission.organization.name, 1, 0, 1, 0, 2.0, 2.0)]


def test_days_outside_the_period_are_left_out(submission, officer):
    services.return_for_changes(
        fresh(submission).current_workflow_task_state, by=officer, reasons=[reason()], text="x"
    )
    last = clock.today() - timedelta(days=1)

    found = by_code(report_of(last - timedelta(days=9), last))

    assert found["curators"].rows == found["reasons"].rows == []


def test_files_run_no_formula(submission, officer):
    type(submission.organization).objects.filter(pk=submission.organization_id).update(name="=1+1")
    services.return_for_changes(
        fresh(submission).current_workflow_task_state, by=officer, reasons=[reason()], text="x"
    )
    tables = report_of(clock.today(), clock.today())

    assert "'=1+1" in as_csv(tables).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(as_xlsx(tables)))
    assert book["institutes"]["A3"].value == "'=1+1"
    assert set(book.sheetnames) == {table.code for table in tables}


def test_leads_read_it_and_officers_do_not(submission, officer, lead, as_user):
    url = reverse("review_report")
    assert as_user(officer).get(url).status_code == 302
    client = as_user(lead)
    assert "Theo cán bộ" in client.get(url, {"tu": "1/1/2026", "den": "hôm qua"}).content.decode()
    for kind in ("csv", "xlsx"):
        answer = client.get(url, {"tep": kind})
        assert answer["Content-Disposition"].endswith(f'.{kind}"')

"""Forms that staff put together: what is taken, who reads it, how long it stays."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cms.pages.types.form import MOST_SENT, FormAnswer, FormPage, FormQuestion, forget_answers
from marketplace.core import clock
from tests.cms.test_permissions import is_refused
from tests.factories.pages import make_page

pytestmark = pytest.mark.django_db
GOOD = {"ho_ten": "Lê Văn Nam", "email": "nam@congty.vn", "agreed": "1"}


def make_form(**values):
    page = make_page(
        "Đăng ký lớp",
        kind=FormPage,
        slug="dang-ky-lop",
        purpose="Để xếp lớp viết nhu cầu.",
        kept_days=30,
        **values,
    )
    page.form_fields = [
        FormQuestion(label="Họ tên", field_type="singleline", required=True, sort_order=0),
        FormQuestion(label="Email", field_type="email", required=True, sort_order=1),
        FormQuestion(label="Ghi chú", field_type="multiline", required=False, sort_order=2),
    ]
    page.save_revision().publish()
    return FormPage.objects.get(pk=page.pk)


@pytest.fixture
def page(site):
    return make_form(thanks="Hẹn gặp bạn.")


def names(page):
    return [one.clean_name for one in page.get_form_fields()]


def send(page, client=None, **values):
    given = GOOD | values
    first, second, third = names(page)
    data = {first: given["ho_ten"], second: given["email"], third: given.get("ghi_chu", "")}
    data |= {"agreed": given["agreed"]}
    return (client or Client()).post(page.url, data)


def test_answer_is_kept_with_what_was_agreed_to(page, client):
    shown = client.get(page.url).content.decode()
    assert "Để xếp lớp viết nhu cầu." in shown
    assert "30 ngày" in shown
    answer = send(page, client)
    assert answer.status_code == 302
    assert "Hẹn gặp bạn." in client.get(answer.url).content.decode()
    row = FormAnswer.objects.get()
    assert row.form_data[names(page)[1]] == "nam@congty.vn"
    assert row.agreed_to == "Để xếp lớp viết nhu cầu."


@pytest.mark.parametrize(
    "values", [{"agreed": ""}, {"email": "khong"}, {"ho_ten": ""}, {"ghi_chu": "x" * 4001}]
)
def test_nothing_is_kept_of_a_form_with_faults(page, values):
    answer = send(page, **values)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not FormAnswer.objects.exists()


def test_one_place_sends_a_few_a_day(page):
    for number in range(MOST_SENT + 2):
        send(page, ho_ten=f"Người {number}")
    assert FormAnswer.objects.count() == MOST_SENT


def test_answers_go_when_their_time_is_over(page):
    send(page)
    send(page, ho_ten="Mới")
    old = FormAnswer.objects.order_by("pk").first()
    FormAnswer.objects.filter(pk=old.pk).update(submit_time=clock.now() - timedelta(days=31))
    assert forget_answers() == 1
    assert forget_answers() == 0
    assert FormAnswer.objects.get().form_data[names(page)[0]] == "Mới"


@pytest.mark.parametrize("days", [0, 731])
def test_time_of_answers_has_its_bounds(site, days):
    with pytest.raises(ValidationError):
        FormPage(title="x", slug="x", purpose="x", kept_days=days).full_clean()


def list_of(page):
    return reverse("wagtailforms:list_submissions", args=[page.pk])


def test_editors_of_the_page_read_and_export_and_nothing_runs_in_a_spreadsheet(
    page, officer, as_user
):
    send(page, ho_ten="=HYPERLINK(1)")
    browser = as_user(officer)
    assert "=HYPERLINK(1)" in browser.get(list_of(page)).content.decode()
    answer = browser.get(f"{list_of(page)}?export=csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert browser.get(f"{list_of(page)}?export=xlsx").status_code == 200


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "nobody"])
def test_outsiders_read_and_delete_nothing(page, who, request, as_user):
    send(page)
    browser = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    assert is_refused(browser.get(list_of(page)))
    address = reverse("wagtailforms:delete_submissions", args=[page.pk])
    chosen = FormAnswer.objects.get().pk
    assert is_refused(browser.post(f"{address}?selected-submissions={chosen}"))
    assert FormAnswer.objects.count() == 1


def test_english_form_speaks_english(site, client):
    page = make_form(language="en")
    shown = client.get(page.url).content.decode()
    assert page.url.startswith("/en/")
    assert "Send the form" in shown
    assert "I agree" in shown

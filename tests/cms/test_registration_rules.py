"""Rules of registration, further form fields, terms and days as data that leads keep."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.registration import rules, services
from marketplace.registration.models import RuleBook
from marketplace.registration.services.results import result_values
from marketplace.research.forms import load_forms
from marketplace.research.full_texts.rules import rule_on
from marketplace.research.models import Form, FormField, FullTextRule, NumberPattern
from marketplace.taxonomy import clocks
from marketplace.taxonomy.models import CalendarDay
from tests.factories.registration import DossierFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db
DEADLINE = {
    "code": "register", "label_vi": "Đăng ký kết quả: 20 ngày", "start": "accepted_on",
    "amount": "20", "unit": "days", "cap_unit": "days", "times": "1", "rolls": "on",
    "warn_days": "10\n3", "status": "under_review",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh():
    rules.forget_books()
    clocks.forget_calendar()
    yield
    rules.forget_books()
    clocks.forget_calendar()


@pytest.fixture
def books(db):
    services.load_rule_books()
    rules.forget_books()


def test_a_further_edition_holds_from_its_day(books, lead, as_user):
    client, first = as_user(lead), RuleBook.objects.get(code="deadlines-2023")
    client.post(
        reverse("rule_books:next_edition", args=[first.pk]),
        {"next-code": "deadlines-2027", "next-valid_from": "2027-01-01"},
    )
    new = RuleBook.objects.get(code="deadlines-2027")
    assert (new.status, new.is_shipped, new.valid_from) == (
        "under_review", False, date(2027, 1, 1),
    )  # fmt: skip
    client.post(reverse("rule_books:entry", args=[new.pk, "register"]), DEADLINE)

    rules.forget_books()
    assert rules.deadline("register", date(2026, 12, 31)).amount == 30
    assert rules.deadline("register", date(2027, 1, 1)).amount == 20
    assert rules.deadline("register", date(2027, 1, 1)).warn_days == (10, 3)
    services.load_rule_books()
    first.refresh_from_db()
    assert first.valid_to == date(2026, 12, 31)
    for page in ("edit", "add_entry"):
        assert client.get(reverse(f"rule_books:{page}", args=[new.pk])).status_code == 200
    assert client.get(reverse("rule_books:index")).status_code == 200


def test_entries_are_added_moved_and_taken_out(books, lead, as_user):
    client, book = as_user(lead), RuleBook.objects.get(kind="form-5")
    entry = {
        "code": "laboratory", "label_vi": "Phòng thí nghiệm", "step": "ket-qua", "kind": "text",
        "required": "optional", "limit": "200", "rows": "5", "count": "1",
    }  # fmt: skip
    client.post(reverse("rule_books:add_entry", args=[book.pk]), entry)
    rules.forget_books()
    assert rules.form_fields("form-5")[-1].code == "laboratory"

    one = reverse("rule_books:entry", args=[book.pk, "laboratory"])
    client.post(one, {"action": "up"})
    book.refresh_from_db()
    assert book.entries[-2]["code"] == "laboratory"
    assert client.get(one).status_code == 200
    client.post(one, {"action": "remove"})
    book.refresh_from_db()
    assert "laboratory" not in {e["code"] for e in book.entries}


@pytest.mark.parametrize(
    ("kind", "code", "values"),
    [
        ("deadlines", "", DEADLINE | {"code": "them", "amount": "x"}),
        ("form-5", "", {"code": "x", "label_vi": "X", "step": "khong-co", "kind": "text"}),
        ("form-5", "", {"code": "title", "label_vi": "Hai lần", "step": "ket-qua", "kind": "text"}),
        ("form-5", "title", {"action": "remove"}),
        ("deadlines", "register", {"action": "remove"}),
    ],
)
def test_an_edition_that_would_not_hold_together_is_not_saved(
    kind, code, values, books, lead, as_user
):
    book = RuleBook.objects.get(kind=kind)
    name, args = ("entry", [book.pk, code]) if code else ("add_entry", [book.pk])

    as_user(lead).post(reverse(f"rule_books:{name}", args=args), values)

    before = book.entries
    book.refresh_from_db()
    assert book.entries == before


def test_a_further_field_is_asked_kept_and_shown(lead, as_user, client):
    load_forms()
    form = Form.objects.get(code="result-budget")
    as_user(lead).post(
        reverse("form_fields:add"),
        {
            "form": form.pk, "code": "dien-tich", "label_vi": "Diện tích áp dụng (ha)",
            "type": "number", "is_public": "on", "position": "90", "status": "under_review",
            "is_required": "on",
        },
    )  # fmt: skip
    assert FormField.objects.get(code="dien-tich").column == ""
    rules.forget_books()

    dossier = DossierFactory()
    missing = [fault.field for fault in services.filing.faults_of(dossier.form, [])]
    assert "dien-tich" in missing
    assert rules.form_steps("form-5")[-1].code == rules.EXTRA_STEP
    step = reverse("registration:edit", args=[dossier.public_id, rules.EXTRA_STEP])
    writer = as_user(dossier.created_by)
    assert "Diện tích áp dụng" in writer.get(step).content.decode()
    writer.post(step, {"dien-tich": "1.200,5", "tiep": "1"})
    dossier.refresh_from_db()
    assert result_values(dossier)["extra"] == {"dien-tich": 1200.5}

    page = client.get(ResultFactory(extra={"dien-tich": 1200.5}).get_absolute_url())
    assert "1.200,5" in page.content.decode()


def test_days_are_entered_over_the_week_and_taken_back(lead, as_user):
    clocks.load_calendar()
    client = as_user(lead)
    values = {
        "day": "2029-02-12", "last": "2029-02-18", "kind": "off", "label_vi": "Tết Nguyên đán",
        "status": "unverified", "source": "Thông báo chờ công bố",
    }  # fmt: skip
    client.post(reverse("calendar_days:add"), values)
    assert CalendarDay.objects.filter(label_vi="Tết Nguyên đán", is_shipped=False).count() == 5
    clocks.forget_calendar()
    assert not clocks.is_working_day(date(2029, 2, 14))

    client.post(reverse("calendar_days:add"), values | {"day": "2029-02-17", "last": ""})
    assert not CalendarDay.objects.filter(day="2029-02-17").exists()
    day = CalendarDay.objects.get(day="2029-02-14")
    client.post(reverse("calendar_days:edit", args=[day.pk]), values | {"status": "cancelled"})
    clocks.forget_calendar()
    assert clocks.is_working_day(date(2029, 2, 14))
    assert client.get(reverse("calendar_days:index")).status_code == 200


def test_terms_and_patterns_are_rows_with_a_validity(lead, as_user):
    client = as_user(lead)
    grounds = {"status": "under_review", "valid_from": "2026-01-01", "source": "x"}
    client.post(
        reverse("full_text_rules:add"),
        {"code": "full-text-2026", "answer_days": "7", "copy_days": "20", "warn_days": "2\n1"}
        | grounds,
    )
    assert rule_on().warn_days == [2, 1]
    pattern = {"code": "so-moi", "kind": "archive", "pattern": r"\d+/KQ", "example": "x"} | grounds
    client.post(reverse("number_patterns:add"), pattern | {"position": "0"})
    client.post(reverse("number_patterns:add"), pattern | {"pattern": "(", "position": "0"})
    assert not NumberPattern.objects.filter(code="so-moi").exists()
    client.post(reverse("number_patterns:add"), pattern | {"example": "12/KQ", "position": "0"})
    assert NumberPattern.objects.filter(code="so-moi").exists()
    for name in ("full_text_rules", "number_patterns", "form_fields", "register_forms"):
        assert client.get(reverse(f"{name}:index")).status_code == 200


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "officer", "nobody"])
def test_nobody_else_changes_rules(who, books, desk, request, as_user):
    load_forms()
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    book, field = RuleBook.objects.get(kind="deadlines"), FormField.objects.first()

    def kept():
        models = (RuleBook, Form, FormField, NumberPattern, FullTextRule, CalendarDay)
        return [list(model.objects.order_by("pk").values()) for model in models]

    before = kept()
    for name, args, values in (
        ("rule_books:edit", [book.pk], {"label_vi": "x", "status": "own"}),
        ("rule_books:next_edition", [book.pk], {"next-code": "y", "next-valid_from": "2030-01-01"}),
        ("rule_books:entry", [book.pk, "register"], DEADLINE),
        ("rule_books:add_entry", [book.pk], DEADLINE | {"code": "z"}),
        ("form_fields:edit", [field.pk], {"label_vi": "x"}),
        ("form_fields:add", [], {"code": "x"}),
        ("register_forms:add", [], {"code": "x"}),
        ("number_patterns:add", [], {"code": "x"}),
        ("full_text_rules:add", [], {"code": "x"}),
        ("calendar_days:add", [], {"day": "2029-02-12", "kind": "off"}),
    ):
        client.post(reverse(name, args=args), values)
        assert kept() == before, name

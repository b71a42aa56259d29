"""What the ledger says of how long is what happens: rows go on their day and not a day before."""

import io
import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.management import call_command

from marketplace.accounts.models import (
    JoinRequest,
    MemberInvitation,
    Outreach,
    OutreachCall,
    OwnershipTransfer,
)
from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.core.tasks import KEPT_KEYS
from marketplace.notifications.models import Delivery
from marketplace.notifications.saved_searches import KEPT_DELETED
from marketplace.privacy import ledger
from marketplace.privacy.models import Closing, Consent, DataCopy, SubjectRequest
from marketplace.privacy.services import clear_batch, clearing, preview
from marketplace.registration.models import InspectionPlan, InspectionVisit
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    OutreachFactory,
    UserFactory,
)
from tests.factories.registration import FocalPointFactory

pytestmark = pytest.mark.django_db


def subject_request(ended=True):
    day = clock.today()
    return SubjectRequest.objects.create(
        user=UserFactory(), kind="erase", text="Xóa", received_at=clock.now(), terms_of=day,
        answer_due_on=day, carry_out_due_on=day, ended_at=clock.now() if ended else None,
    )  # fmt: skip


def invitation():
    owner = MembershipFactory()
    return MemberInvitation.objects.create(
        organization=owner.organization, email="ban@example.vn", email_key="ban@example.vn",
        token_hash="x", state="declined", expires_at=clock.now(), ended_at=clock.now(),
    )  # fmt: skip


def outreach(state="closed"):
    case = OutreachFactory(state=state, contact_name="Bà Lan", contact_phone="0912345678")
    Outreach.objects.filter(pk=case.pk).update(updated_at=clock.now())
    OutreachCall.objects.create(outreach=case, at=clock.now(), note="Gặp bà Lan")
    return case


def consent_of_a_closed_account():
    user = UserFactory()
    Closing.objects.create(
        user=user, asked_at=clock.now(), due_on=clock.today(), done_at=clock.now()
    )
    return Consent.objects.create(user=user, document="terms", version="1", given_at=clock.now())


def visit():
    plan = InspectionPlan.objects.create(
        focal_point=FocalPointFactory(), year=2026, **_needed(InspectionPlan)
    )
    made = InspectionVisit(
        plan=plan, organization=OrganizationFactory(), state="done", planned_on=clock.today(),
        visited_on=clock.today(), members="Ông Sơn", minutes="Đủ hồ sơ.", minutes_name="bien-ban.pdf",
    )  # fmt: skip
    made.minutes_file.save("a.pdf", ContentFile(b"%PDF-1.4"), save=False)
    made.save()
    return made


def _needed(model):
    return {"title": "Kế hoạch"} if any(f.name == "title" for f in model._meta.fields) else {}


def session():
    return UserSession.objects.create(
        user=UserFactory(), ip="10.0.0.1", session_key="x", user_agent="y", last_seen_at=clock.now()
    )


def join_request():
    return JoinRequest.objects.create(
        organization=OrganizationFactory(),
        user=UserFactory(),
        state="declined",
        answered_at=clock.now(),
    )


def transfer():
    return OwnershipTransfer.objects.create(
        organization=OrganizationFactory(), giver=UserFactory(), taker=UserFactory(), state="done",
        ended_at=clock.now(),
    )  # fmt: skip


def delivery(state="sent"):
    return Delivery.objects.create(
        recipient=UserFactory(), dedupe_key=f"x:{state}", not_before=clock.now(),
        created_at=clock.now(), state=state,
    )  # fmt: skip


def data_copy():
    return DataCopy.objects.create(
        user=UserFactory(), asked_at=clock.now(), state="expired", expires_at=clock.now()
    )


def taken_back():
    return Consent.objects.create(
        user=UserFactory(),
        document="surveys",
        version="1",
        given_at=clock.now(),
        withdrawn_at=clock.now(),
    )


def cancelled_closing():
    return Closing.objects.create(
        user=UserFactory(), asked_at=clock.now(), due_on=clock.today(), cancelled_at=clock.now()
    )


GOES = [
    (subject_request, 5 * 365 + 1),
    (session, 15),
    (join_request, 2 * 365 + 1),
    (transfer, 2 * 365 + 1),
    (delivery, 365),
    (data_copy, 5 * 365 + 1),
    (taken_back, 5 * 365 + 1),
    (cancelled_closing, 5 * 365 + 1),
    (consent_of_a_closed_account, 5 * 365 + 1),
]
EMPTIED = [
    (invitation, 30, {"email": "", "email_key": ""}),
    (outreach, 2 * 365 + 1, {"contact_name": "", "contact_phone": ""}),
    (
        visit,
        10 * 365 + 3,
        {"members": "", "minutes": ledger.CLEARED, "minutes_name": "", "minutes_file": ""},
    ),
]


def cleared():
    rows = 0
    while count := clear_batch():
        rows += count
    return rows


@pytest.mark.parametrize(("make", "days"), GOES, ids=[make.__name__ for make, _days in GOES])
def test_row_goes_on_its_day(frozen_clock, make, days):
    row = make()
    frozen_clock.move(days=days)
    assert cleared() == 0
    frozen_clock.move(days=1)
    assert cleared() >= 1
    assert not type(row)._base_manager.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(action="privacy.cleared").exists()


@pytest.mark.parametrize(
    ("make", "days", "left"), EMPTIED, ids=[make.__name__ for make, *_more in EMPTIED]
)
def test_fields_are_emptied_on_their_day_and_once(frozen_clock, media, make, days, left):
    row = make()
    files = [row.minutes_file] if make is visit else []
    frozen_clock.move(days=days)
    assert cleared() == 0
    frozen_clock.move(days=1)
    assert cleared() >= 1
    row = type(row)._base_manager.get(pk=row.pk)
    assert {name: getattr(row, name) for name in left} == left
    assert not OutreachCall.objects.exists()
    assert [file.storage.exists(file.name) for file in files] == [False] * len(files)
    assert cleared() == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: subject_request(ended=False),
        lambda: outreach(state="contacted"),
        lambda: delivery(state="pending"),
        lambda: Consent.objects.create(
            user=UserFactory(), document="terms", version="1", given_at=clock.now()
        ),
    ],
    ids=["open request", "open contact", "mail that waits", "standing consent"],
)
def test_what_is_not_over_stays_whatever_its_age(frozen_clock, make):
    make()
    frozen_clock.move(days=20 * 366)
    assert cleared() == 0


@pytest.mark.kill
def test_clearing_killed_in_the_middle_has_done_nothing_and_goes_on(frozen_clock, monkeypatch):
    for _each in range(3):
        subject_request()
    frozen_clock.move(days=2000)
    with monkeypatch.context() as patch:
        patch.setattr(clearing.audit, "record", lambda *args, **data: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clear_batch(2)
    assert SubjectRequest.objects.count() == 3
    assert [clear_batch(2), clear_batch(2), clear_batch(2)] == [2, 1, 0]
    lines = AuditEntry.objects.filter(action="privacy.cleared")
    assert [line.data["rows"] for line in lines.order_by("pk")] == [2, 1]


@pytest.mark.kill
def test_file_is_gone_before_its_row_forgets_it(frozen_clock, media, monkeypatch):
    row = visit()
    frozen_clock.move(days=4000)
    with monkeypatch.context() as patch:
        patch.setattr(clearing.audit, "record", lambda *args, **data: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clear_batch()
    assert not row.minutes_file.storage.exists(row.minutes_file.name)
    assert cleared() == 1
    assert InspectionVisit.objects.get().minutes_file.name == ""


def test_preview_counts_and_changes_nothing(frozen_clock):
    subject_request()
    frozen_clock.move(days=2000)
    out = io.StringIO()

    call_command("clear_personal_data", "--preview", stdout=out)

    line = next(line for line in out.getvalue().splitlines() if "privacy.SubjectRequest" in line)
    assert "1 rows due" in line
    assert "5 years" in line
    assert "2026-11-11" in line
    assert SubjectRequest.objects.count() == 1
    call_command("clear_personal_data", stdout=out)
    assert "1 rows cleared" in out.getvalue()
    assert not SubjectRequest.objects.exists()


def test_periods_in_words_and_in_rules_are_the_same():
    for purpose in ledger.purposes():
        for language in ("vi", "en"):
            text = getattr(purpose.keep, language)
            said = {int(number) for number in re.findall(r"\d+", text)}
            ruled = {one.years or one.days for one in purpose.clearings}
            assert said == ruled, (purpose.code, language)


def test_rules_of_other_stages_are_theirs():
    elsewhere = {due.clearing.by: due.clearing.days for due in preview()}
    assert timedelta(days=elsewhere["core.clean"]) == KEPT_KEYS
    assert timedelta(days=elsewhere["notifications.clean"]) == KEPT_DELETED

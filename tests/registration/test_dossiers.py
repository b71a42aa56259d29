"""The dossier's life: begun, written, filed, returned, accepted; each act once and with its trace."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.core.models import AuditEntry
from marketplace.notifications.models import Notice
from marketplace.registration import checks, rules, services
from marketplace.registration.models import Dossier, DossierFile
from marketplace.registration.receiving import NobodyReceives
from marketplace.registration.states import DossierState
from marketplace.research.secrecy import Classified
from tests.factories.registration import (
    DossierFactory,
    FocalPointFactory,
    add_needed_files,
    pdf_upload,
)
from tests.factories.research import TaskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def task(organization):
    return TaskFactory(
        organization=organization, approval_number="12/QĐ", approved_on=date(2023, 4, 1)
    )


@pytest.fixture
def draft(task, organization, owner):
    return services.start_dossier(task, organization=organization, by=owner, secrecy="normal")


def add(dossier, item, owner, upload=None):
    rule = rules.file_rule(rules.item(item).file_rule)
    report = checks.check_file(upload or pdf_upload(), rule)
    return services.add_file(dossier, item=item, report=report, by=owner)


# --- begun --------------------------------------------------------------------------------------


def test_begins_with_what_the_register_knows(draft, task, owner):
    assert draft.title == task.title
    assert draft.form["agency"] == "Bộ Nông nghiệp và Môi trường"
    assert draft.form["leader"] == "Trần Thị Thử"
    assert draft.form["approval"] == "12/QĐ ngày 01/04/2023"
    assert draft.form["field_codes"] == ["40107"]
    # "2023-04" is no day: the form asks for one rather than inventing it.
    assert "started_on" not in draft.form
    assert draft.due_on is None


@pytest.mark.parametrize("secrecy", ["Mật", "tối mật", "khac", "secret"])
def test_secret_task_leaves_no_trace(task, organization, owner, secrecy):
    entries = AuditEntry.objects.count()

    with pytest.raises(Classified):
        services.start_dossier(task, organization=organization, by=owner, secrecy=secrecy)

    assert not Dossier.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_a_task_has_one_open_dossier(draft, task, organization, owner, colleague):
    again = services.start_dossier(task, organization=organization, by=colleague, secrecy="normal")

    assert again == draft
    with pytest.raises(IntegrityError):
        Dossier.objects.create(
            task=task, organization=organization, title="x", ruled_on=clock.today()
        )


def test_a_withdrawn_dossier_makes_room(draft, task, organization, owner):
    services.withdraw_dossier(draft, by=owner)

    again = services.start_dossier(task, organization=organization, by=owner, secrecy="normal")

    assert again != draft


def test_task_of_another_organisation_is_refused(organization, owner):
    with pytest.raises(DomainError):
        services.start_dossier(TaskFactory(), organization=organization, by=owner, secrecy="normal")


# --- written ------------------------------------------------------------------------------------


def test_step_saves_its_fields_and_the_clock_follows(draft, owner, frozen_clock):
    saved = services.save_step(
        draft,
        changes={
            "accepted_on": date(2026, 11, 2),
            "ip_filed": True,
            "ip_filed_on": date(2026, 12, 10),
        },
        by=owner,
    )

    assert saved.form["accepted_on"] == "2026-11-02"
    assert saved.form["leader"] == "Trần Thị Thử"
    assert (saved.accepted_on, saved.due_on) == (date(2026, 11, 2), date(2026, 12, 17))
    saved = services.save_step(draft, changes={"ip_filed": False}, by=owner)
    assert (saved.ip_filed_on, saved.due_on) == (None, date(2026, 12, 2))


def test_form_opened_before_anothers_change_is_not_laid_over_it(draft, owner, colleague):
    seen = services.fingerprint(draft, ["abstract"])
    services.save_step(draft, changes={"abstract": "Của đồng nghiệp"}, by=colleague, step="ket-qua")

    with pytest.raises(StaleForm):
        services.save_step(
            draft, changes={"abstract": "Của tôi"}, by=owner, step="ket-qua",
            watched=["abstract"], seen=seen, session="s",
        )  # fmt: skip

    draft.refresh_from_db()
    assert draft.form["abstract"] == "Của đồng nghiệp"


def test_own_earlier_saves_are_no_change_by_another_and_late_ones_are_left_aside(draft, owner):
    seen = services.fingerprint(draft, ["abstract"])
    for text, keystroke in (("một", 1), ("một hai ba", 3), ("một hai", 2)):
        services.save_step(
            draft, changes={"abstract": text}, by=owner, step="ket-qua", watched=["abstract"],
            seen=seen, session="s", keystroke=keystroke,
        )  # fmt: skip

    draft.refresh_from_db()
    assert draft.form["abstract"] == "một hai ba"


def test_files_replace_repeat_and_leave(draft, owner, media):
    first = add(draft, "full-report", owner)
    assert add(draft, "full-report", owner) == first
    second = add(draft, "full-report", owner, pdf_upload("b.pdf", "Ban thu hai " * 5))

    assert list(draft.files.values_list("pk", flat=True)) == [second.pk]
    for number in range(20):
        add(draft, "data", owner, pdf_upload("d.pdf", f"So lieu {number} " * 5))
    with pytest.raises(services.TooManyFiles):
        add(draft, "data", owner, pdf_upload("d.pdf", "So lieu cuoi " * 5))
    assert services.remove_file(draft, key=second.key, by=owner)
    assert not services.remove_file(draft, key=second.key, by=owner)
    assert draft.files.count() == 20


def test_file_of_a_form_item_or_of_none_is_refused(draft, owner):
    report = checks.check_file(pdf_upload(), rules.file_rule("scan"))
    for item in ("form-5", "khong-co"):
        with pytest.raises(DomainError):
            services.add_file(draft, item=item, report=report, by=owner)


# --- filed --------------------------------------------------------------------------------------


def test_incomplete_dossier_is_not_filed(draft, owner, ministry):
    with pytest.raises(services.Incomplete) as raised:
        services.submit_dossier(draft, by=owner)

    assert {"abstract", "accepted_on"} <= {fault.field for fault in raised.value.faults}
    draft.refresh_from_db()
    assert draft.state == DossierState.DRAFT
    assert not Notice.objects.exists()


def test_filed_dossier_reaches_the_right_desk_with_its_clock(
    frozen_clock, owner, organization, ministry, province, officer
):
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")

    assert dossier.focal_point == ministry
    assert dossier.due_on == date(2026, 11, 18)
    assert dossier.log.latest("pk").action == "submitted"
    assert set(Notice.objects.values_list("kind", "recipient")) == {
        ("registration.received", owner.pk),
        ("registration.arrived", officer.pk),
    }


def test_nobody_to_receive_is_said(organization, owner):
    dossier = DossierFactory(organization=organization, created_by=owner)
    add_needed_files(dossier, owner)

    with pytest.raises(NobodyReceives):
        services.submit_dossier(dossier, by=owner)


def test_filing_twice_is_once(owner, organization, ministry):
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")

    with pytest.raises(InvalidTransition):
        services.submit_dossier(dossier, by=owner)
    with pytest.raises(services.Locked):
        services.save_step(dossier, changes={"title": "Khác"}, by=owner)
    with pytest.raises(services.Locked):
        add(dossier, "full-report", owner, pdf_upload("c.pdf", "Tep moi " * 10))
    assert DossierFile.objects.filter(dossier=dossier).count() == 3


def test_filed_dossier_is_recalled_until_somebody_reads_it(owner, organization, ministry, officer):
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")
    services.recall_dossier(dossier, by=owner)
    services.submit_dossier(dossier, by=owner)
    services.begin_review(dossier, by=officer)

    with pytest.raises(InvalidTransition):
        services.recall_dossier(dossier, by=owner)


# --- decided ------------------------------------------------------------------------------------


def test_returned_dossier_names_its_reasons_and_comes_back_to_the_same_desk(
    frozen_clock, owner, organization, ministry, officer
):
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")
    services.begin_review(dossier, by=officer)
    services.return_dossier(
        dossier, by=officer, reasons=[("not-confirmed", "full-report")], note="Thiếu dấu."
    )

    notice = Notice.objects.get(kind="registration.returned", recipient=owner)
    assert notice.context["reasons"] == [
        "Báo cáo tổng hợp: Báo cáo tổng hợp chưa có xác nhận hợp pháp của tổ chức chủ trì"
    ]
    assert notice.context["note"] == "Thiếu dấu."
    dossier.refresh_from_db()
    assert dossier.due_on == date(2026, 12, 1)

    # Rows that change meanwhile do not lead it elsewhere.
    ministry.agencies = []
    ministry.save()
    FocalPointFactory(agency=True)
    services.submit_dossier(dossier, by=owner)
    dossier.refresh_from_db()
    assert dossier.focal_point == ministry


@pytest.mark.parametrize(
    ("reasons", "note"),
    [([], ""), ([("no-such", "")], ""), ([("unreadable", "no-such")], ""), ([("other", "")], " ")],
)
def test_return_without_a_reason_is_refused(owner, organization, ministry, officer, reasons, note):
    dossier = DossierFactory(organization=organization, created_by=owner, state="in_review")

    with pytest.raises(DomainError):
        services.return_dossier(dossier, by=officer, reasons=reasons, note=note)

    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW


def test_refusal_ends_it_with_its_reason(owner, organization, ministry, officer):
    dossier = DossierFactory(organization=organization, created_by=owner, state="in_review")
    with pytest.raises(DomainError):
        services.refuse_dossier(dossier, by=officer, note=" ")
    services.refuse_dossier(dossier, by=officer, note="Không thuộc diện đăng ký.")

    assert dossier.log.latest("pk").note == "Không thuộc diện đăng ký."
    with pytest.raises(InvalidTransition):
        services.accept_dossier(dossier, by=officer)


def test_acceptance_can_be_taken_back_before_the_certificate(
    owner, organization, ministry, officer
):
    dossier = DossierFactory(organization=organization, created_by=owner, state="accepted")
    with pytest.raises(DomainError):
        services.take_back_acceptance(dossier, by=officer, note="")
    services.take_back_acceptance(dossier, by=officer, note="Sai tên chủ nhiệm.")

    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW
    assert dossier.due_on is not None


def test_constraints_hold_what_the_states_promise(organization, owner, ministry):
    dossier = DossierFactory(organization=organization, created_by=owner)
    for state in ("submitted", "registered"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=dossier.pk).update(state=state)

"""Who may do what at the desk; who is refused changes nothing."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from cms import services
from cms.listings import url_name
from cms.models import ReviewTask
from marketplace.accounts.models import (
    ClaimInvitation,
    Membership,
    Organization,
    Outreach,
)
from marketplace.accounts.services import open_outreach
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.listings.models import Need, ReturnReason, ReviewDecision
from marketplace.notifications.models import Delivery, DeliveryState
from tests.cms.acts import decisions_on, facts_of, fresh, post_decision, reason, review_address
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory

Decision = ReviewDecision.Decision
OUTSIDERS = ["poster", "colleague", "stranger", "nobody"]


@pytest.fixture
def client_of(request, as_user):
    def browser(name):
        return Client() if name == "nobody" else as_user(request.getfixturevalue(name))

    return browser


def is_refused(answer) -> bool:
    """A 403, or the way to the login page or back to the admin's first page."""
    return answer.status_code == 403 or (
        answer.status_code == 302
        and (
            answer.url.startswith(("/admin/login/", "/tai-khoan/login/")) or answer.url == "/admin/"
        )
    )


DECISIONS = {
    "approve": {},
    "reject": {"text": "Thêm số liệu."},
    "refuse": {"text": "Không thuộc sàn."},
}


# --- decisions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("who", [*OUTSIDERS, "lead"])
def test_decision_at_the_first_step_is_refused_to_all_but_officers(
    decision, who, submission, client_of
):
    before = facts_of(submission)
    values = DECISIONS[decision] | ({"reasons": [reason().pk]} if decision == "reject" else {})

    answer = post_decision(client_of(who), submission, decision, **values)

    assert is_refused(answer)
    assert facts_of(submission) == before


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("who", [*OUTSIDERS, "officer"])
def test_decision_at_the_last_step_is_refused_to_all_but_leads(
    decision, who, submission, officer, lead, client_of
):
    services.approve(submission.current_workflow_task_state, by=officer)
    before = facts_of(submission)
    values = DECISIONS[decision] | ({"reasons": [reason().pk]} if decision == "reject" else {})

    answer = post_decision(client_of(who), submission, decision, **values)

    assert is_refused(answer)
    assert facts_of(submission) == before


def test_officer_decides_the_first_step_and_lead_the_last(submission, officer, lead, as_user):
    assert post_decision(as_user(officer), submission, "approve").status_code == 302
    assert decisions_on(submission) == [Decision.APPROVED]
    assert post_decision(as_user(lead), submission, "approve").status_code == 302
    assert decisions_on(submission) == [Decision.APPROVED, Decision.PUBLISHED]
    assert fresh(submission).live


def test_nobody_judges_a_listing_of_their_own_organisation(
    submission, organization, officer, as_user
):
    Membership.objects.create(user=officer, organization=organization)
    before = facts_of(submission)

    assert is_refused(post_decision(as_user(officer), submission, "approve"))
    assert facts_of(submission) == before


def test_what_a_colleague_holds_is_not_decided_by_another(submission, officer, as_user):
    from tests.cms.conftest import staff_member

    other = staff_member("officers")
    as_user(other).post(reverse(url_name(Need, "lock"), args=[submission.pk]))
    before = facts_of(submission)

    assert is_refused(post_decision(as_user(officer), submission, "approve"))
    assert facts_of(submission) == before
    assert "đang xử lý bài này" in as_user(officer).get(review_address(submission)).content.decode()


@pytest.mark.parametrize("who", [*OUTSIDERS, "officer"])
def test_taking_down_is_refused_to_all_but_leads(who, desk, client_of, organization, poster):
    live = NeedFactory(organization=organization, contact=poster, published=True)
    before = facts_of(live)

    answer = client_of(who).post(
        review_address(live), {"decision": "take_down", "take_down-text": "Lộ bí mật."}
    )

    assert is_refused(answer)
    assert facts_of(live) == before


def test_lead_takes_a_live_listing_down_and_its_owner_hears_why(
    lead, organization, poster, as_user
):
    live = NeedFactory(organization=organization, contact=poster, published=True)
    version = live.content_version

    as_user(lead).post(
        review_address(live), {"decision": "take_down", "take_down-text": "Lộ bí mật."}
    )

    row = fresh(live)
    assert not row.live
    assert row.withdrawn_at is not None
    assert row.content_version > version
    assert decisions_on(row) == [Decision.TAKEN_DOWN]
    notice = poster.notices.get(retired_at=None)
    assert notice.kind == "review.taken_down"
    assert notice.context["note"] == "Lộ bí mật."


# --- ways around the workflow -------------------------------------------------------------------


def wagtail_actions(listing, task_state_id):
    """Every address of Wagtail that would act past the review page, with what it is posted."""
    pk = listing.pk
    edit = reverse(url_name(Need, "edit"), args=[pk])
    return [
        (edit, {"action-publish": "action-publish", "title": "Vượt rào"}),
        (edit, {"action-submit": "action-submit", "title": "Vượt rào"}),
        (edit, {"action-cancel-workflow": "1", "title": "Vượt rào"}),
        (edit, {"action-restart-workflow": "1", "title": "Vượt rào"}),
        (reverse(url_name(Need, "unpublish"), args=[pk]), {}),
        (reverse(url_name(Need, "delete"), args=[pk]), {}),
        (reverse(url_name(Need, "workflow_action"), args=[pk, "approve", task_state_id]), {}),
        (
            reverse(url_name(Need, "workflow_action"), args=[pk, "reject", task_state_id]),
            {"comment": "x"},
        ),
        (
            reverse("wagtail_bulk_action", args=["listings", "need", "delete"]) + f"?id={pk}",
            {"confirm": "1"},
        ),
    ]


@pytest.mark.parametrize("who", [*OUTSIDERS, "lead"])
def test_no_address_of_wagtail_leads_past_the_review(who, submission, client_of):
    before = facts_of(submission)
    client = client_of(who)

    for address, data in wagtail_actions(submission, submission.current_workflow_task_state.pk):
        assert client.post(address, data).status_code in (302, 403, 404), address

    assert facts_of(submission) == before


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_reviewers_only_save_in_the_editor(who, submission, client_of):
    client = client_of(who)

    for address, data in wagtail_actions(submission, submission.current_workflow_task_state.pk):
        client.post(address, data)

    row = fresh(submission)
    assert not row.live
    assert row.withdrawn_at is None
    assert decisions_on(row) == []
    assert row.current_workflow_state.status == "in_progress"
    assert row.current_workflow_task_state.task.name == "Cán bộ kiểm tra nội dung"


def test_nobody_adds_a_listing_in_the_admin(officer, lead, administrator, as_user):
    for user in (officer, lead, administrator):
        as_user(user).post(reverse(url_name(Need, "add")), {"title": "Tự đặt"})

    assert not Need.objects.exists()


def test_correction_sends_the_submission_to_the_first_step_again(
    submission, officer, lead, as_user, poster
):
    services.approve(submission.current_workflow_task_state, by=officer)
    client = as_user(lead)
    address = reverse(url_name(Need, "edit"), args=[submission.pk])
    data = form_data(client.get(address)) | {"title": "Tách vỏ cứng hạt điều khô"}

    answer = client.post(address, data)

    row = fresh(submission)
    assert answer.status_code == 302
    assert row.draft_title == "Tách vỏ cứng hạt điều khô"
    assert row.get_latest_revision_as_object().field_codes == ["40107"]
    assert row.current_workflow_task_state.task.name == "Cán bộ kiểm tra nội dung"
    assert row.current_workflow_task_state.revision_id == row.latest_revision_id


def test_correction_never_overwrites_the_revision_that_was_read(submission, officer, lead, as_user):
    client = as_user(officer)
    address = reverse(url_name(Need, "edit"), args=[submission.pk])
    client.post(address, form_data(client.get(address)) | {"title": "Bản cán bộ sửa"})
    services.approve(fresh(submission).current_workflow_task_state, by=officer)
    read = fresh(submission).latest_revision_id

    # The officer is no reviewer of the last step any more, whatever the form says.
    client.post(
        address,
        form_data(as_user(lead).get(address)) | {"title": "Sửa đè", "overwrite_revision_id": read},
    )

    row = fresh(submission)
    assert row.latest_revision_id == read
    assert row.get_latest_revision_as_object().title == "Bản cán bộ sửa"


@pytest.mark.parametrize("who", [*OUTSIDERS, "lead"])
def test_correcting_is_refused_to_all_but_the_steps_reviewers(
    who, submission, officer, client_of, as_user
):
    address = reverse(url_name(Need, "edit"), args=[submission.pk])
    data = form_data(as_user(officer).get(address)) | {"title": "Sửa trộm"}
    before = facts_of(submission)

    assert client_of(who).post(address, data).status_code in (302, 403)
    assert facts_of(submission) == before


def form_data(page) -> dict:
    """The form of an admin page as a browser would post it unchanged."""
    form = page.context["form"]
    data = {}
    forms = [form, *[one for rows in form.formsets.values() for one in rows.forms]]
    for rows in form.formsets.values():
        for field in rows.management_form:
            data[field.html_name] = field.value()
    for one in forms:
        for field in one:
            value = field.value()
            if hasattr(field.field.widget, "widgets"):
                for number, part in enumerate(field.field.widget.decompress(value)):
                    data[f"{field.html_name}_{number}"] = part
            elif value not in (None, False):
                data[field.html_name] = value
    return data


# --- documents of a submission ------------------------------------------------------------------


@pytest.mark.parametrize("who", [*OUTSIDERS, "officer"])
def test_documents_open_for_staff_alone(who, submission, poster, client_of, media):
    from django.core.files.base import ContentFile

    from marketplace.core.uploads import CheckedFile
    from marketplace.listings.services import add_files, recall, submit

    recall(submission, by=poster)
    paper = CheckedFile(ContentFile(b"%PDF-1.4 mat", "x.pdf"), "application/pdf", "Bản vẽ.pdf", 12)
    add_files(fresh(submission), documents=[paper], by=poster, confidential=True)
    submit(fresh(submission), by=poster)
    row = fresh(submission).get_latest_revision_as_object().attachments.first()
    stem = row.file.name.rpartition("/")[2].partition(".")[0]

    answer = client_of(who).get(reverse(url_name(Need, "attachment"), args=[submission.pk, stem]))

    if who == "officer":
        assert b"".join(answer.streaming_content) == b"%PDF-1.4 mat"
        assert "attachment" in answer["Content-Disposition"]
    else:
        assert is_refused(answer)


# --- the contact desk ---------------------------------------------------------------------------


@pytest.fixture
def case(db):
    return open_outreach(OrganizationFactory(status="unclaimed"), reason="Gợi ý NC-00001")


CASE_ACTS = {
    "call": {"call-note": "Đã gọi."},
    "contacted": {},
    "close": {"close-reason": "Không tồn tại."},
    "contact": {"contact-contact_name": "Bà Lan"},
}


def case_facts(case):
    row = Outreach.objects.get(pk=case.pk)
    return row.state, row.contact_name, row.calls.count(), ClaimInvitation.objects.count()


@pytest.mark.parametrize("act", CASE_ACTS)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_case_is_closed_to_all_but_staff(act, who, case, desk, client_of):
    before = case_facts(case)

    answer = client_of(who).post(
        reverse("outreach:edit", args=[case.pk]), {"action": act} | CASE_ACTS[act]
    )

    assert is_refused(answer)
    assert case_facts(case) == before


@pytest.mark.parametrize("who", OUTSIDERS)
def test_letter_is_made_by_staff_alone(who, case, desk, client_of):
    before = case_facts(case)

    assert is_refused(client_of(who).post(reverse("outreach:letter", args=[case.pk])))
    assert case_facts(case) == before


@pytest.mark.parametrize("who", ["officer", "lead"])
def test_both_groups_work_at_the_contact_desk(who, case, client_of):
    client = client_of(who)

    for act, values in CASE_ACTS.items():
        client.post(reverse("outreach:edit", args=[case.pk]), {"action": act} | values)

    assert case_facts(case)[:3] == ("closed", "", 2)


# --- organisations ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*OUTSIDERS, "officer", "lead"])
def test_a_mark_is_taken_back_by_leads_alone(who, desk, client_of):
    organization = OrganizationFactory(verified_at=clock.now())

    answer = client_of(who).post(
        reverse("organizations:revoke", args=[organization.pk]), {"revoke-reason": "Sai mã số thuế"}
    )

    organization.refresh_from_db()
    assert organization.is_verified == (who != "lead")
    assert (organization.verified_at is None) == (who == "lead")
    assert is_refused(answer) == (who != "lead")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_profile_in_the_admin_is_closed_to_all_but_staff(who, desk, organization, client_of):
    address = reverse("organizations:edit", args=[organization.pk])

    assert is_refused(client_of(who).post(address, {"name": "Đổi tên"}))
    assert Organization.objects.get(pk=organization.pk).name == organization.name


# --- dead letters, reasons, accounts ------------------------------------------------------------


@pytest.fixture
def dead_letter(poster):
    return Delivery.objects.create(
        recipient=poster,
        dedupe_key="x",
        state=DeliveryState.DEAD,
        attempts=8,
        not_before=clock.now(),
        created_at=clock.now(),
    )


@pytest.mark.parametrize("who", OUTSIDERS)
def test_sending_again_is_refused_to_all_but_staff(who, desk, dead_letter, client_of):
    assert is_refused(
        client_of(who).post(reverse("dead_letters:send_again", args=[dead_letter.pk]))
    )
    dead_letter.refresh_from_db()
    assert (dead_letter.state, dead_letter.attempts) == (DeliveryState.DEAD, 8)


@pytest.mark.parametrize("who", ["officer", "lead"])
def test_staff_send_a_dead_letter_again_once(who, dead_letter, client_of):
    client = client_of(who)
    address = reverse("dead_letters:send_again", args=[dead_letter.pk])

    client.post(address)
    dead_letter.refresh_from_db()
    assert (dead_letter.state, dead_letter.attempts) == (DeliveryState.PENDING, 0)

    Delivery.objects.filter(pk=dead_letter.pk).update(state=DeliveryState.SENT)
    client.post(address)
    dead_letter.refresh_from_db()
    assert dead_letter.state == DeliveryState.SENT


@pytest.fixture
def waiting_letter(poster):
    letter = Delivery.objects.create(
        recipient=poster, dedupe_key="w", not_before=clock.now(), created_at=clock.now()
    )
    for number, read_at in enumerate((None, clock.now())):
        letter.notices.create(
            recipient=poster,
            kind="staff.submitted",
            dedupe_key=f"w{number}",
            context={"title": "Tách vỏ", "organization": "A", "step": "B", "number": ""},
            created_at=clock.now(),
            read_at=read_at,
        )
    return letter


@pytest.mark.parametrize("who", OUTSIDERS)
def test_withdrawing_a_letter_is_refused_to_all_but_staff(who, desk, waiting_letter, client_of):
    assert is_refused(
        client_of(who).post(reverse("dead_letters:withdraw", args=[waiting_letter.pk]))
    )
    waiting_letter.refresh_from_db()
    assert waiting_letter.state == DeliveryState.PENDING
    assert not waiting_letter.notices.exclude(retired_at=None).exists()


def test_staff_withdraw_a_letter_that_has_not_left(waiting_letter, client_of):
    client = client_of("officer")
    address = reverse("dead_letters:withdraw", args=[waiting_letter.pk])
    shown = f"{reverse('dead_letters:index')}?state=pending"
    assert address in client.get(shown).content.decode()

    client.post(address)

    waiting_letter.refresh_from_db()
    assert waiting_letter.state == DeliveryState.CANCELLED
    # What was read in the inbox is known: taking it away would say nothing.
    assert [n.retired_at is None for n in waiting_letter.notices.order_by("dedupe_key")] == [
        False,
        True,
    ]
    assert address not in client.get(shown).content.decode()


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.DEAD])
def test_letter_that_has_left_or_is_leaving_is_not_withdrawn(state, waiting_letter, client_of):
    Delivery.objects.filter(pk=waiting_letter.pk).update(state=state)
    client_of("lead").post(reverse("dead_letters:withdraw", args=[waiting_letter.pk]))

    waiting_letter.refresh_from_db()
    assert waiting_letter.state == state
    assert not waiting_letter.notices.exclude(retired_at=None).exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, "officer"])
def test_reasons_are_worded_by_leads_alone(who, desk, client_of):
    row = ReturnReason.objects.order_by("pk").first()

    answer = client_of(who).post(
        reverse("return_reasons:edit", args=[row.pk]),
        {"code": row.code, "label_vi": "Khác", "text_vi": "Khác"},
    )

    assert is_refused(answer)
    assert ReturnReason.objects.get(pk=row.pk).label_vi == row.label_vi


@pytest.mark.parametrize("who", [*OUTSIDERS, "officer", "lead"])
def test_accounts_of_staff_are_made_by_administrators_alone(who, desk, client_of):
    from marketplace.accounts.models import User

    client = client_of(who)
    before = User.objects.count()

    for name in ("add", "index"):
        assert is_refused(client.get(reverse(f"wagtailusers_users:{name}")))
    assert is_refused(client.post(reverse("wagtailusers_users:add"), {"email": "moi@example.vn"}))
    assert User.objects.count() == before


def test_nobody_passes_two_steps_of_one_submission(submission, lead, as_user):
    lead.groups.add(*Group.objects.all())
    post_decision(as_user(lead), submission, "approve")
    before = facts_of(submission)

    assert is_refused(post_decision(as_user(lead), submission, "approve"))
    assert facts_of(submission) == before
    page = as_user(lead).get(review_address(submission)).content.decode()
    assert "Bạn đã duyệt một bước trước của bản này" in page
    with pytest.raises(DomainError):
        services.approve(fresh(submission).current_workflow_task_state, by=lead)
    assert facts_of(submission) == before

    # The step may be opened to one person, where an exchange has no second one.
    ReviewTask.objects.update(four_eyes=False)
    post_decision(as_user(lead), submission, "approve")
    assert fresh(submission).live

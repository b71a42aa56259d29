"""An issue is read by nobody before the chain has signed the very words that are shown."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from cms.pages.types.publication import IssuePage
from cms.publications.sign_off import NotSignedOff
from cms.setup import set_up_pages
from marketplace.notifications.models import Notice
from tests.cms.conftest import staff_member
from tests.cms.publications.conftest import draft_issue, send_in, sign

pytestmark = pytest.mark.django_db


def is_live(page) -> bool:
    return IssuePage.objects.get(pk=page.pk).live


def test_two_people_sign_and_it_is_published(series, writer, editor, signer, client):
    page = send_in(draft_issue(series, writer), writer)
    page = sign(page, editor)
    assert not page.live
    page = sign(page, signer)
    assert page.live
    assert client.get("/trang/ban-tin/so-11/").status_code == 200


def test_a_new_issue_is_only_saved(series, writer, as_user):
    """Before it is a page, no button leads past the chain or into one that nobody keeps."""
    address = reverse("wagtailadmin_pages:add", args=["cms", "issuepage", series.pk])
    page = as_user(writer).get(address).content.decode()
    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' not in page


def test_chain_of_wagtail_is_put_away_unless_somebody_keeps_it(site):
    root, moderators = Page.objects.get(depth=1), Group.objects.create(name="Moderators")
    chain = Workflow.objects.create(name="Moderators approval")
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(moderators)
    WorkflowTask.objects.create(workflow=chain, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=chain, page=root)
    moderator = staff_member("editors")
    moderator.groups.add(moderators)
    set_up_pages()
    assert root.has_workflow
    moderator.groups.remove(moderators)
    set_up_pages()
    assert not root.has_workflow


def test_title_is_of_one_line(series, writer, as_user):
    page = draft_issue(series, writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_user(writer).post(address, form(page, title="Số tháng 11:\r\n sấy lạnh"))
    kept = IssuePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert kept.title == "Số tháng 11: sấy lạnh"


def test_home_of_who_is_to_sign_says_so(series, writer, editor, signer, as_user):
    said, home = "Số ấn phẩm chờ bạn ký", reverse("wagtailadmin_home")
    page = send_in(draft_issue(series, writer), writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def told(*people) -> list[bool]:
        pages = [as_user(person).get(home).content.decode() for person in people]
        return [said in page and address in page for page in pages]

    assert told(writer, editor, signer) == [False, True, False]
    sign(page, editor)
    signer.groups.add(*editor.groups.all())
    editor.groups.add(*signer.groups.all())
    assert told(writer, editor, signer) == [False, False, True]
    send_in(draft_issue(series, writer, slug="so-12", number="12/2026"), writer)
    assert "?reviewable=true" in as_user(signer).get(home).content.decode()


def test_signing_on_its_page_goes_on_to_the_next_step(series, writer, editor, signer, as_user):
    page = send_in(draft_issue(series, writer), writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    act = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    for person in (editor, signer):
        page = IssuePage.objects.get(pk=page.pk)
        as_user(person).post(address, form(page, **act))
    assert is_live(page)
    assert page.workflow_states.get().task_states.count() == 2


def test_whoever_sent_it_in_signs_nothing_nor_one_person_twice(series, writer, editor, signer):
    page = send_in(draft_issue(series, writer), writer)
    task = page.current_workflow_task
    assert task.get_actions(page, writer) == []
    signer.groups.add(*editor.groups.all())
    page = sign(page, signer)
    assert page.current_workflow_task.get_actions(page, signer) == []
    assert not page.live


@pytest.mark.parametrize("who", ["writer", "signer", "administrator"])
def test_nobody_publishes_past_the_chain(series, writer, who, request, as_user):
    page = draft_issue(series, writer)
    person = request.getfixturevalue(who)
    assert not page.permissions_for_user(person).can_publish()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_user(person).post(address, form(page, **{"action-publish": "1"}))
    assert not is_live(page)
    with pytest.raises(PermissionDenied):
        page.get_latest_revision().publish(user=person)
    with pytest.raises(NotSignedOff):
        page.get_latest_revision().publish()
    assert not is_live(page)


def test_what_is_signed_is_what_is_shown(series, writer, editor, signer, as_user):
    """Words that were saved after the chain go through it again, whoever presses the button."""
    page = sign(send_in(draft_issue(series, writer), writer), editor, signer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_user(signer).post(address, form(page, title="Lén vào", **{"action-publish": "1"}))
    page = IssuePage.objects.get(pk=page.pk)
    assert page.title == "Số tháng 11"
    page.title = "Lén vào"
    with pytest.raises(PermissionDenied):
        page.save_revision(user=signer).publish(user=signer)
    assert IssuePage.objects.get(pk=page.pk).title == "Số tháng 11"


def test_a_save_during_the_chain_begins_it_again(series, writer, editor, signer):
    page = sign(send_in(draft_issue(series, writer), writer), editor)
    page.introduction = "Thêm sau"
    page.save_revision(user=writer)
    # Whoever signs what was changed after the first step hands it back to that step.
    page = sign(page, signer)
    assert not page.live
    page = sign(page, editor, signer)
    assert page.live
    assert page.introduction == "Thêm sau"


def test_an_issue_that_is_returned_says_so_to_who_sent_it(series, writer, editor, stranger):
    page = send_in(draft_issue(series, writer), writer)
    assert Notice.objects.filter(kind="publication.to_sign", recipient=editor).exists()
    assert not Notice.objects.filter(recipient__in=[writer, stranger]).exists()
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, editor, "reject", comment="Thiếu nguồn số liệu")
    told = Notice.objects.get(kind="publication.returned")
    assert told.recipient == writer
    assert told.context["comment"] == "Thiếu nguồn số liệu"
    assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "nobody"])
def test_outsiders_sign_nothing(series, writer, who, request, as_user, client):
    page = send_in(draft_issue(series, writer), writer)
    browser = client if who == "nobody" else as_user(request.getfixturevalue(who))
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    answer = browser.post(address, {})
    assert answer.status_code in (302, 403, 404)
    state.refresh_from_db()
    assert state.status == "in_progress"
    assert not is_live(page)


def test_a_copy_goes_live_for_nobody(series, publish, signer):
    page = publish(series)
    with pytest.raises(NotSignedOff):
        page.copy(update_attrs={"slug": "ban-sao"}, user=signer, keep_live=True)
    assert not IssuePage.objects.filter(slug="ban-sao", live=True).exists()


def form(page, **values):
    return {
        "title": page.title,
        "slug": page.slug,
        "introduction": "",
        "number": page.number,
        "shown_on": page.shown_on.isoformat(),
        "field_codes": [],
        "since": "",
        "until": "",
        "goes_out": "on",
        "chosen-TOTAL_FORMS": "0",
        "chosen-INITIAL_FORMS": "0",
        "chosen-MIN_NUM_FORMS": "0",
        "chosen-MAX_NUM_FORMS": "1000",
        "body-count": "0",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    } | values


def test_the_chain_is_walked_in_the_admin(series, writer, editor, signer, as_user):
    page = draft_issue(series, writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    shown = as_user(writer).get(address)
    assert "action-publish" not in shown.content.decode()
    sent = as_user(writer).post(
        address, form(page, introduction="Mở đầu", **{"action-submit": "1"})
    )
    assert sent.status_code == 302
    for person in (editor, signer):
        page = IssuePage.objects.get(pk=page.pk)
        state = page.current_workflow_task_state
        act = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
        assert as_user(person).post(act, {}).status_code in (200, 302)
    page = IssuePage.objects.get(pk=page.pk)
    assert page.live
    assert page.introduction == "Mở đầu"

"""Staff post for a firm: the consent is recorded, the firm confirms by its link, nothing is shown before."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Organization
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.listings import services
from marketplace.listings.models import ListingStatus, Need, StaffPost, StaffPostState
from marketplace.notifications import delivery
from tests.cms.acts import fresh
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, OrganizationFactory

EMAIL = "giam.doc@hatdieu.example"
FILLED = {
    "title": "Tách vỏ cứng hạt điều",
    "summary": "Tỷ lệ nhân nguyên đạt 78 %, cần từ 92 %.",
    "need_kinds": ["buy"],
    "field_codes": ["40107"],
    "province_code": "68",
    "problem": "Dao cố định làm vỡ nhân.",
}


def consent(**changes):
    values = {"way": "call", "agreed_on": clock.today(), "agreed_by": "Bà Lan", "email": EMAIL}
    return services.Consent(**values | changes)


@pytest.fixture
def firm(db):
    return OrganizationFactory(unclaimed=True, name="Cơ sở Hạt điều Lộc Ninh", province_code="68")


@pytest.fixture
def post(desk, officer, firm):
    """Written to the end, the firm not yet asked."""
    made = services.begin_staff_post("need", organization=firm, consent=consent(), by=officer)
    day = clock.today() + timedelta(days=60)
    services.save_draft(made.listing, changes=FILLED | {"deadline": day}, by=officer)
    return again(made)


def again(post):
    return StaffPost.objects.get(pk=post.pk)


def ask(post, by, mailoutbox):
    """Asks, and gives the path of the link in the letter."""
    mailoutbox.clear()
    services.ask_firm(post, by=by)
    delivery.deliver_batch()
    (mail,) = [mail for mail in mailoutbox if mail.to == [EMAIL]]
    return re.search(r"https?://[^/\s]+(/xac-nhan-dang-ho/\S+)", mail.body)[1]


def test_from_the_call_to_review_with_nothing_shown_before(
    post, officer, lead, mailoutbox, as_user
):
    listing = post.listing
    with pytest.raises(DomainError):
        services.submit(listing, by=officer)
    with pytest.raises(DomainError):
        listing.latest_revision.publish(user=lead)
    path = ask(post, officer, mailoutbox)

    browser = Client()
    page = browser.get(path)
    assert page["Referrer-Policy"] == "same-origin"
    assert "Dao cố định" in page.content.decode()
    assert "Tách vỏ cứng" in browser.get(f"{path}xem/").content.decode()
    assert fresh(listing).status == ListingStatus.DRAFT
    assert Client().get(listing.get_absolute_url()).status_code == 404
    assert not Need.objects.editable_by(officer).exists()

    browser.post(path, {"confirm": "1"})

    assert again(post).state == StaffPostState.CONFIRMED
    assert fresh(listing).status == ListingStatus.IN_REVIEW
    assert not Need.objects.public().exists()
    # Who wrote it does not judge it.
    task = fresh(listing).current_workflow_task_state.task.specific
    assert task.get_actions(fresh(listing), officer) == []
    said = AuditEntry.objects.filter(action__startswith="listing.staff_post").order_by("pk")
    assert [entry.action.rpartition(".")[2] for entry in said] == ["begun", "asked", "confirmed"]


def test_a_link_is_good_for_one_answer(post, officer, mailoutbox):
    path = ask(post, officer, mailoutbox)
    Client().post(path, {"confirm": "1"})
    state = again(post).content_version

    answered = Client().post(path, {"reject": "1", "answer": "thôi"})

    assert "Đã xác nhận" in answered.content.decode()
    assert again(post).state == StaffPostState.CONFIRMED
    assert again(post).content_version == state
    assert Client().get(f"{path}xem/").status_code == 404


@pytest.mark.parametrize("spent", ["too old", "asked again", "taken back", "stopped"])
def test_a_link_that_is_spent_changes_nothing(spent, post, officer, mailoutbox, frozen_clock):
    path = ask(post, officer, mailoutbox)
    if spent == "too old":
        frozen_clock.move(days=15)
    elif spent == "asked again":
        frozen_clock.move(seconds=5)
        assert ask(again(post), officer, mailoutbox) != path
    else:
        {"taken back": services.take_back, "stopped": services.stop_staff_post}[spent](
            again(post), by=officer
        )
    before = StaffPost.objects.filter(pk=post.pk).values().get()

    page = Client().post(path, {"confirm": "1"})

    assert "không dùng được nữa" in page.content.decode()
    assert StaffPost.objects.filter(pk=post.pk).values().get() == before
    assert fresh(post.listing).current_workflow_state is None


def test_a_link_of_another_making_is_none(post, officer, mailoutbox):
    path = ask(post, officer, mailoutbox)
    assert Client().post(path[:-4] + "xxx/", {"confirm": "1"}).status_code == 404
    assert again(post).state == StaffPostState.ASKED


def test_a_firm_says_no_and_is_asked_again_after_a_change(post, officer, mailoutbox):
    path = ask(post, officer, mailoutbox)
    assert Client().post(path, {"reject": "1", "answer": " "}).status_code == 400

    Client().post(path, {"reject": "1", "answer": "Cần 500 kg/giờ"})

    row = again(post)
    assert (row.state, row.answer) == (StaffPostState.REJECTED, "Cần 500 kg/giờ")
    assert fresh(post.listing).current_workflow_state is None
    with pytest.raises(InvalidTransition):
        services.ask_firm(row, by=officer)
    services.take_back(row, by=officer)
    services.save_draft(row.listing, changes={"volume": "500 kg/giờ"}, by=officer)
    path = ask(again(post), officer, mailoutbox)
    Client().post(path, {"confirm": "1"})
    assert fresh(post.listing).status == ListingStatus.IN_REVIEW


def test_a_letter_that_was_taken_back_does_not_leave(post, officer, mailoutbox):
    services.ask_firm(post, by=officer)
    services.take_back(again(post), by=officer)
    delivery.deliver_batch()
    assert mailoutbox == []


@pytest.mark.parametrize(
    "wrong", [{"way": "rumour"}, {"agreed_by": " "}, {"agreed_on": "old"}, {"agreed_on": "to come"}]
)
def test_without_a_clear_consent_nothing_is_begun(wrong, desk, officer, firm):
    days = {"old": -31, "to come": 1}
    if "agreed_on" in wrong:
        wrong = {"agreed_on": clock.today() + timedelta(days=days[wrong["agreed_on"]])}
    with pytest.raises(DomainError):
        services.begin_staff_post("need", organization=firm, consent=consent(**wrong), by=officer)
    assert not Need.objects.exists()


def test_a_firm_with_an_account_is_asked_by_its_own_manager(desk, officer):
    owner = MembershipFactory(user__email="chu@hatdieu.example").user
    firm = owner.memberships.get().organization
    with pytest.raises(DomainError):
        services.begin_staff_post("need", organization=firm, consent=consent(), by=officer)

    made = services.begin_staff_post(
        "need", organization=firm, consent=consent(email="CHU@hatdieu.example"), by=officer
    )
    assert made.listing.contact == owner


def test_its_own_people_who_submit_it_have_confirmed_it(post, firm, officer):
    firm.status = "claimed"
    firm.save()
    owner = MembershipFactory(organization=firm).user
    services.save_draft(post.listing, changes={"contact": owner}, by=owner)
    services.submit(post.listing, by=owner)
    assert again(post).state == StaffPostState.CONFIRMED


def test_the_case_desk_shows_it_until_the_firm_has_answered(post, officer, mailoutbox):
    keep_batch()
    case = Case.objects.get(kind="staff_post")
    assert (case.title, case.organization, case.state) == (
        FILLED["title"],
        post.organization,
        "open",
    )
    path = ask(post, officer, mailoutbox)
    Client().post(path, {"confirm": "1"})
    keep_batch()
    case.refresh_from_db()
    assert case.state == "closed"


# --- the pages ----------------------------------------------------------------------------------

BEGIN = {
    "kind": "need",
    "organization_name": "Cơ sở Chế biến Phước Long",
    "organization_kind": "enterprise",
    "province_code": "68",
    "way": "visit",
    "agreed_by": "Bà Lan",
    "email": EMAIL,
    "text": "Cần máy tách vỏ hạt điều",
}


def begin(client, **values):
    day = {"agreed_on": f"{clock.today():%d/%m/%Y}"}
    return client.post(reverse("staff_posts:add"), BEGIN | day | values)


def test_officer_begins_one_for_a_firm_that_is_new(officer, as_user):
    answer = begin(as_user(officer))
    made = StaffPost.objects.get()
    assert answer["Location"].endswith(f"/{made.key}/sua/nhu-cau/")
    assert (made.organization.name, made.organization.status) == (
        BEGIN["organization_name"],
        "unclaimed",
    )
    assert made.listing.draft_title == BEGIN["text"]
    assert as_user(officer).get(answer["Location"]).status_code == 200


def test_a_name_like_one_that_is_known_is_asked_about(officer, firm, as_user):
    client = as_user(officer)
    page = begin(client, organization_name="Hạt điều Lộc Ninh")
    assert "Cơ sở Hạt điều Lộc Ninh" in page.content.decode()
    assert not StaffPost.objects.exists()
    begin(client, organization_name="Hạt điều Lộc Ninh", organization=firm.public_id)
    assert StaffPost.objects.get().organization == firm
    assert Organization.objects.count() == 1


def test_officer_writes_and_asks_in_the_ordinary_form(post, officer, as_user, mailoutbox):
    client = as_user(officer)
    review = client.get(reverse("listings:review", args=["need", post.key])).content.decode()
    assert "Gửi doanh nghiệp xác nhận" in review
    assert "Gửi duyệt</button>" not in review
    client.post(reverse("listings:ask", args=["need", post.key]))
    assert again(post).state == StaffPostState.ASKED
    page = client.get(reverse("staff_posts:edit", args=[post.pk]))
    assert EMAIL in page.content.decode()
    client.post(reverse("staff_posts:edit", args=[post.pk]), {"action": "take_back"})
    assert again(post).state == StaffPostState.WRITING


def test_what_is_missing_is_said_before_the_firm_is_asked(desk, officer, firm, as_user, mailoutbox):
    made = services.begin_staff_post("need", organization=firm, consent=consent(), by=officer)
    answer = as_user(officer).post(reverse("listings:ask", args=["need", made.key]))
    assert answer.status_code == 400
    assert again(made).state == StaffPostState.WRITING


@pytest.mark.parametrize("person", ["stranger", "poster", "far", "editor"])
def test_others_neither_see_nor_change_it(person, post, request, as_user, desk):
    who = {
        "far": lambda: staff_member("provincial", staff_provinces=["92"]),
        "editor": lambda: staff_member("editors"),
    }.get(person, lambda: request.getfixturevalue(person))()
    client = as_user(who)
    before = StaffPost.objects.filter(pk=post.pk).values().get()
    revision = post.listing.latest_revision_id

    page = reverse("staff_posts:edit", args=[post.pk])
    tried = [
        client.get(page),
        client.post(page, {"action": "stop"}),
        client.post(reverse("listings:ask", args=["need", post.key])),
        client.post(reverse("listings:edit", args=["need", post.key, "nhu-cau"]), {"title": "x"}),
    ]

    assert all(answer.status_code in (302, 403, 404) for answer in tried)
    assert StaffPost.objects.filter(pk=post.pk).values().get() == before
    assert fresh(post.listing).latest_revision_id == revision
    if person != "editor":
        begun = begin(client, organization_name="Xưởng khác", province_code="68")
        assert begun.status_code in (200, 302)
    assert StaffPost.objects.count() == 1


def test_officer_of_the_province_posts_for_firms_there(desk, as_user, firm):
    begin(as_user(staff_member("provincial", staff_provinces=["68"])), organization_name=firm.name)
    assert StaffPost.objects.get().organization == firm

"""A broker at work: posts for the firm, reads what it may, is credited, and is told when it is over."""

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.listings import services as listings
from marketplace.listings.models import Need
from marketplace.listings.services.rows import posters
from marketplace.mandates import services
from marketplace.mandates.models import Scope
from marketplace.matching.models import Match, MatchRun
from tests.factories.listings import NeedFactory, OfferFactory, one_step_workflow
from tests.factories.matching import MatchFactory
from tests.mandates.conftest import confirm

pytestmark = pytest.mark.django_db
CANARY = "BI-MAT-CUA-DOANH-NGHIEP"


@pytest.fixture
def posted(mandate, firm, agent, client):
    """A need that the broker began for the firm, at the page."""
    client.force_login(agent)
    client.post(
        reverse("listings:need_create"), {"text": "Giảm vỡ nhân", "organization": firm.public_id}
    )
    return Need.objects.get()


def edit_url(need):
    return reverse("listings:edit", args=["need", need.public_id, "nhu-cau"])


def test_need_is_posted_in_the_firms_name_with_both_names_on_record(
    posted, firm, broker, owner, agent
):
    assert (posted.organization, posted.found_by, posted.contact) == (firm, broker, owner)
    assert posted.latest_revision.user == agent
    entry = AuditEntry.objects.get(action="listing.draft_created")
    assert entry.data["broker"] == broker.public_id
    # An older revision that is published again keeps the credit.
    assert listings.draft_of(posted).found_by == broker


def test_broker_writes_and_submits_it_and_hears_of_the_decision(
    posted, firm, broker, agent, owner, client
):
    curator = one_step_workflow()
    assert (
        client.post(edit_url(posted), {"title": "Giảm vỡ nhân điều", "tiep": "1"}).status_code
        == 302
    )
    full = NeedFactory(organization=firm)
    names = ("summary", "need_kinds", "problem", "field_codes", "province_code", "deadline")
    changes = {name: getattr(full, name) for name in names}
    listings.save_draft(posted, changes=changes, by=agent)
    client.post(reverse("listings:submit", args=["need", posted.public_id]))
    posted = Need.objects.get(pk=posted.pk)
    posted.current_workflow_state.current_task_state.approve(user=curator)
    posted.refresh_from_db()

    assert set(posters(posted, agent.pk)) == {owner, agent}
    page = client.get(posted.get_absolute_url()).content.decode()
    assert broker.name in page
    Need.objects.filter(pk=posted.pk).update(hide_owner=True)
    client.logout()
    hidden = client.get(posted.get_absolute_url()).content.decode()
    assert broker.name not in hidden
    assert firm.name not in hidden


@pytest.mark.parametrize("person", ["viewer", "stranger", "curator"])
def test_others_cannot_touch_it(posted, people, person, client):
    client.force_login(people[person])
    before = Need.objects.values().get()
    for answer in (
        client.post(edit_url(posted), {"title": "Khác", "tiep": "1"}),
        client.post(reverse("listings:withdraw", args=["need", posted.public_id]), {"reason": "x"}),
    ):
        assert answer.status_code in (403, 404)
    assert Need.objects.values().get() == before


@pytest.mark.parametrize("person", ["owner", "contributor", "helper"])
def test_people_of_both_sides_write_it(posted, people, person, client):
    client.force_login(people[person])
    answer = client.post(edit_url(posted), {"title": "Tên mới", "tiep": "1"})
    assert answer.status_code == 302
    assert listings.draft_of(Need.objects.get()).title == "Tên mới"


def test_what_the_broker_did_not_post_stays_the_firms_own(mandate, firm, agent, client):
    draft = NeedFactory(organization=firm, confidential=CANARY)
    shown = NeedFactory(organization=firm, confidential=CANARY, published=True)
    OfferFactory(organization=firm)
    client.force_login(agent)

    assert not Need.objects.editable_by(agent).exists()
    assert client.get(edit_url(shown)).status_code == 404
    assert client.get(draft.get_absolute_url()).status_code == 404
    page = client.get(shown.get_absolute_url())
    desk = client.get(reverse("dashboard:broker_desk"))
    assert CANARY not in page.content.decode() + desk.content.decode()


def test_withdrawn_midway_the_broker_is_told_and_nothing_is_saved(posted, mandate, owner, client):
    services.withdraw_mandate(mandate, by=owner)

    for answer in (
        client.post(edit_url(posted), {"title": "Sau khi rút", "tiep": "1"}),
        client.post(edit_url(posted), {"title": "Sau khi rút", "tu-dong": "1"}),
        client.get(reverse("dashboard:listing", args=["need", posted.public_id])),
    ):
        assert answer.status_code == 403
        assert "không còn ủy quyền" in answer.content.decode()
    assert listings.draft_of(Need.objects.get()).title == "Giảm vỡ nhân"
    # The firm goes on with it.
    client.force_login(owner)
    assert client.get(edit_url(posted)).status_code == 200
    assert set(posters(posted, mandate.asked_by_id)) == {owner}


def test_matches_are_read_only_where_the_firm_lets_them_be(asked, firm, owner, agent, client):
    match = MatchFactory(need=NeedFactory(organization=firm, published=True))
    MatchRun.objects.create(
        need=match.need,
        content_version=1,
        ran_at=clock.now(),
        duration_ms=1,
        shown=1,
        abstained=False,
    )
    confirm(asked, owner, [Scope.POST])
    client.force_login(agent)
    assert not Match.objects.shown_to(agent).exists()

    services.withdraw_mandate(asked, by=owner)
    again = services.ask_for_mandate(asked.broker, firm=firm, scopes=[Scope.MATCHES], by=agent)
    confirm(again, owner, [Scope.MATCHES])
    assert set(Match.objects.shown_to(agent)) == {match}
    page = client.get(match.need.get_absolute_url()).content.decode()
    assert match.candidate.title in page
    # What only its owner may answer has no buttons for who may read alone.
    assert "Vì sao xếp thứ" in page
    for name in ("matching:pass", "matching:open"):
        assert reverse(name, args=[match.public_id]) not in page
    client.force_login(owner)
    own = client.get(match.need.get_absolute_url()).content.decode()
    assert reverse("matching:pass", args=[match.public_id]) in own
    client.force_login(agent)
    desk = client.get(reverse("dashboard:broker_desk")).content.decode()
    assert match.need.title in desk
    assert "1 gợi ý" in desk
    # Nothing may be posted now.
    client.post(reverse("listings:need_create"), {"text": "x", "organization": firm.public_id})
    assert not Need.objects.filter(found_by__isnull=False).exists()

    services.withdraw_mandate(again, by=owner)
    assert not Match.objects.shown_to(agent).exists()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_of_both_sides_open_in_both_languages(
    posted, mandate, firm, owner, agent, client, language
):
    with translation.override(language):
        one = reverse("mandates:mandate", args=[mandate.public_id])
        desk, find = reverse("dashboard:broker_desk"), reverse("mandates:find_firm")
        pages = {
            agent: [one, desk, find, reverse("mandates:ask", args=[firm.public_id])],
            owner: [one, reverse("mandates:given")],
        }
    for person, addresses in pages.items():
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == 200, address
    client.force_login(agent)
    assert firm.name in client.get(find, {"q": "co khi"}).content.decode()


def test_who_works_for_no_broker_finds_an_explanation(people, client):
    client.force_login(people["contributor"])
    page = client.get(reverse("dashboard:broker_desk"))
    assert "tổ chức trung gian" in page.content.decode()
    assert client.get(reverse("mandates:find_firm")).status_code == 404

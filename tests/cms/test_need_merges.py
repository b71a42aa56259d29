"""Two needs that are one: joined with what they have gathered, and taken apart again."""

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings.models import Need, NeedMerge
from marketplace.listings.services import merge_needs, submit, undo_need_merge, withdraw
from marketplace.matching.models import Match
from marketplace.notifications.models import Notice, SavedSearch, SavedSearchHit
from tests.cms.acts import fresh
from tests.factories.accounts import MembershipFactory
from tests.factories.deals import sent_expression
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.matching import MatchFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(organization, poster):
    return NeedFactory(
        organization=organization, contact=poster, title="Tách vỏ hạt điều", published=True
    )


@pytest.fixture
def gone(organization, poster):
    return NeedFactory(
        organization=organization, contact=poster, title="Bóc vỏ điều", published=True
    )


def merged(gone, kept, lead):
    return merge_needs(duplicate=gone, survivor=kept, by=lead)


def test_the_page_of_the_duplicate_leads_to_the_survivor_and_back_after_undo(
    gone, kept, lead, client
):
    was = fresh(gone).get_absolute_url()
    merge = merged(gone, kept, lead)

    answer = client.get(was)
    assert (answer.status_code, answer["Location"]) == (302, fresh(kept).get_absolute_url())
    assert not Need.objects.public().filter(pk=gone.pk).exists()

    undo_need_merge(merge, by=lead, reason="Hai dây chuyền khác nhau")

    assert client.get(was).status_code == 200
    assert fresh(gone).is_public
    assert fresh(gone).title == "Bóc vỏ điều"


def test_what_it_gathered_goes_with_it_and_comes_back(gone, kept, lead):
    shared, only = OfferFactory(published=True), OfferFactory(published=True)
    MatchFactory(need=kept, candidate=shared)
    stays = MatchFactory(need=gone, candidate=shared)
    goes = MatchFactory(need=gone, candidate=only)
    asker = MembershipFactory()
    letter = sent_expression(gone, by=asker.user, asker=asker.organization)
    now = clock.now()
    search = SavedSearch.objects.create(
        owner=asker.user, name="Hạt điều", address="q=dieu", fingerprint="x", language="vi",
        created_at=now, visited_at=now, known_until=now,
    )  # fmt: skip
    hit = SavedSearchHit.objects.create(
        saved_search=search, kind="need", key=gone.public_id, found_at=search.created_at
    )

    merge = merged(gone, kept, lead)

    assert Match.objects.get(pk=goes.pk).need_id == kept.pk
    assert Match.objects.get(pk=stays.pk).need_id == gone.pk
    letter.refresh_from_db()
    hit.refresh_from_db()
    assert (letter.subject_id, hit.key) == (kept.pk, kept.public_id)

    undo_need_merge(merge, by=lead, reason="Nhầm")

    letter.refresh_from_db()
    hit.refresh_from_db()
    assert Match.objects.get(pk=goes.pk).need_id == gone.pk
    assert (letter.subject_id, hit.key) == (gone.pk, gone.public_id)


def test_the_survivor_is_matched_anew_and_its_people_are_told_once(gone, kept, lead, poster):
    before = fresh(kept).content_version
    merged(gone, kept, lead)

    assert fresh(kept).content_version > before
    told = Notice.objects.filter(kind="listing.need_merged", recipient=poster)
    assert told.count() == 1


def test_a_submission_that_waits_is_merged_too_and_is_a_draft_after_undo(
    desk, kept, draft, poster, lead
):
    waiting = submit(draft, by=poster)
    merge = merged(waiting, kept, lead)
    assert fresh(waiting).current_workflow_state is None

    undo_need_merge(merge, by=lead, reason="Nhầm")

    assert fresh(waiting).status == "draft"


def test_refused_across_organisations_onto_hidden_ones_and_twice(gone, kept, lead, poster):
    other = NeedFactory(published=True)
    for duplicate, survivor in ((gone, other), (gone, gone)):
        with pytest.raises(DomainError):
            merged(duplicate, survivor, lead)
    merge = merged(gone, kept, lead)
    with pytest.raises(DomainError):
        merged(fresh(gone), kept, lead)
    undo_need_merge(merge, by=lead, reason="Nhầm")
    with pytest.raises(InvalidTransition):
        undo_need_merge(merge, by=lead, reason="Nhầm")
    withdraw(kept, by=poster)
    with pytest.raises(DomainError):
        merged(fresh(gone), fresh(kept), lead)


def test_a_chain_is_taken_apart_from_its_end(gone, kept, lead, organization, poster, client):
    last = NeedFactory(organization=organization, contact=poster, published=True)
    was = fresh(gone).get_absolute_url()
    first = merged(gone, kept, lead)
    merged(fresh(kept), last, lead)

    assert client.get(was)["Location"] == fresh(last).get_absolute_url()
    with pytest.raises(DomainError):
        undo_need_merge(first, by=lead, reason="Nhầm")


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_before_its_commit_nothing_has_moved(other_process):
    kept = NeedFactory(published=True)
    gone = NeedFactory(organization=kept.organization, contact=kept.contact, published=True)
    match = MatchFactory(need=gone, candidate=OfferFactory(published=True))
    process = other_process(
        f"""
        from django.db import transaction
        from marketplace.accounts.models import User
        from marketplace.listings import services
        from marketplace.listings.models import Need
        import time
        by = User.objects.get(pk={kept.contact_id})
        with transaction.atomic():
            services.merge_needs(
                duplicate=Need.objects.get(pk={gone.pk}), survivor=Need.objects.get(pk={kept.pk}), by=by
            )
            print("moved", flush=True)
            time.sleep(60)
        """
    )
    process.wait_for("moved")
    process.kill()

    assert Match.objects.get(pk=match.pk).need_id == gone.pk
    assert fresh(gone).is_public
    assert not NeedMerge.objects.exists()
    merge_needs(duplicate=gone, survivor=kept, by=kept.contact)
    assert Match.objects.get(pk=match.pk).need_id == kept.pk


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["poster", "colleague", "stranger", "officer"])
def test_only_who_may_take_down_merges(person, request, desk, gone, kept, as_user):
    client = as_user(request.getfixturevalue(person))

    client.post(reverse("merge_need", args=[gone.pk]), {"vao": kept.pk})

    assert fresh(gone).is_public
    assert not NeedMerge.objects.exists()


def test_a_lead_sees_both_beside_each_other_merges_and_undoes(gone, kept, lead, as_user):
    client, where = as_user(lead), reverse("merge_need", args=[gone.pk])
    assert kept.title in client.get(where).content.decode()
    page = client.get(where, {"vao": kept.pk}).content.decode()
    assert gone.title in page
    assert "Gộp hai nhu cầu" in page

    client.post(where, {"vao": kept.pk})

    merge = NeedMerge.objects.get()
    undo = reverse("undo_need_merge", args=[merge.pk])
    assert client.get(undo).status_code == 200
    assert client.post(undo, {"reason": ""}).status_code == 200
    assert NeedMerge.objects.standing().exists()
    client.post(undo, {"reason": "Nhầm"})
    assert fresh(gone).is_public

"""The desks about matches: decisions, what waits, reasons per institute; who may do what."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.matching import services
from marketplace.matching.models import Curation, Match, Pass
from marketplace.taxonomy.labels import forget_labels
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import MANIFEST, read_manifest, read_terms
from search.sync import sync_batch
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import NeedFactory
from tests.factories.matching import MatchFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reasons(db):
    data = next(d for d in read_manifest(MANIFEST) if d.code == "pass-reasons-2")
    load_vocabulary(data, terms=read_terms(data.path), shipped=True)
    yield
    forget_labels()


@pytest.fixture
def need(organization, poster):
    return NeedFactory(organization=organization, contact=poster, published=True)


@pytest.fixture
def match(need, reasons):
    return MatchFactory(need=need)


def state():
    return (
        list(Curation.objects.order_by("pk").values()),
        list(Pass.objects.order_by("pk").values()),
        list(Match.objects.order_by("pk").values("pk", "rank", "held_at", "retired_at")),
    )


def acts(match, hit):
    """Every write of the desk: address and what is posted."""
    need = match.need
    desk = reverse("need_matches", args=[need.pk])
    return {
        "pin": (desk, {"match": match.public_id, "action": "pin", "note": "Đúng việc"}),
        "release": (desk, {"match": match.public_id, "action": "release"}),
        "release_many": (reverse("waiting_matches"), {"match": match.public_id}),
        "suppress": (
            reverse("suppress_matches", args=[need.pk]),
            {"match": match.public_id, "reason": "wrong_field"},
        ),
        "add": (
            reverse("add_match", args=[need.pk]),
            {"kind": "result", "key": hit.public_id, "note": "Nên xem"},
        ),
    }


@pytest.mark.parametrize("act", ["pin", "release", "release_many", "suppress", "add"])
def test_only_staff_with_the_right_decide(
    as_user, officer, poster, colleague, stranger, match, search_engine, act
):
    Match.objects.update(held_at=clock.now())
    hit = ResultFactory()
    sync_batch()
    address, posted = acts(match, hit)[act]
    before = state()
    for user in (poster, colleague, stranger):
        assert as_user(user).post(address, posted).status_code in (302, 403)
        assert state() == before
    assert as_user(officer).post(address, posted).status_code == 302
    assert state() != before


def test_staff_do_not_decide_about_needs_of_their_own_organisation(
    as_user, officer, organization, match, search_engine
):
    MembershipFactory(user=officer, organization=organization)
    Match.objects.update(held_at=clock.now())
    before = state()
    for address, posted in acts(match, ResultFactory()).values():
        assert as_user(officer).post(address, posted).status_code in (302, 403)
        assert state() == before
    page = as_user(officer).get(reverse("need_matches", args=[match.need_id])).content.decode()
    assert "Bạn chỉ xem được" in page


def test_decision_is_undone_from_the_log(as_user, officer, stranger, match):
    browser = as_user(officer)
    desk = reverse("need_matches", args=[match.need_id])
    browser.post(desk, {"match": match.public_id, "action": "confirm", "note": "Đúng việc"})
    page = browser.get(desk).content.decode()
    assert "Đúng việc" in page
    undo = reverse("undo_decision", args=[Curation.objects.get().pk])
    assert undo in page

    as_user(stranger).post(undo)
    assert Curation.objects.standing().exists()
    browser.post(undo)
    assert not Curation.objects.standing().exists()


def test_suppressing_without_a_reason_shows_the_desk_again(as_user, officer, match):
    address = reverse("suppress_matches", args=[match.need_id])
    page = as_user(officer).post(address, {"match": match.public_id}).content.decode()
    assert "Chọn một lý do." in page
    assert not Pass.objects.exists()


def test_candidate_is_found_by_words_and_added(as_user, officer, match, search_engine):
    hit = ResultFactory(title="Bơm nhiệt hai cấp cho xoài")
    while sync_batch():
        pass
    desk = reverse("need_matches", args=[match.need_id])
    page = as_user(officer).get(f"{desk}?q=bom nhiet").content.decode()
    assert hit.title in page
    as_user(officer).post(
        reverse("add_match", args=[match.need_id]),
        {"kind": "result", "key": hit.public_id, "note": "Nên xem"},
    )
    assert Match.objects.active().of("result", [hit.pk]).filter(need=match.need).exists()


def test_review_page_leads_to_the_desk_and_the_list_names_needs(as_user, officer, match):
    from cms.listings import review_page

    desk = reverse("need_matches", args=[match.need_id])
    assert desk in as_user(officer).get(review_page(match.need)).content.decode()
    page = as_user(officer).get(reverse("match_desk")).content.decode()
    assert desk in page
    assert desk not in as_user(officer).get(reverse("match_desk") + "?loc=chua-co").content.decode()


def test_waiting_matches_go_out_together(as_user, officer, match):
    other = MatchFactory()
    Match.objects.update(held_at=clock.now())
    desk = reverse("waiting_matches")
    assert other.need.title in as_user(officer).get(desk).content.decode()
    as_user(officer).post(desk, {"match": [match.public_id, other.public_id]})
    assert not Match.objects.held().exists()
    assert "Không có gợi ý nào đang chờ." in as_user(officer).get(desk).content.decode()


def test_organisation_or_staff_ask_for_a_look(
    as_user, officer, poster, colleague, stranger, organization
):
    own = reverse("matching:staff_look", args=[organization.public_id])
    desk = reverse("set_staff_look", args=[organization.pk])

    def wanted():
        organization.refresh_from_db()
        return organization.staff_look_first

    for user, address in ((stranger, own), (colleague, own), (stranger, desk), (poster, desk)):
        as_user(user).post(address, {"wanted": "yes"})
        assert not wanted()
    version = organization.content_version
    as_user(poster).post(own, {"wanted": "yes"})
    assert wanted()
    assert organization.content_version == version  # nothing readers see has changed
    as_user(officer).post(desk, {"wanted": "no"})
    assert not wanted()


@pytest.fixture
def passed(reasons, officer):
    institute = OrganizationFactory(name="=Viện Cơ điện")
    for code, days in (("too_early", 0), ("too_early", 0), ("wrong_field", 40)):
        match = MatchFactory(candidate=ResultFactory(organization=institute))
        made = services.pass_on(match, by=officer, side="staff", reason=code, note="Nói riêng")
        Pass.objects.filter(pk=made.pk).update(at=clock.now() - timedelta(days=days))
    return institute


def test_reasons_are_summed_per_institute_and_period(as_user, officer, stranger, passed):
    address = reverse("pass_reasons")
    page = as_user(officer).get(address).content.decode()
    assert "Còn quá sớm (2); Sai ngành, đối tượng (1)" in page
    assert "Nói riêng" not in page
    since = (clock.today() - timedelta(days=7)).isoformat()
    narrowed = as_user(officer).get(f"{address}?since={since}&until=").content.decode()
    assert "Sai ngành" not in narrowed
    wrong = as_user(officer).get(f"{address}?since=2026-02-01&until=2026-01-01").content.decode()
    assert "Ngày cuối đứng trước ngày đầu." in wrong
    assert as_user(stranger).get(address).status_code in (302, 403)


def test_reasons_are_taken_away_as_tables(as_user, officer, passed):
    address = reverse("pass_reasons")
    answer = as_user(officer).get(f"{address}?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "Tổ chức"
    assert ["'=Viện Cơ điện", "3", "3", "Còn quá sớm", "2"] in rows
    book = b"".join(as_user(officer).get(f"{address}?export=xlsx").streaming_content)
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()

"""Experts: shown by consent field by field, and nowhere the moment it is taken back."""

import json

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from marketplace.core.models import AuditEntry
from marketplace.core.personal_data import run_closing_acts
from marketplace.experts import services, tasks
from marketplace.experts.models import Expert, ExpertField, ExpertState
from marketplace.experts.search import build_document
from marketplace.matching import pipeline
from marketplace.matching.models import Match
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Notice
from marketplace.privacy.services import withdraw_consent
from search.engines import get_engine
from search.queries import Query
from search.registry import hydrate
from search.sync import sync_batch
from tests.factories.accounts import MembershipFactory, UserFactory, asked_again, second_factor
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db
CANARY = "CHUYENGIABIMAT"
TEXTS = {
    "headline": "Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
    "advises_on": "Chọn máy sấy xoài cắt lát bằng bơm nhiệt, chỉnh chế độ sấy để xoài giữ màu.",
    "experience": f"Kinh nghiệm {CANARY}",
    "field_codes": ["40107"],
    "languages": ["vi"],
    "province_code": "01",
    "organization": None,
    "person": None,
    "language": "vi",
}
ALL = ExpertField.values


@pytest.fixture
def scientist():
    return MembershipFactory(user__full_name="Nguyễn Thị Canary").user


@pytest.fixture
def officer():
    return UserFactory(is_staff=True, is_superuser=True)


def published(user, officer, shown=("name", "headline", "advises_on", "field_codes"), **values):
    services.save_profile(user, values=TEXTS | values | {"shown": list(shown)})
    services.submit_profile(user)
    services.approve_profile(Expert.objects.get(user=user), by=officer)
    return Expert.objects.get(user=user)


def settle():
    while sync_batch():
        pass
    while pipeline.run_batch():
        pass


def found(words):
    return [hit.kind for hit in get_engine().search(Query(words)).hits]


def test_what_is_not_shown_is_in_no_document_page_or_list(scientist, officer, client):
    expert = published(scientist, officer)
    document = json.dumps(build_document(expert).facets) + build_document(expert).text
    pages = "".join(
        client.get(address).content.decode()
        for address in (expert.get_absolute_url(), reverse("experts:expert_list"))
    )
    assert CANARY not in document + pages
    assert "01" not in build_document(expert).facets.get("province", ())
    assert scientist.full_name in pages
    services.save_profile(
        scientist, values=TEXTS | {"shown": ["headline", "advises_on", "field_codes"]}
    )
    expert = Expert.objects.get()
    assert expert.is_public  # less to be shown needs no second look
    assert scientist.full_name not in expert.title
    assert scientist.full_name not in client.get(expert.get_absolute_url()).content.decode()


def test_more_to_be_shown_waits_for_staff(scientist, officer):
    published(scientist, officer)
    services.save_profile(scientist, values=TEXTS | {"shown": ALL})
    expert = Expert.objects.get()
    assert (expert.state, expert.is_public) == (ExpertState.SUBMITTED, False)


def test_needed_fields_are_there_and_shown(scientist):
    services.save_profile(scientist, values=TEXTS | {"shown": ["headline"]})
    with pytest.raises(services.Incomplete):
        services.submit_profile(scientist)
    assert Expert.objects.get().state == ExpertState.DRAFT


@pytest.mark.parametrize("way", ["desk", "privacy", "closing"])
def test_consent_taken_back_leaves_no_trace(
    way, scientist, officer, client, search_engine, monkeypatch
):
    colleague = MembershipFactory(organization=scientist.organizations().get()).user
    expert = published(scientist, officer, shown=ALL, organization=scientist.organizations().get())
    need = NeedFactory(
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần tư vấn sấy xoài cắt lát giữ màu.",
        need_kinds=["advice"],
        published=True,
    )
    address = expert.get_absolute_url()
    settle()
    assert found(CANARY) == ["expert"]
    assert Match.objects.active().get().candidate == expert

    if way == "desk":
        client.force_login(scientist)
        client.post(reverse("experts:mine"), {"viec": "rut"})
        client.logout()
    elif way == "privacy":
        withdraw_consent(scientist, "expert_profile")
    else:
        run_closing_acts(scientist)

    # At once, before any tick.
    assert client.get(address).status_code == 404
    owner = need.contact
    assert not Match.objects.shown_to(owner).exists()
    hits = get_engine().search(Query(CANARY)).hits
    assert hits  # the index lags behind, and shows nothing
    assert hydrate(hits) == []

    # The tick may be killed before it has done anything.
    if way == "privacy":
        monkeypatch.setattr(services, "_hurry", lambda: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            tasks.follow()
        monkeypatch.undo()
    tasks.follow()
    tasks.follow()
    settle()
    mail.outbox.clear()
    deliver_batch()

    assert Expert.objects.get().state == ExpertState.WITHDRAWN
    assert found(CANARY) == []
    assert not Match.objects.active().exists()
    # What was quoted of the person stays with no row, however long it is kept.
    assert list(Match.objects.values_list("explanation", flat=True)) == [{}]
    told = Notice.objects.filter(kind__startswith="match.", retired_at=None)
    assert not told.filter(recipient__in=[owner, colleague, scientist]).exists()
    assert not any(scientist.full_name in message.body for message in mail.outbox)
    assert CANARY not in json.dumps(list(AuditEntry.objects.values("data")))
    if way == "closing":
        assert CANARY not in json.dumps(list(Expert.objects.values("experience")))


def test_only_needs_that_ask_for_advice_meet_experts(scientist, officer, search_engine):
    published(scientist, officer)
    NeedFactory(title=TEXTS["headline"], summary="Mua máy.", need_kinds=["buy"], published=True)
    settle()
    assert not Match.objects.exists()


def test_profile_is_ones_own_and_decided_by_staff_alone(scientist, officer, client):
    services.save_profile(scientist, values=TEXTS | {"shown": ALL})
    services.submit_profile(scientist)
    desk = reverse("expert_profiles")
    before = Expert.objects.values().get()
    stranger, colleague = (
        UserFactory(),
        MembershipFactory(organization=scientist.organizations().get()).user,
    )
    for person in (stranger, colleague, scientist):
        client.force_login(person)
        answer = client.post(desk, {"expert": before["public_id"], "viec": "dang"})
        assert answer.status_code in (302, 403)
        page = client.get(reverse("experts:mine"))
        assert (CANARY in page.content.decode()) == (person == scientist)
    client.logout()
    assert client.get(reverse("experts:mine")).status_code == 302
    assert Expert.objects.values().get() == before


@pytest.mark.parametrize("act", ["dang", "tra-lai"])
def test_staff_publish_or_return_at_the_desk(act, scientist, client):
    officer = UserFactory(is_staff=True, is_superuser=True)
    second_factor(officer)
    services.save_profile(scientist, values=TEXTS | {"shown": ALL})
    services.submit_profile(scientist)
    client.force_login(officer)
    asked_again(client)
    desk = reverse("expert_profiles")
    assert TEXTS["headline"] in client.get(desk).content.decode()
    expert = Expert.objects.get()
    client.post(desk, {"expert": expert.public_id, "viec": act, "note": "Thêm ví dụ"})
    expert.refresh_from_db()
    assert expert.state == ("published" if act == "dang" else "returned")
    assert Notice.objects.get(kind="expert.decided").recipient == scientist


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_open_in_both_languages(language, scientist, officer, client):
    expert = published(scientist, officer, shown=ALL)
    with translation.override(language):
        addresses = [
            reverse("experts:expert_list"), expert.get_absolute_url(), reverse("experts:mine")
        ]  # fmt: skip
    client.force_login(scientist)
    for address in addresses:
        assert client.get(address).status_code == 200
    bad = client.post(addresses[2], {"viec": "gui", "headline": "x", "language": "vi"})
    assert bad.status_code == 400
    assert Expert.objects.get().headline == TEXTS["headline"]

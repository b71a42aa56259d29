"""Asking for a full text: who decides, the clock, the stamped copy, what ends it."""

import io
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Permission
from django.urls import reverse
from pypdf import PdfReader

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.notifications.models import Delivery, DeliveryState, Notice
from marketplace.registration.models import FocalOfficer
from marketplace.research.full_texts import services, stages
from marketplace.research.full_texts.rules import load_rules, rule_on
from marketplace.research.full_texts.stamping import CannotBeStamped, stamped_copy
from marketplace.research.models import (
    Access,
    FullTextEntry,
    FullTextRequest,
    FullTextRule,
    HolderRole,
    Way,
)
from marketplace.taxonomy.clocks import add_working_days
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.full_texts import AttachmentFactory, FullTextRequestFactory
from tests.factories.registration import (
    DossierFactory,
    FocalOfficerFactory,
    FocalPointFactory,
    pdf_bytes,
)
from tests.factories.research import ResultFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def lead(db):
    return OrganizationFactory(kind="institute")


@pytest.fixture
def owner(lead):
    return MembershipFactory(organization=lead, role=Membership.Role.OWNER).user


@pytest.fixture
def colleague(lead):
    return MembershipFactory(organization=lead, role=Membership.Role.CONTRIBUTOR).user


@pytest.fixture
def requester(db):
    return UserFactory(full_name="Lê Thị Đọc")


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def curator(db):
    return UserFactory(is_staff=True)


@pytest.fixture
def agency_officer(db):
    return FocalOfficerFactory(focal_point=FocalPointFactory(agency=True)).user


@pytest.fixture
def other_officer(db):
    return FocalOfficerFactory(focal_point=FocalPointFactory()).user


@pytest.fixture
def institution_level(lead, owner):
    """A document on which the lead organisation decides."""
    return AttachmentFactory(result=ResultFactory(organization=lead, level="institution"))


@pytest.fixture
def kept(lead, agency_officer):
    """A document on which the agency decides: registered elsewhere, of a ministry's task."""
    return AttachmentFactory(result=ResultFactory(organization=lead, level="ministry"))


@pytest.fixture
def asked(institution_level, requester):
    return FullTextRequestFactory(attachment=institution_level, requester=requester)


@pytest.fixture
def granted(asked, owner):
    services.approve_copy(asked, by=owner)
    stages.full_text_batch()
    asked.refresh_from_db()
    return asked


def address(name, request):
    return reverse(f"research:full_text_{name}", args=[request.public_id])


def signed_in(client, user):
    if not is_mfa_enabled(user):
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user)
    return client


def told(user, kind):
    return Notice.objects.filter(recipient=user, kind=f"full_text.{kind}", retired_at=None).count()


# --- who decides ---------------------------------------------------------------------------------


def test_lead_organisation_decides_on_a_task_of_an_institution(asked, owner, colleague, lead):
    assert (asked.holder_role, asked.holder) == (HolderRole.LEAD, lead)
    assert told(owner, "asked") == 1
    assert told(colleague, "asked") == 0, "who writes does not decide"


def test_unclaimed_lead_organisation_cannot_answer_so_the_keeper_does(agency_officer):
    document = AttachmentFactory(result=ResultFactory(level="institution"))
    request = FullTextRequestFactory(attachment=document)
    assert request.holder_role == HolderRole.KEEPER
    assert told(agency_officer, "asked") == 1


def test_focal_point_that_registered_a_result_decides(lead, owner, agency_officer):
    point = FocalPointFactory()
    dossier = DossierFactory(organization=lead, created_by=owner, state="registered")
    officer = FocalOfficerFactory(focal_point=point, role=FocalOfficer.Role.OFFICER).user
    document = dossier.certificate.result.attachments.filter(access=Access.ON_REQUEST).first()

    request = FullTextRequestFactory(attachment=document)

    assert request.holder == point.organization
    assert (told(officer, "asked"), told(agency_officer, "asked"), told(owner, "asked")) == (
        1,
        0,
        0,
    )
    assert request in FullTextRequest.objects.decided_by(officer)
    assert request not in FullTextRequest.objects.decided_by(agency_officer)


def test_exchange_staff_with_the_right_decide_where_nobody_keeps_it(curator):
    permission = Permission.objects.get(codename="change_fulltextrequest")
    curator.user_permissions.add(permission)
    request = FullTextRequestFactory()
    assert (request.holder, told(curator, "asked")) == (None, 1)
    assert request in FullTextRequest.objects.decided_by(curator)
    assert not FullTextRequest.objects.decided_by(UserFactory(is_staff=True)).exists()


def test_nobody_decides_on_their_own_request(institution_level, lead, owner):
    second = MembershipFactory(organization=lead, role=Membership.Role.MANAGER).user
    request = FullTextRequestFactory(attachment=institution_level, requester=second)
    assert request not in FullTextRequest.objects.decided_by(second)
    assert (told(second, "asked"), told(owner, "asked")) == (0, 1)


# --- asking --------------------------------------------------------------------------------------


def test_clock_runs_in_working_days_of_the_rule_in_force(asked):
    assert asked.due_on == add_working_days(clock.today(), rule_on().answer_days)
    FullTextRule.objects.create(
        code="shorter", answer_days=3, copy_days=7, warn_days=[1], valid_from="2020-01-01"
    )
    assert FullTextRequestFactory().due_on == add_working_days(clock.today(), 3)


def test_shipped_rule_is_loaded_once_and_left_as_staff_made_it():
    assert load_rules() == 1
    FullTextRule.objects.update(answer_days=5)
    assert (load_rules(), rule_on().answer_days) == (0, 5)


def test_numbers_of_a_year_have_no_gaps(asked):
    more = [FullTextRequestFactory().sequence for _number in range(2)]
    assert [asked.sequence, *more] == [1, 2, 3]
    assert asked.number == f"1/{clock.today().year}/TV"


@pytest.mark.parametrize(
    ("access", "values", "ways"),
    [
        ("on_request", {}, [Way.COPY, Way.ON_SITE]),
        ("on_request", {"data": b""}, [Way.ON_SITE]),
        ("on_request", {"content_type": "application/zip"}, [Way.ON_SITE]),
        ("on_site", {}, [Way.ON_SITE]),
        ("open", {}, []),
        ("closed", {}, []),
    ],
)
def test_ways_follow_the_level_of_access_and_the_file(access, values, ways, client, requester):
    document = AttachmentFactory(access=access, **values)
    assert services.ways_to(document) == ways
    client.force_login(requester)
    page = client.get(reverse("research:full_text_ask", args=[document.public_id]))
    assert page.status_code == (200 if ways else 404)
    with pytest.raises(DomainError):
        FullTextRequestFactory(attachment=document, way="copy" if Way.COPY not in ways else "fax")


def test_form_says_what_is_missing_and_a_second_request_leads_to_the_first(
    client, requester, institution_level
):
    client.force_login(requester)
    url = reverse("research:full_text_ask", args=[institution_level.public_id])
    assert url in client.get(institution_level.record.get_absolute_url()).content.decode()
    missing = client.post(url, {"way": "copy"})
    assert (missing.status_code, FullTextRequest.objects.count()) == (400, 0)
    form = {"way": "copy", "purpose": "research", "purpose_note": "So sánh."}

    assert client.post(url, form).status_code == 302

    request = FullTextRequest.objects.get()
    assert client.post(url, form)["Location"] == request.get_absolute_url()
    assert client.get(url)["Location"] == request.get_absolute_url()
    assert FullTextRequest.objects.count() == 1
    with pytest.raises(services.AskedAlready):
        FullTextRequestFactory(attachment=institution_level, requester=requester)


def test_organisation_is_one_of_the_persons_own(client, stranger, lead, institution_level):
    client.force_login(stranger)
    url = reverse("research:full_text_ask", args=[institution_level.public_id])
    form = {"way": "copy", "purpose": "research", "purpose_note": "So sánh."}
    assert client.post(url, form | {"organization": lead.public_id}).status_code == 400
    own = stranger.memberships.get().organization
    client.post(url, form | {"organization": own.public_id})
    assert FullTextRequest.objects.get().organization == own


def test_document_of_a_record_that_is_not_public_cannot_be_asked_for(client, requester):
    document = AttachmentFactory(result=ResultFactory(publication_state="pending"))
    client.force_login(requester)
    url = reverse("research:full_text_ask", args=[document.public_id])
    assert client.get(url).status_code == 404


def test_who_may_read_it_already_is_led_to_the_file(client, colleague, institution_level):
    client.force_login(colleague)
    url = reverse("research:full_text_ask", args=[institution_level.public_id])
    assert client.get(url)["Location"] == institution_level.get_absolute_url()


# --- permissions ---------------------------------------------------------------------------------

FUTURE = (clock.now() + timedelta(days=7)).date().isoformat()
VISIT = {"hen-day": FUTURE, "hen-hour": "14:30", "hen-place": "Phòng đọc, tầng 2"}
REFUSAL = {"tu-choi-reason": "restricted"}
CAST = ["requester", "owner", "colleague", "stranger", "curator", "agency_officer", "other_officer"]
#: what → (posted, who may where the lead organisation holds it, where the agency does)
WRITES = {
    "withdraw": ({}, "requester", "requester"),
    "approve": ({}, "owner", "agency_officer"),
    "appoint": (VISIT, "owner", "agency_officer"),
    "refuse": (REFUSAL, "owner", "agency_officer"),
}


def everything():
    return list(FullTextRequest.objects.order_by("pk").values()), FullTextEntry.objects.count()


@pytest.mark.parametrize("held_by", ["institution_level", "kept"])
@pytest.mark.parametrize("name", list(WRITES))
def test_write_is_open_to_one_side_and_changes_nothing_for_others(name, held_by, request, client):
    people = {person: request.getfixturevalue(person) for person in CAST}
    document = request.getfixturevalue(held_by)
    row = FullTextRequestFactory(attachment=document, requester=people["requester"])
    form, *sides = WRITES[name]
    allowed = sides[0 if held_by == "institution_level" else 1]
    url, before = address(name, row), everything()

    assert reverse("account_login") in client.post(url, form)["Location"]
    for person in CAST:
        if person != allowed:
            assert signed_in(client, people[person]).post(url, form).status_code == 404, person
        assert everything() == before, person
    assert signed_in(client, people[allowed]).post(url, form).status_code == 302
    assert everything() != before


@pytest.mark.parametrize("person", CAST)
def test_request_is_read_by_its_two_sides_alone(person, request, client, kept, requester):
    row = FullTextRequestFactory(attachment=kept, requester=requester)
    signed_in(client, request.getfixturevalue(person))
    sees = person in ("requester", "agency_officer")
    assert client.get(row.get_absolute_url()).status_code == (200 if sees else 404)


def test_keeper_answers_with_a_second_factor_only(client, kept, requester, agency_officer):
    row = FullTextRequestFactory(attachment=kept, requester=requester)
    client.force_login(agency_officer)
    assert client.post(address("approve", row))["Location"] == reverse("mfa_index")
    row.refresh_from_db()
    assert row.state == "submitted"


@pytest.mark.parametrize("person", ["owner", "colleague", "stranger", "curator", "agency_officer"])
def test_copy_leaves_to_the_person_who_asked_alone(person, request, client, granted):
    client.force_login(request.getfixturevalue(person))
    assert client.get(address("copy", granted)).status_code == 404
    assert not FullTextEntry.objects.filter(action="downloaded").exists()


def test_lists_show_each_side_its_own(client, asked, owner, requester, stranger):
    mine, desk = reverse("research:full_texts"), reverse("research:full_text_desk")
    for person, in_mine, at_desk in ((requester, 1, 0), (owner, 0, 1), (stranger, 0, 0)):
        client.force_login(person)
        assert (asked.number in client.get(mine).content.decode()) is bool(in_mine)
        assert (asked.number in client.get(desk).content.decode()) is bool(at_desk)


# --- answering -----------------------------------------------------------------------------------


def test_stamped_copy_names_reader_day_and_number_on_every_page(granted, client, requester):
    client.force_login(requester)
    response = client.get(address("copy", granted))

    pages = PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    day = f"{granted.decided_at.astimezone(clock.VIETNAM):%d/%m/%Y}"
    texts = [page.extract_text() for page in pages]
    assert len(texts) == 2
    assert "nghien cuu say xoai" in texts[0], "the document itself is still there"
    for text in texts:
        assert granted.number in text
        assert "Lê Thị Đọc" in text
        assert day in text
    assert response["Cache-Control"] == "private, no-store"
    assert granted.log.filter(action="downloaded", by=requester).count() == 1
    assert AuditEntry.objects.filter(action="full_text.downloaded").count() == 1
    client.get(address("copy", granted))
    assert granted.log.filter(action="downloaded").count() == 2, "each time is a line"


@pytest.mark.parametrize("turn", [0, 90])
def test_stamp_lies_on_turned_and_odd_pages_within_what_is_shown(granted, turn):
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(width=1190, height=300).rotate(turn)
    out = io.BytesIO()
    writer.write(out)
    page = PdfReader(io.BytesIO(stamped_copy(granted, out.getvalue()))).pages[0]
    spots = []
    page.extract_text(visitor_text=lambda text, _cm, tm, *_rest: spots.append((text, tm)))
    feet = [tm for text, tm in spots if "Bản sao số" in text]
    assert feet, "the foot of the page is stamped"
    assert "Bản sao số" in page.extract_text()


@pytest.mark.parametrize("data", [b"no pdf", pdf_bytes("Mat", password="khoa"), b"%PDF-1.4\n1 0"])
def test_file_that_cannot_be_stamped_goes_back_to_its_holder(data, lead, owner, requester):
    result = ResultFactory(organization=lead, level="institution")
    row = FullTextRequestFactory(
        attachment=AttachmentFactory(result=result, data=data), requester=requester
    )
    with pytest.raises(CannotBeStamped):
        stamped_copy(row, data)
    services.approve_copy(row, by=owner)

    assert stages.full_text_batch() == 1
    assert stages.full_text_batch() == 0

    row.refresh_from_db()
    assert (row.state, row.has_copy, bool(row.copy)) == ("submitted", False, False)
    assert told(owner, "asked") == 1
    with pytest.raises(DomainError):
        services.approve_copy(row, by=owner)


def test_visit_has_a_time_to_come_and_a_place(asked, owner, requester, client):
    client.force_login(owner)
    for wrong in ({"hen-day": "2020-01-01"}, {"hen-hour": "chiều"}, {"hen-place": ""}):
        assert client.post(address("appoint", asked), VISIT | wrong).status_code == 400
    with pytest.raises(DomainError):
        services.approve_visit(asked, by=owner, visit_at=clock.now(), place="Phòng đọc")

    client.post(address("appoint", asked), VISIT)

    asked.refresh_from_db()
    assert (asked.state, asked.way, asked.expires_on.isoformat()) == ("approved", "on_site", FUTURE)
    assert told(requester, "answered") == 1
    assert stages.print_batch() == 0, "no copy is made of what is read on site"
    client.force_login(requester)
    assert "Phòng đọc, tầng 2" in client.get(asked.get_absolute_url()).content.decode()


def test_refusal_carries_a_reason_of_the_list(asked, owner, requester, client):
    for reason, note in (("no-such", ""), ("other", " ")):
        with pytest.raises(DomainError):
            services.refuse_request(asked, by=owner, reason=reason, note=note)
    client.force_login(owner)
    assert client.post(address("refuse", asked), {}).status_code == 400
    other = {"tu-choi-reason": "other"}
    assert client.post(address("refuse", asked), other).status_code == 400

    client.post(address("refuse", asked), other | {"tu-choi-note": "Chưa số hóa."})

    asked.refresh_from_db()
    assert (asked.state, asked.reason_code, asked.note) == ("refused", "other", "Chưa số hóa.")
    client.force_login(requester)
    assert "Chưa số hóa." in client.get(asked.get_absolute_url()).content.decode()


def test_first_answer_stays_and_a_second_overwrites_nothing(asked, owner):
    services.approve_copy(asked, by=owner)
    before = everything()
    with pytest.raises(InvalidTransition):
        services.refuse_request(asked, by=owner, reason="restricted")
    with pytest.raises(InvalidTransition):
        services.approve_copy(asked, by=owner)
    assert everything() == before


def test_what_is_no_longer_public_or_handed_out_is_not_agreed_to(asked, owner):
    result = asked.record
    type(result).objects.filter(pk=result.pk).update(publication_state="pending")
    later = clock.now() + timedelta(days=2)
    with pytest.raises(DomainError):
        services.approve_copy(asked, by=owner)
    with pytest.raises(DomainError):
        services.approve_visit(asked, by=owner, visit_at=later, place="Phòng đọc")
    asked.refresh_from_db()
    assert asked.state == "submitted"


@pytest.mark.parametrize("what", ["closed", "withdrawn record", "expired", "withdrawn"])
def test_copy_is_no_longer_handed_out(what, granted, requester, client):
    client.force_login(requester)
    assert client.get(address("copy", granted)).status_code == 200
    document, result = granted.attachment, granted.record
    if what == "closed":
        type(document).objects.filter(pk=document.pk).update(access="closed")
    elif what == "withdrawn record":
        type(result).objects.filter(pk=result.pk).update(withdrawn_at=clock.now())
    elif what == "expired":
        FullTextRequest.objects.update(expires_on=clock.today() - timedelta(days=1))
    else:
        services.withdraw_request(granted, by=requester)
    assert client.get(address("copy", granted)).status_code == 404


# --- what the clock does -------------------------------------------------------------------------


def test_holder_is_reminded_once_a_step_and_no_longer_once_answered(asked, owner):
    def due_in(days):
        FullTextRequest.objects.update(due_on=clock.today() + timedelta(days=days))
        return [stages.remind_batch() for _time in range(2)]

    assert due_in(9) == [0, 0]
    assert due_in(3) == [1, 0]
    assert due_in(-1) == [1, 0]
    assert told(owner, "due") == 2
    services.refuse_request(asked, by=owner, reason="restricted")
    assert (stages.remind_batch(), told(owner, "due"), told(owner, "asked")) == (0, 0, 0)
    pending = Delivery.objects.filter(recipient=owner, state=DeliveryState.PENDING)
    assert not pending.exists(), "what waited in the outbox is not sent"


def test_expired_copy_is_deleted(granted):
    storage, name = granted.copy.storage, granted.copy.name
    assert stages.expire_batch() == 0
    FullTextRequest.objects.update(expires_on=clock.today() - timedelta(days=1))
    assert [stages.full_text_batch(), stages.full_text_batch()] == [1, 0]
    granted.refresh_from_db()
    assert (granted.state, bool(granted.copy), storage.exists(name)) == ("expired", False, False)


class Killed(BaseException):
    pass


def raise_after(monkeypatch, owner, name):
    """The next call of `name` does its work and is killed right after it."""
    real, calls = getattr(owner, name), []

    def dying(*args, **kwargs):
        answer = real(*args, **kwargs)
        if not calls:
            calls.append(1)
            raise Killed
        return answer

    monkeypatch.setattr(owner, name, dying)


@pytest.mark.parametrize("at", ["stamped_copy", "stored_name", "_keep"])
def test_printing_killed_anywhere_leaves_one_copy(at, asked, owner, monkeypatch):
    services.approve_copy(asked, by=owner)
    raise_after(monkeypatch, stages, at)
    with pytest.raises(Killed):
        stages.print_batch()
    while stages.print_batch():
        pass
    asked.refresh_from_db()
    assert asked.copy.storage.exists(asked.copy.name)
    assert told(asked.requester, "answered") == 1


def test_reminding_killed_after_telling_tells_once(asked, owner, monkeypatch):
    FullTextRequest.objects.update(due_on=clock.today())
    raise_after(monkeypatch, stages, "tell_deciders")
    with pytest.raises(Killed):
        stages.remind_batch()
    assert told(owner, "due") == 0, "mark and notice go together"
    assert [stages.remind_batch(), stages.remind_batch(), told(owner, "due")] == [1, 0, 1]


def test_expiring_killed_after_the_file_is_gone_ends_all_the_same(granted, monkeypatch):
    FullTextRequest.objects.update(expires_on=clock.today() - timedelta(days=1))

    def dying(_request):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(stages, "expire", dying)
        stages.expire_batch()
    granted.refresh_from_db()
    assert granted.state == "approved"
    assert stages.expire_batch() == 1
    assert granted.log.filter(action="expired").count() == 1

"""Who is who: facts, papers, the checklist, and what happens when verified facts change or papers end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.accounts import services, verification_rules
from marketplace.accounts.models import Evidence, Organization, Verification
from marketplace.accounts.services import evidence as papers_of
from marketplace.accounts.services.evidence import follow_up_batch
from marketplace.accounts.services.organizations import FactsAreVerified
from marketplace.accounts.services.verification import Incomplete, OwnSubmission
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.notifications.models import Notice
from marketplace.privacy.services.clearing import preview
from tests.accounts.papers import CHECKS, FACTS, pdf_file, submitted
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(name="Công ty Cổ phần Cơ khí Tân Phú", status="claimed")


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization).user


@pytest.fixture
def verifier():
    return UserFactory(is_staff=True, is_superuser=True)


def accept(row, by, *more, **kwargs):
    return services.accept_verification(row, by=by, checks=[*CHECKS, *more], **kwargs)


# --- the owner's side ---------------------------------------------------------------------------


def test_what_is_missing_is_named_by_kind_of_organization(organization, owner):
    row = services.begin_verification(organization, by=owner)

    with pytest.raises(Incomplete) as error:
        services.submit_verification(row, by=owner)

    assert {"tax_code", "representative", "economic_type", "papers"} <= set(error.value.gaps)
    row = services.save_facts(row, by=owner, kind="authority")
    with pytest.raises(Incomplete) as error:
        services.submit_verification(row, by=owner)
    assert "tax_code" not in error.value.gaps
    row = services.save_facts(row, by=owner, kind="enterprise", country_code="JP")
    with pytest.raises(Incomplete) as error:
        services.submit_verification(row, by=owner)
    assert not {"tax_code", "province_code"} & set(error.value.gaps)


def test_an_old_province_is_stated_under_its_new_code(organization, owner):
    Organization.objects.filter(pk=organization.pk).update(province_code="06")  # Bắc Kạn
    organization.refresh_from_db()

    row = services.begin_verification(organization, by=owner)

    assert row.facts["province_code"] == "19"  # Thái Nguyên


def test_nothing_is_shown_before_staff_accept(organization, owner, verifier):
    row = submitted(organization, owner)
    organization.refresh_from_db()
    assert (organization.status, organization.tax_code) == ("claimed", "")
    assert Notice.objects.filter(recipient=verifier, kind="organization.submitted").exists()

    accept(row, verifier)

    organization.refresh_from_db()
    assert organization.is_verified
    assert (organization.verified_level, organization.tax_code) == ("papers", "0100047516")
    assert organization.registered_on.isoformat() == FACTS["registered_on"]
    assert Notice.objects.filter(recipient=owner, kind="organization.verification").count() == 1
    assert not Notice.objects.filter(recipient=verifier, retired_at=None).exists()


def test_level_follows_from_what_was_checked(organization, owner, verifier):
    rules = verification_rules.edition_on()
    assert rules.level_for(CHECKS[:-1]) == ""
    assert rules.level_for([*CHECKS, "visit"]) == "papers"
    row = submitted(organization, owner)
    with pytest.raises(DomainError, match="Chưa kiểm tra"):
        services.accept_verification(row, by=verifier, checks=CHECKS[:-1])

    accept(row, verifier, "tax_register", "contact")

    assert Verification.objects.get().level == "register"


def test_submitted_facts_and_papers_cannot_be_changed(organization, owner):
    row = submitted(organization, owner)

    with pytest.raises(InvalidTransition):
        services.save_facts(row, by=owner, name="Công ty Khác")
    with pytest.raises(InvalidTransition):
        services.remove_evidence(row.evidence.get(), by=owner)
    with pytest.raises(InvalidTransition):
        services.submit_verification(row, by=owner)


def test_name_in_disguise_is_refused(organization, owner):
    row = services.begin_verification(organization, by=owner)

    with pytest.raises(DomainError, match="trông giống"):
        services.save_facts(row, by=owner, name="Công ty Tân Рhú")  # a Cyrillic letter


def test_staff_do_not_judge_their_own(organization, owner, verifier):
    row = submitted(organization, owner)
    MembershipFactory(organization=organization, user=verifier, role="viewer")

    with pytest.raises(OwnSubmission):
        accept(row, verifier)
    with pytest.raises(OwnSubmission):
        services.refuse_verification(row, by=verifier, reasons=["other"], text="x")

    assert Verification.objects.get().state == "submitted"


def test_returned_is_mended_and_submitted_again(organization, owner, verifier):
    row = submitted(organization, owner)
    with pytest.raises(DomainError):
        services.return_verification(row, by=verifier, reasons=["nonsense"], text="x")

    services.return_verification(row, by=verifier, reasons=["unreadable"], text="Hãy quét lại.")
    services.save_facts(row, by=owner, address="14 đường Thử Nghiệm")
    services.submit_verification(row, by=owner)
    accept(row, verifier)

    organization.refresh_from_db()
    assert organization.address == "14 đường Thử Nghiệm"
    with pytest.raises(InvalidTransition):
        accept(row, verifier)


# --- verified facts ------------------------------------------------------------------------------


@pytest.fixture
def verified(organization, owner, verifier):
    accept(submitted(organization, owner), verifier)
    organization.refresh_from_db()
    return organization


def test_verified_facts_are_not_written_over(verified, owner):
    with pytest.raises(FactsAreVerified):
        services.update_organization(verified, by=owner, name="Công ty Khác")

    services.update_organization(verified, by=owner, description="Làm khuôn mẫu")
    assert Organization.objects.get(pk=verified.pk).description == "Làm khuôn mẫu"


@pytest.mark.parametrize("end", ["accept", "refuse", "withdraw", "return"])
def test_changed_facts_are_checked_again_and_the_old_ones_shown_until_then(
    verified, owner, verifier, end
):
    row = submitted(verified, owner, name="Công ty Cổ phần Cơ khí Tân Phú Mới")
    verified.refresh_from_db()
    assert verified.is_being_rechecked
    assert verified.name == "Công ty Cổ phần Cơ khí Tân Phú"

    if end == "accept":
        accept(row, verifier)
    elif end == "withdraw":
        services.withdraw_verification(row, by=owner)
    else:
        send = getattr(services, f"{end}_verification")
        send(row, by=verifier, reasons=["name_differs"], text="Tên khác giấy tờ.")

    verified.refresh_from_db()
    assert verified.status == ("rechecked" if end == "return" else "verified")
    assert verified.name.endswith("Mới") == (end == "accept")
    assert Verification.objects.filter(state="accepted").count() == 1


def test_same_facts_sent_again_leave_the_mark_alone(verified, owner):
    submitted(verified, owner)

    verified.refresh_from_db()
    assert verified.is_verified


def test_mark_taken_back_leaves_nothing_to_rest_on(verified, verifier):
    services.revoke_verification(verified, by=verifier, reason="Giấy tờ giả")

    verified.refresh_from_db()
    assert (verified.status, verified.verified_level, verified.verified_at) == ("claimed", "", None)
    assert not Verification.objects.accepted().exists()


# --- papers --------------------------------------------------------------------------------------


def test_papers_lie_encrypted_and_each_reading_is_logged(organization, owner):
    paper = submitted(organization, owner).evidence.get()

    with paper.file.open("rb") as stored:
        assert b"%PDF" not in stored.read()
    assert "dang-ky" not in paper.file.name
    assert services.read_evidence(paper, by=owner).startswith(b"%PDF")
    services.read_evidence(paper, by=owner)
    lines = AuditEntry.objects.filter(action="evidence.read")
    assert {line.subject for line in lines} == {f"evidence:{paper.public_id}"}
    assert lines.count() == 2


def test_paper_of_another_key_is_not_handed_out(organization, owner, settings):
    paper = submitted(organization, owner).evidence.get()
    settings.SECRET_KEY = "quite-another-key-" * 4
    settings.SECRET_KEY_FALLBACKS = []

    with pytest.raises(FileNotFoundError):
        services.read_evidence(paper, by=owner)


def test_paper_that_ends_is_told_of_then_the_mark_is_checked_again(
    organization, owner, verifier, time_machine
):
    ends = clock.today() + timedelta(days=90)
    accept(submitted(organization, owner, valid_until=ends), verifier)
    assert follow_up_batch() == 0

    time_machine.move_to(clock.now() + timedelta(days=70))
    assert [follow_up_batch(), follow_up_batch()] == [1, 0]
    organization.refresh_from_db()
    assert organization.is_verified
    time_machine.move_to(clock.now() + timedelta(days=21))
    assert [follow_up_batch(), follow_up_batch()] == [1, 0]

    organization.refresh_from_db()
    assert organization.is_being_rechecked
    assert Notice.objects.filter(recipient=owner, kind="organization.paper").count() == 2
    # Taking a new submission back does not make the ended paper good again.
    services.withdraw_verification(services.begin_verification(organization, by=owner), by=owner)
    organization.refresh_from_db()
    assert organization.is_being_rechecked


class Killed(BaseException):
    pass


@pytest.mark.parametrize("where", ["record", "recheck_organization"])
def test_stage_killed_anywhere_runs_again_to_the_same_end(
    organization, owner, verifier, time_machine, monkeypatch, where
):
    ends = clock.today() + timedelta(days=10)
    accept(submitted(organization, owner, valid_until=ends), verifier)
    other = OrganizationFactory(name="Công ty Bỏ Dở", status="claimed")
    draft = submitted(other, MembershipFactory(organization=other).user, name="Công ty Bỏ Dở")
    services.withdraw_verification(draft, by=owner)
    abandoned = draft.evidence.get()
    stored = abandoned.file.name
    time_machine.move_to(clock.now() + timedelta(days=800))

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(papers_of if where != "record" else papers_of.audit, where, killed)
        with pytest.raises(Killed):
            follow_up_batch()
    while follow_up_batch():
        pass

    organization.refresh_from_db()
    assert organization.is_being_rechecked
    assert Notice.objects.filter(recipient=owner, kind="organization.paper").count() == 1
    abandoned.refresh_from_db()
    assert (abandoned.file.name, abandoned.display_name) == ("", "")
    assert not Evidence._meta.get_field("file").storage.exists(stored)
    assert AuditEntry.objects.filter(action="evidence.removed").count() == 1
    assert Evidence.objects.held().count() == 1


def test_papers_are_kept_as_long_as_the_ledger_of_personal_data_says():
    rules = verification_rules.edition_on()
    ledger = {one.clearing.days for one in preview() if one.clearing.by == "accounts.papers"}
    assert ledger == {rules.keep_days, rules.keep_draft_days}


# --- duplicates ----------------------------------------------------------------------------------


def test_duplicates_by_tax_code_dependent_unit_and_look(organization):
    same = OrganizationFactory(name="Công ty Khác Hẳn", tax_code="0100047516")
    unit = OrganizationFactory(name="Chi nhánh Bình Dương", tax_code="0100047516-001")
    marks = OrganizationFactory(name="CTCP Cơ Khí Tấn Phù")
    disguised = Organization(name="Công ty Cổ phần Cơ khí Tân Рhú")  # a Cyrillic letter
    disguised.save()
    OrganizationFactory(name="Công ty Cổ phần Cơ khí Tân Phong")

    found = services.find_duplicates(organization, name=organization.name, tax_code="0100047516")

    assert [(one.organization, one.why) for one in found] == [
        (same, "tax_code"),
        (unit, "tax_root"),
        (marks, "name"),
        (disguised, "name"),
    ]


# --- a person's number ---------------------------------------------------------------------------


def test_number_of_a_person_stays_off_pages_index_and_addresses(client, owner):
    from marketplace.accounts.search import build_document, organization_facts

    number = "001085012345"
    household = OrganizationFactory(
        name="Hộ kinh doanh Lê Văn Tám", kind="individual", tax_code=number, address="5 ngõ Nhỏ"
    )
    page = client.get(household.get_absolute_url()).content.decode()

    assert number not in page
    assert "5 ngõ Nhỏ" not in page
    assert number not in str(build_document(household)) + str(organization_facts(household))
    client.force_login(owner)
    found = client.post(reverse("accounts:find_organization"), {"ten": number}).content.decode()
    assert household.name in found
    assert f"ten={number}" not in found
    asked = client.get(reverse("accounts:find_organization"), {"ten": number}).content.decode()
    assert household.name not in asked


# --- the page ------------------------------------------------------------------------------------


@pytest.fixture(params=["owner", "manager", "colleague", "stranger", "curator", "nobody"])
def person(request, organization, owner, client):
    user = owner
    if request.param in ("manager", "colleague"):
        role = "manager" if request.param == "manager" else "contributor"
        user = MembershipFactory(organization=organization, role=role).user
    elif request.param in ("stranger", "curator"):
        user = UserFactory(is_staff=request.param == "curator")
    if request.param != "nobody":
        client.force_login(user)
    return request.param


def test_only_those_who_manage_see_write_and_read_papers(client, person, organization, owner):
    row = services.begin_verification(organization, by=owner)
    page = reverse("accounts:verification", args=[organization.public_id])
    sent = FACTS | {"viec": "giay-to", "paper-kind": "other", "paper-file": pdf_file()}
    before = (row.facts, Evidence.objects.count())

    answer = client.post(page, sent)

    row.refresh_from_db()
    if person in ("owner", "manager"):
        assert client.get(page).status_code == 200
        assert (row.facts["tax_code"], row.evidence.count()) == (FACTS["tax_code"], 1)
    else:
        assert answer.status_code == (302 if person == "nobody" else 404)
        assert (row.facts, Evidence.objects.count()) == before
    paper = submitted(organization, owner).evidence.first()
    read = client.get(reverse("accounts:evidence_file", args=[paper.public_id]))
    allowed = person in ("owner", "manager")
    assert read.status_code == (200 if allowed else 302 if person == "nobody" else 404)
    assert AuditEntry.objects.filter(action="evidence.read").exists() == allowed


def test_page_from_draft_to_submission(client, organization, owner):
    client.force_login(owner)
    page = reverse("accounts:verification", args=[organization.public_id])
    assert "Bắt đầu hồ sơ xác minh" in client.get(page).content.decode()
    client.post(page, {"viec": "bat-dau"})

    lacking = client.post(page, {"name": FACTS["name"], "kind": "enterprise", "country_code": "VN",
                                 "viec": "gui"}).content.decode()  # fmt: skip
    assert "Cần có để sàn kiểm tra." in lacking
    assert "Cần ít nhất một giấy tờ" in lacking
    paper = {"viec": "giay-to", "paper-kind": "business_registration"}
    wrong = client.post(page, FACTS | paper | {"paper-file": SimpleUploadedFile("a.pdf", b"x")})
    assert "Chỉ nhận tệp" in wrong.content.decode()
    client.post(page, FACTS | paper | {"paper-file": pdf_file()})
    row = Verification.objects.get()
    assert (row.facts["tax_code"], row.evidence.count()) == ("0100047516", 1)
    answer = client.post(page, FACTS | {"viec": "gui"}, follow=True)

    assert "Hồ sơ đang được kiểm tra" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.submitted_by) == ("submitted", owner)
    client.post(page, FACTS | {"viec": "luu", "name": "Tên Khác"})
    row.refresh_from_db()
    assert row.facts["name"] == FACTS["name"]
    client.post(page, {"viec": "rut"})
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_public_page_says_what_the_mark_rests_on(client, organization, owner, verifier):
    accept(submitted(organization, owner), verifier)
    organization.refresh_from_db()

    page = client.get(organization.get_absolute_url()).content.decode()

    assert "Đã xác minh giấy tờ" in page
    assert "đối chiếu tên, số đăng ký" in page
    assert FACTS["representative"] not in page
    submitted(organization, owner, address="Nơi khác")
    page = client.get(organization.get_absolute_url()).content.decode()
    assert "Đang được kiểm tra lại" in page
    assert "Nơi khác" not in page

"""The contact desk, organisations and accounts of staff."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cms import services
from marketplace.accounts.models import (
    ClaimInvitation,
    FormerName,
    Organization,
    Outreach,
    OutreachState,
    User,
)
from marketplace.accounts.services import open_outreach
from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.matching.models import Match
from marketplace.notifications.models import Delivery, Notice
from marketplace.research.models import Result
from marketplace.sources.models import Run
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.listings import NeedFactory
from tests.factories.sources import SourceFactory


@pytest.fixture
def institute(db):
    return OrganizationFactory(name="Viện Dược liệu Ứng dụng", status="unclaimed")


@pytest.fixture
def case(institute):
    return open_outreach(institute, reason="Kết quả phù hợp với nhu cầu NC-00001")


def page_of(case) -> str:
    return reverse("outreach:edit", args=[case.pk])


def a_match(institute, rank, **values):
    number = Result.objects.count()
    result = Result.objects.create(
        source="thu",
        source_id=str(number),
        content_hash="x",
        title=f"Kết quả {number}",
        organization=institute,
    )
    need = values.pop("need", None) or NeedFactory(published=True, title=f"Nhu cầu hạng {rank}")
    return Match.objects.create(
        need=need,
        kind="result",
        candidate_id=result.pk,
        need_version=1,
        rank=rank,
        score=1,
        probability=0.8,
        band="good",
        first_matched_at=clock.now(),
        **values,
    )


def test_case_shows_the_needs_that_wait_with_their_ranks(case, institute, officer, as_user):
    second = a_match(institute, 2)
    first = a_match(institute, 1)
    a_match(institute, 3, need=first.need)
    a_match(institute, 4, retired_at=clock.now())
    a_match(OrganizationFactory(), 1)

    page = as_user(officer).get(page_of(case))

    assert [(m.need_id, m.rank) for m in page.context["matches"]] == [
        (first.need_id, 1),
        (second.need_id, 2),
    ]
    assert "Nhu cầu hạng 2" in page.content.decode()


def test_list_counts_the_needs_that_wait(case, institute, officer, as_user):
    first = a_match(institute, 1)
    a_match(institute, 2, need=first.need)
    a_match(institute, 3)

    page = as_user(officer).get(reverse("outreach:index"))

    assert [row.needs for row in page.context["object_list"]] == [2]


def test_call_is_added_and_the_case_moves_on(case, officer, as_user):
    client = as_user(officer)
    day = clock.today() + timedelta(days=3)

    client.post(
        page_of(case),
        {"action": "call", "call-note": "Hẹn gọi lại.", "call-next_action_on": f"{day:%Y-%m-%d}"},
    )

    case.refresh_from_db()
    assert (case.state, case.next_action_on) == (OutreachState.CONTACTED, day)
    assert case.calls.get().by == officer
    assert "Hẹn gọi lại." in client.get(page_of(case)).content.decode()


def test_empty_call_says_so_and_keeps_the_page(case, officer, as_user):
    page = as_user(officer).post(page_of(case), {"action": "call", "call-note": "  "})

    assert page.status_code == 200
    assert "Hãy ghi nội dung cuộc gọi." in page.content.decode()
    assert case.calls.count() == 0


def test_contact_and_assignment_are_saved(case, officer, lead, as_user):
    as_user(officer).post(
        page_of(case),
        {
            "action": "contact",
            "contact-contact_name": "Bà Lan",
            "contact-contact_email": "lan@example.vn",
            "contact-contact_phone": "024 1234",
            "contact-assigned_to": lead.pk,
            "contact-next_action_on": "2026-12-01",
        },
    )

    case.refresh_from_db()
    assert (case.contact_name, case.contact_email, case.assigned_to) == (
        "Bà Lan",
        "lan@example.vn",
        lead,
    )
    assert f"{case.next_action_on:%Y-%m-%d}" == "2026-12-01"


def test_case_is_given_to_staff_only(case, officer, poster, as_user):
    page = as_user(officer).post(
        page_of(case), {"action": "contact", "contact-assigned_to": poster.pk}
    )

    assert page.status_code == 200
    case.refresh_from_db()
    assert case.assigned_to is None


def test_letter_is_a_pdf_with_a_link_that_works_once_claimed(case, officer, as_user):
    answer = as_user(officer).post(reverse("outreach:letter", args=[case.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="thu-moi-vien-duoc-lieu-ung-dung.pdf"'
    )
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    invitation = ClaimInvitation.objects.get()
    assert invitation.created_by == officer
    case.refresh_from_db()
    assert case.state == OutreachState.INVITED
    assert "hiệu lực đến" in as_user(officer).get(page_of(case)).content.decode()


def test_closing_says_why_and_ends_the_work(case, officer, as_user):
    client = as_user(officer)

    client.post(page_of(case), {"action": "close", "close-reason": "Tổ chức đã giải thể."})

    case.refresh_from_db()
    assert case.state == OutreachState.CLOSED
    assert "Tổ chức đã giải thể." in case.calls.get().note
    page = client.get(page_of(case)).content.decode()
    assert "Tạo thư mời" not in page
    assert client.post(reverse("outreach:letter", args=[case.pk])).status_code == 302
    assert ClaimInvitation.objects.count() == 0
    with pytest.raises(InvalidTransition):
        services.update_case(case, by=officer, contact_name="Ai đó")


def test_unknown_act_changes_nothing(case, officer, as_user):
    answer = as_user(officer).post(page_of(case), {"action": "nghịch"})

    assert answer.status_code == 302
    assert Outreach.objects.get(pk=case.pk).state == OutreachState.OPEN


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("open=open", {"due", "mine"}),
        ("open=due", {"due"}),
        ("open=mine", {"mine"}),
        ("open=nobody", {"due"}),
        ("state=closed", {"closed"}),
        ("words=duoc lieu due", {"due"}),
        ("", {"due", "mine", "closed"}),
    ],
)
def test_filters_of_the_desk(query, shown, officer, as_user):
    cases = {}
    for name in ("due", "mine", "closed"):
        organization = OrganizationFactory(name=f"Viện Dược liệu {name}", status="unclaimed")
        cases[name] = open_outreach(organization, reason="Gợi ý")
    Outreach.objects.filter(pk=cases["due"].pk).update(next_action_on=clock.today())
    Outreach.objects.filter(pk=cases["mine"].pk).update(
        assigned_to=officer, next_action_on=clock.today() + timedelta(days=9)
    )
    services.close_case(cases["closed"], by=officer, reason="Xong")

    page = as_user(officer).get(f"{reverse('outreach:index')}?{query}")

    names = {pk: name for name, pk in ((name, case.pk) for name, case in cases.items())}
    assert {names[row.pk] for row in page.context["object_list"]} == shown


# --- organisations ------------------------------------------------------------------------------


def profile(organization, **changes):
    return {
        "name": organization.name,
        "kind": organization.kind,
        "name_en": "",
        "short_name": "",
        "tax_code": organization.tax_code,
        "province_code": "75",
        "address": "",
        "website": "",
        "description": "",
        "field_codes_0": "40107",
    } | changes


@pytest.fixture
def unverified(organization):
    Organization.objects.filter(pk=organization.pk).update(status="claimed")
    organization.refresh_from_db()
    return organization


def test_verified_facts_stand_still_in_the_admin_too(organization, officer, as_user):
    as_user(officer).post(
        reverse("organizations:edit", args=[organization.pk]),
        profile(organization, name="Công ty Khác", description="Chế biến hạt điều"),
    )

    row = Organization.objects.get(pk=organization.pk)
    assert (row.name, row.description) == (organization.name, "Chế biến hạt điều")


def test_profile_is_saved_by_the_service(unverified, organization, officer, as_user):
    former = organization.name

    as_user(officer).post(
        reverse("organizations:edit", args=[organization.pk]),
        profile(organization, name="Công ty cổ phần Hạt điều Đồng Phú"),
    )

    row = Organization.objects.get(pk=organization.pk)
    assert row.name == "Công ty cổ phần Hạt điều Đồng Phú"
    assert (row.province_code, row.field_codes) == ("75", ["40107"])
    assert FormerName.objects.get().name == former
    assert row.content_version > organization.content_version


def test_name_of_another_organisation_is_refused_beside_the_form(
    unverified, organization, officer, as_user
):
    from marketplace.accounts.services import find_or_create_organization

    other = find_or_create_organization("Viện Cơ điện Nông nghiệp")

    page = as_user(officer).post(
        reverse("organizations:edit", args=[organization.pk]),
        profile(organization, name=other.name),
    )

    assert page.status_code == 200
    assert "Tổ chức này đã có trên sàn." in page.content.decode()
    assert Organization.objects.get(pk=organization.pk).name == organization.name


@pytest.mark.parametrize(
    ("query", "count"),
    [("words=hat dieu", 1), ("words=khong co", 0), ("status=verified", 1), ("kind=university", 0)],
)
def test_filters_of_organisations(query, count, organization, officer, as_user):
    page = as_user(officer).get(f"{reverse('organizations:index')}?{query}")

    assert len(page.context["object_list"]) == count


def test_number_of_a_person_finds_nothing_in_an_address(organization, officer, as_user):
    """Its first ten digits look like a firm's code."""
    Organization.objects.filter(pk=organization.pk).update(tax_code="001085012645")
    index, client = reverse("organizations:index"), as_user(officer)
    assert not client.get(index, {"tax_code": "0010850126"}).context["object_list"]

    Organization.objects.filter(pk=organization.pk).update(tax_code="0100047516-001")
    assert len(client.get(index, {"tax_code": "0100047516"}).context["object_list"]) == 1


@pytest.mark.parametrize(
    ("typed", "stays"),
    [
        ("012345678", False),
        ("001085012345", False),
        ("001 085 012 345", False),
        ("Trần Thị Mai 0912.345.678", False),
        ("0100047516", True),
        ("0100047516-001", True),
        ("hạt điều 2026", True),
        ("NC-00001", True),
    ],
)
@pytest.mark.parametrize("field", ["words", "tax_code"])
def test_number_of_a_person_does_not_stay_in_an_address(field, typed, stays, officer, as_user):
    index, client = reverse("organizations:index"), as_user(officer)
    answer = client.get(index, {field: typed, "kind": "university"})

    assert answer.status_code == (200 if stays else 302)
    if not stays:
        assert answer["Location"] == f"{index}?kind=university"
        assert "Hãy tìm theo tên" in client.get(answer["Location"]).content.decode()


def test_organisations_are_neither_added_nor_deleted_here(organization, administrator, as_user):
    client = as_user(administrator)

    client.post(reverse("organizations:add"), {"name": "Tự thêm", "kind": "enterprise"})
    client.post(reverse("organizations:delete", args=[organization.pk]))

    assert list(Organization.objects.values_list("name", flat=True)) == [organization.name]


# --- accounts of staff --------------------------------------------------------------------------


def test_administrator_makes_staff_who_set_their_own_password(administrator, as_user):
    from cms.setup import group_named

    client = as_user(administrator)
    client.post(
        reverse("wagtailusers_users:add"),
        {
            "email": "Moi@Example.vn",
            "full_name": "Lê Thị Mới",
            "language": "vi",
            "groups": [group_named("officers").pk],
        },
    )

    user = User.objects.get(email="moi@example.vn")
    assert user.is_staff
    assert not user.is_superuser
    assert not user.has_usable_password()
    assert "Lê Thị Mới" in client.get(reverse("wagtailusers_users:index")).content.decode()


def test_account_of_a_poster_becomes_staff_and_keeps_its_password(administrator, poster, as_user):
    from cms.setup import group_named

    as_user(administrator).post(
        reverse("wagtailusers_users:add"),
        {
            "email": poster.email,
            "full_name": poster.full_name,
            "language": "vi",
            "groups": [group_named("officers").pk],
        },
    )

    row = User.objects.get(pk=poster.pk)
    assert row.is_staff
    assert row.has_usable_password()


def test_staff_without_groups_no_longer_enter(administrator, officer, as_user):
    as_user(administrator).post(
        reverse("wagtailusers_users:edit", args=[officer.pk]),
        {"full_name": officer.full_name, "language": "vi", "is_active": "on"},
    )

    officer.refresh_from_db()
    assert not officer.is_staff
    assert as_user(officer).get("/admin/").status_code == 302


def test_administrators_do_not_shut_themselves_out(administrator, as_user):
    as_user(administrator).post(
        reverse("wagtailusers_users:edit", args=[administrator.pk]),
        {"full_name": "Quản trị", "language": "vi"},
    )

    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_staff
    assert administrator.full_name == "Quản trị"


def test_accounts_are_switched_off_and_never_deleted(administrator, officer, as_user):
    as_user(administrator).post(reverse("wagtailusers_users:delete", args=[officer.pk]))

    assert User.objects.filter(pk=officer.pk).exists()


def test_list_of_staff_leaves_posters_out(administrator, as_user):
    poster = UserFactory(full_name="Người đăng tin")

    text = as_user(administrator).get(reverse("wagtailusers_users:index")).content.decode()

    assert poster.full_name not in text


# --- small doors --------------------------------------------------------------------------------


def test_case_takes_known_facts_only(case, officer):
    with pytest.raises(TypeError):
        services.update_case(case, by=officer, state="claimed")


def test_saving_the_same_facts_changes_nothing(case, officer):
    before = Outreach.objects.get(pk=case.pk).updated_at

    services.update_case(case, by=officer, contact_name="")

    assert Outreach.objects.get(pk=case.pk).updated_at == before


def test_revoking_without_words_is_refused(organization, lead, as_user):
    as_user(lead).post(
        reverse("organizations:revoke", args=[organization.pk]), {"revoke-reason": ""}
    )

    organization.refresh_from_db()
    assert organization.is_verified


@pytest.mark.parametrize("who", ["officer", "poster"])
def test_report_of_refused_records_opens_for_staff_alone(who, request, as_user, desk, tmp_path):
    report = tmp_path / "bi-loai.csv"
    report.write_text("dòng,lý do\n3,thiếu tên\n", encoding="utf-8")
    run = Run.objects.create(
        file_name="x.jsonl",
        source=SourceFactory(slug="demo"),
        started_at=clock.now(),
        refused=1,
        report_path=str(report),
    )

    answer = as_user(request.getfixturevalue(who)).get(reverse("imports:report", args=[run.pk]))

    if who == "officer":
        assert "thiếu tên" in b"".join(answer.streaming_content).decode()
    else:
        assert answer.status_code == 302


def test_report_that_is_gone_is_not_found(officer, as_user):
    run = Run.objects.create(
        file_name="x.jsonl",
        source=SourceFactory(slug="demo"),
        started_at=clock.now(),
        refused=1,
        report_path="/khong/co",
    )

    assert as_user(officer).get(reverse("imports:report", args=[run.pk])).status_code == 404


def test_dead_letter_of_a_digest_names_its_first_notice(officer, poster, as_user):
    delivery = Delivery.objects.create(
        recipient=poster,
        dedupe_key="x",
        state="dead",
        not_before=clock.now(),
        created_at=clock.now(),
    )
    for number in range(3):
        delivery.notices.add(
            Notice.objects.create(
                recipient=poster,
                kind="staff.submitted",
                dedupe_key=f"k{number}",
                context={"title": "Tách vỏ", "organization": "A", "step": "B", "number": ""},
                created_at=clock.now(),
            )
        )

    text = as_user(officer).get(reverse("dead_letters:index")).content.decode()

    assert "Chờ duyệt: Tách vỏ (+2)" in text

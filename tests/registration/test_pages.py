"""Pages of both sides, in both languages: what they show, what a save keeps, what is refused beside its item."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import translation

from marketplace.core import clock
from marketplace.registration import services
from marketplace.registration.models import Certificate, Dossier
from tests.factories.registration import DossierFactory, FocalPointFactory, pdf_upload
from tests.factories.research import TaskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def at(name, dossier, *more):
    with translation.override("vi"):  # an English page leaves its language behind
        return reverse(f"registration:{name}", args=[dossier.public_id, *more])


def text(response):
    return response.content.decode()


@pytest.fixture
def draft(organization, owner, ministry):
    return DossierFactory(organization=organization, created_by=owner)


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def desk(client, officer):
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    client.force_login(officer)
    return client


def test_list_shows_what_is_owed_and_what_is_under_way(as_owner, draft, organization):
    task = TaskFactory(organization=organization, title="Nhiệm vụ chưa có hồ sơ của viện")
    other = TaskFactory(title="Nhiệm vụ của viện khác")

    page = text(as_owner.get(reverse("registration:dossiers")))

    assert draft.title in page
    assert task.title in page
    assert other.title not in page
    assert page.count(reverse("registration:start", args=[task.public_id])) == 1
    assert "Đang rà soát hiệu lực" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_queue_ask_no_more_for_more_rows(
    rows, organization, owner, ministry, officer, client, django_assert_max_num_queries
):
    for _n in range(rows):
        DossierFactory(organization=organization, created_by=owner, state="submitted")
        TaskFactory(organization=organization)
    client.force_login(owner)
    client.get(reverse("registration:dossiers"))  # a session's first request is written down
    with django_assert_max_num_queries(24):
        client.get(reverse("registration:dossiers"))
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    client.force_login(officer)
    client.get(reverse("registration:desk"))
    with django_assert_max_num_queries(24):
        client.get(reverse("registration:desk"))


def test_task_becomes_a_dossier(as_owner, organization):
    task = TaskFactory(organization=organization)
    url = reverse("registration:start", args=[task.public_id])
    assert "Phiếu mô tả công nghệ" in text(as_owner.get(url))
    assert as_owner.post(url, {}).status_code == 400

    response = as_owner.post(url, {"secrecy": "normal"})

    assert response["Location"] == Dossier.objects.get(task=task).get_absolute_url()


@pytest.mark.parametrize("step", ["nhiem-vu", "nghiem-thu", "ket-qua", "quyen-ung-dung", "cong-bo"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_step_opens(as_owner, draft, step, prefix):
    response = as_owner.get(prefix + at("edit", draft, step))

    assert response.status_code == 200
    assert ("Save and continue" if prefix else "Lưu và tiếp tục") in text(response)


def test_step_of_form_8_is_there_when_the_answer_asks_for_it(as_owner, draft, owner):
    assert as_owner.get(at("edit", draft, "cong-nghe")).status_code == 404
    response = as_owner.post(
        at("edit", draft, "quyen-ung-dung"),
        {"has_process": "co", "ip_filed": "khong", "application_plan": "Xưởng sấy", "tiep": "1"},
    )
    assert response["Location"].endswith("/sua/cong-bo/")

    assert as_owner.get(at("edit", draft, "cong-nghe")).status_code == 200


def test_step_keeps_what_it_can_read_and_shows_again_what_it_cannot(as_owner, draft):
    url = at("edit", draft, "nhiem-vu")
    response = as_owner.post(
        url,
        {
            "title": "Tên mới của nhiệm vụ",
            "level": "ministry",
            "agency": "Bộ Y tế",
            "leader": "Trần Thị Thử",
            "budget_state": "một ít",
            "started_on": "31/02/2026",
            "members-TOTAL_FORMS": "2",
            "members-INITIAL_FORMS": "0",
            "members-0-name": "Lê Văn Nghiệm",
            "members-0-degree": "ThS.",
            "members-1-degree": "Không tên",
            "tiep": "1",
        },
    )
    assert response["Location"] == url
    draft.refresh_from_db()
    assert draft.title == "Tên mới của nhiệm vụ"
    assert draft.form["members"] == [{"name": "Lê Văn Nghiệm", "degree": "ThS."}]
    assert set(draft.unread["nhiem-vu"]) == {"budget_state", "started_on", "members"}

    page = text(as_owner.get(url))

    assert "một ít" in page
    assert "31/02/2026" in page
    assert "Không tên" in page
    assert "Chưa đọc được số tiền này" in page


def test_save_in_the_background_says_when_and_a_stale_form_is_told(as_owner, draft):
    url = at("edit", draft, "ket-qua")
    form = {"abstract": "Bản tóm tắt mới", "tu-dong": "1", "session": "a", "keystroke": "1"}
    assert "Đã lưu" in text(as_owner.post(url, form))
    draft.refresh_from_db()
    assert draft.form["abstract"] == "Bản tóm tắt mới"

    response = as_owner.post(url, {"abstract": "Khác", "seen": "cu", "session": "b", "tiep": "1"})

    assert response.status_code == 409
    assert "Khác" in text(response)
    draft.refresh_from_db()
    assert draft.form["abstract"] == "Bản tóm tắt mới"
    assert as_owner.post(url, {"abstract": "Khác", "de-len": "1"}).status_code == 302


def test_file_is_refused_or_marked_beside_its_item(as_owner, draft):
    from django.core.files.uploadedfile import SimpleUploadedFile

    url = at("files", draft)
    response = as_owner.post(
        url,
        {
            "full-report-files": [pdf_upload("anh.pdf", "", "")],
            "summary-report-files": [SimpleUploadedFile("a.pdf", b"MZ\x90")],
            "tai-len": "full-report",
        },
    )
    assert response.status_code == 400
    assert "a.pdf" in text(response)
    assert [f.faults for f in draft.files.all()] == [["no-text"]]

    page = text(as_owner.get(url))

    assert "không có lớp chữ" in page
    file = draft.files.get()
    assert (
        as_owner.get(at("file", draft, file.key))
        .headers["Content-Disposition"]
        .startswith("attachment")
    )
    as_owner.post(url, {"go-tep": file.key})
    assert not draft.files.exists()


def test_review_names_what_is_missing_and_who_receives(as_owner, draft, ministry, owner):
    page = text(as_owner.get(at("review", draft)))
    assert "Báo cáo tổng hợp: chưa có tệp." in page
    assert ministry.name not in page
    from tests.factories.registration import add_needed_files

    add_needed_files(draft, owner)

    page = text(as_owner.get(at("review", draft)))

    assert ministry.name in page
    assert "Nộp hồ sơ" in page


def test_colleague_reads_who_files(client, colleague, draft):
    client.force_login(colleague)

    page = text(client.get(at("review", draft)))

    assert "người quản lý của tổ chức là người nộp" in page
    assert at("submit", draft) not in page


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted", "registered"])
def test_both_sides_see_every_state(prefix, state, organization, owner, officer, client):
    dossier = DossierFactory(organization=organization, created_by=owner, state=state)
    services.print_batch()
    client.force_login(owner)
    assert client.get(prefix + at("dossier", dossier)).status_code == 200
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    client.force_login(officer)
    assert client.get(f"{prefix}/dau-moi/").status_code == 200
    if state != "draft":
        response = client.get(prefix + at("desk_dossier", dossier))
        assert response.status_code == 200
        assert "Trần Thị Thử" in text(response)


def test_returned_dossier_tells_its_owner_where_and_why(as_owner, organization, owner, officer):
    dossier = DossierFactory(organization=organization, created_by=owner, state="in_review")
    services.return_dossier(
        dossier, by=officer, reasons=[("unreadable", "minutes"), ("people", "")], note="Trang 3 mờ."
    )

    page = text(as_owner.get(at("dossier", dossier)))

    assert "Trang 3 mờ." in page
    assert "Tệp không đọc được" in page
    assert "thứ tự tác giả chưa thống nhất" in page
    assert officer.full_name not in page
    assert "không đọc được" in text(as_owner.get(at("files", dossier)))


def test_desk_shows_a_sound_pdf_in_place_and_nothing_else(desk, organization, owner):
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")
    file = dossier.files.first()

    page = text(desk.get(f"{at('desk_dossier', dossier)}?tep={file.key}"))
    shown = desk.get(f"{at('desk_file', dossier, file.key)}?xem=1")

    assert "<iframe" in page
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" not in shown["Content-Security-Policy"]
    assert shown["Cache-Control"] == "private, no-store"
    other = desk.get(at("desk_file", dossier, file.key))
    assert other["Content-Disposition"].startswith("attachment")
    assert "sandbox" in other["Content-Security-Policy"]


def test_return_without_a_reason_shows_the_form_again(desk, organization, owner):
    dossier = DossierFactory(organization=organization, created_by=owner, state="in_review")

    response = desk.post(at("send_back", dossier), {"note": "chữ đã gõ"})

    assert response.status_code == 400
    assert "Chọn ít nhất một lý do." in text(response)
    assert "chữ đã gõ" in text(response)


def test_act_that_somebody_did_before_is_told(desk, organization, owner, officer):
    dossier = DossierFactory(organization=organization, created_by=owner, state="in_review")
    services.accept_dossier(dossier, by=officer)

    response = desk.post(at("send_back", dossier), {"reason_0": "unreadable"}, follow=True)

    assert response.status_code == 200
    assert "đã được xử lý ở nơi khác" in text(response)


def test_overdue_dossiers_lead_the_queue(frozen_clock, desk, organization, owner):
    late = DossierFactory(organization=organization, created_by=owner, state="submitted")
    frozen_clock.move(days=14)
    fresh = DossierFactory(
        organization=organization,
        created_by=owner,
        state="submitted",
        form={"title": "Hồ sơ mới nộp hôm nay"},
    )

    page = text(desk.get(reverse("registration:desk")))

    assert page.index(at("desk_dossier", late)) < page.index(at("desk_dossier", fresh))
    assert "1 hồ sơ quá hạn xử lý" in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_verification_shows_the_paper_and_hides_what_is_not_public(
    prefix, client, organization, owner, officer
):
    dossier = DossierFactory(organization=organization, created_by=owner, state="registered")
    hidden = DossierFactory(
        organization=organization,
        created_by=owner,
        state="registered",
        form={
            "title": "Kết quả chờ cấp bằng",
            "restricted": True,
            "restricted_until": (clock.today() + timedelta(days=90)).isoformat(),
            "restriction_basis": "Đơn sáng chế",
        },
    )
    for row, is_public in ((dossier, True), (hidden, False)):
        certificate = Certificate.objects.get(dossier=row)
        response = client.get(f"{prefix}/xac-minh/{certificate.code}/")
        page = text(response)
        assert certificate.number in page
        assert (row.form["title"] in page) == is_public
        assert ("Trần Thị Thử" in page) == is_public
        assert response["X-Robots-Tag"] == "noindex"
        shown = client.get(certificate.result.get_absolute_url())
        assert shown.status_code == (200 if is_public else 404)
    assert client.get(f"{prefix}/xac-minh/bcdfghjkmnbcdfghjkmn/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_rules_say_that_their_standing_is_under_review(prefix, client):
    FocalPointFactory()

    page = text(client.get(f"{prefix}/quy-dinh-dang-ky/"))

    assert ("under review" if prefix else "đang được rà soát hiệu lực") in page
    assert "14/2014" in page


def test_first_page_leads_officers_to_their_desk_and_owners_to_their_dossiers(
    client, draft, owner, officer
):
    client.force_login(officer)
    assert reverse("registration:desk") in text(client.get(reverse("dashboard:home")))
    client.force_login(owner)
    page = text(client.get(reverse("dashboard:home")))
    assert reverse("registration:desk") not in page
    assert draft.get_absolute_url() in page


def test_an_unknown_code_is_answered_with_what_to_do_and_another_try(client):
    answer = client.get(reverse("registration:verify", args=["khongco"]))
    page = answer.content.decode()

    assert answer.status_code == 404
    assert "Không có giấy chứng nhận nào mang mã này" in page
    assert f'action="{reverse("registration:verify_code")}"' in page
    typed = client.get(reverse("registration:verify_code"), {"ma": " khong co "})
    assert typed.url == reverse("registration:verify", args=["khongco"])
    assert client.get(reverse("registration:verify_code"), {"ma": "??"}).status_code == 200

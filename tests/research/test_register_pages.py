"""Public pages of tasks, people, programmes and fields, old numbers, and files."""

from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.db.models import Q
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core.models import AuditEntry
from marketplace.research.forms import load_forms
from marketplace.research.models import (
    Attachment,
    Form,
    FormField,
    NumberPattern,
    Person,
    Result,
    Task,
    register_grant,
)
from marketplace.research.models import attachments as attachments_module
from marketplace.research.naming import name_batch
from marketplace.research.numbers import keep_old_identifiers, parse_number
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import read_terms, shipped_vocabularies
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import FACTORIES
from tests.factories.research import (
    ApplicationFactory,
    ProgrammeFactory,
    ResultFactory,
    TaskFactory,
)
from tests.research.registers import browse_all

pytestmark = pytest.mark.django_db


def page_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def load_fields():
    data = next(one for one in shipped_vocabularies() if one.code == "st-fields-2008")
    load_vocabulary(data, terms=read_terms(data.path), shipped=True)


def named_all():
    while name_batch():
        pass


def test_a_task_page_shows_the_sheet_and_no_contacts(client):
    task = TaskFactory(
        programme=ProgrammeFactory(name="Chương trình thử"),
        funding=3_000_000_000,
        funding_state=2_400_000_000,
        months=36,
        approval_number="1203/QĐ-BKHCN",
        contract_number="12/2023/HĐ",
        organization_contact={"phone": "0900 111 222"},
        lead_details={"email": "chunhiem@example.vn", "phone": "0900 333 444"},
    )
    result = ResultFactory(task=task, title="Máy sấy đã nghiệm thu")

    page = page_of(client, task.get_absolute_url())

    for text in (
        task.title, task.aims, task.code, "36 tháng", "1203/QĐ-BKHCN", "12/2023/HĐ", "2,4 tỷ đồng",
        "Chương trình thử", "Trần Thị Thử", "Đang tiến hành", result.title,
        "Phát triển sản xuất và công nghệ nông nghiệp",
    ):  # fmt: skip
        assert text in page
    for private in ("0900", "chunhiem@example.vn"):
        assert private not in page
    assert task.title in page_of(client, result.get_absolute_url())


def test_a_withdrawn_task_is_gone_and_its_result_names_it_no_more(client):
    task = TaskFactory()
    result = ResultFactory(task=task)
    Task.objects.filter(pk=task.pk).update(withdrawn_at="2026-01-01T00:00Z")

    assert client.get(task.get_absolute_url()).status_code == 410
    assert task.title not in page_of(client, result.get_absolute_url())


@pytest.mark.parametrize("state", ["restricted", "pending"])
def test_a_result_held_back_tells_nothing(client, state):
    result = ResultFactory(publication_state=state, restricted_until="2099-01-01")
    response = client.get(result.get_absolute_url())

    assert response.status_code == 404
    assert result.title not in response.content.decode()
    assert (
        client.get(reverse("research:citation", args=[result.public_id, "bib"])).status_code == 404
    )


def test_applications_by_year_show_no_income(client):
    result = ResultFactory()
    ApplicationFactory(result=result, year_number=2, scale="3 tấn mỗi ngày", income=987_654_321)

    page = page_of(client, result.get_absolute_url())

    assert "Hợp tác xã Xoài Thử" in page
    assert "3 tấn mỗi ngày" in page
    assert "987" not in page


def test_the_page_says_that_the_legal_basis_is_under_review(client):
    result = ResultFactory()
    assert "đang rà soát" not in page_of(client, result.get_absolute_url())
    load_forms()
    page = page_of(client, result.get_absolute_url())
    assert "Thông tư 14/2014/TT-BKHCN" in page
    assert "đang rà soát" in page

    Form.objects.update(status="in_force")

    assert "đang rà soát" not in page_of(client, result.get_absolute_url())


def test_a_field_of_the_form_without_a_column_is_shown_where_it_is_public(client):
    load_forms()
    FormField.objects.filter(code="appendices").update(is_public=False)
    result = ResultFactory(extra={"report-pages": 174, "appendices": 5555})

    page = page_of(client, result.get_absolute_url())

    assert "Số trang báo cáo tổng hợp" in page
    assert "174" in page
    assert "5555" not in page


def test_a_person_page_prints_what_records_print(client):
    result = ResultFactory()
    TaskFactory(organization=result.organization)
    named_all()
    person = Person.objects.get(name="Trần Thị Thử")
    Person.objects.filter(pk=person.pk).update(orcid="0000-0002-1825-0097")

    page = page_of(client, person.get_absolute_url())

    assert result.title in page
    assert result.organization.name in page
    assert "Lê Văn Nghiệm" in page
    assert "0000-0002-1825-0097" not in page, "identifiers are shown once the person agreed"
    assert person.get_absolute_url() in page_of(client, result.get_absolute_url())
    assert person.name in page_of(client, reverse("research:person_list") + "?ten=thu+tran")
    assert person.name not in page_of(client, reverse("research:person_list"))

    Person.objects.filter(pk=person.pk).update(agreed_on="2026-01-01")
    assert "0000-0002-1825-0097" in page_of(client, person.get_absolute_url())

    Person.objects.filter(pk=person.pk).update(is_hidden=True)
    assert client.get(person.get_absolute_url()).status_code == 404
    page = page_of(client, result.get_absolute_url())
    assert "Trần Thị Thử" in page, "the published record stays as it is"
    assert person.get_absolute_url() not in page


def test_field_page_shows_what_is_offered_sought_and_who_works_in_it(client):
    """Panels of the rooms above, of the field and of all below it; drafts and other fields are not."""
    load_fields()
    result = ResultFactory(organization=OrganizationFactory(name="Viện Xoài Thử"))
    shown = [make(published=True, field_codes=["40107"]) for make in FACTORIES.values()]
    away = [make(published=True, field_codes=["20501"]) for make in FACTORIES.values()]
    draft = FACTORIES["offer"](field_codes=["40107"])
    browse_all()

    page = page_of(client, reverse("research:field", args=["401"]))

    assert all(listing.get_absolute_url() in page for listing in shown)
    assert not any(listing.get_absolute_url() in page for listing in (*away, draft))
    assert result.organization.get_absolute_url() in page


def test_programme_and_field_pages_list_what_belongs_to_them(client):
    load_fields()
    programme = ProgrammeFactory()
    result = ResultFactory(programme=programme)
    task = TaskFactory(programme=programme)
    other = ResultFactory(field_codes=["20501"])
    browse_all()

    for url in (
        programme.get_absolute_url(),
        reverse("research:field", args=["401"]),
    ):
        page = page_of(client, url)
        assert result.title in page
        assert task.title in page
        assert other.title not in page
    assert programme.name in page_of(client, reverse("research:programme_list"))
    assert "1 kết quả" in page_of(client, reverse("research:field_list"))
    assert client.get(reverse("research:field", args=["987"])).status_code == 404

    programme.is_hidden = True
    programme.save()
    assert client.get(programme.get_absolute_url()).status_code == 404
    assert programme.name not in page_of(client, result.get_absolute_url())


def test_every_number_a_record_has_or_had_leads_to_it(client):
    result = ResultFactory(
        archive_number="2019-02-566/KQNC",
        result_code="KQ015440",
        certificate_number="9118/GCN",
        source="bo-thu",
        source_id="77/a",
    )
    ResultFactory()
    keep_old_identifiers(result, ["20/KQNC-SKHCN", "nguon-cu:55"])

    for number in (
        "2019-02-566/KQNC", "kq015440", "KQ 015440", "9118/GCN", "bo-thu:77/a", "20/kqnc-skhcn",
        "nguon-cu:55",
    ):  # fmt: skip
        response = client.get(f"/ket-qua/so/{quote(number)}")
        assert (response.status_code, response["Location"]) == (302, result.get_absolute_url())
    assert client.get("/ket-qua/so/khong-co").status_code == 404

    twin = ResultFactory(archive_number="2019-02-566/KQNC")
    page = page_of(client, "/ket-qua/so/2019-02-566/KQNC")
    assert result.title in page
    assert twin.title in page
    Result.objects.update(publication_state="pending")
    assert client.get("/ket-qua/so/2019-02-566/KQNC").status_code == 404

    task = TaskFactory(code="KC.07.12/21-30")
    assert client.get("/nhiem-vu/so/kc.07.12/21-30")["Location"] == task.get_absolute_url()


def test_numbers_are_read_by_patterns_that_are_data():
    load_forms()
    (archive, *_rest) = parse_number(" 2019-02-566/KQNC ")
    assert (archive.kind, dict(archive.parts)["number"]) == ("archive", "566")
    assert [one.kind for one in parse_number("KQ015440")] == ["result_code"]
    assert dict(parse_number("KC.07.12/21-30")[0].parts)["programme"] == "KC.07"
    assert parse_number("không phải số") == []

    NumberPattern.objects.create(code="moi", kind="archive", pattern=r"LT-(?P<number>\d+)")
    assert dict(parse_number("LT-9")[0].parts) == {"number": "9"}
    assert load_forms() == 0, "loading again changes nothing"


def test_what_is_shipped_fits_its_columns():
    # SQLite takes a text of any length, PostgreSQL refuses it.
    load_forms()
    for model in (Form, FormField, NumberPattern):
        for row in model.objects.order_by("pk"):
            row.clean_fields()


@pytest.fixture
def report():
    result = ResultFactory()
    return Attachment.objects.create(
        result=result,
        kind="report",
        title="Báo cáo tổng hợp",
        file=ContentFile(b"%PDF-1.4 noi dung", "x.pdf"),
        file_name="bao-cao.pdf",
        content_type="application/pdf",
        access="on_request",
    )


def test_a_file_is_handed_to_who_may_read_it_and_its_existence_is_all_others_learn(
    client, report, monkeypatch
):
    url = report.get_absolute_url()
    organization = report.result.organization
    owner = MembershipFactory(organization=organization).user
    viewer = MembershipFactory(organization=organization, role=Membership.Role.VIEWER).user
    stranger, staff = MembershipFactory().user, UserFactory(is_superuser=True)

    assert client.get(url).status_code == 404
    page = page_of(client, report.result.get_absolute_url())
    assert "Cung cấp theo yêu cầu" in page
    assert f'"{url}"' not in page, "no link to the file; it may be asked for"
    for user, status in ((stranger, 404), (viewer, 404), (owner, 200), (staff, 200)):
        client.force_login(user)
        assert client.get(url).status_code == status
    assert AuditEntry.objects.filter(action="attachment.read").count() == 2

    # A room above may open it to one person: an approved request.
    monkeypatch.setattr(attachments_module, "_grants", [])
    register_grant(lambda user: Q(kind="report") if user == stranger else Q(pk__in=[]))
    client.force_login(viewer)
    assert client.get(url).status_code == 404
    client.force_login(stranger)
    assert client.get(url).status_code == 200


def test_an_open_file_goes_with_its_record(client, report):
    Attachment.objects.update(access="open")
    response = client.get(report.get_absolute_url())
    assert b"".join(response.streaming_content) == b"%PDF-1.4 noi dung"
    assert response["Content-Disposition"] == 'attachment; filename="bao-cao.pdf"'
    assert response["Cache-Control"] == "private, no-store"

    Result.objects.update(publication_state="pending")

    assert client.get(report.get_absolute_url()).status_code == 404

"""Focal points, and dossiers in each state: they went through the services, as in life."""

from datetime import timedelta

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.demo.papers import pdf_bytes
from marketplace.registration import checks, rules, services
from marketplace.registration.models import Dossier, FocalOfficer, FocalPoint
from marketplace.registration.states import DossierState
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.research import TaskFactory

REPORT_TEXT = "Bao cao tong hop ket qua thuc hien nhiem vu nghien cuu say xoai bang bom nhiet."


def pdf_upload(name: str = "bao-cao.pdf", *pages: str, password: str = "") -> SimpleUploadedFile:
    data = pdf_bytes(*(pages or (REPORT_TEXT,)), password=password)
    return SimpleUploadedFile(name, data, "application/pdf")


class FocalPointFactory(DjangoModelFactory):
    class Meta:
        model = FocalPoint

    slug = factory.Sequence(lambda n: f"dau-moi-{n}")
    organization = factory.SubFactory(
        OrganizationFactory, name=factory.Sequence(lambda n: f"Vụ Khoa học thử nghiệm {n}")
    )
    kind = FocalPoint.Kind.MINISTRY
    superior = "BỘ THỬ NGHIỆM"
    place = "Hà Nội"
    body_code = factory.Sequence(lambda n: f"TN{n}")
    archive_group = "24"
    number_pattern = "ministry"
    levels = ["ministry", "institution"]
    agencies = ["Bộ Nông nghiệp và Môi trường"]

    class Params:
        province = factory.Trait(
            kind=FocalPoint.Kind.PROVINCE,
            levels=["province", "institution"],
            agencies=["UBND tỉnh Lâm Đồng"],
            province_codes=["68"],
            number_pattern="province",
        )
        agency = factory.Trait(
            kind=FocalPoint.Kind.AGENCY,
            levels=["national", "ministry"],
            agencies=["Bộ Khoa học và Công nghệ"],
            number_pattern="national",
        )


class FocalOfficerFactory(DjangoModelFactory):
    class Meta:
        model = FocalOfficer

    focal_point = factory.SubFactory(FocalPointFactory)
    user = factory.SubFactory(UserFactory)
    role = FocalOfficer.Role.SIGNER


def complete_form(**changes):
    """What the steps ask for, all of it given."""
    return {
        "title": "Nghiên cứu sấy dẻo xoài bằng bơm nhiệt",
        "level": "ministry",
        "agency": "Bộ Nông nghiệp và Môi trường",
        "leader": "Trần Thị Thử",
        "leader_degree": "TS.",
        "members": [{"name": "Lê Văn Nghiệm", "degree": "ThS."}],
        "accepted_on": (clock.today() - timedelta(days=10)).isoformat(),
        "acceptance_body": "Hội đồng nghiệm thu cấp bộ",
        "field_codes": ["40107"],
        "abstract": "Sấy xoài ở 45 °C giữ 90 % màu, năng suất 300 kg mỗi mẻ, không dùng lưu huỳnh.",
        "keywords": "sấy bơm nhiệt, xoài",
        "products": "Báo cáo tổng hợp 120 trang; quy trình sấy.",
        "has_process": False,
        "ip_filed": False,
        "application_plan": "Dùng tại xưởng sấy ở Lâm Đồng từ năm 2026.",
        "restricted": False,
        "contact_name": "Phạm Văn Sơn",
        "contact_phone": "0900000000",
    } | changes


class DossierFactory(DjangoModelFactory):
    """`state` is reached by the services; the focal point is made where none is given."""

    class Meta:
        model = Dossier

    organization = factory.SubFactory(OrganizationFactory, kind="institute")
    task = factory.SubFactory(
        TaskFactory, organization=factory.SelfAttribute("..organization"), level="ministry"
    )

    @classmethod
    def _create(cls, model_class, *args, **values):
        state = values.pop("state", DossierState.DRAFT)
        form = complete_form(**values.pop("form", {}))
        focal_point = values.pop("focal_point", None)
        by = values.pop("created_by", None) or _manager(values["organization"])
        dossier = services.start_dossier(
            values["task"], organization=values["organization"], by=by, secrecy="normal"
        )
        dossier = services.save_step(dossier, changes=form, by=by)
        reach(dossier, state, by=by, focal_point=focal_point)
        dossier.refresh_from_db()
        return dossier


def _manager(organization):
    found = Membership.objects.filter(organization=organization).order_by("pk").first()
    return found.user if found else MembershipFactory(organization=organization).user


def add_needed_files(dossier, by):
    for item in rules.items():
        if item.kind == "files" and item.is_needed(dossier.form):
            report = checks.check_file(pdf_upload(), rules.file_rule(item.file_rule))
            services.add_file(dossier, item=item.code, report=report, by=by)


def reach(dossier, state, *, by, focal_point=None):
    """Takes a draft as far as `state` by the services."""
    if state == DossierState.DRAFT:
        return
    add_needed_files(dossier, by)
    if focal_point is None and not FocalPoint.objects.exists():
        focal_point = FocalPointFactory()
    services.submit_dossier(dossier, by=by)
    if state == DossierState.SUBMITTED:
        return
    officer = FocalOfficer.objects.filter(focal_point__dossiers=dossier).order_by("pk").first()
    desk = officer.user if officer else UserFactory()
    services.begin_review(dossier, by=desk)
    if state == DossierState.RETURNED:
        services.return_dossier(dossier, by=desk, reasons=[("unreadable", "minutes")])
    if state in (DossierState.ACCEPTED, DossierState.REGISTERED):
        services.accept_dossier(dossier, by=desk)
    if state == DossierState.REGISTERED:
        services.issue_certificate(dossier, by=desk)

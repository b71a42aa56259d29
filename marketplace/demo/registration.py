"""The demo's registration: focal points, their officers, and one institute's dossiers in four states.

Every step goes by the state a dossier has: killed in between, it goes on; run again, it does nothing.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.accounts.models import Organization, User
from marketplace.accounts.services import find_or_create_organization
from marketplace.core import clock
from marketplace.demo.papers import pdf_bytes
from marketplace.demo.people import PEOPLE
from marketplace.registration import checks, rules, services
from marketplace.registration.models import Dossier, FocalOfficer, FocalPoint
from marketplace.registration.states import DossierState
from marketplace.research.models import Task
from marketplace.research.registering import record_task

_FILE: Final = Path(__file__).parent / "data" / "dossiers.json"
SOURCE: Final = "demo"


def seed_registration(organizations: dict[str, Organization]) -> int:
    shipped = json.loads(_FILE.read_text(encoding="utf-8"))
    for row in shipped["focal_points"]:
        _focal_point(row)
    organization = organizations[shipped["organization"]]
    owner = User.objects.filter(memberships__organization=organization).order_by("pk").first()
    if owner is None:
        return 0
    for row in shipped["tasks"]:
        task = _task(row, organization)
        if row["state"]:
            _dossier(row, task, organization, owner)
    return Dossier.objects.filter(organization=organization).count()


def _focal_point(row: dict[str, Any]) -> None:
    values = dict(row)
    organization = find_or_create_organization(values.pop("organization"), kind="authority")
    point, _made = FocalPoint.objects.get_or_create(
        slug=values.pop("slug"), defaults={"organization": organization, **values}
    )
    for person in PEOPLE:
        if person.focal_point == point.slug:
            user = User.objects.get(email=person.email)
            FocalOfficer.objects.get_or_create(
                focal_point=point, user=user, defaults={"role": FocalOfficer.Role.SIGNER}
            )


def _task(row: dict[str, Any], organization: Organization) -> Task:
    found = Task.objects.filter(source=SOURCE, source_id=row["id"]).first()
    if found is not None:
        return found
    year = clock.today().year
    return record_task(
        values={
            "title": row["title"],
            "code": row["code"],
            "form_code": "task-budget",
            "level": "ministry",
            "organization": organization,
            "agency": "Bộ Nông nghiệp và Môi trường",
            "people": [
                {"name": "Phạm Văn Sơn", "role": "lead", "degree": "TS."},
                {"name": "Đặng Quốc Khải", "role": "member", "degree": "ThS."},
            ],
            "aims": f"{row['title']}.",
            "summary": row["abstract"] or f"{row['title']}: khảo sát, thiết kế, chế tạo, chạy thử.",
            "expected_products": "Báo cáo tổng hợp; quy trình; mẫu máy.",
            "expected_application": "Các hợp tác xã và doanh nghiệp chế biến nông sản.",
            "field_codes": row["fields"],
            "objective_codes": ["3"],
            "started_on": f"{year - 3}-03-01",
            "ended_on": f"{year}-08-31",
            "funding_state": 2_400_000_000,
            "funding_own": 600_000_000,
        },
        source=SOURCE,
        source_id=row["id"],
        by="demo",
    )


def _form(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "accepted_on": (clock.today() - timedelta(days=row["days"])).isoformat(),
        "acceptance_body": "Hội đồng nghiệm thu cấp bộ",
        "acceptance_grade": "Đạt",
        "abstract": row["abstract"],
        "keywords": row["keywords"],
        "products": "Báo cáo tổng hợp 96 trang, báo cáo tóm tắt, quy trình công nghệ, mẫu máy.",
        "readiness": "7",
        "has_process": False,
        "ip_filed": False,
        "application_plan": "Chạy thử tại hợp tác xã trong một vụ; chuyển giao cho doanh nghiệp quan tâm.",
        "restricted": False,
        "contact_name": "Phạm Văn Sơn",
        "contact_phone": "024 0000 0010",
    }


def _dossier(row: dict[str, Any], task: Task, organization: Organization, owner: User) -> None:
    dossier = Dossier.objects.filter(task=task).first()
    if dossier is None:
        dossier = services.start_dossier(
            task, organization=organization, by=owner, secrecy="normal"
        )
        services.save_step(dossier, changes=_form(row), by=owner)
    dossier.refresh_from_db()
    if dossier.state == DossierState.DRAFT and row["state"] != DossierState.DRAFT:
        _add_files(dossier, owner)
        services.submit_dossier(dossier, by=owner)
    _decide(dossier, row["state"])


def _decide(dossier: Dossier, target: str) -> None:
    """Takes it on from wherever it is; states after the one wanted are somebody's own doing."""
    officer = FocalOfficer.objects.filter(focal_point=dossier.focal_point).order_by("pk").first()
    if officer is None or target in (DossierState.DRAFT, DossierState.SUBMITTED):
        return
    by = officer.user
    if dossier.state == DossierState.SUBMITTED:
        services.begin_review(dossier, by=by)
        dossier.refresh_from_db()
    if dossier.state == DossierState.IN_REVIEW and target == DossierState.RETURNED:
        services.return_dossier(
            dossier,
            by=by,
            reasons=[("not-confirmed", "full-report"), ("unreadable", "minutes")],
            note="Báo cáo tổng hợp thiếu trang xác nhận; biên bản nghiệm thu mờ ở trang 2.",
        )
    if dossier.state == DossierState.IN_REVIEW and target == DossierState.REGISTERED:
        services.accept_dossier(dossier, by=by)
        dossier.refresh_from_db()
    if dossier.state == DossierState.ACCEPTED and target == DossierState.REGISTERED:
        services.issue_certificate(dossier, by=by)


def _add_files(dossier: Dossier, owner: User) -> None:
    for item in rules.items():
        if item.kind != "files" or not item.is_needed(dossier.form):
            continue
        words = f"Ho so thu: {item.code}\nTai lieu nay duoc viet de thu he thong, khong co gia tri."
        upload = SimpleUploadedFile(f"{item.code}.pdf", pdf_bytes(words, words), "application/pdf")
        report = checks.check_file(upload, rules.file_rule(item.file_rule))
        services.add_file(dossier, item=item.code, report=report, by=owner)

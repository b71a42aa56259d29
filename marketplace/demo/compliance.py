"""The demo's compliance desk: a unit that is late, something excused, a letter and an inspection.

Every step looks for what is there: killed in between, it goes on; run again, it does nothing.
"""

from datetime import date, timedelta
from typing import Final

from marketplace.accounts.models import Organization, User
from marketplace.accounts.services import find_or_create_organization
from marketplace.core import clock
from marketplace.core.ticks import run_stage
from marketplace.registration.models import (
    Duty,
    DutyKind,
    DutyState,
    FocalPoint,
    InspectionPlan,
    Letter,
)
from marketplace.registration.services import inspections
from marketplace.registration.services.duties import derive_batch
from marketplace.registration.services.excuses import excuse_duty
from marketplace.registration.services.letters import draft_letter, number_letter
from marketplace.research.models import Task
from marketplace.research.registering import record_task

SOURCE: Final = "demo"
UNIT: Final = "Viện Cơ khí nông nghiệp thử nghiệm"
#: (id, code, title, ended so many days ago).
_TASKS: Final = (
    ("NV-CK-01", "BNN-DT.2024.41", "Nghiên cứu máy gieo lúa theo cụm cho ruộng nhỏ", 130),
    ("NV-CK-02", "BNN-DT.2024.44", "Hoàn thiện máy thu hoạch sắn liên hợp", 75),
    ("NV-CK-03", "BNN-DT.2024.52", "Thiết kế hệ thống tưới nhỏ giọt dùng pin mặt trời", 45),
)
_EXCUSED: Final = "NV-CK-03"
_REASON: Final = "Được gia hạn nghiệm thu theo Quyết định số 12/QĐ-TN (bản thử)"


def seed_compliance() -> int:
    """Returns how many duties are owed; nothing is made where no focal point has an officer."""
    point = FocalPoint.objects.active().filter(kind=FocalPoint.Kind.MINISTRY).first()
    officer = (
        User.objects.filter(focal_offices__focal_point=point).order_by("pk").first()
        if point
        else None
    )
    if point is None or officer is None:
        return 0
    unit = find_or_create_organization(UNIT, kind="institute")
    for row in _TASKS:
        _task(row, unit, point)
    run_stage("registration.duties", derive_batch)
    _excuse(officer)
    _letter(point, unit, officer)
    _inspection(point, unit, officer)
    return Duty.objects.owed().count()


def _task(row: tuple[str, str, str, int], unit: Organization, point: FocalPoint) -> None:
    source_id, code, title, days = row
    if Task.objects.filter(source=SOURCE, source_id=source_id).exists():
        return
    today = clock.today()
    record_task(
        values={
            "title": title,
            "code": code,
            "form_code": "task-budget",
            "level": "ministry",
            "organization": unit,
            "agency": point.agencies[0],
            "people": [{"name": "Ngô Quang Thử", "role": "lead", "degree": "TS."}],
            "aims": f"{title}.",
            "summary": f"{title}: khảo sát, thiết kế, chế tạo, chạy thử tại hai hợp tác xã.",
            "expected_products": "Báo cáo tổng hợp; quy trình; mẫu máy.",
            "field_codes": ["20305"],
            "objective_codes": ["3"],
            "started_on": f"{today.year - 2}-01",
            "ended_on": (today - timedelta(days=days)).isoformat(),
        },
        source=SOURCE,
        source_id=source_id,
        by="demo",
    )


def _excuse(officer: User) -> None:
    duty = Duty.objects.owed().filter(
        task__source=SOURCE, task__source_id=_EXCUSED, kind=DutyKind.REGISTER
    ).first()  # fmt: skip
    if duty is not None and not duty.excuse:
        excuse_duty(duty, by=officer, reason=_REASON, until=clock.today() + timedelta(days=60))


def _letter(point: FocalPoint, unit: Organization, officer: User) -> None:
    if Letter.objects.filter(focal_point=point, organization=unit).exists():
        return
    late = list(
        Duty.objects.filter(state=DutyState.LATE, focal_point=point, organization=unit).for_rows()
    )
    if late:
        letter = draft_letter(point, unit, late, by=officer)
        issued_on = clock.today() - timedelta(days=3)
        number_letter(letter, by=officer, number=f"41/{point.body_code}", issued_on=issued_on)


def _inspection(point: FocalPoint, unit: Organization, officer: User) -> None:
    today = clock.today()
    if InspectionPlan.objects.filter(focal_point=point, year=today.year).exists():
        return
    plan = inspections.start_plan(
        point, today.year, by=officer, note="Kiểm tra việc đăng ký kết quả và báo cáo ứng dụng."
    )
    visited_on = max(date(today.year, 1, 1), today - timedelta(days=20))
    visit = inspections.add_visit(
        plan, by=officer, organization=unit, planned_on=visited_on,
        members="Hoàng Thu Trang (trưởng đoàn)\nLê Thị Kiểm",
    )  # fmt: skip
    inspections.approve_plan(
        plan, by=officer, decision=f"15/QĐ-{point.body_code}", approved_on=visited_on
    )
    visit.plan.refresh_from_db()
    inspections.record_minutes(
        visit, by=officer, visited_on=visited_on,
        minutes="Hai nhiệm vụ đã nghiệm thu nội bộ nhưng chưa lập hồ sơ đăng ký. Sổ theo dõi ứng dụng "
        "kết quả chưa được cập nhật.",
    )  # fmt: skip
    finding = inspections.add_finding(
        visit, by=officer, severity="major", text="Lập hồ sơ đăng ký cho hai nhiệm vụ đã kết thúc.",
        due_on=visited_on + timedelta(days=45),
    )  # fmt: skip
    inspections.follow_up(finding, by=officer, note="Viện báo đang hoàn thiện báo cáo tổng hợp.")

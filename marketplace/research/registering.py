"""Records that are made here: tasks reported, results registered, applications reported."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.research.models import (
    OWN_SOURCE,
    TASK_TRANSITIONS,
    Application,
    PublicationState,
    Register,
    Result,
    Task,
    TaskState,
)
from marketplace.research.models.forms import FormField
from marketplace.research.secrecy import SECRECY, refuse_classified
from marketplace.research.shapes import SHAPED, clean_list
from marketplace.research.uses import count_uses, hold_results
from search.analysis import compose, detect_language

_COMMON: Final = frozenset(
    {
        "title", "title_en", "keywords", "field_codes", "objective_codes", "organization", "agency",
        "programme", "people", "level", "started_on", "ended_on", "funding", "funding_state",
        "funding_own", "funding_other", "extra", "source_url",
    }
)  # fmt: skip
#: What a caller may say of a result; numbers and dates of the certificate are arguments of their own.
RESULT_VALUES: Final = _COMMON | {
    "abstract", "language", "year", "archive_number", "result_code", "accepting_body",
    "acceptance_council", "accepted_on", "acceptance_decision", "decided_on", "products",
    "product_items", "publications", "library_references", "ip_rights", "trl",
    "application_status", "application_note", "restricted_until",
}  # fmt: skip
TASK_VALUES: Final = _COMMON | {
    "code", "form_code", "organization_contact", "lead_details", "aims", "summary", "methods",
    "expected_products", "product_items", "expected_application", "months", "approval_number",
    "approved_on", "contract_number", "contracted_on", "accepted_on", "kind",
}  # fmt: skip
#: What a result takes over from its task where the caller says nothing.
INHERITED: Final = (
    "title", "title_en", "keywords", "field_codes", "objective_codes", "organization", "agency",
    "programme", "people", "level", "started_on", "ended_on", "funding", "funding_state",
    "funding_own", "funding_other",
)  # fmt: skip
_MONEY: Final = frozenset({"funding", "funding_state", "funding_own", "funding_other"})


class NotRegistered(DomainError):
    """A value of the record does not fit; the message names the field."""


class AlreadyRegistered(DomainError):
    """A certificate number belongs to one result for good."""


@transaction.atomic
def register_result(
    *,
    task: Task | None,
    values: Mapping[str, Any],
    certificate_number: str,
    issued_on: date,
    registering_body: str,
    by: Any,
) -> Result:
    """Enters a result into the register under its certificate.

    `values` are fields of `Result` (`RESULT_VALUES`); what it leaves out is taken from the task. A
    `restricted_until` from today on holds the result back until that day is over. The task is
    completed. Indexing, matching, people and lists follow by their ticks.

    Raises:
        AlreadyRegistered: the certificate number has been used.
        Classified: `values` names a secrecy level other than "normal"; nothing is kept.
        NotRegistered, WrongShape: a value is unknown or does not fit.
    """
    certificate_number = compose(certificate_number).strip()
    if not certificate_number:
        raise NotRegistered(_("Thiếu số giấy chứng nhận đăng ký."))
    cleaned = _cleaned(values, RESULT_VALUES, Register.RESULT)
    if task is not None:
        # Parts of a sum belong together: one taken from the task beside the caller's counts twice.
        left = _MONEY if cleaned.keys() & _MONEY else frozenset()
        inherited = {name: getattr(task, name) for name in INHERITED if name not in left}
        cleaned = {**{name: value for name, value in inherited.items() if value}, **cleaned}
    until = cleaned.pop("restricted_until", None)
    is_restricted = until is not None and until >= clock.today()
    cleaned.setdefault("year", _year(cleaned))
    cleaned.setdefault(
        "language",
        detect_language(f"{cleaned.get('title', '')}. {cleaned.get('abstract', '')}"[:600]),
    )
    result = Result(
        source=OWN_SOURCE,
        source_id=certificate_number,
        task=task,
        certificate_number=certificate_number,
        issued_on=issued_on,
        registering_body=registering_body.strip(),
        publication_state=(
            PublicationState.RESTRICTED if is_restricted else PublicationState.PUBLISHED
        ),
        published_on=None if is_restricted else clock.today(),
        restricted_until=until,
        content_hash=_content_hash(certificate_number, cleaned),
        **cleaned,
    )
    _check(result)
    try:
        with transaction.atomic():
            result.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyRegistered(
            _("Số giấy chứng nhận %(number)s đã được dùng.") % {"number": certificate_number}
        ) from error
    if task is not None and task.accepted_on is None and result.accepted_on is not None:
        Task.objects.filter(pk=task.pk).update_content(accepted_on=result.accepted_on)
    if task is not None and task.state != TaskState.COMPLETED:
        transition(
            task, TaskState.COMPLETED, table=TASK_TRANSITIONS, by=by, reason=result.public_id
        )
    elif task is not None and task.state_before:
        # Finished by what came in, and now for good.
        Task.objects.filter(pk=task.pk).update_content(state_before="")
    audit.record(
        "result.registered", f"result:{result.public_id}", by=by, number=certificate_number
    )
    _kick()
    return result


@transaction.atomic
def record_task(*, values: Mapping[str, Any], source_id: str, by: Any, source: str = "") -> Task:
    """Enters an ongoing task, or brings the one of the same source and id up to date.

    Raises:
        Classified: `values` names a secrecy level other than "normal"; nothing is kept.
        NotRegistered, WrongShape: a value is unknown or does not fit.
    """
    cleaned = _cleaned(values, TASK_VALUES, Register.TASK)
    source = source or OWN_SOURCE
    task = (
        Task.objects.select_for_update(of=("self",))
        .filter(source=source, source_id=source_id)
        .first()
    )
    is_new = task is None
    if task is None:
        task = Task(source=source, source_id=source_id)
    elif all(getattr(task, name) == value for name, value in cleaned.items()):
        return task
    for name, value in cleaned.items():
        setattr(task, name, value)
    _check(task)
    task.save()
    audit.record("task.recorded" if is_new else "task.changed", f"task:{task.public_id}", by=by)
    _kick()
    return task


@transaction.atomic
def note_kind(task: Task, *, kind: str, by: Any) -> bool:
    """Keeps of which kind a task is where nobody has said so yet."""
    noted = Task.objects.filter(pk=task.pk, kind="").update_content(kind=kind) if kind else 0
    if noted:
        audit.record("task.kind_noted", f"task:{task.public_id}", by=by, kind=kind)
    return bool(noted)


def stop_task(task: Task, *, by: Any, reason: str = "") -> None:
    transition(task, TaskState.STOPPED, table=TASK_TRANSITIONS, by=by, reason=reason)


def resume_task(task: Task, *, by: Any) -> None:
    transition(task, TaskState.ONGOING, table=TASK_TRANSITIONS, by=by)


@transaction.atomic
def report_application(
    result: Result,
    *,
    year_number: int,
    organization_name: str,
    reported_on: date,
    by: Any,
    organization: Organization | None = None,
    place: str = "",
    **facts: Any,
) -> Application:
    """Keeps the report of one year on one user of a result; a second one of the same year, user and
    place replaces it. The result counts as applied."""
    known = {"province_code", "scale", "form_of_use", "economic_effect", "income", "note"}
    if unknown := set(facts) - known:
        raise TypeError(f"no fact of an application: {sorted(unknown)}")
    key = {
        "year_number": year_number,
        "organization_name": compose(organization_name).strip()[:300],
        "place": compose(place).strip()[:300],
    }
    hold_results([result.pk])
    own = Application.objects.filter(result=result, source=OWN_SOURCE, **key)
    application = own.first() or Application(result=result, **key)
    application.organization, application.reported_on = organization, reported_on
    application.withdrawn_at, application.withdrawal_reason = None, ""
    for name, value in facts.items():
        setattr(application, name, value)
    try:
        application.full_clean(validate_unique=False)
    except ValidationError as error:
        raise NotRegistered(_first_fault(error)) from error
    application.save()
    count_uses([result.pk])
    result.refresh_from_db(fields=["application_status", "content_version"])
    audit.record(
        "application.reported", f"result:{result.public_id}", by=by, year_number=year_number
    )
    _kick()
    return application


def publish_due(limit: int = 200) -> int:
    """Lifts restrictions whose last day is over; the stage of the tick `research.publish`."""
    today = clock.today()
    due = list(
        Result.objects.filter(
            publication_state=PublicationState.RESTRICTED, restricted_until__lt=today
        )
        .order_by("pk")
        .values_list("pk", "public_id")[:limit]
    )
    for pk, public_id in due:
        with transaction.atomic():
            lifted = Result.objects.filter(
                pk=pk, publication_state=PublicationState.RESTRICTED, restricted_until__lt=today
            ).update_content(publication_state=PublicationState.PUBLISHED, published_on=today)
            if lifted:
                audit.record("result.published", f"result:{public_id}", by="research.publish")
    return len(due)


def _cleaned(values: Mapping[str, Any], known: frozenset[str], register: str) -> dict[str, Any]:
    refuse_classified(values)
    unknown = set(values) - known - {SECRECY}
    if unknown:
        raise NotRegistered(
            _("Không có trường “%(name)s”.") % {"name": sorted(map(str, unknown))[0][:60]}
        )
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        if name == SECRECY:
            continue
        if name in SHAPED:
            value = clean_list(name, value)
        elif name == "extra":
            value = _known_extra(value, register)
        elif isinstance(value, str):
            value = compose(value).strip()
        cleaned[name] = value
    return cleaned


def _known_extra(extra: Mapping[str, Any], register: str) -> dict[str, Any]:
    # Of every edition: a dossier is entered by the form of the day on which it was filed.
    known = set(
        FormField.objects.filter(form__register=register, column="").values_list("code", flat=True)
    )
    if unknown := set(extra) - known:
        raise NotRegistered(
            _("Biểu mẫu không có trường “%(name)s”.") % {"name": sorted(map(str, unknown))[0][:60]}
        )
    return dict(extra)


def _check(record: models.Model) -> None:
    try:
        record.clean_fields()
    except ValidationError as error:
        raise NotRegistered(_first_fault(error)) from error


def _first_fault(error: ValidationError) -> str:
    name, messages = next(iter(error.message_dict.items()))
    return f"{name}: {messages[0]}"


def _year(values: Mapping[str, Any]) -> int | None:
    """The year of its acceptance, else the one in which the work ended."""
    accepted = values.get("accepted_on")
    if accepted is not None:
        return int(accepted.year)
    ended = str(values.get("ended_on") or "")[:4]
    return int(ended) if ended.isdecimal() else None


def _content_hash(number: str, values: Mapping[str, Any]) -> str:
    plain = {
        name: value.pk if isinstance(value, models.Model) else value
        for name, value in values.items()
    }
    packed = json.dumps([number, plain], sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def _kick() -> None:
    for name in ("search.sync", "research.people", "research.browse"):
        kick(name)

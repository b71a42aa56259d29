"""The dossier while the organisation writes it: begun from the task, saved at every step."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.errors import DomainError, StaleForm
from marketplace.registration.clocks import registration_due
from marketplace.registration.models import Dossier
from marketplace.registration.services.prefill import prefilled
from marketplace.registration.services.rows import locked, record
from marketplace.research.models import Task, TaskState
from marketplace.research.secrecy import SECRECY, refuse_classified


class Locked(DomainError):
    """The dossier has been filed: the organisation cannot change it now."""


def start_dossier(task: Task, *, organization: Organization, by: User, secrecy: str) -> Dossier:
    """The dossier of a task, begun from what the register knows; an open one is gone on with.

    Raises:
        Classified: the level is any but "normal"; nothing is kept.
        DomainError: the task is another organisation's.
    """
    refuse_classified({SECRECY: secrecy})
    if task.organization_id != organization.pk:
        raise DomainError(_("Nhiệm vụ này do tổ chức khác chủ trì."))
    found = Dossier.objects.open().filter(task=task).first()
    if found is not None:
        return found
    if task.state == TaskState.COMPLETED:
        raise DomainError(_("Nhiệm vụ này đã đăng ký kết quả."))
    form = prefilled(task, organization=organization, contact=by)
    try:
        with transaction.atomic():
            dossier = Dossier.objects.create(
                task=task,
                organization=organization,
                ruled_on=clock.today(),
                title=task.title[:1000],
                form=form,
                created_by=by,
                saved_at=clock.now(),
            )
            record(dossier, "started", by=by)
    except IntegrityError:
        # A colleague was a moment earlier; the constraint has decided.
        return Dossier.objects.open().get(task=task)
    return dossier


def fingerprint(dossier: Dossier, names: Iterable[str]) -> str:
    """What the fields hold, in short: an open form carries it to notice another's change."""
    held = {name: dossier.form.get(name) for name in sorted(names)}
    packed = json.dumps(held, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()[:20]


def ensure_editable(dossier: Dossier) -> None:
    if not dossier.is_editable:
        raise Locked(_("Hồ sơ đã nộp nên không sửa được. Rút về để sửa, hoặc chờ kết quả."))


@transaction.atomic
def save_step(
    dossier: Dossier,
    *,
    changes: Mapping[str, Any],
    by: User,
    unread: Mapping[str, Any] | None = None,
    step: str = "",
    watched: Iterable[str] = (),
    seen: str = "",
    session: str = "",
    keystroke: int = 0,
) -> Dossier:
    """Saves what one step holds; other fields stay as they are.

    Args:
        changes: values by field code; days and sums as plain values.
        unread: what was typed and cannot be read yet; shown again at the step.
        watched, seen: the fields the form shows, and their `fingerprint` when it was opened.
        session, keystroke: the open form and how far it was: its own earlier saves are no change by
            somebody else, and one that arrives late is left aside.

    Raises:
        Locked: the dossier has been filed.
        StaleForm: another form changed these fields since.
    """
    row = locked(dossier)
    ensure_editable(row)
    last_session, last_keystroke = row.sessions.get(step, ("", 0))
    mine = bool(session) and session == last_session
    if mine and keystroke < last_keystroke:
        return row
    if seen and not mine and seen != fingerprint(row, watched):
        raise StaleForm(
            _(
                "Hồ sơ đã được sửa ở nơi khác sau khi bạn mở trang này. Nội dung bạn gõ còn nguyên bên dưới."
            )
        )
    row.form = row.form | {name: _plain(value) for name, value in changes.items()}
    row.unread = {name: value for name, value in row.unread.items() if name != step}
    if unread:
        row.unread[step] = dict(unread)
    if step:
        row.sessions = row.sessions | {step: [session, keystroke]}
    row.saved_at = clock.now()
    take_columns(row)
    row.save()
    return row


def take_columns(dossier: Dossier) -> None:
    """What clocks and queues ask for, from the form."""
    form = dossier.form
    dossier.title = str(form.get("title") or dossier.title)[:1000]
    dossier.accepted_on = _day(form, "accepted_on")
    dossier.ip_filed_on = _day(form, "ip_filed_on") if form.get("ip_filed") else None
    dossier.restricted_until = _day(form, "restricted_until") if form.get("restricted") else None
    due = registration_due(
        accepted_on=dossier.accepted_on,
        ip_filed_on=dossier.ip_filed_on,
        agency=str(form.get("agency") or ""),
        on=dossier.ruled_on,
    )
    dossier.due_on = due.on if due else None


def _day(form: Mapping[str, Any], name: str) -> date | None:
    value = form.get(name)
    return date.fromisoformat(value) if value else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

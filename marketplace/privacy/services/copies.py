"""A copy of one's own data: asked for on the page, made by a tick, fetched for some days.

Two files in one archive: JSON for machines, and a page that people read.
"""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.privacy.ledger import Part, Purpose, purposes, terms_on
from marketplace.privacy.models import DataCopy
from marketplace.privacy.notices import tell_copy_ready

#: Never in a copy, whoever asks: they open the account.
_SECRET = frozenset({"password"})


@transaction.atomic
def ask_for_copy(user: Any) -> DataCopy:
    """Asks for a copy; one that is being made already is the answer."""
    waiting = DataCopy.objects.of(user).waiting().first()
    if waiting is not None:
        return waiting
    copy = DataCopy.objects.create(
        user=user, asked_at=clock.now(), total_parts=sum(1 for _each in _copied())
    )
    audit.record("privacy.copy_asked", f"copy:{copy.public_id}", by=user)
    return copy


def make_copy() -> int:
    """Makes the copy that waits longest. Killed in between, it is made anew from the first part."""
    copy = DataCopy.objects.waiting().select_related("user").order_by("asked_at", "pk").first()
    if copy is None:
        return _forget_outdated()
    with translation.override(copy.user.language):
        data = _collected(copy)
        content = _packed(data)
    _hand_over(copy, content)
    return 1


def _copied() -> Any:
    for purpose in purposes():
        if purpose.is_copied:
            for part in purpose.parts:
                if part.subject:
                    yield purpose, part


def _collected(copy: DataCopy) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, (purpose, part) in enumerate(_copied(), start=1):
        held = found.setdefault(purpose.code, _head(purpose))
        rows = [_row(part, row) for row in part.rows_of(copy.user)]
        if rows:
            label = part.model._meta.label
            held["parts"].append({"model": label, "name": part.model_name, "rows": rows})
        DataCopy.objects.filter(pk=copy.pk).update(done_parts=number)
    return [held for held in found.values() if held["parts"]]


def _head(purpose: Purpose) -> dict[str, Any]:
    return {
        "purpose": str(purpose.words), "legal_basis": str(purpose.basis.words),
        "source": str(purpose.basis.source), "kept": str(purpose.keep), "parts": [],
    }  # fmt: skip


def _row(part: Part, row: Any) -> dict[str, str]:
    shown = {}
    for name in part.fields:
        if name in _SECRET or name == part.subject:
            continue
        label = part.label(name)
        in_words = getattr(row, f"get_{name}_display", None)
        shown[label] = _text(in_words() if in_words else getattr(row, name))
    return shown


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _packed(data: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    readable = render_to_string("privacy/copy.html", {"purposes": data, "made_at": clock.now()})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("du-lieu.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("du-lieu.html", readable)
    return out.getvalue()


@transaction.atomic
def _hand_over(copy: DataCopy, content: bytes) -> None:
    current = DataCopy.objects.select_for_update(of=("self",)).filter(pk=copy.pk).first()
    if current is None or current.state != DataCopy.State.ASKED or not copy.user.is_active:
        return
    current.file.save("copy.zip", ContentFile(content), save=False)
    current.state, current.made_at = DataCopy.State.MADE, clock.now()
    current.expires_at = clock.now() + timedelta(days=terms_on(clock.today()).copy_days)
    current.save()
    tell_copy_ready(current)


def _forget_outdated() -> int:
    outdated = list(DataCopy.objects.outdated().order_by("pk")[:50])
    for copy in outdated:
        remove_copy(copy)
    return len(outdated)


def remove_copy(copy: DataCopy) -> None:
    """The file goes first: killed in between, the row is still outdated and found again."""
    if copy.file:
        copy.file.delete(save=False)
    DataCopy.objects.filter(pk=copy.pk).update(state=DataCopy.State.EXPIRED, file="")


def open_copy(copy: DataCopy, *, by: Any) -> Any:
    """The file, and a line in the log that it was fetched; raises DomainError when its days are over."""
    if (
        copy.state != DataCopy.State.MADE
        or copy.expires_at is None
        or copy.expires_at <= clock.now()
    ):
        raise DomainError(_("Bản sao này đã hết hạn tải. Bạn có thể yêu cầu bản mới."))
    audit.record("privacy.copy_fetched", f"copy:{copy.public_id}", by=by)
    return copy.file.open("rb")

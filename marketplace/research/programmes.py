"""What staff do to programmes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.core.ticks import kick
from marketplace.research.models import Programme

EDITABLE_FIELDS = (
    "code", "name", "name_en", "agency", "aims", "field_codes", "start_year", "end_year",
    "legal_basis", "is_hidden",
)  # fmt: skip


class ProgrammeExists(DomainError):
    """Another programme has the code."""


@transaction.atomic
def save_programme(programme: Programme, *, by: Any, **facts: Any) -> bool:
    """Creates or changes a programme; says whether anything changed.

    Raises:
        ProgrammeExists: the code belongs to another programme.
        TypeError: a fact is none of `EDITABLE_FIELDS`.
    """
    if unknown := set(facts) - set(EDITABLE_FIELDS):
        raise TypeError(f"no fact of a programme: {sorted(unknown)}")
    is_new = programme.pk is None
    changed = [name for name, value in facts.items() if getattr(programme, name) != value]
    if not changed and not is_new:
        return False
    for name in changed:
        setattr(programme, name, facts[name])
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError as error:
        raise ProgrammeExists(_("Mã số này đã có ở chương trình khác.")) from error
    audit.record(
        "programme.created" if is_new else "programme.changed",
        f"programme:{programme.public_id}",
        by=by,
        fields=changed,
    )
    kick("search.sync")
    return True

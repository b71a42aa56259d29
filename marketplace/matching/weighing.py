"""Which weights are in force, and putting others in force."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.matching.models import WeightActivation, WeightSet
from marketplace.matching.scoring import Weights
from marketplace.matching.scoring.weights import WeightsRefused, read_weights, shipped_weights


def active_weights() -> Weights:
    """The newest activation's, or what the project ships. Read anew at each call: one small query
    beside the work of a match."""
    newest = WeightActivation.objects.select_related("weight_set").order_by("-pk").first()
    return read_weights(newest.weight_set.data) if newest else shipped_weights()


def named_weights(version: str) -> Weights:
    """
    Raises:
        DomainError: there is no such version.
    """
    shipped = shipped_weights()
    if version == shipped.version:
        return shipped
    row = WeightSet.objects.filter(version=version).first()
    if row is None:
        raise DomainError(_("Không có bộ trọng số %(version)s.") % {"version": version})
    return read_weights(row.data)


def keep_weights(
    weights: Weights, *, figures: Mapping[str, Any] | None = None, note: str = ""
) -> WeightSet:
    """Keeps weights under their version; nothing changes until they are put in force.

    Raises:
        DomainError: the version is taken by other values.
    """
    row, is_new = WeightSet.objects.get_or_create(
        version=weights.version,
        defaults={"data": weights.to_data(), "figures": dict(figures or {}), "note": note},
    )
    if not is_new and read_weights(row.data) != weights:
        raise DomainError(
            _("Phiên bản %(version)s đã có với giá trị khác.") % {"version": weights.version}
        )
    return row


@transaction.atomic
def activate_weights(version: str, *, by: Any) -> WeightActivation:
    """Puts weights in force. Needs that others ranked are matched anew by the tick, in batches.

    Args:
        version: of kept weights, or of those that the project ships.
        by: who did it: a user, or the name of a command.

    Raises:
        DomainError: there is no such version, its data cannot be read, or it is in force already.
    """
    before = active_weights().version
    if version == before and WeightActivation.objects.exists():
        raise DomainError(_("Bộ trọng số này đang được dùng."))
    try:
        row = keep_weights(named_weights(version))
    except WeightsRefused as error:
        raise DomainError(_("Không đọc được bộ trọng số: %(error)s") % {"error": error}) from error
    person = by if getattr(by, "pk", None) else None
    activation = WeightActivation.objects.create(weight_set=row, activated_by=person)
    audit.record("matching.weights_activated", f"weights:{version}", by=by, before=before)
    return activation

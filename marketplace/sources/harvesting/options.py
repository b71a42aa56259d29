"""How a source is harvested: what its row says under `mapping["harvest"]`, and the key from the
environment that it names."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.fetching import Network, networks_of
from marketplace.sources.models import Source

PREFIX: Final = "oai_dc"
#: What servers call the formats that are read here; a prefix is the server's own word, so a row may
#: hold another.
PREFIXES: Final = (PREFIX, "qdc", "oai_qdc", "marcxml", "marc21", "oai_cerif_openaire")
_FASTEST: Final = 0.0
SLOWEST_ANSWER: Final = 600.0
_NAMES: Final = frozenset(
    {"prefix", "sets", "inside", "interval", "seconds", "full_days", "vanished_percent"}
)


@dataclass(frozen=True, slots=True)
class Options:
    prefix: str = PREFIX
    sets: tuple[str, ...] = ()
    #: Networks inside that this source may be in (a ministry's own), as `10.20.0.0/16`.
    inside: tuple[Network, ...] = ()
    #: Seconds between two requests, and for one answer.
    interval: float = 1.0
    seconds: float = 120.0
    #: A server that does not tell of deletions is listed whole after so many days, and what it no
    #: longer has is taken off unless that is more than so many of a hundred: then a person decides.
    full_days: float = 7.0
    vanished_percent: float = 5.0
    headers: dict[str, str] | None = None

    @classmethod
    def of(cls, source: Source) -> Self:
        """Raises DomainError where the row says what cannot be."""
        held = cls.said_by(source.mapping.get("harvest", {}))
        return replace(held, headers=_credentials(source))

    @classmethod
    def said_by(cls, harvest: Mapping[str, Any]) -> Self:
        """The options without the key; raises DomainError where they say what cannot be."""
        held = dict(harvest)
        if unknown := sorted(set(held) - _NAMES):
            raise DomainError(_("Cấu hình thu thập lạ: %(names)s.") % {"names": ", ".join(unknown)})
        try:
            return cls(
                prefix=str(held.get("prefix", PREFIX)),
                sets=tuple(str(one) for one in held.get("sets", ())),
                inside=networks_of(held.get("inside", ())),
                interval=max(_FASTEST, float(held.get("interval", 1.0))),
                seconds=min(SLOWEST_ANSWER, float(held.get("seconds", 120.0))),
                full_days=max(0.0, float(held.get("full_days", 7.0))),
                vanished_percent=min(100.0, max(0.0, float(held.get("vanished_percent", 5.0)))),
            )
        except (TypeError, ValueError) as error:
            raise DomainError(_("Cấu hình thu thập của nguồn không đúng.")) from error


def _credentials(source: Source) -> dict[str, str] | None:
    """`name:password` or `Bearer …`, from the variable that the row names."""
    if not source.credentials_variable:
        return None
    secret = os.environ.get(source.credentials_variable, "")
    if not secret:
        raise DomainError(
            _("Chưa đặt biến môi trường %(name)s giữ khóa truy cập.")
            % {"name": source.credentials_variable}
        )
    if not source.address.startswith("https://"):
        raise DomainError(_("Khóa truy cập chỉ được gửi qua https."))
    if secret.startswith("Bearer "):
        return {"Authorization": secret}
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}

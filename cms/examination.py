"""Everything a machine says of a submission beside its sheet, and what goes with a decision."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.sheet import label_of
from marketplace.core.templatetags.design import date_vi
from marketplace.listings.completeness import gaps
from marketplace.listings.decidability import decidability_of
from marketplace.listings.examining.claims import check_results
from marketplace.listings.examining.copies import check_copies
from marketplace.listings.examining.documents import documents_on_secrecy
from marketplace.listings.examining.findings import LEVELS, Evidence, Finding
from marketplace.listings.examining.technology import check_technology
from marketplace.listings.examining.words import check_personal_data, check_secrecy
from marketplace.listings.models import Listing, Need
from marketplace.listings.search import TEXTS

#: Public words beside those that the index holds.
_MORE: Final = ("title", "keywords", "price_note", "extra_costs", "warranty", "right_decision")


@dataclass(frozen=True)
class Examination:
    """The findings of one submission, worst first."""

    findings: tuple[Finding, ...]

    @cached_property
    def open(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.is_clean)

    @property
    def passed(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_clean)

    @property
    def is_clean(self) -> bool:
        return not self.open

    def kept(self, *, edition: int, points: list[str], grounds: str) -> dict[str, Any]:
        """What is kept with the decision."""
        return {
            "standard": edition,
            "points": points,
            "findings": {one.code: [one.level, one.basis] for one in self.findings},
            "grounds": grounds,
        }


def examine(draft: Listing) -> Examination:
    """Reads a draft; a search that is down is said, and nothing is raised."""
    public = _texts(draft, [*_MORE, *TEXTS[draft.KIND]])
    everything = public | _texts(draft, ["confidential"])
    found = [
        *check_technology("\n".join(everything.values())),
        check_secrecy(everything, documents_on_secrecy(draft)),
        check_personal_data(public),
        check_copies(draft),
        check_results(draft),
        _organization(draft),
        _decidable(draft),
    ]
    findings = [one for one in found if one is not None]
    return Examination(tuple(sorted(findings, key=lambda one: -LEVELS.index(one.level))))


def is_clean(draft: Listing) -> bool:
    return not gaps(draft) and examine(draft).is_clean


def _texts(draft: Listing, names: list[str]) -> dict[str, str]:
    fields = {field.name for field in draft._meta.get_fields()}
    found = {
        label_of(draft, name): str(getattr(draft, name))
        for name in names
        if name in fields and getattr(draft, name)
    }
    rows = [f"{row.name} {row.text}" for row in draft.specifications.all()]
    return found | ({label_of(draft, "specifications"): "\n".join(rows)} if rows else {})


def _organization(draft: Listing) -> Finding:
    """Whoever offers has to be known; a firm that asks may be verified later (the publishing standard)."""
    title, owner = _("Xác minh tổ chức"), draft.organization
    if owner.is_verified:
        day = date_vi(owner.verified_at) if owner.verified_at else ""
        said = Evidence(_("Đã xác minh %(day)s") % {"day": day} if day else _("Đã xác minh"))
        return Finding("organization", "clean", title, (said,))
    said = Evidence(pgettext("một tổ chức", "Tổ chức chưa được xác minh."))
    return Finding(
        "organization", "clean" if isinstance(draft, Need) else "warning", title, (said,)
    )


def _decidable(draft: Listing) -> Finding | None:
    found = decidability_of(draft)
    if found is None:
        return None
    said = _("%(points)s trên %(total)s điểm, ngưỡng %(threshold)s") % {
        "points": found.points, "total": found.total, "threshold": found.threshold,
    }  # fmt: skip
    lacking = [Evidence(gap.message, url=f"#muc-{gap.field}") for gap in found.gaps]
    return Finding(
        "decidability",
        "clean" if found.is_enough else "warning",
        _("Người mua quyết định được"),
        (Evidence(said), *lacking),
    )

"""What an offer says it stands on, held against the register of results."""

import re
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from marketplace.listings.examining.findings import Evidence, Finding, Level
from marketplace.listings.models import Listing, TechnologyOffer
from marketplace.research.models import Result

#: A number such as a certificate or a decision has: digits, a stroke, letters; a date has none.
_NUMBER: Final = re.compile(r"\d[\w.-]*/[\w./-]*[^\W\d_][\w./-]*")


def check_results(listing: Listing) -> Finding | None:
    """The results that an offer names, and the certificate it cites; None where it claims neither.

    Another organisation's result, one that is not public, or a number the register does not know is for
    people to look at: a right may have been passed on, and a register may be late.
    """
    if not isinstance(listing, TechnologyOffer):
        return None
    cited = _NUMBER.findall(listing.right_decision)
    if not (listing.results or cited):
        return None
    known = {
        row.public_id: row
        for row in Result.objects.filter(public_id__in=listing.results).select_related(
            "organization"
        )
    }
    looked = [_of_result(code, known.get(code), listing) for code in listing.results]
    numbers = {row.certificate_number for row in known.values() if row.certificate_number}
    looked += [_of_number(number, numbers) for number in cited]
    level: Level = "warning" if any(is_open for is_open, _one in looked) else "clean"
    return Finding(
        "results", level, _("Kết quả đã đăng ký làm căn cứ"), tuple(one for _is_open, one in looked)
    )


def _of_result(code: str, row: Result | None, listing: Listing) -> tuple[bool, Evidence]:
    if row is None:
        return True, Evidence(
            _("Không có kết quả mã %(code)s trong cơ sở dữ liệu.") % {"code": code}
        )
    url = row.get_absolute_url()
    if row.withdrawn_at is not None:
        return True, Evidence(
            _("Kết quả “%(title)s” không còn trong cơ sở dữ liệu.") % {"title": row.title}
        )
    if row.organization_id != listing.organization_id:
        return True, Evidence(
            _("Kết quả “%(title)s” là của %(owner)s, không phải của bên đăng.")
            % {"title": row.title, "owner": row.organization or row.agency or "–"},
            url=url,
        )
    note = row.certificate_number and _("Giấy chứng nhận %(number)s") % {
        "number": row.certificate_number
    }
    return False, Evidence(
        _("Kết quả “%(title)s” có trong cơ sở dữ liệu, đúng tổ chức.") % {"title": row.title},
        url=url,
        note=note or _("Cơ sở dữ liệu không ghi số giấy chứng nhận."),
    )


def _of_number(number: str, of_named: Iterable[str]) -> tuple[bool, Evidence]:
    said = {"number": number}
    if number in of_named:
        return False, Evidence(_("Số %(number)s khớp kết quả đã nêu.") % said)
    row = Result.objects.filter(certificate_number=number, withdrawn_at=None).order_by("pk").first()
    if row is None:
        return True, Evidence(_("Không thấy số %(number)s trong cơ sở dữ liệu kết quả.") % said)
    return True, Evidence(
        _("Số %(number)s là của “%(title)s”, mà tin không nêu kết quả này.")
        % {"number": number, "title": row.title},
        url=row.get_absolute_url(),
    )

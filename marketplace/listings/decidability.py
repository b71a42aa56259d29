"""Can a buyer decide by this offer? What speaks for it, with weights and a threshold that are data.

An offer below the threshold may still be submitted; its poster and the curator read the exact gaps.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.listings.completeness import Gap
from marketplace.listings.models import Listing, Specification, TechnologyOffer
from marketplace.reading.quantities import read_quantities
from marketplace.reading.sentences import split_sentences
from marketplace.taxonomy.labels import label
from marketplace.taxonomy.models import Term
from marketplace.taxonomy.shipped import load_shipped

SCHEME = "decidability"
_THRESHOLD = "threshold"
# What a figure was measured at: a scale, a place, a material. "so với" only says with what it is compared.
_CONDITION = re.compile(
    r"(?<!\w)(?:ở|tại|khi|đo|trong|theo|trên|quy mô|(?<!so )với|mỗi|o|tai|khi|do(?= o| tai)|"
    r"at|under|when|measured|during|on|per)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decidability:
    points: int
    total: int
    threshold: int
    met: tuple[str, ...]  # criteria in words
    gaps: tuple[Gap, ...]

    @property
    def is_enough(self) -> bool:
        return self.points >= self.threshold


def decidability_of(listing: Listing) -> Decidability | None:
    """Of an offer; None for what is not sold as a technology."""
    if not isinstance(listing, TechnologyOffer):
        return None
    weights = _weights()
    threshold = weights.pop(_THRESHOLD, 0)
    gaps: list[Gap] = []
    met: list[str] = []
    points = 0
    for code, weight in weights.items():
        check = _CHECKS.get(code)
        if check is None:  # a criterion of a newer edition than this code
            continue
        lacking = list(check(listing))
        if lacking:
            gaps += lacking
        else:
            met.append(label(SCHEME, code))
            points += weight
    total = sum(weight for code, weight in weights.items() if code in _CHECKS)
    return Decidability(points, total, threshold, tuple(met), tuple(gaps))


def _weights() -> dict[str, int]:
    """Points by criterion of the edition in use, the threshold among them."""
    today = clock.today()
    terms = Term.objects.in_vocabulary(SCHEME).valid_on(today).order_by("position", "pk")
    rows: Mapping[str, str] = dict(terms.values_list("code", "notation"))
    if not rows:
        rows = {t.code: t.notation for t in load_shipped(SCHEME) if t.is_valid_on(today)}
    return {code: int(points) for code, points in rows.items() if points.isdecimal()}


def _summary(offer: TechnologyOffer) -> Iterator[Gap]:
    sentences = len(split_sentences(offer.summary))
    if not sentences:
        yield Gap("summary", _("Chưa có câu tóm tắt."))
    elif sentences > 1:
        yield Gap(
            "summary",
            _("Tóm tắt đang là %(count)d câu; người mua đọc một câu.") % {"count": sentences},
        )
    elif not read_quantities(offer.summary):
        yield Gap("summary", _("Câu tóm tắt chưa có con số nào: tốt hơn bao nhiêu, ở quy mô nào."))


def _comparison(offer: TechnologyOffer) -> Iterator[Gap]:
    if not offer.compared_with.strip():
        yield Gap("compared_with", _("Chưa nói so với giải pháp nào đang dùng."))


def _improvement(offer: TechnologyOffer) -> Iterator[Gap]:
    figures = read_quantities(offer.improvement)
    if not offer.improvement.strip():
        yield Gap("improvement", _("Chưa nói tốt hơn bao nhiêu."))
    elif not figures:
        yield Gap(
            "improvement",
            _("“%(text)s” chưa có con số kèm đơn vị.") % {"text": _short(offer.improvement)},
        )
    elif len(figures) < 2 and not _CONDITION.search(offer.improvement):
        yield Gap(
            "improvement",
            _("“%(text)s” chưa nói đo trong điều kiện nào: quy mô, nguyên liệu hoặc nơi đo.")
            % {"text": _short(offer.improvement)},
        )


def _cost(offer: TechnologyOffer) -> Iterator[Gap]:
    told = offer.price_min is not None or offer.price_max is not None or offer.price_mode == "free"
    money = read_quantities(f"{offer.price_note}. {offer.extra_costs}")
    if not told and not any(cur in one.dimension for one in money for cur in ("VND", "USD", "EUR")):
        yield Gap(
            "price_min",
            _(
                "Chưa có dấu hiệu nào về chi phí: ghi một khoảng giá, hoặc chi phí vận hành ở ghi chú về giá."
            ),
        )


def _ip(offer: TechnologyOffer) -> Iterator[Gap]:
    if not offer.ip_status:
        yield Gap("ip_status", _("Chưa nói tình trạng sở hữu trí tuệ."))
    elif offer.ip_status in ("filed", "granted") and not any(
        right.number.strip() for right in offer.ip_rights.all()
    ):
        yield Gap("ip_rights", _("Nói đã nộp đơn hoặc đã cấp bằng mà chưa ghi số."))


def _evidence(offer: TechnologyOffer) -> Iterator[Gap]:
    shown = any(not row.is_confidential for row in offer.attachments.all())
    if not (offer.certificates.strip() or offer.results or shown):
        yield Gap(
            "certificates",
            _(
                "Chưa có bằng chứng: kết quả thử nghiệm, chứng nhận, kết quả nghiên cứu đã đăng ký hoặc tài liệu"
                " đính kèm công khai."
            ),
        )


def _figures(offer: TechnologyOffer) -> Iterator[Gap]:
    rows = offer.specifications.all()
    if not any(row.operator != Specification.Operator.TEXT for row in rows):
        yield Gap("specifications", _("Bảng thông số chưa có con số đã đo nào."))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59].rsplit(' ', 1)[0]}…"


_CHECKS = {
    "summary": _summary,
    "comparison": _comparison,
    "improvement": _improvement,
    "cost": _cost,
    "ip": _ip,
    "evidence": _evidence,
    "figures": _figures,
}

"""What the form tells the poster of a need while it is written: what was read, what is missing, what
contradicts itself. Everything is read here; nothing leaves the machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.templatetags.design import date_vi, money_range
from marketplace.listings.models import Need, NeedSpecification
from marketplace.listings.presentation import amount
from marketplace.reading.cleaning import plain_text
from marketplace.reading.contradictions import find_contradictions
from marketplace.reading.folding import fold_in_place
from marketplace.reading.marks import NO_MARKS, Marks, surely_marked
from marketplace.reading.needs import (
    CONSTRAINT_KINDS,
    ELEMENT_KINDS,
    EXCLUDED,
    PART_KINDS,
    Part,
    load_corrections,
    part_key,
    read_parts,
)
from marketplace.reading.quantities import Operator, Quantity, read_quantities, read_value
from marketplace.taxonomy.labels import label
from marketplace.taxonomy.places import place_names
from search.analysis import Language, detect_language, has_diacritics, normalize
from search.engines import SearchUnavailable, get_engine

#: The steps beside which the helper stands; it reads all of them, whichever is open.
STEPS = ("nhu-cau", "hien-trang", "chi-tieu", "doi-tac")
_LONGEST = 20_000
_MOST_QUESTIONS = 4
KIND_LABELS: dict[str, str | Promise] = {
    "material": gettext_lazy("Nguyên liệu, đối tượng"),
    "method": pgettext_lazy("element", "Phương pháp"),
    "efficacy": gettext_lazy("Công dụng"),
    "product": pgettext_lazy("element", "Sản phẩm"),
    "application": pgettext_lazy("element", "Ứng dụng"),
    "budget": pgettext_lazy("constraint", "Ngân sách"),
    "volume": gettext_lazy("Quy mô, công suất"),
    "standard": gettext_lazy("Tiêu chuẩn"),
    "deadline": pgettext_lazy("constraint", "Thời hạn"),
    "site": gettext_lazy("Nơi dùng, mặt bằng"),
    EXCLUDED: gettext_lazy("Không dùng"),
}
#: Field and step where each kind is best written.
_PLACES = {
    "material": ("hien-trang", "problem"),
    "method": ("hien-trang", "required"),
    "efficacy": ("hien-trang", "required"),
    "product": ("nhu-cau", "title"),
    "application": ("hien-trang", "problem"),
    "budget": ("doi-tac", "budget_max"),
    "volume": ("hien-trang", "volume"),
    "standard": ("hien-trang", "required"),
    "deadline": ("doi-tac", "deadline"),
    "site": ("hien-trang", "site"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    kind: str
    text: str
    added: bool = False
    #: Comes from a field of its own, where it is changed.
    from_field: bool = False

    @property
    def moves(self) -> list[tuple[str, str | Promise]]:
        """The other kinds it may be."""
        return [(kind, KIND_LABELS[kind]) for kind in PART_KINDS if kind != self.kind]


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    chips: tuple[Chip, ...]

    @property
    def label(self) -> str | Promise:
        return KIND_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    step: str
    field: str


@dataclass(frozen=True, slots=True)
class Helper:
    groups: tuple[Group, ...]
    questions: tuple[Question, ...]
    contradictions: tuple[tuple[str, str], ...]
    is_empty: bool

    @property
    def done(self) -> int:
        return sum(bool(group.chips) for group in self.groups if group.kind != EXCLUDED)

    @property
    def total(self) -> int:
        return len(ELEMENT_KINDS) + len(CONSTRAINT_KINDS)

    @property
    def shown(self) -> list[Group]:
        return [group for group in self.groups if group.chips]

    @property
    def missing(self) -> list[Group]:
        return [group for group in self.groups if not group.chips and group.kind != EXCLUDED]

    @property
    def kinds(self) -> list[tuple[str, str | Promise]]:
        return [(kind, KIND_LABELS[kind]) for kind in PART_KINDS]


@lru_cache(maxsize=1)
def _folded_places() -> frozenset[str]:
    return frozenset(fold_in_place(name) for name in place_names())


def help_with(need: Need) -> Helper:
    """Reads a draft as matching will, with the poster's corrections."""
    text = text_of(need)
    language = detect_language(text)
    marks = _marks(text, language)
    parts = read_parts(
        text,
        language,
        places=_folded_places(),
        corrections=load_corrections(need.reading_corrections),
        marked=marks.text,
        doubtful=marks.doubtful,
    )
    chips: dict[str, list[Chip]] = {kind: [] for kind in PART_KINDS}
    for part in _without_shorter(parts):
        chips[part.kind].append(Chip(part.kind, part.text, part.added))
    for kind, written in _from_fields(need):
        if not any(fold_in_place(chip.text) == fold_in_place(written) for chip in chips[kind]):
            chips[kind].append(Chip(kind, written, from_field=True))
    groups = tuple(Group(kind, tuple(chips[kind])) for kind in PART_KINDS)
    return Helper(
        groups=groups,
        questions=tuple(_questions(groups, parts))[:_MOST_QUESTIONS],
        contradictions=_contradictions(need, language),
        is_empty=not text.strip(),
    )


def _marks(text: str, language: Language) -> Marks:
    """With the marks that the index leaves no doubt about; without an index the text is read as typed."""
    if language == "en" or has_diacritics(text):
        return NO_MARKS
    try:
        return surely_marked(text, get_engine().term_statistics)
    except SearchUnavailable:
        return NO_MARKS


def _without_shorter(parts: Iterable[Part]) -> list[Part]:
    """ "giữ màu" beside "giữ màu vàng" would be read twice; it comes back when the longer one goes."""
    read = list(parts)
    return [
        part
        for part in read
        if not any(
            part.kind == other.kind and f" {part_key(part.text)} " in f" {part_key(other.text)} "
            for other in read
            if len(part_key(other.text)) > len(part_key(part.text))
        )
    ]


def text_of(need: Need) -> str:
    """The public words of a draft, without the markup they may have been copied with."""
    written = (
        need.title, need.summary, need.problem, need.required, need.volume, need.site, need.keywords
    )  # fmt: skip
    return normalize(plain_text("\n".join(f"{part}." for part in written if part)[:_LONGEST]))


def _from_fields(need: Need) -> Iterable[tuple[str, str]]:
    """What fields of their own say of the constraints."""
    if need.budget_min or need.budget_max:
        yield "budget", money_range(need.budget_min, need.budget_max)
    if need.deadline:
        yield "deadline", date_vi(need.deadline)
    if need.province_code:
        yield "site", label("provinces", need.province_code)
    if need.volume:
        yield "volume", need.volume
    if need.site:
        yield "site", need.site
    for row in need.specifications.all():
        quantity = _row(row)
        if quantity is not None and "s^-1" in quantity.dimension:
            yield "volume", f"{row.name} {amount(row)}"


def _questions(groups: Iterable[Group], parts: Iterable[Part]) -> Iterable[Question]:
    """For what is missing, the most telling first; then how far what is wanted should go."""
    missing = {group.kind for group in groups if not group.chips}
    read = list(parts)
    product = next((part.text for part in read if part.kind == "product"), "")
    for kind in ("material", "product", "volume", "efficacy", "application", "budget", "standard",
                 "method", "site", "deadline"):  # fmt: skip
        if kind in missing:
            step, field = _PLACES[kind]
            yield Question(_asked(kind, product), step, field)
    wish = next((part.text for part in read if part.kind == "efficacy"), "")
    if wish and not any(char.isdigit() for char in "".join(part.text for part in read)):
        yield Question(
            _("“%(wish)s”: hiện nay bao nhiêu, cần đến mức nào?") % {"wish": wish},
            "hien-trang",
            "required",
        )


def _asked(kind: str, product: str) -> str:
    if kind == "volume" and product:
        return _("Công suất mong muốn của %(product)s, mỗi giờ hay mỗi ngày?") % {
            "product": product[:1].lower() + product[1:]
        }
    return {
        "material": _(
            "Làm trên nguyên liệu hay đối tượng nào? Ví dụ: xoài cát chu, nước thải dệt nhuộm."
        ),
        "product": _("Bạn muốn nhận về cái gì: máy, quy trình, chế phẩm hay phần mềm?"),
        "volume": _("Công suất mong muốn mỗi giờ hoặc mỗi ngày?"),
        "efficacy": _(
            "Điều gì phải tốt lên, và bao nhiêu? Ví dụ: tỷ lệ vỡ đang là 12 %, cần còn 5 %."
        ),
        "application": _("Dùng ở khâu nào, trong loại cơ sở nào?"),
        "budget": _("Tối đa khoảng bao nhiêu tiền? Ghi một khoảng cũng được."),
        "standard": _("Phải đạt tiêu chuẩn, quy chuẩn nào, ví dụ QCVN, HACCP, ISO?"),
        "method": _("Đã thử hoặc muốn cách làm nào? Chưa rõ thì ghi cách đang làm."),
        "site": _("Đặt ở đâu, mặt bằng bao nhiêu mét vuông, điện nước thế nào?"),
        "deadline": _("Khi nào phải dùng được?"),
    }[kind]


def _contradictions(need: Need, language: str) -> tuple[tuple[str, str], ...]:
    """Wishes that exclude each other, between the texts and the rows. The present situation has figures
    of its own, so of the problem only what is asked for counts."""
    wanted = normalize(
        plain_text(
            "\n".join(
                f"{part}."
                for part in (need.title, need.summary, need.required, need.volume)
                if part
            )[:_LONGEST]
        )
    )
    told = read_quantities(wanted, language)
    told += [
        figure
        for figure in read_quantities(normalize(plain_text(need.problem[:_LONGEST])), language)
        if figure.asked or figure.operator in {Operator.AT_LEAST, Operator.AT_MOST}
    ]
    told += [figure for row in need.specifications.all() if (figure := _row(row)) is not None]
    if need.budget_max:
        figure = read_value(str(need.budget_max), "đồng", "<=", _("ngân sách"))
        told += [figure] if figure else []
    return tuple((_said(left), _said(right)) for left, right in find_contradictions(told))


def _row(row: NeedSpecification) -> Quantity | None:
    return read_value(amount(row), "", "=", row.name)


def _said(quantity: Quantity) -> str:
    return f"{quantity.name} {quantity.text}".strip()

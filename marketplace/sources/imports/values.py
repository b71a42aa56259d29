"""Reads the values of one record: texts, dates, sums, codes, people; what it cannot read it notes."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core.text import fold
from marketplace.sources.imports.codes import FIELDS, INDUSTRIES, PROVINCES, Codes
from marketplace.sources.imports.refusals import Refused, Remark, Waiting
from marketplace.taxonomy.codes import parse_code
from search.analysis import compose

TEXT_LIMIT: Final = 100_000
_PEOPLE_LIMIT: Final = 100
_KEYWORD_LIMIT: Final = 50
_YEARS: Final = range(1900, 2101)
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_SPACE: Final = re.compile(r"\s+")
_BLANKS: Final = re.compile(r"[ \t\xa0]{2,}|[\t\xa0]")
_LINES: Final = re.compile(r" ?\n ?(?:\n ?)+")
# The stamp is sometimes typed into the title: "(MẬT) Nghiên cứu …".
SECRET_TITLE: Final = re.compile(r"[\[(]\s*(?:tuyệt mật|tối mật|mật)\s*[\])]", re.IGNORECASE)
_LIST: Final = re.compile(r"[;\n|]+")
_WORD_LIST: Final = re.compile(r"[;,\n|]+")
_YEAR: Final = re.compile(r"(?<!\d)(19\d\d|20\d\d|2100)(?!\d)")
_ISO_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_LOCAL_DAY: Final = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_WHOLE: Final = re.compile(r"(\d{1,6})(?![\d.,])")
_DIGITS: Final = re.compile(r"\d[\d.,\s]*")
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@<>\"'\\]+\.[^\s<>\"'\\]+", re.IGNORECASE)

LEVELS: Final = {
    "national": "national", "quoc gia": "national", "nha nuoc": "national", "cap quoc gia": "national",
    "cap nha nuoc": "national", "state": "national",
    "ministry": "ministry", "bo": "ministry", "cap bo": "ministry", "ministerial": "ministry",
    "province": "province", "tinh": "province", "cap tinh": "province", "thanh pho": "province",
    "cap thanh pho": "province", "cap tinh/thanh pho": "province", "provincial": "province",
    "cap tinh, thanh pho": "province",
    "institution": "institution", "co so": "institution", "cap co so": "institution",
    "institutional": "institution",
}  # fmt: skip
APPLICATION: Final = {
    "applied": "applied", "da ung dung": "applied", "co": "applied",
    "pilot": "pilot", "dang thu nghiem": "pilot", "thu nghiem": "pilot", "dang ung dung thu": "pilot",
    "not_applied": "not_applied", "chua ung dung": "not_applied", "chua": "not_applied",
    "unknown": "unknown", "chua co thong tin": "unknown", "khong ro": "unknown",
}  # fmt: skip
_LEAD_ROLES: Final = frozenset(
    {"lead", "leader", "chu nhiem", "chu tri", "pi", "principal investigator"}
)


class Row:
    """Reads the fields of one raw record and notes what it could not read."""

    def __init__(
        self,
        raw: Mapping[str, Any],
        columns: Mapping[str, tuple[str, ...]],
        codes: Codes | None = None,
    ) -> None:
        self.raw, self.columns = raw, columns
        self.remarks: list[Remark] = []
        self._codes = codes
        #: Field → what the record itself says, where a person has a say in what that stands for.
        self.said: dict[str, list[str]] = {}
        self.waiting: list[Waiting] = []

    def remark(self, name: str, text: str, rule: str, value: Any = None) -> None:
        """`value` where it is not the whole of the field."""
        found = as_text(self.value(name) if value is None else value)
        self.remarks.append(Remark(self.column(name), text, rule, found))

    def column(self, name: str) -> str:
        return self.columns.get(name, (name,))[0]

    def value(self, name: str) -> Any:
        """The first column of the field that says something."""
        for column in self.columns.get(name, ()):
            value = self.raw.get(column)
            if value not in (None, "", [], {}):
                return value
        return None

    def line(self, name: str, *, limit: int = 0, cut: int = 0) -> str:
        value = self.value(name)
        if value is None:
            return ""
        text = " ".join(self.clean(name, as_text(value)).split())
        if limit and len(text) > limit:
            raise Refused(
                _("%(field)s dài %(length)s ký tự, nhiều hơn %(limit)s.")
                % {"field": self.column(name), "length": len(text), "limit": limit},
                rule="text.length",
                column=self.column(name),
                value=text,
            )
        if cut and len(text) > cut:
            self.remark(name, _("quá dài, đã bỏ"), "text.length")
            return ""
        return text

    def text(self, name: str) -> str:
        value = self.value(name)
        if value is None:
            return ""
        text = self.clean(name, as_text(value)).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > TEXT_LIMIT:
            raise Refused(
                _("%(field)s dài %(length)s ký tự, nhiều hơn %(limit)s.")
                % {"field": self.column(name), "length": len(text), "limit": TEXT_LIMIT},
                rule="text.length",
                column=self.column(name),
                value=text,
            )
        text = _BLANKS.sub(" ", text).strip()
        return _LINES.sub("\n\n", text) if "\n" in text else text

    def clean(self, name: str, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        if broken := _BROKEN.search(text):
            column = self.column(name)
            if broken.group() == "\x00":
                raise Refused(
                    _("%(field)s chứa ký tự NUL.") % {"field": column},
                    rule="text.characters",
                    column=column,
                )
            raise Refused(
                _("%(field)s không phải mã UTF-8.") % {"field": column},
                rule="record.encoding",
                column=column,
            )
        return compose(_CONTROLS.sub(" ", text))

    def choice(self, name: str, known: Mapping[str, str]) -> str:
        text = self.line(name)
        if not text:
            return ""
        found = known.get(fold(text).strip(" ."))
        if found is None:
            self.remark(name, _("giá trị lạ, đã bỏ"), "value.listed")
            return ""
        return found

    def language(self) -> str:
        if not (text := fold(self.line("language"))):
            return ""
        if text.startswith(("vi", "tieng viet")):
            return "vi"
        return "en" if text.startswith(("en", "tieng anh")) else ""

    def year(self) -> int | None:
        text = self.line("year").removesuffix(".0")
        if not text:
            return None
        found = _YEAR.search(text)
        if found is None or int(found[1]) not in _YEARS:
            self.remark("year", _("không đọc được năm"), "year")
            return None
        return int(found[1])

    def day(self, name: str) -> str:
        """`2020-01`, `01/2020`, `15/01/2020` → `2020-01`, `2020-01`, `2020-01-15`."""
        text = self.line(name)
        if not text:
            return ""
        if iso := _ISO_DAY.fullmatch(text):
            year, month, day = iso.groups()
        elif local := _LOCAL_DAY.fullmatch(text):
            day, month, year = local.groups()
        else:
            year = month = day = None
        parts = [year, month and month.zfill(2), day and day.zfill(2)]
        if year is None or not _exists(int(year), int(month or 1), int(day or 1)):
            self.remark(name, _("không đọc được ngày"), "date")
            return ""
        return "-".join(part for part in parts if part)

    def money(self, name: str) -> int | None:
        """Dong as a whole number; `1.200.000.000`, `1,2 tỷ`, `350 triệu đồng` are understood."""
        value = self.value(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            amount = int(value) if abs(value) < 10**17 else -1
        else:
            amount = _amount(self.line(name)) if value is not None else 0
        if value is None:
            return None
        if not 0 < amount < 10**16:
            if amount:
                self.remark(name, _("không đọc được số tiền"), "money")
            return None
        return amount

    def whole(self, name: str, *, most: int) -> int | None:
        text = self.line(name).removesuffix(".0")
        found = _WHOLE.match(text)
        if not text or (found and int(found[1]) <= most):
            return int(found[1]) if found else None
        self.remark(name, _("không đọc được số"), "number")
        return None

    def date(self, name: str) -> date | None:
        """A whole day; a month or a year alone is none."""
        text = self.day(name)
        if text and len(text) != 10:
            self.remark(name, _("không đọc được ngày"), "date")
            return None
        return date.fromisoformat(text) if text else None

    def readiness(self) -> int | None:
        text = self.line("trl")
        if not text:
            return None
        code = parse_code("readiness-levels", text.removesuffix(".0"))
        if code is None:
            self.remark("trl", _("mức độ sẵn sàng phải từ 1 đến 9"), "trl")
        return int(code) if code else None

    def address(self, name: str) -> str:
        text = self.line(name)
        if not text:
            return ""
        if len(text) > 500 or not _ADDRESS.fullmatch(text):
            self.remark(name, _("địa chỉ web không đúng, đã bỏ"), "address")
            return ""
        return text

    def keywords(self) -> list[str]:
        value = self.value("keywords")
        if value is None:
            return []
        parts = (
            [as_text(item) for item in value]
            if isinstance(value, list)
            else _WORD_LIST.split(as_text(value))
        )
        words = [_SPACE.sub(" ", self.clean("keywords", part)).strip(" .")[:120] for part in parts]
        return list(dict.fromkeys(word for word in words if word))[:_KEYWORD_LIMIT]

    def fields(self) -> list[str]:
        value = self.value("fields")
        if value is None:
            return []
        texts = []
        for part in value if isinstance(value, list) else _LIST.split(as_text(value)):
            text = as_text(part).strip()
            if text and (parse_code(FIELDS, text) or self.codes.read(FIELDS, text).code):
                texts.append(text)
            else:
                texts += [one.strip() for one in text.split(",") if one.strip()]
        return self._read_codes("fields", "field_codes", FIELDS, texts, "field.code")[:10]

    def industries(self) -> list[str]:
        value = self.value("industries")
        if value is None:
            return []
        parts = value if isinstance(value, list) else _LIST.split(as_text(value))
        texts = [text for part in parts if (text := as_text(part).strip())]
        return self._read_codes("industries", "industry_codes", INDUSTRIES, texts, "industry.code")

    def province(self) -> str:
        text = self.line("province")
        if not text:
            return ""
        found = self._read_codes("province", "province_code", PROVINCES, [text], "province.code")
        return found[0] if found else ""

    def _read_codes(
        self, name: str, field: str, scheme: str, texts: list[str], rule: str
    ) -> list[str]:
        read = self.codes.values(field, scheme, texts)
        for text in read.strange:
            self.remark(name, _("mã lạ, đã bỏ"), rule, text)
        for one in read.waiting:
            self.remark(name, _("mã chờ cán bộ xác định"), "code.waiting", one.translation.value)
        if read.said != read.codes:
            self.said[field] = read.said
        self.waiting += read.waiting
        return read.codes

    @property
    def codes(self) -> Codes:
        if self._codes is None:
            self._codes = Codes()
        return self._codes

    def people(self) -> list[dict[str, str]]:
        lead = self.line("lead", cut=200)
        people = [{"name": lead, "role": "lead"}] if lead else []
        value = self.value("people")
        if value is None:
            return people
        for item in value if isinstance(value, list) else _LIST.split(as_text(value)):
            if isinstance(item, dict):
                name, role = as_text(item.get("name") or item.get("ten")), item.get("role", "")
            else:
                name, role = as_text(item), ""
            name = _SPACE.sub(" ", self.clean("people", name)).strip(" ,;")[:200]
            is_lead = fold(as_text(role)) in _LEAD_ROLES
            if name and name not in {person["name"] for person in people}:
                people.append({"name": name, "role": "lead" if is_lead else "member"})
        return people[:_PEOPLE_LIMIT]

    def ip_rights(self) -> list[dict[str, str]]:
        value = self.value("ip_rights")
        if value is None:
            return []
        rights = []
        for item in value if isinstance(value, list) else _LIST.split(as_text(value)):
            facts = item if isinstance(item, dict) else {"number": item}
            number = self.clean("ip_rights", as_text(facts.get("number"))).strip()[:60]
            if number:
                kind = parse_code("ip-kinds", as_text(facts.get("type") or facts.get("kind")))
                status = parse_code("ip-statuses", as_text(facts.get("status")))
                rights.append({"number": number, "type": kind or "", "status": status or ""})
        return rights[:50]


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, map(as_text, value)))
    if isinstance(value, dict):
        return as_text(value.get("name") or value.get("label") or value.get("value"))
    return str(value)


def _exists(year: int, month: int, day: int) -> bool:
    if year not in _YEARS:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def year_of(day: str) -> int | None:
    return int(day[:4]) if day else None


def _amount(text: str) -> int:
    """The sum in dong, or -1 where the text is none."""
    folded = fold(text)
    found = _DIGITS.search(folded)
    if found is None:
        return -1
    unit = next(
        (
            size
            for word, size in (("ty", 10**9), ("trieu", 10**6), ("nghin", 10**3))
            if word in folded
        ),
        1,
    )
    digits = re.sub(r"\s", "", found.group()).rstrip(".,")
    if unit > 1 and (match := re.fullmatch(r"(\d+)[.,](\d{1,2})", digits)):
        return int(match[1]) * unit + int(match[2].ljust(2, "0")) * unit // 100
    return int(re.sub(r"[.,]", "", digits)) * unit

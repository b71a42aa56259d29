"""One record of a file made clean, or refused with the reason."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.accounts.names import NAME_LIMIT, clean_name, organization_key
from marketplace.core.text import fold
from marketplace.sources.imports.columns import columns_of, is_classified
from marketplace.taxonomy.codes import parse_code
from search.analysis import compose

TITLE_LIMIT: Final = 1000
TEXT_LIMIT: Final = 100_000
ID_LIMIT: Final = 120
#: The lists by which values are understood: another edition of one, and the same bytes may mean more.
VOCABULARIES: Final = ("ip-kinds", "ip-statuses")
_PEOPLE_LIMIT: Final = 100
_KEYWORD_LIMIT: Final = 50
_YEARS: Final = range(1900, 2101)


class Refused(Exception):
    """The record is not taken. The reason names no text of a record that may not be kept."""

    def __init__(
        self,
        reason: str,
        *,
        rule: str,
        column: str = "",
        value: str = "",
        source_id: str = "",
        is_classified: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.rule, self.column, self.value = reason, rule, column, value
        #: Never reported: finds the row of a record that was open before.
        self.source_id = source_id
        self.is_classified = is_classified


@dataclass(frozen=True, slots=True)
class Remark:
    """A value that was left out, by the column as its source calls it."""

    column: str
    text: str
    rule: str
    value: str

    def __str__(self) -> str:
        return f"{self.column}: {self.text}"


@dataclass(slots=True)
class Record:
    """A clean record: the columns of `Result`, and the organisation by its name."""

    source_id: str
    title: str
    title_en: str = ""
    abstract: str = ""
    keywords: list[str] = field(default_factory=list)
    #: As the file says; found from the text when the row is written.
    language: str = ""
    field_codes: list[str] = field(default_factory=list)
    organization: str = ""
    agency: str = ""
    people: list[dict[str, str]] = field(default_factory=list)
    level: str = ""
    year: int | None = None
    started_on: str = ""
    ended_on: str = ""
    funding: int | None = None
    archive_number: str = ""
    result_code: str = ""
    certificate_number: str = ""
    products: str = ""
    ip_rights: list[dict[str, str]] = field(default_factory=list)
    trl: int | None = None
    application_status: str = "unknown"
    application_note: str = ""
    source_url: str = ""

    def content_hash(self) -> str:
        content = json.dumps([getattr(self, name) for name in self.__slots__], ensure_ascii=False)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Cleaned:
    record: Record
    #: Values that were left out because nobody could read them; the record itself is taken.
    remarks: list[Remark]


def clean_record(
    raw: Mapping[str, Any],
    *,
    organization_names: Mapping[str, str] | None = None,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
) -> Cleaned:
    """The record as the exchange keeps it; raises Refused.

    `organization_names` gives the name behind a key where the file names organisations by key;
    `columns_named` says of columns (column → field) what their names do not; `source_id` is the
    record's identifier where the protocol, not a column, names it.
    """
    columns = columns_of(tuple(raw), columns_named or {})
    if is_classified(raw) or _SECRET_TITLE.search(_as_text(_Row(raw, columns).value("title"))):
        raise Refused(
            _("Bản ghi có độ mật nên không được nhận."),
            rule="secrecy",
            source_id=source_id or _id_of_classified(raw, columns),
            is_classified=True,
        )
    row = _Row(raw, columns)
    title = row.line("title", limit=TITLE_LIMIT)
    if not title:
        raise Refused(_("Thiếu tên (title)."), rule="title.required", column=row.column("title"))
    abstract = row.text("abstract")
    organization = row.line("organization")
    organization = (organization_names or {}).get(organization, organization)
    if len(organization) > NAME_LIMIT:
        row.remark("organization", _("tên tổ chức quá dài, đã cắt"), "text.length")
    started_on, ended_on = row.day("started_on"), row.day("ended_on")
    year = row.year() or _year_of(ended_on) or _year_of(started_on)
    organization = clean_name(organization)
    record = Record(
        source_id=_identifier(row, source_id) or _derived_id(title, organization, year),
        title=title,
        title_en=row.line("title_en", limit=TITLE_LIMIT),
        abstract=abstract,
        keywords=row.keywords(),
        language=row.language(),
        field_codes=row.fields(),
        organization=organization,
        agency=row.line("agency", cut=300),
        people=row.people(),
        level=row.choice("level", _LEVELS),
        year=year,
        started_on=started_on,
        ended_on=ended_on,
        funding=row.money("funding"),
        archive_number=row.line("archive_number", cut=60),
        result_code=row.line("result_code", cut=30),
        certificate_number=row.line("certificate_number", cut=60),
        products=row.text("products"),
        ip_rights=row.ip_rights(),
        trl=row.readiness(),
        application_status=row.choice("application_status", _APPLICATION) or "unknown",
        application_note=row.text("application_note"),
        source_url=row.address("source_url"),
    )
    return Cleaned(record, row.remarks)


def _identifier(row: "_Row", named: str) -> str:
    if len(named) > ID_LIMIT:
        raise Refused(
            _("Mã bản ghi dài %(length)s ký tự, nhiều hơn %(limit)s.")
            % {"length": len(named), "limit": ID_LIMIT},
            rule="text.length",
            value=named,
        )
    return named or row.line("source_id", limit=ID_LIMIT)


def _id_of_classified(raw: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> str:
    try:
        return _Row(raw, columns).line("source_id", limit=ID_LIMIT)
    except Refused:
        return ""


def _derived_id(title: str, organization: str, year: int | None) -> str:
    """The same result named again in another file, or in another spelling, has the same id."""
    identity = "\n".join((fold(title), organization_key(organization), str(year or "")))
    return "x-" + hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()


# --- values -----------------------------------------------------------------------------------

_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_SPACE: Final = re.compile(r"\s+")
_BLANKS: Final = re.compile(r"[ \t\xa0]{2,}|[\t\xa0]")
_LINES: Final = re.compile(r" ?\n ?(?:\n ?)+")
# The stamp is sometimes typed into the title: "(MẬT) Nghiên cứu …".
_SECRET_TITLE: Final = re.compile(r"[\[(]\s*(?:tuyệt mật|tối mật|mật)\s*[\])]", re.IGNORECASE)
_LIST: Final = re.compile(r"[;\n|]+")
_WORD_LIST: Final = re.compile(r"[;,\n|]+")
_YEAR: Final = re.compile(r"(?<!\d)(19\d\d|20\d\d|2100)(?!\d)")
_ISO_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_LOCAL_DAY: Final = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_DIGITS: Final = re.compile(r"\d[\d.,\s]*")
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@<>\"'\\]+\.[^\s<>\"'\\]+", re.IGNORECASE)

_LEVELS: Final = {
    "national": "national", "quoc gia": "national", "nha nuoc": "national", "cap quoc gia": "national",
    "cap nha nuoc": "national", "state": "national",
    "ministry": "ministry", "bo": "ministry", "cap bo": "ministry", "ministerial": "ministry",
    "province": "province", "tinh": "province", "cap tinh": "province", "thanh pho": "province",
    "cap thanh pho": "province", "cap tinh/thanh pho": "province", "provincial": "province",
    "cap tinh, thanh pho": "province",
    "institution": "institution", "co so": "institution", "cap co so": "institution",
    "institutional": "institution",
}  # fmt: skip
_APPLICATION: Final = {
    "applied": "applied", "da ung dung": "applied", "co": "applied",
    "pilot": "pilot", "dang thu nghiem": "pilot", "thu nghiem": "pilot", "dang ung dung thu": "pilot",
    "not_applied": "not_applied", "chua ung dung": "not_applied", "chua": "not_applied",
    "unknown": "unknown", "chua co thong tin": "unknown", "khong ro": "unknown",
}  # fmt: skip
_LEAD_ROLES: Final = frozenset(
    {"lead", "leader", "chu nhiem", "chu tri", "pi", "principal investigator"}
)


class _Row:
    """Reads the fields of one raw record and notes what it could not read."""

    def __init__(self, raw: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> None:
        self.raw, self.columns = raw, columns
        self.remarks: list[Remark] = []

    def remark(self, name: str, text: str, rule: str, value: Any = None) -> None:
        """`value` where it is not the whole of the field."""
        found = _as_text(self.value(name) if value is None else value)
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
        text = " ".join(self.clean(name, _as_text(value)).split())
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
        text = self.clean(name, _as_text(value)).replace("\r\n", "\n").replace("\r", "\n")
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
        text = fold(self.line("language"))
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
        parts = (
            [_as_text(item) for item in value]
            if isinstance(value, list)
            else _WORD_LIST.split(_as_text(value))
        )
        words = [_SPACE.sub(" ", self.clean("keywords", part)).strip(" .")[:120] for part in parts]
        return list(dict.fromkeys(word for word in words if word))[:_KEYWORD_LIMIT]

    def fields(self) -> list[str]:
        value = self.value("fields")
        parts = value if isinstance(value, list) else _LIST.split(_as_text(value))
        codes: list[str] = []
        for part in parts:
            text = _as_text(part).strip()
            inner = [text] if parse_code("st-fields", text) else text.split(",")
            for one in inner:
                if not one.strip():
                    continue
                code = parse_code("st-fields", one.strip())
                if code is None:
                    self.remark("fields", _("mã lĩnh vực lạ, đã bỏ"), "field.code", one)
                elif code not in codes:
                    codes.append(code)
        return codes[:10]

    def people(self) -> list[dict[str, str]]:
        lead = self.line("lead", cut=200)
        people = [{"name": lead, "role": "lead"}] if lead else []
        value = self.value("people")
        for item in value if isinstance(value, list) else _LIST.split(_as_text(value)):
            if isinstance(item, dict):
                name, role = _as_text(item.get("name") or item.get("ten")), item.get("role", "")
            else:
                name, role = _as_text(item), ""
            name = _SPACE.sub(" ", self.clean("people", name)).strip(" ,;")[:200]
            is_lead = fold(_as_text(role)) in _LEAD_ROLES
            if name and name not in {person["name"] for person in people}:
                people.append({"name": name, "role": "lead" if is_lead else "member"})
        return people[:_PEOPLE_LIMIT]

    def ip_rights(self) -> list[dict[str, str]]:
        value = self.value("ip_rights")
        rights = []
        for item in value if isinstance(value, list) else _LIST.split(_as_text(value)):
            facts = item if isinstance(item, dict) else {"number": item}
            number = self.clean("ip_rights", _as_text(facts.get("number"))).strip()[:60]
            if number:
                kind = parse_code("ip-kinds", _as_text(facts.get("type") or facts.get("kind")))
                status = parse_code("ip-statuses", _as_text(facts.get("status")))
                rights.append({"number": number, "type": kind or "", "status": status or ""})
        return rights[:50]


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_as_text, value)))
    if isinstance(value, dict):
        return _as_text(value.get("name") or value.get("label") or value.get("value"))
    return str(value)


def _exists(year: int, month: int, day: int) -> bool:
    if year not in _YEARS:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _year_of(day: str) -> int | None:
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

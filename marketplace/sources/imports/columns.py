"""What the columns of result records are called in the files people have."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from marketplace.core.text import fold

RESULT, TASK, APPLICATION = "result", "task", "application"
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: Field of the record → names of its column, as `column_key` writes them; the first one wins.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "source_id": (
        "id", "source id", "uid", "uuid", "identifier", "record id", "code", "ma", "ma so",
        "ma ho so", "ma dinh danh", "ma ket qua", "ma kq", "result code", "ma nhiem vu",
        "ma so nhiem vu", "ma de tai", "task code", "award id",
    ),
    "title": (
        "title", "title vi", "name", "ten", "tieu de", "ten ket qua", "ten nhiem vu", "ten de tai",
        "ten du an", "ten cong trinh", "ten nhiem vu khcn", "award title", "project title",
    ),
    "title_en": ("title en", "english title", "ten tieng anh", "tieu de tieng anh", "name en"),
    "abstract": (
        "abstract", "summary", "text", "tom tat", "tom tat ket qua", "tom tat noi dung",
        "tom tat noi dung nghien cuu chinh", "noi dung", "mo ta", "description", "abstract vi",
    ),
    "keywords": ("keywords", "keyword", "tu khoa", "tags", "research keywords"),
    "language": ("language", "lang", "ngon ngu"),
    "fields": (
        "fields", "field", "field codes", "linh vuc", "linh vuc nghien cuu", "ma linh vuc",
        "linh vuc khcn", "st fields", "classification", "phan loai",
    ),
    "organization": (
        "org", "organization", "organisation", "lead organization", "lead organisation", "firm",
        "company", "institution", "to chuc", "to chuc chu tri", "ten to chuc chu tri",
        "co quan chu tri", "don vi chu tri", "don vi", "affiliation",
    ),
    "agency": (
        "agency", "funding agency", "funder", "co quan chu quan", "co quan quan ly", "bo nganh",
        "co quan cap tren",
    ),
    "people": (
        "people", "persons", "authors", "members", "nguoi thuc hien", "ca nhan tham gia",
        "danh sach ca nhan tham gia", "thanh vien", "nhom thuc hien", "tac gia",
    ),
    "lead": (
        "lead", "leader", "principal investigator", "pi", "pi name", "chu nhiem",
        "chu nhiem nhiem vu", "chu nhiem de tai", "ho ten chu nhiem",
    ),
    "level": ("level", "task level", "cap", "cap nhiem vu", "cap de tai", "cap quan ly"),
    "year": (
        "year", "nam", "nam ket thuc", "nam nghiem thu", "nam hoan thanh", "award year",
        "publication year", "nam dang ky",
    ),
    "started_on": ("start", "started on", "start date", "bat dau", "ngay bat dau", "tu thang"),
    "ended_on": ("end", "ended on", "end date", "ket thuc", "ngay ket thuc", "den thang"),
    "funding": (
        "funding", "budget", "amount", "kinh phi", "tong kinh phi", "kinh phi thuc hien",
        "kinh phi dong",
    ),
    "archive_number": ("archive number", "archive no", "so ho so luu", "so luu tru", "so ho so"),
    "result_code": ("result code", "ma ket qua", "ma kq", "kq"),
    "certificate_number": (
        "certificate number", "certificate no", "certificate", "so giay chung nhan",
        "so giay chung nhan dang ky", "giay chung nhan", "so gcn", "registration number",
        "registration certificate no", "so dang ky",
    ),
    "products": (
        "products", "product", "outputs", "san pham", "san pham khcn", "san pham giao nop",
    ),
    "ip_rights": (
        "ip", "ip rights", "patents", "patent", "so huu tri tue", "shtt", "van bang",
        "quyen so huu tri tue", "so bang", "so don",
    ),
    "trl": ("trl", "readiness", "readiness level", "muc do san sang", "muc san sang cong nghe"),
    "application_status": (
        "application status", "application", "tinh trang ung dung", "ung dung", "trang thai ung dung",
    ),
    "application_note": (
        "application note", "dia chi ung dung", "ghi chu ung dung", "dia chi va quy mo ung dung",
    ),
    "source_url": ("url", "link", "source url", "href", "duong dan", "lien ket", "dia chi web"),
    "task_number": (
        "task number", "task code", "project code", "ma nhiem vu", "ma so nhiem vu", "ma de tai",
        "ma so de tai",
    ),
    "province": (
        "province", "province code", "tinh", "tinh thanh", "tinh thanh pho", "ma tinh", "dia phuong",
    ),
    "industries": (
        "industries", "industry", "industry codes", "vsic", "ma vsic", "nganh kinh te",
        "ma nganh kinh te",
    ),
}  # fmt: skip

#: The same for records of ongoing tasks (the information sheet of 19 or 14 items).
TASK_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "source_id": (*ALIASES["source_id"], "ma so de tai", "project code", "task number"),
    "code": (
        "task code", "task number", "project code", "ma nhiem vu", "ma so nhiem vu", "ma de tai",
        "ma so de tai", "ma so", "code",
    ),
    **{
        name: ALIASES[name]
        for name in (
            "title", "title_en", "keywords", "fields", "organization", "agency", "people", "lead",
            "level", "funding", "source_url", "province", "industries",
        )
    },
    "aims": ("aims", "objective", "muc tieu", "muc tieu nghien cuu", "muc tieu nhiem vu"),
    "summary": ALIASES["abstract"],
    "methods": ("methods", "methodology", "phuong phap", "phuong phap nghien cuu"),
    "expected_products": (
        "expected products", "san pham du kien", "san pham", "products", "outputs",
    ),
    "expected_application": (
        "expected application", "dia chi ung dung", "du kien ung dung", "dia chi va quy mo ung dung",
        "dia chi va quy mo ung dung du kien",
    ),
    "objectives": (
        "objective codes", "ma muc tieu", "muc tieu kinh te xa hoi", "ma muc tieu kinh te xa hoi",
    ),
    "programme": (
        "programme", "programmes", "program", "programme code", "chuong trinh", "ma chuong trinh",
        "thuoc chuong trinh",
    ),
    "months": ("months", "duration", "thoi gian thuc hien", "so thang", "thoi gian thuc hien thang"),
    "started_on": ALIASES["started_on"],
    "ended_on": ALIASES["ended_on"],
    "funding_state": ("funding state", "state budget", "ngan sach", "tu ngan sach nha nuoc"),
    "funding_own": ("funding own", "von tu co", "tu von tu co"),
    "funding_other": ("funding other", "nguon khac", "tu nguon khac"),
    "approval_number": ("approval number", "quyet dinh phe duyet", "so quyet dinh phe duyet"),
    "approved_on": ("approved on", "ngay phe duyet", "ngay quyet dinh phe duyet"),
    "contract_number": ("contract number", "hop dong", "so hop dong"),
    "contracted_on": ("contracted on", "ngay ky hop dong"),
}  # fmt: skip
#: The same for reports on the use of results.
APPLICATION_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "source_id": (
        "id", "source id", "uid", "uuid", "identifier", "record id", "application id", "ma",
        "ma so", "ma bao cao", "ma ung dung", "ma ban ghi",
    ),
    "result_number": (
        "result number", "result id", "result", *ALIASES["certificate_number"],
        *ALIASES["archive_number"], *ALIASES["result_code"], "so cua ket qua", "ma dinh danh ket qua",
        "ket qua",
    ),
    "year_number": (
        "year number", "report year number", "nam thu", "nam thu may", "nam bao cao thu",
        "bao cao nam thu", "lan bao cao", "ky bao cao",
    ),
    "organization_name": (
        "organization name", "organisation name", "user", "applied by", "to chuc ung dung",
        "don vi ung dung", "noi ung dung", "co so ung dung", "doanh nghiep ung dung",
        "ten to chuc ung dung", "organization", "organisation",
    ),
    "place": (
        "place", "address", "dia chi ung dung", "dia chi", "dia diem ung dung", "dia diem",
    ),
    "province": ALIASES["province"],
    "scale": ("scale", "quy mo ung dung", "quy mo"),
    "form_of_use": ("form of use", "use", "hinh thuc ung dung", "hinh thuc"),
    "economic_effect": (
        "economic effect", "effect", "hieu qua kinh te xa hoi", "hieu qua kinh te", "hieu qua",
    ),
    "income": ("income", "revenue", "doanh thu", "doanh thu tu ket qua", "doanh thu tu ket qua dong"),
    "note": ("note", "ghi chu"),
    "reported_on": ("reported on", "report date", "ngay bao cao", "bao cao ngay"),
}  # fmt: skip
ALIASES_OF: Final = {RESULT: ALIASES, TASK: TASK_ALIASES, APPLICATION: APPLICATION_ALIASES}
#: Without these columns a table is none of the register.
_NEEDED: Final = {
    RESULT: ("title",), TASK: ("title",), APPLICATION: ("result_number", "organization_name"),
}  # fmt: skip

#: Columns in which a row says what kind of record it is, and what they say.
_KIND_COLUMNS: Final = frozenset(
    {"record type", "record kind", "loai ban ghi", "loai ho so", "doi tuong"}
)
_KINDS: Final = {
    "result": RESULT, "ket qua": RESULT, "ket qua nghien cuu": RESULT, "kq": RESULT,
    "task": TASK, "project": TASK, "nhiem vu": TASK, "nhiem vu khcn": TASK, "de tai": TASK,
    "du an": TASK, "nhiem vu nghien cuu": TASK, "nhiem vu dang tien hanh": TASK,
    "application": APPLICATION, "ung dung": APPLICATION, "ung dung ket qua": APPLICATION,
    "bao cao ung dung": APPLICATION, "ket qua ung dung": APPLICATION,
}  # fmt: skip

_SECRECY: Final = frozenset(
    {
        "mat", "muc mat", "cap mat", "loai mat", "tinh mat", "security", "security level",
        "security class", "security classification", "confidential", "confidentiality",
        "confidentiality level", "classified", "che do mat",
    }
)  # fmt: skip
_SECRECY_PART: Final = re.compile(r"\b(do mat|bao mat|secrecy|secret)\b")
_NORMAL: Final = frozenset(
    {
        "", "binh thuong", "thuong", "khong", "khong mat", "khong co", "normal", "none", "no",
        "false", "0", "public", "cong khai", "unclassified", "open", "null", "na", "n a",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)
def column_key(name: str) -> str:
    """`Mức độ bảo mật`, `muc_do_bao_mat`, `mucDoBaoMat` → `muc do bao mat`."""
    return _NOT_WORD.sub(" ", fold(_CAMEL.sub(" ", name))).strip()


@lru_cache(maxsize=512)
def mapping_of(
    names: tuple[str, ...], kind: str = RESULT
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Field → the columns of this file that hold it, the likeliest first."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(column_key(name), name)
    return tuple(
        (field, columns)
        for field, aliases in ALIASES_OF[kind].items()
        if (columns := tuple(by_key[alias] for alias in aliases if alias in by_key))
    )


def columns_of(
    names: tuple[str, ...], named: Mapping[str, str], kind: str = RESULT
) -> dict[str, tuple[str, ...]]:
    """The same, with the columns that a mapping names (column → field) before all others; a column
    that the mapping leaves out on purpose (column → "") is not read."""
    found = dict(mapping_of(names, kind))
    if not named:
        return found
    free = {field: tuple(c for c in columns if c not in named) for field, columns in found.items()}
    for column, field in reversed(list(named.items())):
        if field in ALIASES_OF[kind] and column in names:
            free[field] = (column, *free.get(field, ()))
    return {field: columns for field, columns in free.items() if columns}


@lru_cache(maxsize=512)
def _kind_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if column_key(name) in _KIND_COLUMNS)


def kind_of(raw: Mapping[str, Any], otherwise: str = RESULT) -> str:
    """What kind of record the row says it is; what it says as it says it, where we know no such kind.

    Columns that only a report on the use of a result has say it too.
    """
    names = tuple(raw)
    for name in _kind_columns(names):
        said = column_key(str(raw[name] or ""))
        if said:
            return _KINDS.get(said, said)
    if otherwise == RESULT and _is_of_applications(names):
        return APPLICATION
    return otherwise


@lru_cache(maxsize=512)
def _is_of_applications(names: tuple[str, ...]) -> bool:
    fields = dict(mapping_of(names, APPLICATION))
    return all(
        name in fields for name in (*_NEEDED[APPLICATION], "year_number", "reported_on")
    ) and "title" not in dict(mapping_of(names))


def known_fields(names: tuple[str, ...], named: Mapping[str, str] | None = None) -> int:
    """How many fields of one register stand in a row of column names; 0 where it is no heading."""
    counts = [0]
    for kind, needed in _NEEDED.items():
        fields = {field for field, _columns in mapping_of(names, kind)}
        fields |= {field for column, field in (named or {}).items() if column in names}
        if all(name in fields for name in needed):
            counts.append(len(fields))
    return max(counts)


def is_secrecy_column(name: str) -> bool:
    key = column_key(name)
    return key in _SECRECY or _SECRECY_PART.search(key) is not None


@lru_cache(maxsize=512)
def _secrecy_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if is_secrecy_column(name))


def is_classified(raw: Mapping[str, Any]) -> bool:
    """Does the record say anywhere that it is not for everybody?

    Only what is known to mean "normal" passes: a level nobody foresaw is refused, not published.
    """
    for name in _secrecy_columns(tuple(raw)):
        if any(column_key(leaf) not in _NORMAL for leaf in _leaves(raw[name])):
            return True
    for value in raw.values():
        inner = value if isinstance(value, list) else (value,)
        if any(isinstance(item, dict) and is_classified(item) for item in inner):
            return True
    return False


def _leaves(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield "" if value is None else str(value)

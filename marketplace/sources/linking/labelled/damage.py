"""What happens to a record on its way through typewriters, spreadsheets and twenty years."""

import re
import unicodedata
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

from marketplace.core.text import fold, nfc

Record = dict[str, Any]

_WORD: Final = re.compile(r"[^\W\d_]+")
_LETTERS: Final = "aeiouyhngctmlbdkprsvx"
#: Open syllables whose tone was written on the last vowel before: hoá, thuỷ, khoẻ.
_OLD_TONES: Final = (
    ("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"),
    ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"), ("õe", "oẽ"), ("ọe", "oẹ"),
    ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"),
)  # fmt: skip
_DEGREES: Final = ("TS. ", "PGS.TS. ", "GS.TS. ", "ThS. ", "KS. ", "BS. ", "Tiến sĩ ")
_OPENINGS: Final = (
    "Đề tài: ", "Báo cáo tổng hợp kết quả đề tài: ", "Dự án sản xuất thử nghiệm: ", "KC.07.12/16-20: ",
    "Nhiệm vụ: ",
)  # fmt: skip
_OLD_AGENCIES: Final = {
    "Bộ Nông nghiệp và Môi trường": "Bộ Nông nghiệp và Phát triển nông thôn",
    "Bộ Xây dựng": "Bộ Giao thông vận tải",
    "Bộ Khoa học và Công nghệ": "Bộ Thông tin và Truyền thông",
}


def damaged(record: Record, random: Random) -> Record:
    """The record as another source has it: one to seven things happened to it."""
    made = deepcopy(record)
    _lose_numbers(made, random)
    count = random.choice((1, 2, 2, 3, 3, 4, 5, 6, 7))
    for harm in random.sample(HARMS, count):
        harm(made, random)
    return made


def _lose_numbers(record: Record, random: Random) -> None:
    """Sources number by themselves: what another register gave is seldom kept."""
    for name in ("archive_number", "result_code", "certificate_number"):
        if record.get(name) and random.random() < 0.8:
            record[name] = ""


# --- titles -------------------------------------------------------------------------------------


def misspell(text: str, random: Random, slips: int) -> str:
    letters = list(text)
    for _slip in range(slips):
        places = [at for at, letter in enumerate(letters) if letter.isalpha() and at]
        if len(places) < 5:
            break
        at = random.choice(places)
        what = random.randrange(4)
        if what == 0:
            del letters[at]
        elif what == 1:
            letters.insert(at, letters[at])
        elif what == 2:
            letters[at] = random.choice(_LETTERS)
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def _misspelled_title(record: Record, random: Random) -> None:
    record["title"] = misspell(record["title"], random, random.choice((1, 1, 2, 3)))


def _title_without_marks(record: Record, random: Random) -> None:
    record["title"] = _without_marks(record["title"])


def _without_marks(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return nfc(bare.replace("đ", "d").replace("Đ", "D"))


def _some_marks_lost(record: Record, random: Random) -> None:
    record["title"] = _WORD.sub(
        lambda word: _without_marks(word.group()) if random.random() < 0.3 else word.group(),
        record["title"],
    )


def _all_marks_lost(record: Record, random: Random) -> None:
    for name in ("title", "abstract", "agency", "organization"):
        record[name] = _without_marks(record.get(name) or "")
    record["keywords"] = [_without_marks(word) for word in record["keywords"]]
    for person in record["people"]:
        person["name"] = _without_marks(person["name"])


def _old_tone_marks(record: Record, random: Random) -> None:
    for name in ("title", "abstract"):
        text = record.get(name) or ""
        for new, old in _OLD_TONES:
            text = re.sub(rf"{new}\b", old, text)
        record[name] = text


def _decomposed(record: Record, random: Random) -> None:
    for name in ("title", "abstract"):
        record[name] = unicodedata.normalize("NFD", record.get(name) or "")


def _upper_case(record: Record, random: Random) -> None:
    record["title"] = record["title"].upper()


def _cut_title(record: Record, random: Random) -> None:
    title = record["title"]
    if random.random() < 0.5:
        record["title"] = title[: max(30, int(len(title) * random.uniform(0.55, 0.85)))].rstrip()
    else:
        words = title.split()
        kept = " ".join(words[: max(6, int(len(words) * random.uniform(0.6, 0.85)))])
        record["title"] = kept + random.choice(("", "...", "…"))


def _opening(record: Record, random: Random) -> None:
    record["title"] = random.choice(_OPENINGS) + record["title"]


def _translated(record: Record, random: Random) -> None:
    """Known abroad by its English title; the abstract did not travel."""
    if record.get("title_en"):
        record["title"], record["title_en"] = record["title_en"], ""
        record["abstract"], record["keywords"], record["language"] = "", [], "en"


# --- people and organisations -------------------------------------------------------------------


def _reordered_people(record: Record, random: Random) -> None:
    """In no order, the role lost, given names first."""
    random.shuffle(record["people"])
    turned = random.random() < 0.6
    for person in record["people"]:
        person["role"] = "member"
        if turned:
            family, *given = person["name"].split()
            person["name"] = " ".join([*given, family])


def _initials(record: Record, random: Random) -> None:
    for person in record["people"]:
        *others, given = person["name"].split()
        if others:
            person["name"] = f"{'.'.join(word[0] for word in others)}. {given}"


def _degrees(record: Record, random: Random) -> None:
    for person in record["people"]:
        person["name"] = random.choice(_DEGREES) + person["name"]


def _lead_alone(record: Record, random: Random) -> None:
    record["people"] = [p for p in record["people"] if p["role"] == "lead"] or record["people"][:1]


def _misspelled_person(record: Record, random: Random) -> None:
    if record["people"]:
        person = random.choice(record["people"])
        person["name"] = misspell(person["name"], random, 1)


def _no_people(record: Record, random: Random) -> None:
    record["people"] = []


def _former_organization(record: Record, random: Random) -> None:
    """The name of before; every second one is known to be its (`former_names`)."""
    name = record.get("organization") or ""
    former = name
    for new, old in (
        ("Trường Đại học", "Trường Cao đẳng"),
        ("Viện Nghiên cứu", "Trung tâm Nghiên cứu"),
        ("Viện", "Phân viện"),
        ("Công ty cổ phần", "Xí nghiệp"),
        ("Công ty TNHH", "Cơ sở"),
    ):
        if name.startswith(new):
            former = name.replace(new, old, 1)
            break
    words = former.split()
    if len(words) > 5 and random.random() < 0.5:
        former = " ".join(words[:-1])
    record["organization"] = former
    record["former_name_known"] = random.random() < 0.5


def _short_organization(record: Record, random: Random) -> None:
    name = record.get("organization") or ""
    for long, short in (
        ("Trường Đại học", "ĐH"), ("Công ty cổ phần", "CTCP"), ("Công ty TNHH", "Cty TNHH"),
        ("Khoa học Công nghệ", "KHCN"), ("Viện Nghiên cứu", "Viện NC"),
    ):  # fmt: skip
        name = name.replace(long, short)
    record["organization"] = name


def _no_organization(record: Record, random: Random) -> None:
    record["organization"] = ""


def _old_agency(record: Record, random: Random) -> None:
    record["agency"] = _OLD_AGENCIES.get(record.get("agency", ""), "")


# --- circumstances and texts --------------------------------------------------------------------


def _no_year(record: Record, random: Random) -> None:
    record["year"], record["start"], record["end"] = None, "", ""


def _year_beside(record: Record, random: Random) -> None:
    """Registered the year after it was accepted."""
    if record.get("year"):
        record["year"] += 1
        record["start"], record["end"] = "", ""


def _no_dates(record: Record, random: Random) -> None:
    record["start"], record["end"] = "", ""


def _no_funding(record: Record, random: Random) -> None:
    record["funding"] = None


def _rounded_funding(record: Record, random: Random) -> None:
    if record.get("funding"):
        record["funding"] = round(record["funding"], -8) or record["funding"]


def _no_abstract(record: Record, random: Random) -> None:
    record["abstract"] = ""


def _cut_abstract(record: Record, random: Random) -> None:
    text = record.get("abstract") or ""
    record["abstract"] = text[: int(len(text) * random.uniform(0.3, 0.8))]


def _misspelled_abstract(record: Record, random: Random) -> None:
    text = record.get("abstract") or ""
    record["abstract"] = misspell(text, random, len(text) // 60)


def _no_keywords(record: Record, random: Random) -> None:
    record["keywords"] = []


HARMS: Final[tuple[Callable[[Record, Random], None], ...]] = (
    _misspelled_title, _misspelled_title, _title_without_marks, _some_marks_lost, _all_marks_lost,
    _old_tone_marks, _decomposed, _upper_case, _upper_case, _cut_title, _opening, _translated,
    _reordered_people, _reordered_people, _initials, _degrees, _lead_alone, _misspelled_person,
    _no_people, _former_organization, _former_organization, _short_organization, _no_organization,
    _old_agency, _no_year, _year_beside, _no_dates, _no_funding, _rounded_funding, _no_abstract,
    _cut_abstract, _misspelled_abstract, _no_keywords,
)  # fmt: skip


def subject_words(title: str) -> list[str]:
    """Words that carry the subject of a title, for exchanging one."""
    return [word for word in _WORD.findall(title) if len(fold(word)) > 2]

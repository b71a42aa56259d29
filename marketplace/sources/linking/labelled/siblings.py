"""Records that look like another one and are not: the next phase, the other province, the other crop."""

import re
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

from marketplace.sources.linking.labelled.damage import subject_words

Record = dict[str, Any]

_PLACES: Final = (
    "tỉnh Hà Giang", "tỉnh Lào Cai", "tỉnh Thanh Hóa", "tỉnh Nghệ An", "tỉnh Quảng Nam", "tỉnh Bình Định",
    "tỉnh Lâm Đồng", "tỉnh Tiền Giang", "tỉnh Sóc Trăng", "tỉnh Cà Mau", "thành phố Hải Phòng", "tỉnh Sơn La",
)  # fmt: skip
_SPANS: Final = ("2006-2010", "2011-2015", "2016-2020", "2021-2025")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


def siblings(record: Record, others: list[Record], random: Random) -> list[tuple[str, Record]]:
    """`(kind, record)`; kinds that change the record itself give both members of the pair."""
    made: list[tuple[str, Record]] = []
    for kind, make in random.sample(_KINDS, 4):
        found = make(record, others, random)
        if found is not None:
            made.append((kind, found))
    if random.random() < 0.4:  # the series of a programme: the provinces, the five-year plans
        kind, words = random.choice((("place", _PLACES), ("span", _SPANS)))
        for one in random.sample(words, 2):
            found = _new(record, random, years=(0, 0, 1), kept=0.65)
            found["title"] += f" tại {one}" if kind == "place" else f" giai đoạn {one}"
            made.append((kind, found))
    return made


def _new(record: Record, random: Random, *, years: tuple[int, ...], kept: float) -> Record:
    """Another work of the same people: other numbers, other money, part of the abstract."""
    made = deepcopy(record)
    for name in ("archive_number", "result_code", "certificate_number"):
        if made.get(name):
            made[name] = other_number(made[name], random) if random.random() < 0.5 else ""
    later = random.choice(years)
    if made.get("year"):
        made["year"] += later
    for name in ("start", "end"):
        if made.get(name):
            year, _dash, month = made[name].partition("-")
            made[name] = f"{int(year) + later}-{month}"
    if made.get("funding"):
        made["funding"] = int(made["funding"] * random.choice((0.4, 0.7, 1.3, 1.8, 2.5)))
    sentences = _SENTENCE.split(made.get("abstract") or "")
    made["abstract"] = " ".join(
        sentence if random.random() < kept else other_figures(sentence, random)
        for sentence in sentences
        if random.random() < 0.5 + kept / 2
    )
    made["ip"] = []
    return made


def other_number(text: str, random: Random) -> str:
    """The last run of digits that is no year becomes another."""
    runs = [m for m in re.finditer(r"\d+", text) if not re.fullmatch(r"(19|20)\d\d", m.group())]
    if not runs:
        return ""
    last = max(runs, key=lambda match: len(match.group()))
    other = str(random.randrange(10 ** (len(last.group()) - 1), 10 ** len(last.group())))
    return text[: last.start()] + other + text[last.end() :]


def other_figures(text: str, random: Random) -> str:
    return _NUMBER.sub(lambda match: str(random.randrange(2, 900)), text)


def _next_phase(record: Record, others: list[Record], random: Random) -> Record:
    made = _new(record, random, years=(1, 2, 3), kept=0.4)
    made["title"] += random.choice(
        (" (giai đoạn 2)", " - giai đoạn II", ", giai đoạn hai", " (pha 2)", " (Phase II)")
    )
    return made


def _next_part(record: Record, others: list[Record], random: Random) -> Record:
    made = _new(record, random, years=(0, 1), kept=0.5)
    made["title"] += random.choice((", phần II", " - Tập 2", ". Quyển 2", " (phần 2)", " (đợt 2)"))
    return made


def _silent_sequel(record: Record, others: list[Record], random: Random) -> Record:
    """The same title, team and organisation a few years on: only the years and the text tell."""
    return _new(record, random, years=(1, 2, 3), kept=0.3)


def _same_year_twin(record: Record, others: list[Record], random: Random) -> Record:
    """Two grants for one title in one year: the money and the text tell, as far as they are known."""
    made = _new(record, random, years=(0,), kept=0.2)
    made["agency"] = random.choice(others).get("agency", "")
    return made


def _other_subject(record: Record, others: list[Record], random: Random) -> Record | None:
    """Another crop, another material: two words of the title exchanged, in the abstract too."""
    words = subject_words(record["title"])
    if len(words) < 6:
        return None
    made = _new(record, random, years=(0, 0, 1), kept=0.5)
    at = random.randrange(2, len(words) - 2)
    old = words[at : at + 2]
    new = random.sample(subject_words(random.choice(others)["title"]), 2)
    for gone, come in zip(old, new, strict=True):
        made["title"] = re.sub(rf"\b{re.escape(gone)}\b", come.lower(), made["title"], count=1)
        made["abstract"] = re.sub(rf"\b{re.escape(gone)}\b", come.lower(), made["abstract"])
    if made["title"].lower() == record["title"].lower():
        return None
    made["keywords"] = made["keywords"][:1] + random.choice(others)["keywords"][:2]
    return made


def _other_figure(record: Record, others: list[Record], random: Random) -> Record | None:
    """150 m³ a day, 500 m³ a day."""
    made = _new(record, random, years=(0, 0, 1), kept=0.6)
    made["title"] = _NUMBER.sub(lambda match: str(random.randrange(2, 900)), made["title"])
    return made if made["title"] != record["title"] else None


def _same_team(record: Record, others: list[Record], random: Random) -> Record:
    """The team's other work, in the same year, at the same place."""
    other = random.choice(others)
    made = _new(other, random, years=(0,), kept=1.0)
    for name in ("people", "organization", "agency", "year", "start", "end"):
        made[name] = deepcopy(record.get(name))
    return made


_KINDS: Final[tuple[tuple[str, Callable[[Record, list[Record], Random], Record | None]], ...]] = (
    ("phase", _next_phase),
    ("part", _next_part),
    ("sequel", _silent_sequel),
    ("twin", _same_year_twin),
    ("subject", _other_subject),
    ("figure", _other_figure),
    ("team", _same_team),
)

import json
import unicodedata
from pathlib import Path

import pytest

import marketplace.demo
from marketplace.sources.formats.legacy import CONVERTED, DAMAGED, OK, examine, repair_record
from marketplace.sources.formats.syllables import is_marked_syllable
from tests.sources.formats.old_encodings import (
    ENCODERS,
    as_tcvn3,
    as_utf8_read_as_windows_1252,
    as_vni,
    with_letters_lost,
)

DEMO = sorted(Path(marketplace.demo.__file__).parent.glob("data/*/*.jsonl"))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def mapped(value, change):
    if isinstance(value, str):
        return change(unicodedata.normalize("NFC", value))
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {name: mapped(one, change) for name, one in value.items()}
    return value


def records(name="results.jsonl"):
    return [json.loads(line) for path in DEMO if path.name == name for line in path.open()]


def test_good_text_is_never_changed():
    texts = {text for path in DEMO for line in path.open() for text in strings(json.loads(line))}
    assert len(texts) > 3000
    changed = [text for text in texts if examine(text).text != text or examine(text).status != OK]
    assert changed == []


#: Share of values that come back to the letter, of a tenth of the demo's results. `make bench` prints
#: the shares over all of them. TCVN3 has no capitals with marks, so it is counted without case.
FLOORS = {
    "tcvn3": 0.985, "vni": 0.99, "viscii": 0.96, "windows-1258": 0.97,
    "utf-8 as cp1252": 1.0, "utf-8 as latin-1": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("name", FLOORS)
def test_what_was_written_in_an_old_encoding_comes_back(name):
    total = right = 0
    for record in records()[::10]:
        good = mapped(record, str)
        damaged = mapped(record, ENCODERS[name])
        repaired = repair_record(damaged).data
        for field in good:
            texts, before = list(strings(good[field])), list(strings(damaged[field]))
            lossy = any(a.count("?") != b.count("?") for a, b in zip(texts, before, strict=True))
            if texts == before or lossy:
                continue
            total += 1
            after = list(strings(repaired[field]))
            same = [a.lower() for a in after] == [a.lower() for a in texts]
            right += same if name == "tcvn3" else after == texts
    assert total > 50
    assert right / total >= FLOORS[name]


@pytest.mark.parametrize(
    ("text", "repaired", "encoding"),
    [
        ("B¸o c¸o tµi chÝnh", "Báo cáo tài chính", "tcvn3"),
        ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "tcvn3"),
        ("S¬n La", "Sơn La", "tcvn3"),
        ("Nghieân cöùu cheá taïo maùy saáy", "Nghiên cứu chế tạo máy sấy", "vni"),
        ("Ñaø Naüng, aúng", "Đà Nẵng, ẳng", "vni"),
        ("kî khí vaø hieáu khí", "kỵ khí và hiếu khí", "vni"),
        ("NghiÃªn cá»©u", "Nghiên cứu", "utf-8"),
        ("NghiÃƒÂªn cÃ¡Â»Â©u", "Nghiên cứu", "utf-8"),
        # The no-break space inside `à` has become a blank on the way.
        ("Báº£o tÃ ng vÃ  thÆ° viá»‡n", "Bảo tàng và thư viện", "utf-8"),
    ],
)
def test_texts_as_they_are_met(text, repaired, encoding):
    verdict = examine(text)
    assert (verdict.status, verdict.text, verdict.encoding) == (CONVERTED, repaired, encoding)


@pytest.mark.parametrize(
    "text",
    [
        "", "plain", "What? Really? Yes", "https://x.example/?a=b?c=d?e", "5 µm × 10 µm, 25 °C ± 2",
        "Müller, José & Løvås", "Résumé à la carte", "naïve café", "Größe", "© 2020 ABC®", "São Paulo",
        "«Tự điển»", "PGF2α và β-caroten", "Đắk Lắk", "Kon Tum", "Θεσσαλονίκη Αθήνα Πάτρα", "某人",
        "N·m; W/(m·K)", "đồng chí…” tiếc", "ôtô, axit, kilôgam",
    ],
)  # fmt: skip
def test_good_text_of_other_kinds_is_left_alone(text):
    assert examine(text) == examine(text).__class__(OK, text)


@pytest.mark.parametrize(
    "text",
    [
        "Nghi?n c?u s?y xo?i",
        "Nghi\ufffdn cứu",
        "Quaãn lyá nhaâ nûúác àöëi vúái thöng tin vïì nhiïåm vuå",
    ],
)
def test_lost_letters_and_unknown_encodings_are_damaged_and_stay(text):
    assert examine(text) == examine(text).__class__(DAMAGED, text)


def test_letters_lost_in_the_demo_are_found():
    titles = [record["title"] for record in records()]
    lost = [with_letters_lost(title) for title in titles]
    found = sum(examine(text).status == DAMAGED for text in lost)
    assert found / sum("?" in text for text in lost) > 0.95


def test_clear_values_tell_the_encoding_of_short_ones():
    alone = examine("§KKQ-0071")
    assert alone.status == OK
    repair = repair_record(
        {
            "title": as_tcvn3("Nghiên cứu chế tạo máy sấy nông sản"),
            "number": "0071/2024/§KKQ",
            "year": 2024,
            "words": [as_tcvn3("nitơ"), as_tcvn3("sấy lạnh")],
            "people": [{"name": as_tcvn3("Lê Thị Bình"), "role": "lead"}],
        }
    )
    assert repair.data == {
        "title": "Nghiên cứu chế tạo máy sấy nông sản",
        "number": "0071/2024/ĐKKQ",
        "year": 2024,
        "words": ["nitơ", "sấy lạnh"],
        "people": [{"name": "Lê Thị Bình", "role": "lead"}],
    }
    assert repair.originals["number"] == "0071/2024/§KKQ"
    assert set(repair.encodings.values()) == {"tcvn3"}
    assert repair.damaged == []


def test_good_values_beside_old_ones_stay():
    data = {
        "title": as_vni("Nghiên cứu chế tạo máy sấy nông sản"),
        "abstract": "Đề tài chế tạo máy sấy hoà khí; tác giả José.",
        "note": as_utf8_read_as_windows_1252("Kết quả đã nghiệm thu"),
    }
    repair = repair_record(data)
    assert repair.data["abstract"] == data["abstract"]
    assert repair.data["title"] == "Nghiên cứu chế tạo máy sấy nông sản"
    assert repair.data["note"] == "Kết quả đã nghiệm thu"
    assert repair.encodings == {"title": "vni", "note": "utf-8"}


@pytest.mark.parametrize(
    "word", ["nghiêng", "Quyển", "giếng", "gì", "khuỷu", "hoà", "hòa", "ƯỚC", "xoong"]
)
def test_syllables(word):
    assert is_marked_syllable(word)


@pytest.mark.parametrize("word", ["ngiêng", "hảc", "tờt", "cafộ", "Josộ", "nướcc", "ẹẹ"])
def test_no_syllables(word):
    assert not is_marked_syllable(word)

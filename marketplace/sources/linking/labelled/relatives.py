"""The hard part: results of one task, organisation or series whose titles differ in a word or a number
and in all else hardly at all. Sources of life have them: a report a phase, a model a province, a crop a
year, all under one sum of money.
"""

from copy import deepcopy
from random import Random
from typing import Any, Final

from marketplace.sources.linking.labelled.damage import damaged
from marketplace.sources.linking.labelled.members import Half, Labelled, Member
from marketplace.sources.linking.labelled.siblings import other_figures, other_number

Record = dict[str, Any]

#: Kind → what two relatives add to one title. Every second pair serves one half of the set alone, so
#: that the half that is reported meets words that nobody looked at.
_ADDED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "phase": (
        (" (giai đoạn 1)", " (giai đoạn 2)"), (" - giai đoạn I", " - giai đoạn II"),
        (", phần 1", ", phần 2"), (" (đợt 1)", " (đợt 2)"),
        (". Tập I", ". Tập II"), (", pha 1", ", pha 2"),
        (", lần thứ nhất", ", lần thứ hai"), (" (kỳ 1)", " (kỳ 3)"),
    ),
    "number": (
        (", chuyên đề 1", ", chuyên đề 2"), (", mô hình số 1", ", mô hình số 3"),
        (" (mẫu A)", " (mẫu B)"), (" (lô B)", " (lô C)"),
        (", quý I", ", quý II"), (", nhánh 2", ", nhánh 4"),
        (" thế hệ 1", " thế hệ 2"), (", phiên bản 2", ", phiên bản 3"),
    ),
    "place": (
        (" tại tỉnh Hà Giang", " tại tỉnh Lào Cai"), (" tại tỉnh Quảng Nam", " tại tỉnh Quảng Ngãi"),
        (" tại huyện Đồng Văn", " tại huyện Mèo Vạc"), (" ở huyện Cần Giờ", " ở huyện Cần Đước"),
        (" ở miền Bắc", " ở miền Trung"), (" vùng Tây Nguyên", " vùng Đông Nam Bộ"),
        (" tại Thanh Hóa", " tại Nghệ An"), (" tại xã Tân Lập", " tại xã Tân Thành"),
    ),
    "crop": (
        (" trên cây lúa", " trên cây dứa"), (" cho cây cam", " cho cây chanh"),
        (" trên cây cà phê", " trên cây cà chua"), (" cho vườn bưởi", " cho vườn chuối"),
        (" áp dụng cho tôm sú", " áp dụng cho tôm thẻ"), (" áp dụng cho bò sữa", " áp dụng cho bò thịt"),
        (" cho gà thả vườn", " cho vịt thả vườn"), (" với nguyên liệu ngô", " với nguyên liệu sắn"),
    ),
    "season": (
        (" năm 2019", " năm 2020"), (" năm 2017", " năm 2018"),
        (" vụ đông xuân", " vụ hè thu"), (" vụ xuân", " vụ mùa"),
        (" trong mùa mưa", " trong mùa khô"), (" đầu vụ", " cuối vụ"),
        (" giai đoạn 2011-2015", " giai đoạn 2016-2020"), (" giai đoạn 2016–2018", " giai đoạn 2019–2021"),
    ),
    "size": (
        (" công suất 50 kg/giờ", " công suất 100 kg/giờ"), (" dung tích 20 lít", " dung tích 200 lít"),
        (" quy mô nông hộ", " quy mô công nghiệp"), (" loại nhỏ", " loại lớn"),
        (" điện áp 22 kV", " điện áp 35 kV"), (" công suất 5 kW", " công suất 7,5 kW"),
        (" dạng bột", " dạng lỏng"), (" bán tự động", " tự động"),
    ),
    "group": (
        (" cho trẻ em", " cho người cao tuổi"), (" ở nam giới", " ở nữ giới"),
        (": quy trình", ": thiết bị"), (": phần mềm", ": cơ sở dữ liệu"),
        (" - báo cáo hiện trạng", " - báo cáo giải pháp"), (": sổ tay hướng dẫn", ": tài liệu tập huấn"),
        (" cho doanh nghiệp", " cho hợp tác xã"), (" theo phương án một", " theo phương án hai"),
    ),
}  # fmt: skip


def hard_set(records: list[Record], *, half: Half, seed: int) -> Labelled:
    """Three families of two relatives to each record of one half, each relative with a damaged copy of
    its own: the copies are to be found, the relatives never to be joined."""
    own = [deepcopy(one) for one in records[(0 if half == "development" else 1) :: 2]]
    random = Random(seed)  # noqa: S311 - a repeatable set, no secret
    members: list[Member] = []
    for number, record in enumerate(own):
        for kind in random.sample(sorted(_ADDED), 3):
            pairs = _ADDED[kind][(0 if half == "development" else 1) :: 2]
            for place, made in enumerate(_relatives(record, random.choice(pairs), random)):
                entity = f"hard-{half}-{number}/{kind}-{place}"
                members.append(Member(entity, kind, "ac"[place], made))
                members.append(Member(entity, kind, "bd"[place], damaged(made, random)))
    return Labelled(half, seed, tuple(members))


def _relatives(record: Record, added: tuple[str, str], random: Random) -> tuple[Record, Record]:
    """Both have team, organisation and agency in common; mostly the year, often the money, and more or
    less of the abstract, down to the last figure."""
    one, other = deepcopy(record), deepcopy(record)
    for made, words in zip((one, other), added, strict=True):
        made["title"] += words
        if made.get("title_en"):
            made["title_en"] = ""
    for name in ("archive_number", "result_code", "certificate_number"):
        if other.get(name):
            other[name] = other_number(other[name], random) if random.random() < 0.4 else ""
    if random.random() < 0.25 and other.get("year"):
        other["year"] += 1
    if random.random() < 0.4 and other.get("funding"):
        other["funding"] = int(other["funding"] * random.choice((0.5, 0.8, 1.25, 2)))
    text = random.choice(("same", "figures", "figures", "subject", "none"))
    if text == "figures":
        other["abstract"] = other_figures(other["abstract"], random)
    elif text == "subject":
        one["abstract"] += f" Kết quả được áp dụng{added[0]}."
        other["abstract"] += f" Kết quả được áp dụng{added[1]}."
    elif text == "none":
        other["abstract"] = ""
    return one, other

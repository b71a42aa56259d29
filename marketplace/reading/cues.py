"""Words after which, or before which, an element stands: the part of the reading that is language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.reading.folding import fold_in_place

MATERIAL, METHOD, EFFICACY, PRODUCT, APPLICATION = (
    "material", "method", "efficacy", "product", "application"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """What follows a cue up to the next boundary is the element; with `head` the cue belongs to it."""

    kind: str
    pattern: re.Pattern[str]
    #: The same with its words as they are typed without marks: for texts that have none.
    bare_pattern: re.Pattern[str]
    head: bool
    #: More words than this are no name of a thing any more.
    most_words: int = 4
    #: May be the thing that a verb works on: given up where the vocabulary knows better.
    loose: bool = False


#: "đồng bằng", "công bằng", "bằng sáng chế" are other words.
_BY: Final = r"(?<!đồng )(?<!cân )(?<!công )(?<!thăng )bằng(?! sáng chế| cấp| độc quyền| không)"
#: The verb: not "một loại", "kim loại", "loại C".
_REJECTED: Final = (
    r"(?<!kim )(?<!phân )(?<!chủng )(?<!thể )(?<!các )(?<!những )(?<!một )(?<!mọi )(?<!mấy )(?<!nhiều )(?<!là )"
    r"(?<!có )(?<!cần )(?<!đủ )(?<!dùng )(?<!cùng )(?<!hai )(?<!ba )(?<!tìm )(?<!mua )loại(?! \w(?!\w))"
)
#: Without their marks these are first of all other words ("đo" and "do", "cán" and "cần").
_NEVER_BARE: Final = frozenset(
    ("chợ", "bã", "tủ", "đo", "bẫy", "đèn", "nhờ", "ủ", "cán", "(?<!chống )cắt", "ấp", "trị", "đầm", "khử", "chiết", "hút",
     "kho", "giống", "bớt", "mỏ", "lưới", "quán", "thành", "hơi", "trồng")
)  # fmt: skip


def _cue(
    kind: str, words: str, *, head: bool, most: int = 4, loose: bool = False, marked: str = ""
) -> Cue:
    """`marked` are words, with what may stand beside them, that count with their marks alone."""
    bare = "|".join(fold_in_place(word) for word in words.split("|") if word not in _NEVER_BARE)
    typed = f"{marked}|{words}" if marked else words
    together = f"{typed}|{bare}" if bare else typed
    return Cue(kind, _standing(typed), _standing(together), head, most, loose)


def _standing(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


# Verbs whose object is what is worked on.
_WORKED_ON: Final = (
    "xử lý|sấy|tách|thu hồi|nghiền|(?<!chất )bảo quản|tái chế|nấu|chế biến|chiết tách|chiết xuất|chiết|trích ly|"
    "phân loại|đếm|lọc|nuôi|trồng|ủ|rửa|gọt|bóc vỏ|tách vỏ|tách hạt|(?<!chống )cắt|cán|nung chảy|thu gom|khử trùng|"
    "ấp|dệt|nhuộm|tuyển|làm sạch|chuyển hóa|thủy phân|lên men"
)
_WORKED_ON_EN: Final = (
    r"recover(?:s|ing)?|recycl(?:e|es|ing)|sort(?:s|ing)?|treat(?:s|ing)?|convert(?:s|ing)?|turn(?:s|ing)?(?! (?:brown|black|yellow|grey|gray|red|green|white|dark|pale|sour|soft|hard|cold|hot|rancid|bad|off|on|out|up|down)(?!\w))|count"
    r"(?:s|ing)?|dry(?:ing)?|extract(?:s|ing)?|process(?:es|ing)?(?! to| that| for)|separat(?:e|es|ing)|"
    r"desalinat(?:e|es|ing)|purify(?:ing)?|clean(?:s|ing)?|reclaim(?:s|ing)?|grind(?:s|ing)?|mill(?:ing)|"
    r"detect(?:s|ing)?|measur(?:e|es|ing)|ferment(?:s|ing)?|peel(?:s|ing)?|shell(?:s|ing)"
)
VIETNAMESE: Final[tuple[Cue, ...]] = (
    _cue(
        PRODUCT,
        "(?<!nhà )máy|thiết bị|dây chuyền|hệ thống|chế phẩm|phần mềm|bộ điều khiển|lò|tủ|robot|cảm biến|kit|"
        "bộ kit|buồng|bồn|trạm sạc|kho lạnh|vật liệu|keo|màng bọc|màng phủ|lớp phủ|lớp mạ|thức ăn|bao bì|giống|"
        "vắc xin|que thử|viên nén|phân bón|app|mô hình|khuôn|bộ lọc|đèn|bẫy",
        head=True,
        most=6,
    ),
    _cue(
        PRODUCT,
        r"quy trình sản xuất|công nghệ sản xuất|dây chuyền sản xuất|sản xuất ra|chế tạo|làm ra|thành(?! phố| công| phần| lập| viên| thị| tựu| phẩm| hình| thạo)|làm thành",
        head=False,
        most=5,
        loose=True,
    ),
    _cue(
        METHOD,
        "bằng phương pháp|phương pháp|bằng công nghệ|công nghệ(?! cao(?!\\w))|kỹ thuật|sử dụng công nghệ|dùng công nghệ",
        head=False,
    ),
    _cue(
        METHOD,
        "nhờ|chạy bằng|chạy điện|truyền sóng|theo nguyên lý",
        head=False,
        loose=True,
        marked=_BY,
    ),
    _cue(
        MATERIAL,
        "nguyên liệu là|nguyên liệu|từ nguồn|sản xuất từ|làm từ|trên giá thể|trên nền|phế phẩm từ|nước thải|"
        "khí thải|bã|tồn dư|dư lượng|hàm lượng|nhiễm",
        head=False,
    ),
    _cue(MATERIAL, _WORKED_ON, head=False, loose=True),
    _cue(
        MATERIAL,
        r"từ(?! (?:tháng|năm|quý|ngày|khi|đó|nay|xa|trước|đầu|cuối|\d|thang|nam|quy|ngay|truoc|dau|cuoi|do|xa|hai"
        r"|một|ba|bốn|sáu|bảy|tám|chín|mười|mấy|vài|mot|bon|bay|tam|chin|muoi|may|vai"
        # Without marks "tự": "tu dong", "tu hanh", "be tu hoai".
        r"|dong|hanh|hoai|nhien|nguyen|lieu|nhan|tin)(?!\w))",
        head=False,
        loose=True,
    ),
    _cue(
        EFFICACY,
        "giảm|tăng|nâng cao|giữ|giữ nguyên|hạn chế|chống|khử|loại bỏ|phát hiện|tiết kiệm|thu hồi|tách|kéo dài|"
        "ngăn ngừa|cải thiện|xử lý|đo|kiểm tra|cảnh báo|quản lý|làm sạch|bớt|rút ngắn|tận dụng|theo dõi|giám sát|"
        r"dự báo|(?:biết|báo|đoán) trước(?! (?:một|hai|ba|bốn|năm|vài|mấy|cả|mot|bon|nam|vai|may|ca)(?!\w))(?: (?:lúc|khi|hồi) nào| bao giờ| khi(?= (?:hỏng|hư|vỡ|cháy|gãy|kẹt|hong)(?!\w)))?(?: sắp)?|bảo vệ|(?:hết|đỡ)(?= (?:mùi|hôi|khói|bụi|ồn|gỉ|rỉ|sâu|bệnh|nấm|mốc|cặn|rung|thối)(?!\w))|chịu|kháng(?! sinh)|hút|tự động|nhận dạng|nhận biết|đếm|chuyển hóa|ổn định|trị|diệt",
        head=True,
        most=5,
        marked=_REJECTED,
    ),
    _cue(
        APPLICATION,
        "ứng dụng trong|dùng cho|dùng trong|phục vụ|áp dụng cho|trong ngành|trong lĩnh vực|lĩnh vực|ngành",
        head=False,
    ),
    _cue(
        APPLICATION,
        "nhà máy|xưởng|phân xưởng|trại|cơ sở|làng nghề|bệnh viện|trường học|phòng khám|phòng thí nghiệm|hợp tác xã|"
        "nhà vườn|vườn|ao|đìa|đầm|đội tàu|tàu cá|tàu|mỏ|nhà thuốc|trạm|siêu thị|chuỗi siêu thị|lưới điện|lưới(?! thép| sắt| kim loại| lọc| nhựa| inox| an toàn| thep| sat| kim loai| loc| nhua| an toan)|xe buýt|tầng hầm|"
        "doanh nghiệp|khách sạn|quán|bếp ăn|cảng|sân bay|kho|hồ chứa|công trình|khu dân cư|lò mổ|chợ",
        head=True,
        most=5,
        loose=True,
    ),
)
ENGLISH: Final[tuple[Cue, ...]] = (
    _cue(METHOD, "based on|by means of|using|via|powered by|through", head=False),
    _cue(
        MATERIAL,
        "made from|made of|derived from|produced from|out of|residue on|residues in",
        head=False,
    ),
    _cue(MATERIAL, _WORKED_ON_EN, head=False, loose=True),
    _cue(
        EFFICACY,
        r"reduc(?:e|es|ing)|increas(?:e|es|ing)|improv(?:e|es|ing)|remov(?:e|es|ing)|prevent(?:s|ing)?|"
        r"extend(?:s|ing)?|resist(?:s|ing)?|protect(?:s|ing)?|monitor(?:s|ing)?|cut(?:s|ting)?|lower(?:s|ing)|"
        r"keep(?:s|ing)?(?: (?:the|its|their))?(?= (?:colou?rs?|flavou?rs?|tastes?|aromas?|textures?|shapes?|freshness|crunch)(?!\w))|"
        r"sav(?:e|es|ing)|predict(?:s|ing|ive)?|inspect(?:s|ing)?|kill(?:s|ing)?|" + _WORKED_ON_EN,
        head=True,
        most=5,
    ),
    _cue(APPLICATION, "for use in|applicable to|applications? in|used in|used by", head=False),
)


def _heads(words: str) -> re.Pattern[str]:
    stop = (
        "a|an|the|and|or|for|to|of|in|on|at|by|with|from|our|we|need|needs|want|wants|wanted|looking|seeking|"
        "require|requires|seek|seeks|run|as|into|using|that|which|is|are|be|this|their|new|low|cost|autonomous|my|your|his|her|"
        "some|any|keep|keeps|keeping|bring|brings|bringing|kg|mg|ml|km|cm|mm"
    )
    return re.compile(
        rf"(?<![\w-])(?:(?!(?:{stop})(?![\w-]))[a-z][a-z-]+ ){{0,3}}(?:{words})(?![\w-])",
        re.IGNORECASE,
    )


#: English names a thing by its last word: what stands before it belongs to it.
ENGLISH_HEADS: Final[Mapping[str, re.Pattern[str]]] = {
    PRODUCT: _heads(
        "machines?|systems?|software|sensors?|robots?|devices?|equipment|films?|coatings?|strips?|kits?|feed|"
        "vaccines?|catalysts?|blocks?|bricks?|drones?|materials?|dryers?|tools?|platforms?|packaging|powder|"
        "batter(?:y|ies)|pumps?|filters?|membranes?|adhesives?|fertilizers?|apps?|boards?|fibres?|fibers?|biodiesel|"
        "resins?|sealants?|cultivars?|varieties|lamps?"
    ),
    APPLICATION: _heads(
        "factor(?:y|ies)|mills?|brewer(?:y|ies)|foundr(?:y|ies)|hospitals?(?: group)?|farms?|hatcher(?:y|ies)|ports?|"
        "schools?|packing houses?|mines?|shipyards?|workshops?|clinics?|refiner(?:y|ies)|greenhouses?|orchards?|"
        "runways?|villages?|beds|cables|cranes?|supermarkets?|warehouses?|airports?|quarr(?:y|ies)|slaughterhouses?|"
        "fields?|buildings?|tunnels?|vessels?"
    ),
}
#: Conditions, not things that are worked on: "bảo quản nhiệt độ thường", "sấy dẻo độ ẩm 15 %".
CONDITION: Final = re.compile(
    r"(?:\w+ )?(?:nhiệt độ|độ ẩm|thời gian|hạn dùng|nhiet do|do am|thoi gian)(?!\w)", re.IGNORECASE
)
#: Behind a verb, how it is done today, or nothing: "đếm tay", "phân loại thủ công", "giữ nguyên". Things are
#: named by more ("tay nắm").
MANNER: Final = re.compile(
    r"(?:bằng |bang )?(?:tay|chân|mắt|thủ công|nguyên|thu cong|mat|chan|nguyen)(?! \w)(?!\w)",
    re.IGNORECASE,
)
#: Places that anybody has: by themselves they tell no need from another.
ANY_PLACE: Final = frozenset(
    {
        "nhà máy",
        "cơ sở",
        "doanh nghiệp",
        "công trình",
        "phân xưởng",
        "nha may",
        "co so",
        "doanh nghiep",
        "cong trinh",
        "phan xuong",
        "field",
        "fields",
    }
)
_SAYS_NOTHING = """
    cũ mới này đó kia ấy gì nào vậy thế luôn khác tốt xịn ngon rẻ đẹp nữa hết hoài suốt rồi xong sao nhé ạ ngay lẹ lắm dữ liền
    old new better good cheap other another some any this that these those our
"""
_VAGUE: Final = frozenset(_SAYS_NOTHING.split())
#: Of these, typed without marks, some are other words first ("mới" and "mỗi", "tốt" and "tột").
_VAGUE_BARE: Final = _VAGUE | {"cu", "moi", "nay", "gi", "nao", "vay", "xin", "re", "nua", "hoai"}


def is_vague(word: str) -> bool:
    """Does it say nothing of what a thing is: "máy cũ", "cách gì đó"?"""
    lowered = word.lower()
    return lowered in _VAGUE or (lowered.isascii() and lowered in _VAGUE_BARE)


_MARKS = r"[.,;:!?()\[\]\n\"“”–]|\s[-—]\s|\d"
_VIETNAMESE_STOPS = (
    "và|bằng|từ|cho|để|với|trong|khi|nhằm|giúp|khỏi|từng|mà|đạt|có|được|là|ở|tại|của|theo|(?<!chân )không|cần|dùng|sử dụng|thay|"
    "hoặc|hay|nhưng|vẫn|khoảng|trên|dưới|đến|do|vì|nếu|vào|ra|so|qua|cùng|gồm|như|này|các|những|mỗi|hiện|đang|"
    "cả|sẽ|phải|muốn|tìm|hỏi|nào|bị|thành|tôi|em|mình|chúng|tụi|bọn|sau|trước|thêm|ngày|đời|dành|hơn|mới|giữa|chạy|tỷ lệ|"
    "năng suất|công suất|chừng|tầm|cỡ|đã|chưa|cứ|hay bị|mất(?! mát)|nói|mức|ít|rất|quá|thì|ít nhất|nhiều nhất|tối thiểu|tối đa|đặt|yêu cầu|"
    "va|bang|tu|cho|de|voi|trong|khi|nham|giup|ma|dat|co|duoc|cua|theo|(?<!chan )khong|can|dung|khoang|muon|tim|thanh|"
    "hoac|toi|moi|tai|o|la|bi|phai|nang suat|cong suat|chung|tam|it nhat|nhieu nhat|toi thieu|toi da"
)
_ENGLISH_STOPS = (
    "and|or|for|to|from|with|without|by|that|which|in|on|of|at|using|is|are|was|were|while|when|as|than|the|a|an|"
    "can|will|may|its|their|such|into|through|under|over|instead|continuously|wants?|needs?|must|seeks?|"
    "requires?|each|per|if|below|above|about|around|between|during|after|before|within|at least|less|more|only|"
    "but|because|since|where|who|we|our|it|be|been|has|have|not|no|so|too|very|every"
)
#: Words of two syllables that say how a thing is: half of one, where a phrase is cut, says nothing.
_QUALITIES: Final = (
    "chính xác; tự động; hiệu quả; chất lượng; công nghiệp; liên tục; đồng đều; ổn định; bền vững; hữu cơ; an toàn; "
    "thông minh; di động; truyền thống; hiện đại; năng lượng; nhiệt độ; môi trường; thủ công; chuyên dụng; đa năng"
)
TWO_SYLLABLES: Final = frozenset(_QUALITIES.split("; "))
BARE_TWO_SYLLABLES: Final = frozenset(map(fold_in_place, TWO_SYLLABLES))
#: What one verb works on ends where the next verb begins: "xử lý bề mặt | kéo dài tuổi thọ".
NEXT_VERB: Final = re.compile(
    r"(?<!khả năng )(?<!hiệu quả )(?<!kha nang )(?<!hieu qua )(?<!\w)(?:giảm|tăng|nâng cao|giữ|hạn chế|chống|khử|"
    r"loại bỏ|phát hiện|tiết kiệm|kéo dài|ngăn ngừa|cải thiện|rút ngắn|tận dụng|giám sát|theo dõi|"
    r"han che|loai bo|phat hien|tiet kiem|keo dai|ngan ngua|cai thien|rut ngan|tan dung|giam sat|theo doi)(?!\w)",
    re.IGNORECASE,
)
#: So does the name of a thing, and where its trouble begins: "máy phay CNC | kêu rồi kẹt"; not what foretells it.
NEXT_OR_TROUBLE: Final = re.compile(
    rf"{NEXT_VERB.pattern}|(?<!\w)(?<!báo )(?<!đoán )(?<!hiện )(?<!sắp )(?:kêu|kẹt|rồi|hỏng|hư)(?!\w)",
    re.IGNORECASE,
)
#: A place ends where its trouble begins: "trại heo | hôi quá", "xưởng mộc | bụi mù mịt".
TROUBLE: Final = re.compile(
    r"(?<!\w)(?:hôi|bụi|khói|ồn|thối|ngập|nóng|ít|nhiều|hay|cứ|hỏng|hư|chỉ|quen|"
    r"một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mấy|vài)(?!\w)",
    re.IGNORECASE,
)
#: Where a phrase after a cue ends. Terms in a Vietnamese text are often English, so both hold there but
#: for what is also Vietnamese ("máy in", "may").
BOUNDARY: Final = re.compile(
    rf"{_MARKS}|(?<!\w)(?:{_VIETNAMESE_STOPS}|and|or|for|from|with|by|that|which|of|using|is|are)(?!\w)",
    re.IGNORECASE,
)
ENGLISH_BOUNDARY: Final = re.compile(rf"{_MARKS}|(?<!\w)(?:{_ENGLISH_STOPS})(?!\w)", re.IGNORECASE)
#: Single syllables that without their marks are first of all other words.
_TOO_BARE = """
    ca cua toi nhan san kinh thit van dua cam ga tao da nam vai ma han nghe mau son bo che ot tre duc bom
    giay cat dot bun pho mien
"""
TOO_BARE: Final = frozenset(_TOO_BARE.split())

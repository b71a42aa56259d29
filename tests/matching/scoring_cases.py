"""Plain candidates and the statistics of an index that holds just them and some others."""

from collections import Counter
from collections.abc import Sequence

from marketplace.matching.scoring import CandidateText
from search.analysis import exact_terms, fold_terms, pairs
from search.queries import TermStatistics

MANGO = CandidateText(
    kind="result",
    key="xoai",
    title="Máy sấy bơm nhiệt cho xoài cắt lát",
    text=(
        "Đề tài chế tạo máy sấy lạnh bằng bơm nhiệt. Thiết bị sấy ở 45 °C giữ màu xoài, "
        "công suất 500 kg mỗi mẻ, tiêu hao 0,9 kWh cho một kg nước. Không dùng lưu huỳnh."
    ),
    fields=("40107",),
    trl=7,
    province="68",
)
SULPHUR = CandidateText(
    kind="result",
    key="luu-huynh",
    title="Tối ưu công đoạn xông lưu huỳnh trong sấy xoài",
    text="Xoài lát được xông lưu huỳnh 20 phút rồi sấy hầm than để giữ màu. Năng suất 300 kg mỗi mẻ.",
    fields=("40107",),
    trl=8,
)
DYEING = CandidateText(
    kind="offer",
    key="det-nhuom",
    title="Xử lý nước thải dệt nhuộm bằng ozone và lọc màng",
    text="Độ màu đầu ra dưới 50 Pt-Co với lưu lượng 1.200 m³ mỗi ngày, bùn giảm 40 %.",
    fields=("20802",),
    price_min=2_000_000_000,
)
SHRIMP = CandidateText(
    kind="equipment",
    key="tom",
    title="Kit phát hiện nhanh bệnh đốm trắng trên tôm",
    text="Que thử cho kết quả trong 30 phút tại ao, giá 60.000 đồng.",
    fields=("40303",),
)
ARSENIC = CandidateText(
    kind="result",
    key="arsenic",
    title="Low-cost portable sensor for arsenic in groundwater",
    text="An electrochemical strip reads arsenic down to 5 micrograms per litre in ten minutes.",
    language="en",
)
ALL = (MANGO, SULPHUR, DYEING, SHRIMP, ARSENIC)
_COMMON = (
    "Nghiên cứu chế tạo thiết bị và quy trình công nghệ cho sản xuất.",
    "Đề tài nghiên cứu quy trình công nghệ trong nông nghiệp với chi phí thấp.",
    "Chế tạo thiết bị đo và điều khiển cho nhà máy, kết quả thử tại xưởng.",
    "A low-cost system for monitoring of water in ten minutes at the plant.",
    "Xây dựng mô hình ứng dụng công nghệ trong chế biến, giải pháp tốt cho doanh nghiệp.",
)
#: Other records, so that common words are common and lengths usual.
FILLER = tuple(
    " ".join(_COMMON[(start + step) % len(_COMMON)] for step in range(4)) for start in range(100)
)


def statistics(candidates: Sequence[CandidateText] = ALL) -> TermStatistics:
    texts = [f"{c.title} {c.text}" for c in candidates]
    frequency: Counter[str] = Counter()
    length = 0
    for text in [*texts, *FILLER]:
        terms = exact_terms(text)
        folded = fold_terms(terms)
        length += len(terms)
        frequency.update({*terms, *pairs(terms), *folded, *pairs(folded)})
    count = len(texts) + len(FILLER)
    return TermStatistics(count, length / count, dict(frequency))

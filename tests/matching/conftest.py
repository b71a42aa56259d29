import pytest

from marketplace.matching import pipeline, services
from marketplace.taxonomy.labels import forget_labels
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import MANIFEST, read_manifest, read_terms
from search.sync import sync_batch
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory

OTHERS = {
    "Kit phát hiện nhanh bệnh đốm trắng trên tôm": "Que thử cho kết quả trong 30 phút tại ao nuôi, "
    "độ nhạy 95 %, dùng cho trại giống và hộ nuôi tôm thẻ chân trắng.",
    "Xử lý nước thải dệt nhuộm bằng ozone và lọc màng": "Độ màu đầu ra dưới 50 Pt-Co với lưu lượng "
    "1.200 m³ mỗi ngày, bùn giảm 40 % so với keo tụ.",
    "Gạch không nung từ tro bay nhiệt điện": "Cường độ nén 10 MPa, tỷ lệ tro bay 45 %, dây chuyền "
    "ép rung 5 triệu viên mỗi năm.",
    "Chế phẩm vi sinh khử mùi chuồng heo": "Phun chuồng và hố phân, amoniac giảm 60 % sau bảy ngày.",
    "Cảm biến rung không dây dự báo hỏng ổ lăn": "Báo trước hỏng ổ lăn của động cơ 12 ngày, pin dùng "
    "hai năm, đang chạy ở ba nhà máy xi măng.",
    "Vắc xin vô hoạt phòng bệnh Tembusu trên vịt": "Bảo hộ 92 % sau hai mũi, bảo quản ở 2–8 °C.",
    "Đúc vỏ tàu composite bằng hút chân không": "Vỏ tàu cá 18 m bằng sợi thủy tinh và nhựa vinyl "
    "este, nhẹ hơn đắp tay 22 %.",
}


#: A machine that answers the mango need, as an offer or as equipment.
DRYER = {
    "title": "Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt",
    "summary": "Sấy xoài cắt lát ở 45 °C, giữ màu xoài, công suất 500 kg mỗi mẻ.",
    "published": True,
}


@pytest.fixture
def index(search_engine):
    """Brings the index up to date, as its tick does."""

    def sync():
        while sync_batch():
            pass

    return sync


@pytest.fixture
def tick(index):
    """Index, then match, until nothing waits: what the clock does within seconds."""

    def run():
        index()
        while pipeline.run_batch():
            pass

    return run


@pytest.fixture
def others(db):
    """Results that answer other needs, so that the index knows common words from telling ones."""
    return [
        ResultFactory(title=title, abstract=abstract, keywords=[], field_codes=["20501"])
        for title, abstract in OTHERS.items()
    ]


@pytest.fixture
def pass_reasons(db):
    """The shipped reasons, as `load_vocabularies` brings them in."""
    for data in read_manifest(MANIFEST):
        if data.scheme == "pass-reasons":
            load_vocabulary(data, terms=read_terms(data.path), shipped=True)
    yield [code for code, _label in services.reasons_for("need")]
    forget_labels()


@pytest.fixture
def enterprise(db):
    return OrganizationFactory(name="Công ty Trái cây Thử nghiệm")


@pytest.fixture
def owner(enterprise):
    return MembershipFactory(organization=enterprise).user


@pytest.fixture
def mango_need(enterprise, owner, others):
    return NeedFactory(
        organization=enterprise,
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần máy sấy xoài cắt lát giữ màu, công suất từ 400 kg mỗi mẻ.",
        problem="Xưởng đang sấy hầm, xoài sẫm màu.",
        required="Giữ màu xoài, không dùng lưu huỳnh.",
        published=True,
    )

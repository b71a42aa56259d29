import pytest

from marketplace.research.models import Result
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.models import Merge
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory

TITLE = "Nghiên cứu quy trình và thiết bị sấy dẻo xoài bằng bơm nhiệt không sử dụng lưu huỳnh"
ABSTRACT = (
    "Đề tài xây dựng quy trình sấy dẻo xoài không xông lưu huỳnh. Lát xoài dày 8 mm được chần hơi 90 giây, "
    "ngâm axit ascorbic trong 15 phút, sau đó sấy bơm nhiệt ở 45 °C trong 11 giờ. Sản phẩm có độ ẩm 16 %."
)


@pytest.fixture
def record(db):
    """Makes a record of a source; two of them describe one thing unless told otherwise."""
    shared = {}

    def make(source="bo", **values) -> Result:
        if "organization" not in values:
            shared.setdefault("organization", OrganizationFactory(unclaimed=True))
        known = {
            "title": TITLE,
            "abstract": ABSTRACT,
            "people": [
                {"name": "Đặng Quốc Khải", "role": "lead"},
                {"name": "Lưu Thị Bích Hà", "role": "member"},
            ],
            "year": 2022,
            "funding": 3_850_000_000,
            "archive_number": "",
            "source": source,
            **shared,
        }
        return ResultFactory(**known | values)

    return make


@pytest.fixture
def link():
    """Runs the stage until it finds nothing more; says how many records it did."""

    def run() -> int:
        done = 0
        for _batch in range(20):
            count = link_batch()
            done += count
            if not count:
                return done
        raise AssertionError("the stage never comes to rest")

    return run


@pytest.fixture
def twins(record, link):
    """Two records of two sources that the stage has merged: (survivor, duplicate, merge)."""
    kept = record("bo", certificate_number="12/GCN", keywords=["xoài"], trl=None)
    gone = record("tinh", trl=7, products="Máy sấy 300 kg/mẻ", year=2022)
    link()
    kept.refresh_from_db()
    gone.refresh_from_db()
    return kept, gone, Merge.objects.get()

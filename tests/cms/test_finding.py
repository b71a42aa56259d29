"""What staff type into a search box finds rows in whatever capitals and marks they are written."""

import pytest
from django.urls import reverse

from cms.finding import anywhere, holding
from marketplace.research.models import Result
from marketplace.taxonomy.models import Word
from tests.factories.accounts import UserFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("viện cơ điện", True),
        ("VIEN CO DIEN", True),
        ("đien viện", True),
        ("dong thap", True),
        ("[cơ] (", False),
        ("cơ .iện", False),
        ("điện lực", False),
        ("  ", True),
    ],
)
def test_capitals_marks_and_order_do_not_matter(typed, is_found):
    ResultFactory(title="Máy của VIỆN CƠ ĐIỆN nông nghiệp", title_en="Đồng Tháp (thử)")

    assert holding(Result.objects.all(), typed, "title", "title_en").exists() == is_found


def test_signs_of_patterns_stand_for_themselves():
    ResultFactory(title="Thép C45+ (50 %) [loại A]")

    for typed in ("c45+", "(50", "%)", "[loai"):
        assert Result.objects.filter(anywhere(typed, "title")).count() == 1, typed


def test_lists_with_a_search_box_find_by_it(lead, as_user):
    client = as_user(lead)
    Word.objects.create(kind="abbreviation", short="VCĐ", long="Viện Cơ Điện")
    ResultFactory(title="Báo cáo của VIỆN CƠ ĐIỆN")
    ResultFactory(title="Báo cáo về nuôi tôm")

    assert "VCĐ" in client.get(reverse("words:index"), {"words": "vien co dien"}).content.decode()
    found = client.get(reverse("results:index"), {"words": "viện cơ điện"}).content.decode()
    assert "VIỆN CƠ ĐIỆN" in found
    assert "nuôi tôm" not in found


def test_staff_are_found_by_name(administrator, as_user):
    UserFactory(full_name="Đặng Thị Ứng", is_staff=True)
    UserFactory(full_name="Trần Văn Khác", is_staff=True)

    client = as_user(administrator)
    page = client.get(reverse("wagtailusers_users:index"), {"q": "dang thi ung"})

    assert "Đặng Thị Ứng" in page.content.decode()
    assert "Trần Văn Khác" not in page.content.decode()

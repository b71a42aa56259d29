"""Staff at the case desk, and cases of published needs."""

import pytest

from cms.setup import set_up_curation
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from tests.cms.conftest import staff_member
from tests.factories.listings import NeedFactory


@pytest.fixture
def desk(db):
    set_up_curation()


@pytest.fixture
def officer(desk):
    return staff_member("officers", full_name="Nguyễn Thu Hà")


@pytest.fixture
def colleague_officer(desk):
    return staff_member("officers", full_name="Trần Văn Nam")


@pytest.fixture
def lead(desk):
    return staff_member("leads", full_name="Đỗ Minh Khoa")


@pytest.fixture
def provincial(desk):
    return staff_member("provincial", full_name="Lê Thị Cần", staff_provinces=["92"])


@pytest.fixture
def need(db):
    return NeedFactory(published=True, title="Tách vỏ cứng hạt điều", province_code="75")


@pytest.fixture
def case(need):
    return case_of(need)


def case_of(need) -> Case:
    keep_batch()
    return Case.objects.get(subject=need.public_id)

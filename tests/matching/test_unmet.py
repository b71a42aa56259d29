import pytest

from marketplace.matching.models import MatchRun
from marketplace.matching.queries import unmet_needs
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unmet(mango_need, tick):
    type(mango_need).objects.filter(pk=mango_need.pk).update(field_codes=["40107"])
    tick()
    return mango_need


def needs(user, **options):
    return [run.need for run in unmet_needs(user, **options)]


def test_a_need_that_nothing_answers_is_unmet_until_something_does(unmet, tick):
    run = MatchRun.objects.get()
    assert run.abstained
    since = run.unmet_since
    assert since is not None

    ResultFactory(title="Vắc xin cho vịt", abstract="Bảo hộ 92 %.", keywords=[], field_codes=[])
    tick()
    run.refresh_from_db()
    assert run.unmet_since == since  # tried again and still unmet: since then

    ResultFactory()
    tick()
    run.refresh_from_db()
    assert (run.abstained, run.unmet_since) == (False, None)
    assert needs(CuratorFactory()) == []


def test_unmet_needs_are_for_staff_and_for_institutes_of_the_field(unmet, owner):
    def member(*fields):
        return MembershipFactory(organization=OrganizationFactory(field_codes=list(fields))).user

    assert needs(CuratorFactory()) == [unmet]
    assert needs(member("401")) == [unmet]
    assert needs(member("40107", "20802")) == [unmet]
    assert needs(member("20802")) == []
    assert needs(member()) == []
    assert needs(owner) == []
    from django.contrib.auth.models import AnonymousUser

    assert needs(AnonymousUser()) == []


def test_unmet_needs_by_field(unmet):
    staff = CuratorFactory()
    assert needs(staff, fields=["40"]) == [unmet]
    assert needs(staff, fields=["202"]) == []


def test_what_is_no_longer_public_is_not_unmet(unmet):
    type(unmet).objects.filter(pk=unmet.pk).update(live=False)
    assert needs(CuratorFactory()) == []

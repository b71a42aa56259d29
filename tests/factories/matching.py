import factory

from marketplace.accounts.supply import supply_kinds
from marketplace.core import clock
from marketplace.matching.models import Band, Interest, Match
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory


def kind_of(row):
    """The kind of supply that a row is of."""
    return next(code for code, kind in supply_kinds().items() if isinstance(row, kind.model))


class MatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Match

    class Params:
        #: What was matched, of whatever kind of supply.
        candidate = factory.SubFactory(ResultFactory)

    need = factory.SubFactory(NeedFactory, published=True)
    kind = factory.LazyAttribute(lambda self: kind_of(self.candidate))
    candidate_id = factory.SelfAttribute("candidate.pk")
    need_version = 1
    rank = 1
    score = 10.0
    probability = 0.7
    band = Band.GOOD
    explanation = factory.LazyFunction(lambda: {"reasons": []})
    first_matched_at = factory.LazyFunction(clock.now)


class InterestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interest

    organization = factory.SubFactory(OrganizationFactory)
    name = "Sấy trái cây"
    words = (
        "Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt, công suất từ 400 kg mỗi mẻ, xoài không sẫm màu "
        "và không dùng lưu huỳnh."
    )

import factory

from marketplace.core import clock
from marketplace.matching.models import Band, Match
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory


class MatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Match

    need = factory.SubFactory(NeedFactory, published=True)
    result = factory.SubFactory(ResultFactory)
    need_version = 1
    rank = 1
    score = 10.0
    probability = 0.7
    band = Band.GOOD
    explanation = factory.LazyFunction(lambda: {"reasons": []})
    first_matched_at = factory.LazyFunction(clock.now)

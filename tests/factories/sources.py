import factory
from factory.django import DjangoModelFactory

from marketplace.core import clock
from marketplace.sources.models import Run, Source


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"nguon-{n}")
    name = factory.LazyAttribute(lambda source: f"Cơ sở dữ liệu {source.slug}")


class RunFactory(DjangoModelFactory):
    class Meta:
        model = Run

    source = factory.SubFactory(SourceFactory)
    started_at = factory.LazyFunction(clock.now)

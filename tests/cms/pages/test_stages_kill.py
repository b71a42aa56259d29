"""Stages of the site's pages ended by SIGKILL wherever they are."""

from datetime import timedelta

import pytest

from cms.pages.models import ArticlePage, SectionPage
from cms.pages.reading import (
    KEPT_VOTES,
    PageFigures,
    PageVisit,
    StarVote,
    count_visits,
    forget_votes,
)
from cms.pages.types.form import FormAnswer, FormPage, forget_answers
from marketplace.core import clock
from tests.factories.pages import make_page

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def articles(site):
    section = make_page("Tin", kind=SectionPage, slug="tin", shows="news")
    return [
        make_page(name, kind=ArticlePage, under=section, slug=name, shown_on=clock.today())
        for name in ("mot", "hai", "ba")
    ]


def test_every_visit_is_counted_once_wherever_counting_is_ended(articles, kill_stage):
    PageVisit.objects.bulk_create(
        [
            PageVisit(page_id=one.pk)
            for number, one in enumerate(articles, 1)
            for _n in range(number * 3)
        ]
    )

    killed = kill_stage("count_visits(4)", "from cms.pages.reading import count_visits", most=7)
    while count_visits(4):
        pass

    assert killed >= 3
    assert not PageVisit.objects.exists()
    assert list(PageFigures.objects.order_by("page").values_list("page", "views")) == [
        (one.pk, number * 3) for number, one in enumerate(articles, 1)
    ]


def test_only_old_votes_are_forgotten_wherever_it_is_ended(articles, kill_stage):
    now = clock.now()
    StarVote.objects.bulk_create(
        [
            StarVote(
                page_id=articles[0].pk,
                voter=f"{age}-{n}",
                stars=4,
                given_at=now - timedelta(days=age),
            )
            for age in (KEPT_VOTES.days + 1, 1)
            for n in range(5)
        ]
    )
    PageFigures.objects.create(page_id=articles[0].pk, votes=10, stars=40)

    killed = kill_stage(
        "forget_votes(2)", "from cms.pages.reading import forget_votes", count=3, most=3
    )
    while forget_votes(2):
        pass

    assert killed >= 2
    assert sorted(StarVote.objects.values_list("voter", flat=True)) == [f"1-{n}" for n in range(5)]
    assert PageFigures.objects.get().stars == 40


def test_only_answers_past_their_time_are_forgotten_wherever_it_is_ended(site, kill_stage):
    now = clock.now()
    short = make_page("Ngắn", kind=FormPage, purpose="Để xếp lớp.", kept_days=30)
    long = make_page("Dài", kind=FormPage, purpose="Để xếp lớp.", kept_days=90)
    for page in (short, long):
        for age in (10, 60, 100):
            for _n in range(4):
                FormAnswer.objects.create(page=page, form_data={"tuoi": age}, agreed_to="x")
    for answer in FormAnswer.objects.all():
        FormAnswer.objects.filter(pk=answer.pk).update(
            submit_time=now - timedelta(days=answer.form_data["tuoi"])
        )

    killed = kill_stage(
        "forget_answers(3)", "from cms.pages.types.form import forget_answers", most=7
    )
    while forget_answers(3):
        pass

    assert killed >= 3
    left = FormAnswer.objects.order_by("pk").values_list("page_id", "form_data")
    assert sorted((page, data["tuoi"]) for page, data in left) == sorted(
        4 * [(short.pk, 10)] + 4 * [(long.pk, 10)] + 4 * [(long.pk, 60)]
    )

"""Publications past their chain, for tests that ask who reads them."""

from wagtail.models import PageViewRestriction

from cms.pages.models import IssuePage, SeriesPage
from cms.pages.types.form import FormAnswer, FormPage
from cms.publications.models import IssueSending, Subscription
from marketplace.core import clock
from tests.factories.pages import make_page


def closed_issue(mark: str) -> tuple[Subscription, IssueSending]:
    """An issue that nobody may read, marked in its text, in a series with a subscriber."""
    now = clock.now()
    series = make_page("Bản tin", kind=SeriesPage)
    subscription = Subscription.objects.create(
        series=series,
        email=f"doc@{mark.encode().hex()}.vn",
        email_key="x",
        asked_at=now,
        confirmed_at=now,
    )
    issue = make_page(
        "Số kín", kind=IssuePage, under=series, live=False, number="1", introduction=mark
    )
    IssuePage.objects.filter(pk=issue.pk).update(live=True)
    PageViewRestriction.objects.create(page=issue, restriction_type="groups")
    return subscription, IssueSending.objects.create(issue=issue, begun_at=now)


def answered_form() -> FormPage:
    page = make_page("Phiếu hỏi", kind=FormPage, purpose="Để xếp lớp.")
    FormAnswer.objects.create(page=page, form_data={}, agreed_to=page.purpose)
    return page

"""A series for everybody and one for leaders, and the people who write, sign and read them."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, PageViewRestriction

from cms.pages.types.publication import IssuePage, SeriesPage
from cms.setup import set_up_pages
from tests.cms.conftest import staff_member
from tests.factories.accounts import UserFactory
from tests.factories.pages import make_page

CANARY = "Kim-ti-uoc-93"


@pytest.fixture
def site(desk):
    set_up_pages()


@pytest.fixture
def writer(site):
    return staff_member("editors", full_name="Lê Thị Viết")


@pytest.fixture
def editor(site):
    return staff_member("editors", full_name="Trần Văn Biên")


@pytest.fixture
def signer(site):
    return staff_member("leads", full_name="Phạm Thị Ký")


@pytest.fixture
def series(site):
    return make_page("Bản tin công nghệ", kind=SeriesPage, slug="ban-tin")


@pytest.fixture
def leaders(site):
    return Group.objects.create(name="Lãnh đạo đọc bản tin")


@pytest.fixture
def leader(leaders):
    person = UserFactory(full_name="Vũ Lãnh Đạo")
    person.groups.add(leaders)
    return person


@pytest.fixture
def inner_series(site, leaders):
    page = make_page("Bản tin lãnh đạo", kind=SeriesPage, slug="lanh-dao")
    restrict(page, leaders)
    return page


def restrict(page, *groups):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(*groups)


def draft_issue(series, writer, **values):
    values = {"title": "Số tháng 11", "slug": "so-11", "number": "11/2026"} | values
    page = IssuePage(live=False, owner=writer, locale=series.locale, **values)
    Page.objects.get(pk=series.pk).add_child(instance=page)
    page.save_revision(user=writer)
    return page


def sign(page, *people):
    """Each signs the step that waits."""
    for person in people:
        page = IssuePage.objects.get(pk=page.pk)
        state = page.current_workflow_task_state
        offered = [name for name, _label, _modal in state.task.specific.get_actions(page, person)]
        assert "approve" in offered, f"{person} may not sign"
        state.task.specific.on_action(state, person, "approve")
    return IssuePage.objects.get(pk=page.pk)


def send_in(page, writer):
    page.get_workflow().start(page, writer)
    return page


@pytest.fixture
def publish(writer, editor, signer):
    """An issue that has passed the chain."""

    def run(series, **values):
        page = send_in(draft_issue(series, writer, **values), writer)
        return sign(page, editor, signer)

    return run

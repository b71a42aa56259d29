"""What is deleted leaves no hole in a page, drawings that act are refused, and the clock publishes once."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry

from cms.pages.following import publish_due
from cms.pages.models import ArticlePage, SectionPage
from cms.tasks import publish
from marketplace.core import clock
from marketplace.core.leases import lease
from tests.factories.pages import make_page

pytestmark = pytest.mark.django_db


def test_deleted_files_leave_no_broken_reference(client, site, media):
    picture = get_image_model().objects.create(title="Hình", file=get_test_image_file())
    file = get_document_model().objects.create(title="Mẫu", file="documents/mau.pdf")
    body = [
        {
            "type": "image",
            "value": {"image": picture.pk, "alternative": "Máy", "caption": "Máy sấy"},
        },
        {"type": "document", "value": {"document": file.pk, "label": "Mẫu đơn"}},
    ]
    page = make_page("Bài", kind=ArticlePage, slug="bai", picture=picture, body=json.dumps(body),
                     shown_on=clock.today())  # fmt: skip
    assert {usage[0].pk for usage in picture.get_usage()} == {page.pk}
    assert "Máy sấy" in client.get("/trang/bai/").content.decode()
    picture.delete()
    file.delete()
    shown = client.get("/trang/bai/").content.decode()
    main = shown.partition("<main")[2].partition("</main")[0]
    assert "<figure" not in main
    assert "<img" not in main
    assert "Mẫu đơn" not in main


def test_svg_is_refused(site):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    form = get_image_form(get_image_model())(
        {"title": "Hình"}, {"file": SimpleUploadedFile("x.svg", drawing, "image/svg+xml")}
    )
    assert "file" in form.errors


def test_what_is_due_is_published_once_though_two_workers_wake(site):
    section = make_page("Tin", kind=SectionPage, shows="news")
    page = make_page("Bài", kind=ArticlePage, under=section, live=False, shown_on=clock.today())
    due = clock.now() - timedelta(minutes=1)
    page.go_live_at = due
    page.save_revision(approved_go_live_at=due)
    with lease("cms.schedule") as other:
        assert other is not None
        assert publish() == 0
        assert not ArticlePage.objects.get(pk=page.pk).live
    assert publish() == 1
    assert publish() == publish_due() == 0
    assert ArticlePage.objects.get(pk=page.pk).live
    logged = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled")
    assert logged.count() == 1

"""The row by which the search index follows a page."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.pages.addresses import path_of
from marketplace.core.models import Staged, StagedQuerySet


class PageEntry(Staged):
    """What the index knows of a page. It outlives the page, so that a deletion is noticed.

    Wagtail moves, unpublishes and deletes pages by statements that no `save()` of ours sees: a whole
    branch goes in one. So the content's version is raised here by `SitePage.save()`, in the same
    transaction, and whatever else changed is found by comparing `is_live`, `title` and `url_path` with
    the page (`cms.pages.following`).
    """

    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    wagtail_reference_index_ignore = True

    # No constraint and no cascade: the row of a deleted page stays until the index knows.
    page = models.OneToOneField(
        "wagtailcore.Page", models.DO_NOTHING, db_constraint=False, related_name="entry"
    )
    #: Live, and for everybody.
    is_live = models.BooleanField(default=False)
    title = models.CharField(max_length=255, blank=True)
    url_path = models.TextField(blank=True)

    objects = StagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("trang trong tìm kiếm")
        verbose_name_plural = _("trang trong tìm kiếm")

    def __str__(self) -> str:
        return self.title

    @property
    def published_at(self) -> Any:
        return self.page.last_published_at

    def get_absolute_url(self) -> str:
        return path_of(self.page)

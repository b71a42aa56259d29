"""The pages that staff write, and the row by which the search index follows each of them."""

from http import HTTPMethod
from typing import Any, ClassVar, Final

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageManager
from wagtail.query import PageQuerySet

from cms.blocks import BLOCKS
from cms.pages.forms import ContentPageForm
from marketplace.core.models import Staged, StagedQuerySet

#: Depth of the pages that stand for the site in each language; above them is the tree's root alone.
SITE_DEPTH: Final = 2


class PageEntry(Staged):
    """What the index knows of a page. It outlives the page, so that a deletion is noticed.

    Wagtail moves, unpublishes and deletes pages by statements that no `save()` of ours sees: a whole
    branch goes in one. So the content's version is raised here by `ContentPage.save()`, in the same
    transaction, and whatever else changed is found by comparing `is_live`, `title` and `url_path` with
    the page (`cms.pages.following`).
    """

    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    wagtail_reference_index_ignore = True

    # No constraint and no cascade: the row of a deleted page stays until the index knows.
    page = models.OneToOneField(
        "cms.ContentPage", models.DO_NOTHING, db_constraint=False, related_name="entry"
    )
    is_live = models.BooleanField(default=False)
    title = models.CharField(max_length=255, blank=True)
    url_path = models.TextField(blank=True)

    objects = StagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("trang trong tìm kiếm")
        verbose_name_plural = _("trang trong tìm kiếm")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.page.get_absolute_url()


class ContentPageQuerySet(PageQuerySet):
    def update(self, **values: Any) -> int:
        """As Django's; the index follows."""
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            done: int = super().update(**values)
            PageEntry.objects.filter(page_id__in=keys).raise_content_version()
        return done

    update.alters_data = True


class ContentPage(Page):
    """A text of the exchange itself, in one language; its translation is a page of the other tree."""

    introduction = models.TextField(
        _("mở đầu"),
        max_length=400,
        blank=True,
        help_text=_("Một hai câu: trang này giúp người đọc làm gì."),
    )
    body = StreamField(BLOCKS, verbose_name=_("nội dung"), blank=True)

    objects = PageManager.from_queryset(ContentPageQuerySet)()

    template = "cms/content_page.html"
    base_form_class = ContentPageForm
    parent_page_types: ClassVar[list[str]] = ["cms.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["cms.ContentPage"]
    # Pages are for everybody; what is not meant for everybody is not published.
    private_page_options: ClassVar[list[str]] = []
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [HTTPMethod.GET, HTTPMethod.HEAD]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    #: What Wagtail writes beside a draft; readers see none of it.
    _UNSEEN: ClassVar[frozenset[str]] = frozenset(
        {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}
        | {"locked", "locked_at", "locked_by", COMMENTS_RELATION_NAME}
    )

    class Meta:
        verbose_name = _("trang nội dung")
        verbose_name_plural = _("trang nội dung")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            saved = super().save(*args, **kwargs)
            fields = kwargs.get("update_fields")
            if fields is None or not set(fields) <= self._UNSEEN:
                PageEntry.objects.filter(page_id=self.pk).raise_content_version()
        return saved

    def get_absolute_url(self) -> str:
        return self.url or ""

    def search_text(self) -> str:
        block = self.body.stream_block
        return "\n".join([self.introduction, *block.get_searchable_content(self.body)])

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        request.page_addresses = self.addresses()
        above = self.get_ancestors().filter(depth__gte=SITE_DEPTH).live()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "crumbs": [(page.title, page.url) for page in above],
            "below": [(page.title, page.url) for page in self.get_children().live()],
        }

    def addresses(self) -> dict[str, str]:
        """Language → address of this page in it; where it is not translated, the home page."""
        found = {}
        for page in self.get_translations().live().select_related("locale"):
            found[page.locale.language_code] = page.url or ""
        for language in ("vi", "en"):
            if language != self.locale.language_code and not found.get(language):
                with override(language):
                    found[language] = reverse("home")
        return found

"""What all pages of the site have in common: an address, an introduction, a text, a row in the index."""

from http import HTTPMethod
from typing import Any, ClassVar, Final

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageManager
from wagtail.query import PageQuerySet

from cms.blocks import BLOCKS
from cms.pages.addresses import path_of
from cms.pages.entries import PageEntry
from cms.pages.forms import SitePageForm
from marketplace.accounts.fronts import front_of
from marketplace.core.kept_pages import forget_pages, kept_part

#: Depth of the pages that stand for the site in each language; above them is the tree's root alone.
SITE_DEPTH: Final = 2
#: What others may stand below.
CONTAINERS: Final = ["cms.ContentPage", "cms.SectionPage"]


class SitePageQuerySet(PageQuerySet):
    def update(self, **values: Any) -> int:
        """As Django's; the index follows."""
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            done: int = super().update(**values)
            PageEntry.objects.filter(page_id__in=keys).raise_content_version()
        return done

    update.alters_data = True

    def in_language(self, code: str) -> "SitePageQuerySet":
        return self.filter(locale__language_code=code)

    def about_fields(self, *codes: str) -> "SitePageQuerySet":
        """Pages with a field at, below or above one of these codes; of kinds that have fields."""
        listed = self.alias(_fields=Cast("field_codes", models.TextField()))
        wanted = Q(pk__in=[])
        for code in codes:
            wanted |= Q(_fields__contains=f'"{code}')
            for length in range(1, len(code)):
                wanted |= Q(_fields__contains=f'"{code[:length]}"')
        return listed.filter(wanted)


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


class SitePage(Page):
    """A text of the exchange itself, in one language; its translation is a page of the other tree."""

    introduction = models.TextField(
        _("mở đầu"),
        max_length=400,
        blank=True,
        help_text=_("Một hai câu: trang này giúp người đọc làm gì."),
    )
    body = StreamField(BLOCKS, verbose_name=_("nội dung"), blank=True)

    objects = SitePageManager()

    template = "cms/content_page.html"
    base_form_class = SitePageForm
    parent_page_types: ClassVar[list[str]] = CONTAINERS
    subpage_types: ClassVar[list[str]] = []
    # Pages are for everybody; only publications may be for some (`cms.publications.readers`).
    private_page_options: ClassVar[list[str]] = []
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [HTTPMethod.GET, HTTPMethod.HEAD]
    #: Names of the fields of its kind, in the form's order, between the introduction and the text.
    own_fields: ClassVar[tuple[str, ...]] = ()
    content_panels: ClassVar[list[Any]] = [
        # Of several lines: Wagtail's own field is of one, and long titles are cut in it.
        TitleFieldPanel("title", widget=AdminAutoHeightTextInput),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    #: As a request that is served has read them (`cms.publications.readers`).
    restrictions_read: Any = None

    #: What Wagtail writes beside a draft; readers see none of it.
    _UNSEEN: ClassVar[frozenset[str]] = frozenset(
        {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}
        | {"locked", "locked_at", "locked_by", COMMENTS_RELATION_NAME}
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            saved = super().save(*args, **kwargs)
            fields = kwargs.get("update_fields")
            if fields is None or not set(fields) <= self._UNSEEN:
                PageEntry.objects.filter(page_id=self.pk).raise_content_version()
        return saved

    def get_view_restrictions(self) -> Any:
        known = self.restrictions_read
        return known if known is not None else super().get_view_restrictions()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            forget_pages()
        return done

    delete.alters_data = True

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """On its own site a path, so that it holds at every host of the site; from another, as staff see
        pages of all sites, the whole address."""
        from cms.sites.showing import front_of_page  # noqa: PLC0415 - it is made of pages

        path = path_of(self)
        if not path or request is None:
            return path or None
        here, there = front_of(request), front_of_page(self)
        return path if here.key == there.key else there.url(path)

    url = property(get_url)

    def get_absolute_url(self) -> str:
        return path_of(self)

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    def search_text(self) -> str:
        block = self.body.stream_block
        words = [self.introduction, *block.get_searchable_content(self.body), *self.own_words()]
        return "\n".join(filter(None, words))

    def own_words(self) -> list[str]:
        """What of the fields of its kind is searched."""
        return []

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        around = kept_part(
            f"around:{self.pk}", self._around, when=not getattr(request, "is_preview", False)
        )
        request.page_addresses = around["addresses"]
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"crumbs": around["crumbs"], "below": around["below"]}

    def _around(self) -> dict[str, Any]:
        """What of the tree stands on its page."""
        above = self.get_ancestors().filter(depth__gte=SITE_DEPTH).live()
        return {
            "addresses": self.addresses(),
            "crumbs": [(page.title, path_of(page)) for page in above],
            "below": self.below(),
        }

    def below(self) -> list[tuple[str, str]]:
        """Titles and addresses of the pages that this one leads to at its end."""
        if self.is_leaf():
            return []
        return [(page.title, path_of(page)) for page in self.get_children().live().public()]

    def addresses(self) -> dict[str, str]:
        """Language → address of this page in it; where it is not translated, the home page."""
        found = {}
        for page in self.get_translations().live().public().select_related("locale"):
            found[page.locale.language_code] = path_of(page)
        for language in ("vi", "en"):
            if language != self.language and not found.get(language):
                with override(language):
                    found[language] = reverse("home")
        return found


def panels(*names: Any) -> list[Any]:
    """The panels of a kind of page: the fields of every page, those named, and then the text."""
    own = [FieldPanel(name) if isinstance(name, str) else name for name in names]
    return [*SitePage.content_panels[:-1], *own, SitePage.content_panels[-1]]


class InFields(SitePage):
    """A page about one or more fields of science and technology."""

    field_codes = models.JSONField(_("lĩnh vực khoa học và công nghệ"), default=list, blank=True)

    class Meta:
        abstract = True

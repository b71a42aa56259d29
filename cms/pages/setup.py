"""The root of the site's pages in each language, and who may write below it.

Made once; run again it leaves what staff changed, rights among it.
"""

from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)

from cms.pages.models import SITE_DEPTH, ContentPage

#: Each language's title and short name of the page at the top.
_TOPS: Final = {
    "vi": ("Về sàn giao dịch", "ve-san", "Sàn là gì, hoạt động ra sao và liên hệ với ai."),
    "en": ("About the exchange", "about", "What the exchange is, how it works and whom to ask."),
}
#: Names of the roots of pages and of files.
_ROOT: Final = "Các trang web"
_FILES: Final = "Mọi tệp"
PAGE_RIGHTS: Final = {
    "officers": ("add_page", "change_page"),
    "leads": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    "editors": ("add_page", "change_page", "publish_page"),
}
_FILE_RIGHTS: Final = ("add_image", "choose_image", "add_document", "choose_document")


@transaction.atomic
def set_up_site(groups: dict[str, Group], *, joining: set[str]) -> None:
    """``groups``: the groups of staff by their key; ``joining``: those that get their rights now even
    where the pages have been there before."""
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0]
        for code, _name in settings.LANGUAGES
    }
    tree = Page.get_first_root_node()
    if tree is None:
        tree = Page.add_root(instance=Page(title=_ROOT, slug="root", locale=locales["vi"]))
    _name_root(tree)
    tops = {code: _top(tree, locale, code) for code, locale in locales.items()}
    _serve(tops["vi"][0])
    for key, group in groups.items():
        pages = [page for page, is_new in tops.values() if is_new or key in joining]
        for page in pages:
            grant_pages(group, page, PAGE_RIGHTS[key])
        if pages:
            _grant_files(group, may_translate=key == "leads")


def _top(tree: Page, locale: Locale, code: str) -> tuple[ContentPage, bool]:
    known = ContentPage.objects.filter(depth=SITE_DEPTH, locale=locale).order_by("path").first()
    if known is not None:
        return known, False
    title, slug, introduction = _TOPS[code]
    page = ContentPage(title=title, slug=slug, introduction=introduction, locale=locale)
    other = ContentPage.objects.filter(depth=SITE_DEPTH).order_by("path").first()
    if other is not None:
        page.translation_key = other.translation_key
    # Read again: the tree's own count of its children grows with each.
    Page.objects.get(pk=tree.pk).add_child(instance=page)
    page.save_revision().publish()
    return page, True


def _name_root(tree: Page) -> None:
    """Wagtail's own migration makes the roots of pages and of files with English names."""
    Page.objects.filter(pk=tree.pk, title="Root").update(title=_ROOT, draft_title=_ROOT)
    Collection.objects.filter(depth=1, name="Root").update(name=_FILES)


def _serve(top: ContentPage) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", is_default_site=True, root_page=top)
        return
    if site.root_page_id == top.pk or site.root_page.specific_class is ContentPage:
        return
    welcome = site.root_page
    site.root_page = top
    site.save()
    # The page that Wagtail's first migration leaves there.
    if welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()


def grant_pages(group: Group, page: Page, rights: tuple[str, ...]) -> None:
    for codename in rights:
        right = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=right)


def _grant_files(group: Group, *, may_translate: bool) -> None:
    collection = Collection.get_first_root_node() or Collection.add_root(name=_FILES)
    for codename in _FILE_RIGHTS:
        app = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
        right = Permission.objects.get(content_type__app_label=app, codename=codename)
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=right
        )
    if may_translate:
        group.permissions.add(Permission.objects.get(codename="submit_translation"))

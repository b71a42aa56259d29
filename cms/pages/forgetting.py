"""What is kept of pages is forgotten with the acts of Wagtail that no `save()` of ours sees: where it says so,
at once; of the rest the tick learns (`cms.pages.following`)."""

from typing import Any

from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from marketplace.core.kept_pages import forget_pages


def register_forgetting() -> None:
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_forget, dispatch_uid="cms.pages.forgetting")


def _forget(*_args: Any, **_kwargs: Any) -> None:
    forget_pages()

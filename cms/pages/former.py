"""Addresses that pages had: whoever follows an old link is led to where the page is now."""

from django.db import models


class FormerAddress(models.Model):
    """Where a page stood before it was moved or renamed; noted by the tick that follows the pages."""

    url_path = models.CharField(max_length=600, unique=True)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="former_addresses")

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.url_path


def note_former(page: int, url_path: str) -> None:
    """The newest page to leave an address is the one that it leads to."""
    if url_path:
        FormerAddress.objects.update_or_create(url_path=url_path[:600], defaults={"page_id": page})

"""The admin's form of a page."""

from wagtail.admin.forms import WagtailAdminPageForm

from marketplace.core.text import slugify


class ContentPageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """As every address of the site: without marks, however Wagtail's script or a person wrote it."""
        return slugify(self.cleaned_data["slug"])

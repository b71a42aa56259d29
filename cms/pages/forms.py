"""The admin's form of a page."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from marketplace.core.text import slugify


class ContentPageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """As every address of the site: without marks, however Wagtail's script or a person wrote it."""
        slug = slugify(self.cleaned_data["slug"])
        if not slug:
            raise ValidationError(_("Địa chỉ cần có ít nhất một chữ cái hoặc chữ số."))
        return slug

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock


class DocumentLinkBlock(StructBlock):
    """A file to take away. Files of the CMS are public: nothing confidential goes here."""

    document = DocumentChooserBlock(label=_("Tệp"))
    label = CharBlock(label=_("Tên hiện trên trang"), max_length=200)

    class Meta:
        label = _("Tệp đính kèm")
        icon = "doc-full"
        template = "cms/blocks/document.html"

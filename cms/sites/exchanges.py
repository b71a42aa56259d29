"""The exchanges of the installation in the admin: who runs each, and at which host it answers."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Site

from cms.pages.setup import PAGE_RIGHTS
from cms.setup import group_named
from cms.sites.indexing import write_listings_again
from cms.sites.opening import open_site
from marketplace.accounts.fronts import home_of
from marketplace.accounts.models import Exchange

_HOST: Final = re.compile(r"(?=.{1,255}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_FIELDS: Final = ("name", "name_en", "operator", "address", "hotline", "email", "shows")


class ExchangeForm(WagtailAdminModelForm):
    """A new exchange gets its site at once; an exchange without one could be seen nowhere."""

    hostname = forms.CharField(
        label=gettext_lazy("Tên miền"),
        max_length=255,
        help_text=gettext_lazy(
            "Ví dụ: cantho.sangiaodich.vn. Tên miền phải trỏ về máy chủ và có trong ALLOWED_HOSTS."
        ),
    )

    class Meta:
        model = Exchange
        fields = ("slug", *_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # Both are in addresses that others have.
            del self.fields["hostname"]
            del self.fields["slug"]

    def clean_hostname(self) -> str:
        host: str = self.cleaned_data["hostname"].strip().lower()
        if not _HOST.fullmatch(host):
            raise forms.ValidationError(
                _("Ghi tên miền không có http:// và dấu gạch chéo, ví dụ cantho.sangiaodich.vn.")
            )
        if Site.objects.filter(hostname=host).exists():
            raise forms.ValidationError(_("Đã có trang web ở tên miền này."))
        return host

    def save(self, commit: bool = True) -> Exchange:
        if self.instance.pk is not None:
            if "shows" in self.changed_data and self.instance.shows == Exchange.Shows.OWN:
                write_listings_again(self.instance)
            return super().save(commit)
        groups = {key: group_named(key) for key in PAGE_RIGHTS}
        open_site(self.instance, hostname=self.cleaned_data["hostname"], groups=groups)
        return self.instance


class ExchangeIndexView(generic.IndexView):
    list_display = (
        "name",
        Column(
            "address", label=gettext_lazy("Trang web"), accessor=lambda one: home_of(one.pk).address
        ),
        Column("shows", label=gettext_lazy("Trang web hiện"), accessor="get_shows_display"),
        Column("operator", label=gettext_lazy("Cơ quan chủ quản")),
    )


class ExchangeViewSet(ModelViewSet):
    """Listings, deals and numbers hold on to their exchange: none is deleted (`cms.rights`)."""

    model = Exchange
    name = "exchanges"
    url_prefix = "cac-san"
    icon = "site"
    menu_label = gettext_lazy("Các sàn")
    add_to_settings_menu = True
    menu_order = 30
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    ordering = ("pk",)
    index_view_class = ExchangeIndexView
    edit_handler = ObjectList(
        [
            FieldPanel("slug", help_text=gettext_lazy("Chữ không dấu, ví dụ: can-tho.")),
            FieldPanel("hostname"),
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("name_en")], heading=gettext_lazy("Tên")
            ),
            MultiFieldPanel(
                [FieldPanel(one) for one in ("operator", "address", "hotline", "email")],
                heading=gettext_lazy("Ai vận hành"),
            ),
            FieldPanel("shows", widget=forms.RadioSelect),
        ],
        base_form_class=ExchangeForm,
    )

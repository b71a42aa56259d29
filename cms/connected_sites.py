"""Sites at which people sign in with their account here: who they are, where they are led back to."""

from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.menu import ORGANIZATIONS
from cms.rights import has_right
from marketplace.accounts.oidc import ORGANIZATIONS as ORGANIZATIONS_SCOPE
from marketplace.core import audit
from marketplace.core.idempotency import idempotent

SCOPES = (
    ("openid", gettext_lazy("mã tài khoản")),
    ("profile", gettext_lazy("tên và ngôn ngữ")),
    ("email", gettext_lazy("địa chỉ email")),
    (ORGANIZATIONS_SCOPE, gettext_lazy("tổ chức và vai trò")),
)
_HERE = {"localhost", "127.0.0.1", "::1"}


class ConnectedSiteForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Được biết"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=["openid", "profile", "email"],
        help_text=gettext_lazy("Mỗi lần, người dùng còn tự chọn cho biết những gì."),
    )

    class Meta:
        model = Client
        fields = ("name", "redirect_uris", "scopes")
        labels = {
            "name": gettext_lazy("Tên trang"),
            "redirect_uris": gettext_lazy("Địa chỉ trở lại"),
        }
        help_texts = {
            "redirect_uris": gettext_lazy("Mỗi dòng một địa chỉ, bắt đầu bằng https://."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["redirect_uris"].required = True
        if self.instance.pk and not self.instance._state.adding:
            self.initial["scopes"] = self.instance.get_scopes()

    def clean_scopes(self) -> str:
        return "\n".join({"openid": None} | dict.fromkeys(self.cleaned_data["scopes"]))

    def clean_redirect_uris(self) -> str:
        addresses = self.cleaned_data["redirect_uris"].split()
        for address in addresses:
            parts = urlsplit(address)
            if parts.scheme != "https" and parts.hostname not in _HERE:
                raise forms.ValidationError(
                    _("%(address)s không bắt đầu bằng https://.") % {"address": address}
                )
        return "\n".join(addresses)

    def save(self, commit: bool = True) -> Client:
        client: Client = super().save(commit=False)
        client.type = Client.Type.CONFIDENTIAL
        client.response_types = "code"
        client.grant_types = "\n".join(
            [Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN]
        )
        # The page of consent is always shown: nobody is passed on without a word.
        client.skip_consent = client.allow_uri_wildcards = False
        if client._state.adding:
            self.secret = get_adapter().generate_client_secret()
            client.set_secret(self.secret)
        if commit:
            client.save()
        return client


def tell_secret(request: HttpRequest, client: Client, secret: str) -> None:
    messages.warning(
        request,
        _("Client ID: %(client)s. Bí mật, chỉ hiện lần này: %(secret)s")
        % {"client": client.pk, "secret": secret},
    )


class ConnectedSiteCreateView(generic.CreateView):
    def save_instance(self) -> Client:
        client: Client = super().save_instance()
        tell_secret(self.request, client, self.form.secret)
        audit.record("connected_site.created", f"client:{client.pk}", by=self.request.user)
        return client


class ConnectedSiteEditView(generic.EditView):
    def save_instance(self) -> Client:
        client: Client = super().save_instance()
        audit.record("connected_site.changed", f"client:{client.pk}", by=self.request.user)
        return client


class ConnectedSiteDeleteView(generic.DeleteView):
    """The site is named by its name: a client calls itself by its number, and has none once it is gone."""

    def get_page_subtitle(self) -> str:
        return str(self.object.name)

    def delete_action(self) -> None:
        subject = f"client:{self.object.pk}"
        super().delete_action()
        audit.record("connected_site.deleted", subject, by=self.request.user)

    def get_success_message(self) -> str:
        return _("Đã xóa %(name)s; ai đăng nhập từ đó không vào được nữa.") % {
            "name": self.object.name
        }


class ConnectedSiteIndexView(generic.IndexView):
    page_title = gettext_lazy("Trang kết nối")
    list_display = (
        TitleColumn("name", label=gettext_lazy("Tên trang"), url_name="connected_sites:edit"),
        Column("id", label="Client ID"),
        Column("redirect_uris", label=gettext_lazy("Địa chỉ trở lại")),
        DateColumn("created_at", label=gettext_lazy("Tạo lúc"), sort_key="created_at"),
    )


@method_decorator(idempotent, name="post")
class NewSecretView(View):
    """The old secret stops working at once; tokens that were given out end."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: str) -> HttpResponse:
        if not has_right(request.user, "change", Client):
            raise PermissionDenied
        client = get_object_or_404(Client, pk=pk)
        secret = get_adapter().generate_client_secret()
        client.set_secret(secret)
        client.save(update_fields=["secret"])
        client.token_set.all().delete()
        audit.record("connected_site.new_secret", f"client:{client.pk}", by=request.user)
        tell_secret(request, client, secret)
        return redirect("connected_sites:edit", pk)


class ConnectedSiteViewSet(ModelViewSet):
    model = Client
    name = "connected_sites"
    url_prefix = "trang-ket-noi"
    icon = "link"
    menu_label = gettext_lazy("Trang kết nối")
    menu_hook = ORGANIZATIONS
    menu_order = 40
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    ordering = ("name", "pk")
    list_per_page = 30
    index_view_class = ConnectedSiteIndexView
    add_view_class = ConnectedSiteCreateView
    edit_view_class = ConnectedSiteEditView
    delete_view_class = ConnectedSiteDeleteView
    edit_template_name = "cms/connected_site_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[ConnectedSiteForm]:
        return ConnectedSiteForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("bi-mat-moi/<str:pk>/", NewSecretView.as_view(), name="new_secret"),
        ]

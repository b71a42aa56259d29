"""Accounts of staff in the admin: who may enter, and in which groups. Passwords are allauth's."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.users.views import users

from cms.finding import FoundByWords
from marketplace.accounts.models import User
from marketplace.taxonomy.choices import choices


class StaffForm(forms.ModelForm):
    """Makes an account staff, whether the person has one already or not."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Nhóm"),
        queryset=Group.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Bỏ hết nhóm thì người này không vào được trang quản trị nữa."),
    )

    staff_provinces = forms.MultipleChoiceField(
        label=_("Tỉnh, thành phố phụ trách"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Chỉ dùng cho nhóm cán bộ của tỉnh: người này chỉ thấy tin và hồ sơ của các tỉnh được chọn."
            " Không chọn tỉnh nào thì không thấy gì."
        ),
    )

    class Meta:
        model = User
        fields = ("email", "full_name", "language", "groups", "staff_provinces", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        editing_self = kwargs.pop("editing_self", False)
        super().__init__(*args, **kwargs)
        self.fields["staff_provinces"].choices = choices("provinces")
        if self.instance.pk is None:
            del self.fields["is_active"]
            self.fields["email"].help_text = _(
                "Người này tự đặt mật khẩu bằng “Quên mật khẩu” và bật xác thực hai bước trước khi vào."
            )
        else:
            self.fields["email"].disabled = True
        if editing_self:
            for name in ("groups", "staff_provinces", "is_active"):
                self.fields.pop(name, None)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if self.instance.pk is None:
            known = User.objects.filter(email=email).first()
            if known is not None:
                self.instance = known
        return str(email)

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        if user.pk is None:
            user.set_unusable_password()
        if "groups" in self.fields:
            user.is_staff = user.is_superuser or bool(self.cleaned_data["groups"])
        if commit:
            user.save()
            self.save_m2m()
        return user


class StaffFilters(WagtailFilterSet):
    groups = django_filters.ModelMultipleChoiceFilter(
        label=_("Nhóm"),
        queryset=Group.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields: ClassVar = ["groups", "is_active"]


class StaffIndexView(FoundByWords, generic.IndexView):
    list_display = (
        "full_name",
        Column("email", label=_("Email"), sort_key="email"),
        Column("groups", label=_("Nhóm"), accessor="group_names"),
        BooleanColumn("is_active", label=_("Đang hoạt động")),
        DateColumn("last_login", label=_("Đăng nhập lần cuối"), sort_key="last_login"),
    )

    def get_base_queryset(self) -> Any:
        return User.objects.filter(is_staff=True).prefetch_related("groups").order_by("email")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for user in context["object_list"]:
            names = [group.name for group in user.groups.all()]
            user.group_names = ", ".join([str(_("Quản trị"))] * user.is_superuser + names)
        return context


class StaffEditView(users.EditView):
    def get_page_subtitle(self) -> str:
        return str(self.object)


class StaffViewSet(users.UserViewSet):
    menu_label = _("Cán bộ sàn")
    icon = "group"
    template_prefix = ""
    filterset_class = StaffFilters
    index_view_class = StaffIndexView
    add_view_class = users.CreateView
    edit_view_class = StaffEditView
    copy_view_enabled = False
    add_to_settings_menu = True
    search_fields: ClassVar = ["email", "full_name"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> type[StaffForm]:
        return StaffForm

    def register_search_area(self) -> None:
        """No search over everything: the list has its own."""

"""Who gets a new case, as data: leads keep the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.lists import ListView, ListViewSet, YesColumn
from marketplace.cases.kinds import case_kinds
from marketplace.cases.models import AssignmentRule
from marketplace.cases.officers import officers
from marketplace.taxonomy.choices import choices, grouped_choices
from marketplace.taxonomy.labels import label


class RuleForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("Loại"), required=False)
    field_code = forms.ChoiceField(
        label=_("Lĩnh vực"), required=False, help_text=_("Cả các lĩnh vực bên dưới.")
    )
    province_code = forms.ChoiceField(label=_("Tỉnh, thành phố"), required=False)

    class Meta:
        model = AssignmentRule
        fields = ("position", "kind", "field_code", "province_code", "officer", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.label) for kind in case_kinds()]
        self.fields["kind"].choices = [("", _("Mọi loại")), *kinds]
        self.fields["field_code"].choices = [
            ("", _("Mọi lĩnh vực")),
            *grouped_choices("st-fields"),
        ]
        self.fields["province_code"].choices = [("", _("Mọi tỉnh")), *choices("provinces")]
        self.fields["officer"].queryset = officers()


def _field(rule: AssignmentRule) -> str:
    return label("st-fields", rule.field_code) if rule.field_code else str(_("Mọi lĩnh vực"))


def _province(rule: AssignmentRule) -> str:
    return label("provinces", rule.province_code) if rule.province_code else str(_("Mọi tỉnh"))


class RuleIndexView(ListView):
    list_display = (
        "officer",
        Column("field", label=_("Lĩnh vực"), accessor=_field),
        Column("province", label=_("Tỉnh, thành phố"), accessor=_province),
        Column("position", label=_("Thứ tự"), sort_key="position"),
        YesColumn("is_active", label=_("Đang dùng")),
    )

    def get_base_queryset(self) -> Any:
        return AssignmentRule.objects.select_related("officer")


class AssignmentRuleViewSet(ListViewSet):
    model = AssignmentRule
    name = "assignment_rules"
    url_prefix = "quy-tac-giao-ho-so"
    icon = "order"
    menu_label = _("Quy tắc giao hồ sơ")
    add_to_settings_menu = True
    menu_order = 55
    ordering = ("position", "pk")
    about = _(
        "Hồ sơ mới được giao theo quy tắc đầu tiên phù hợp, từ thứ tự nhỏ đến lớn. Không quy tắc nào phù hợp"
        " thì hồ sơ chờ ở “Chưa giao ai”."
    )
    nothing = _("Chưa có quy tắc nào: mọi hồ sơ mới chờ ở “Chưa giao ai”.")
    index_view_class = RuleIndexView

    def get_form_class(self, for_update: bool = False) -> Any:
        return RuleForm

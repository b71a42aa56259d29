"""How the site of a host shows itself: of which exchange it is, its colour, logo, menu, languages and fields."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from marketplace.accounts.fronts import Section, forget_fronts
from marketplace.accounts.models import Exchange
from marketplace.taxonomy.choices import grouped_choices


class LookForm(WagtailAdminModelForm):
    """Lists are chosen from what there is."""

    sections = forms.MultipleChoiceField(
        label=_("Mục trên trình đơn"),
        help_text=_("Không chọn mục nào thì hiện tất cả."),
        choices=Section.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    featured_fields = forms.MultipleChoiceField(
        label=_("Lĩnh vực nêu ở trang chủ"),
        help_text=_("Không chọn lĩnh vực nào thì nêu những lĩnh vực có nhiều kết quả nhất."),
        choices=lambda: grouped_choices("st-fields"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )


@register_setting(icon="site", order=40)
class SiteLook(BaseSiteSetting):
    """One row a site; a site without one is the default exchange's, in the product's own look."""

    class Theme(models.TextChoices):
        """Colours of `css/themes.css`; each passes contrast in light and dark."""

        GREEN = "", _("Xanh lục (mặc định)")
        BLUE = "blue", _("Xanh lam")
        PLUM = "plum", _("Tím mận")
        INDIGO = "indigo", _("Chàm")

    exchange = models.ForeignKey(
        Exchange,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("của sàn"),
        help_text=_("Để trống: trang của sàn chính."),
    )
    theme = models.CharField(
        _("màu nhấn"), max_length=10, choices=Theme, default=Theme.GREEN, blank=True
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("biểu trưng"),
        help_text=_("Hiện cạnh tên sàn, cao 40 điểm ảnh."),
    )
    sections = models.JSONField(_("mục trên trình đơn"), default=list, blank=True)
    offers_english = models.BooleanField(
        _("có trang tiếng Anh"),
        default=True,
        help_text=_("Bỏ chọn thì trang chỉ có tiếng Việt."),
    )
    featured_fields = models.JSONField(_("lĩnh vực nêu ở trang chủ"), default=list, blank=True)

    base_form_class = LookForm
    edit_handler: ClassVar[Any] = ObjectList(
        [
            FieldPanel("exchange"),
            MultiFieldPanel(
                [FieldPanel("theme", widget=forms.RadioSelect), FieldPanel("logo")],
                heading=_("Diện mạo"),
            ),
            FieldPanel("sections"),
            FieldPanel("offers_english"),
            FieldPanel("featured_fields"),
        ]
    )

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget_fronts()

    class Meta:
        verbose_name = _("diện mạo trang web")
        verbose_name_plural = _("diện mạo trang web")

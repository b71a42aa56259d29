"""The part of a source's form that says how it is harvested: kept under `mapping["harvest"]`."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.errors import DomainError
from marketplace.core.fetching import networks_of
from marketplace.sources.harvesting.options import PREFIX, PREFIXES, SLOWEST_ANSWER, Options

_SLOWEST_PACE: Final = 60.0
#: Bits of the widest network that one owner may have: 10.0.0.0/8 is the largest private one.
_WIDEST: Final = {4: 8, 6: 16}


class HarvestForm(forms.Form):
    """Its fields stand in the form of the source under these names."""

    harvest_prefix = forms.ChoiceField(
        label=gettext_lazy("Định dạng bản ghi"),
        help_text=gettext_lazy(
            "Tên định dạng máy chủ dùng (metadataPrefix). Không chắc thì để oai_dc: máy chủ nào cũng có."
        ),
        choices=[(name, name) for name in PREFIXES],
        required=False,
        initial=PREFIX,
    )
    harvest_sets = forms.CharField(
        label=gettext_lazy("Tập cần đọc"),
        help_text=gettext_lazy(
            "Mã các tập (setSpec), cách nhau bằng dấu cách. Bỏ trống: đọc tất cả."
        ),
        required=False,
        max_length=1000,
    )
    harvest_inside = forms.CharField(
        label=gettext_lazy("Mạng nội bộ được phép"),
        help_text=gettext_lazy(
            "Chỉ ghi khi máy chủ của nguồn nằm trong mạng riêng: các dải địa chỉ như 10.20.0.0/16, "
            "cách nhau bằng dấu cách."
        ),
        required=False,
        max_length=500,
    )
    harvest_interval = forms.FloatField(
        label=gettext_lazy("Nghỉ giữa hai yêu cầu (giây)"),
        help_text=gettext_lazy("Bỏ trống: 1 giây."),
        required=False,
        min_value=0,
        max_value=_SLOWEST_PACE,
    )
    harvest_seconds = forms.FloatField(
        label=gettext_lazy("Chờ một trả lời lâu nhất (giây)"),
        help_text=gettext_lazy("Bỏ trống: 120 giây."),
        required=False,
        min_value=1,
        max_value=SLOWEST_ANSWER,
    )

    harvest_full_days = forms.FloatField(
        label=gettext_lazy("Đọc lại toàn bộ sau (ngày)"),
        help_text=gettext_lazy(
            "Chỉ với máy chủ không báo bản ghi đã xóa: danh sách đầy đủ được đối chiếu để tìm bản ghi không "
            "còn ở nguồn. Bỏ trống: 7 ngày."
        ),
        required=False,
        min_value=0.1,
        max_value=365,
    )
    harvest_vanished_percent = forms.FloatField(
        label=gettext_lazy("Tự gỡ khi thiếu không quá (%)"),
        help_text=gettext_lazy(
            "Thiếu nhiều hơn thì chờ cán bộ xem xét, vì máy chủ có thể bị lỗi. Bỏ trống: 5."
        ),
        required=False,
        min_value=0,
        max_value=100,
    )

    def clean_harvest_sets(self) -> list[str]:
        return str(self.cleaned_data["harvest_sets"]).split()

    def clean_harvest_inside(self) -> list[str]:
        texts = str(self.cleaned_data["harvest_inside"]).replace(",", " ").split()
        for text in texts:
            try:
                (network,) = networks_of([text])
            except ValueError as error:
                raise forms.ValidationError(
                    _(
                        "“%(text)s” không phải dải địa chỉ mạng. Viết như 10.20.0.0/16 hoặc 10.20.1.5."
                    )
                    % {"text": text[:60]}
                ) from error
            if network.prefixlen < _WIDEST[network.version]:
                raise forms.ValidationError(
                    _("Dải “%(text)s” quá rộng: chỉ ghi mạng mà máy chủ của nguồn nằm trong.")
                    % {"text": text[:60]}
                )
            if network.is_global or network.is_link_local:
                raise forms.ValidationError(
                    _(
                        "“%(text)s” không phải mạng riêng; địa chỉ công khai thì không cần ghi ở đây."
                    )
                    % {"text": text[:60]}
                )
        return texts


def harvest_initial(held: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, as the fields show it."""
    return {
        "harvest_prefix": held.get("prefix", PREFIX),
        "harvest_sets": " ".join(map(str, held.get("sets", ()))),
        "harvest_inside": " ".join(map(str, held.get("inside", ()))),
        "harvest_interval": held.get("interval"),
        "harvest_seconds": held.get("seconds"),
        "harvest_full_days": held.get("full_days"),
        "harvest_vanished_percent": held.get("vanished_percent"),
    }


def prefix_choices(held: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The known formats, and the row's own where it is another."""
    names = [*PREFIXES]
    if (own := str(held.get("prefix", PREFIX))) not in names:
        names.append(own)
    return [(name, name) for name in names]


def harvest_said(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept: only what differs from the usual. Raises ValidationError where they
    do not go together."""
    said = {
        "prefix": cleaned.get("harvest_prefix") or PREFIX,
        "sets": cleaned.get("harvest_sets") or [],
        "inside": cleaned.get("harvest_inside") or [],
        "interval": cleaned.get("harvest_interval"),
        "seconds": cleaned.get("harvest_seconds"),
        "full_days": cleaned.get("harvest_full_days"),
        "vanished_percent": cleaned.get("harvest_vanished_percent"),
    }
    if said["prefix"] == PREFIX:
        del said["prefix"]
    kept = {name: value for name, value in said.items() if value not in (None, [], "")}
    try:
        Options.said_by(kept)
    except DomainError as error:
        raise forms.ValidationError(error.message) from error
    return kept

"""Forms of payments, accounts, statements and the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.currencies import currency
from marketplace.core.fields import DateField, TextField
from marketplace.payments.editions import banks, fees
from marketplace.payments.models import AccountKind, PayeeAccount, Payment
from marketplace.payments.money import Money, from_decimal


class _Plain(forms.Form):
    use_required_attribute = False


class SumField(forms.DecimalField):
    """A sum of one currency in its main unit, given as whole minor units."""

    def __init__(self, *, code: str, **kwargs: Any) -> None:
        self.code = code
        super().__init__(
            min_value=0,
            max_digits=16,
            decimal_places=currency(code).minor_units,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
            error_messages={
                "invalid": _("Chưa đọc được số tiền này. Chỉ ghi chữ số, ví dụ 120000000."),
                "max_decimal_places": _("Loại tiền này không có phần lẻ nhỏ như vậy."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().replace(" ", "").replace("\u00a0", "")
        if self.decimal_places == 0:
            # Nothing stands below a dong: signs between digits only group them.
            text = text.replace(".", "").replace(",", "")
        return super().to_python(text.replace(",", "."))

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return None if given is None else from_decimal(given, self.code).amount


class AccountForm(_Plain):
    owner = forms.ChoiceField(label=_("Tài khoản của"))
    bank = forms.ChoiceField(
        label=_("Ngân hàng"), error_messages={"required": _("Chọn ngân hàng.")}
    )
    number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Được mã hóa khi lưu; trang chỉ hiện bốn số cuối, trừ với bên trả tiền."),
        error_messages={"required": _("Ghi số tài khoản.")},
    )
    holder = TextField(
        label=_("Tên chủ tài khoản"),
        max_length=200,
        help_text=_("Đúng như ngân hàng ghi. Phải là chính tổ chức nhận tiền."),
        error_messages={"required": _("Ghi tên chủ tài khoản.")},
    )

    def __init__(self, *args: Any, owners: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        self.fields["owner"].choices = [(key, str(one)) for key, one in owners.items()]
        names = sorted(banks().items(), key=lambda one: one[1].casefold())
        self.fields["bank"].choices = [("", "—"), *names]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"owner": self.owners[given["owner"]]}


class MilestonePaymentForm(_Plain):
    account = forms.ModelChoiceField(
        label=_("Nhận tiền vào tài khoản"),
        queryset=PayeeAccount.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    due_on = DateField(label=_("Đề nghị trả trước ngày"), required=False)

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day is not None and day < clock.today():
            raise forms.ValidationError(_("Chọn một ngày từ hôm nay trở đi."))
        return day


class BuyLicenceForm(_Plain):
    """For whom a licence is taken, and how it is paid; what there is but one of is not asked."""

    organization = forms.ModelChoiceField(
        label=_("Mua cho tổ chức"),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    account = forms.ChoiceField(label=_("Cách trả"), widget=forms.RadioSelect)
    has_read = forms.BooleanField(
        label=_("Tôi đã đọc và chấp nhận đúng bản điều khoản này"),
        error_messages={"required": _("Hãy đọc bản điều khoản rồi đánh dấu vào đây.")},
    )

    def __init__(
        self, *args: Any, buyers: Any, accounts: list[PayeeAccount], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.buyers, self.accounts = buyers, {one.public_id: one for one in accounts}
        fields: Any = self.fields
        fields["organization"].queryset = buyers
        fields["account"].choices = [(one.public_id, _way(one)) for one in accounts]
        fields["account"].initial = next(iter(self.accounts), None)
        if len(buyers) == 1:
            del fields["organization"]

    def buyer(self) -> Organization:
        chosen: Organization = self.cleaned_data.get("organization") or self.buyers[0]
        return chosen

    def payee_account(self) -> PayeeAccount:
        return self.accounts[self.cleaned_data["account"]]


def _way(account: PayeeAccount) -> str:
    """How money reaches an account, in words for who pays."""
    if account.kind == AccountKind.BANK:
        return gettext("Chuyển khoản bằng mã VietQR, vào tài khoản %(bank)s của bên giao") % {
            "bank": banks().get(account.bank, account.bank)
        }
    return str(account.get_kind_display())


class ReceiptForm(_Plain):
    on = DateField(label=_("Ngày tiền vào tài khoản"))

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"amount": payment.missing.decimal, "on": clock.today()})
        super().__init__(*args, **kwargs)
        label = _("Số tiền đã nhận (%(code)s)") % {"code": payment.currency}
        self.fields = {"amount": SumField(code=payment.currency, label=label), **self.fields}


class RefundForm(_Plain):
    reason = TextField(
        label=_("Lý do"),
        max_length=300,
        error_messages={"required": _("Ghi lý do hoàn tiền.")},
    )
    reference = TextField(
        label=_("Số giao dịch của ngân hàng"),
        max_length=100,
        required=False,
        help_text=_(
            "Bắt buộc khi hoàn bằng chuyển khoản. Khoản trả bằng thẻ thì cổng thanh toán hoàn."
        ),
    )

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        left = Money(payment.received - payment.refunded, payment.currency)
        kwargs.setdefault("initial", {"amount": left.decimal})
        super().__init__(*args, **kwargs)
        label = _("Số tiền hoàn (%(code)s)") % {"code": payment.currency}
        self.fields = {"amount": SumField(code=payment.currency, label=label), **self.fields}


class InvoiceForm(_Plain):
    series = TextField(label=_("Ký hiệu"), max_length=20, help_text=_("Ví dụ 1C26TSG."))
    number = TextField(label=_("Số hóa đơn"), max_length=20)
    authority_code = TextField(label=_("Mã của cơ quan thuế"), max_length=40, required=False)
    issued_on = DateField(label=_("Ngày lập"))
    file = forms.FileField(label=_("Tệp XML của hóa đơn"), required=False)


class StatementForm(_Plain):
    account = forms.ModelChoiceField(
        label=_("Sao kê của tài khoản"),
        queryset=PayeeAccount.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    file = forms.FileField(
        label=_("Tệp sao kê"),
        help_text=_(
            "CSV, XLSX, MT940 hoặc camt.053, như ngân hàng xuất ra. Chỉ dòng tiền vào được giữ."
        ),
        error_messages={"required": _("Chọn tệp sao kê.")},
    )

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts


class DecisionForm(_Plain):
    decision = forms.ChoiceField(
        label=_("Xử lý thế nào?"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", _("Nhận cho khoản thanh toán")),
            ("returned", _("Đã hoàn lại bên trả")),
            ("noted", _("Không liên quan, hoặc đã xem")),
        ],
        error_messages={"required": _("Chọn cách xử lý.")},
    )
    payment = forms.ModelChoiceField(
        label=_("Khoản thanh toán"),
        queryset=Payment.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="—",
        help_text=_("Để trống thì theo khoản đã nêu ở trên."),
    )
    note = TextField(
        label=_("Ghi chú"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Bắt buộc khi không nhận, ví dụ số giao dịch hoàn tiền."),
    )

    def __init__(self, *args: Any, account: PayeeAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment"].queryset = Payment.objects.open().filter(account=account)


class FeeForm(_Plain):
    code = forms.ChoiceField(label=_("Khoản phí"))
    account = forms.ModelChoiceField(
        label=_("Nhận tiền vào tài khoản"),
        queryset=PayeeAccount.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    payer = forms.CharField(
        label=_("Mã của tổ chức trả phí"),
        max_length=12,
        help_text=_("Phần cuối địa chỉ trang của tổ chức."),
    )

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [
            (fee.code, f"{fee.words} · {Money(fee.amount, fee.currency)}")
            for fee in fees().values()
        ]
        self.fields["account"].queryset = accounts

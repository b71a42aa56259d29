"""Sums of money, kept in the currency's smallest unit, as people write them."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from marketplace.core.templatetags.design import vi_number


def shown(amount: int, currency: str) -> str:
    """1.200.000 đ; 12,50 USD. How many digits a currency has below its unit is ISO 4217's."""
    if currency == "VND":
        return f"{vi_number(amount)} đ"
    digits = get_currency_precision(currency)
    return f"{vi_number(Decimal(amount).scaleb(-digits), digits)} {currency}"

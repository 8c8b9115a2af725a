"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal


def plain(amount: Decimal) -> str:
    """`plain(Decimal("1234.5000")) == "1,234.5"`."""
    text = f"{amount:,.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def money(amount: Decimal, currency: str) -> str:
    """`money(Decimal("1234.5"), "EUR") == "€1,234.50"`; a currency without a sign of its own stands behind the amount."""
    text = f"{abs(amount):,.2f}"
    minus = "−" if amount < 0 else ""
    sign = SIGNS.get(currency)
    return f"{minus}{sign}{text}" if sign else f"{minus}{text} {currency}"

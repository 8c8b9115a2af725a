"""Calendar months in the installation's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone


def midnight(day: date) -> datetime:
    """When the day begins here."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Month:
    """key: `YYYY-MM`."""

    first: date

    @classmethod
    def of(cls, key: str) -> Month:
        """The month of a key; the present one for anything that is none, or lies ahead."""
        now = cls.now()
        try:
            found = cls(date.fromisoformat(f"{key}-01"))
        except ValueError:
            return now
        return found if date(2000, 1, 1) <= found.first <= now.first else now

    @classmethod
    def now(cls) -> Month:
        return cls(timezone.localdate().replace(day=1))

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.first:%B}"

    @property
    def label(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def next(self) -> Month:
        return Month((self.first + timedelta(days=32)).replace(day=1))

    @property
    def previous(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def days(self) -> int:
        return (self.next.first - self.first).days

    @property
    def is_now(self) -> bool:
        return self == Month.now()

    @property
    def gone(self) -> Decimal:
        """How many of its days are over, at least one."""
        if not self.is_now:
            return Decimal(self.days)
        over = (timezone.now() - midnight(self.first)) / timedelta(days=1)
        return max(Decimal(str(round(over, 3))), Decimal(1))

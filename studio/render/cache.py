"""Memory for pixels: a least-recently-used store that is bounded by bytes, not by entries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Keeps what was made as long as all of it together stays under `limit` bytes. Safe to share between threads."""

    def __init__(self, limit: int, weigh: Callable[[Value], int]) -> None:
        self._limit, self._weigh = limit, weigh
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self.used = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of the key, made now if it is not there. Two threads may make the same value at once; one of them stays."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()
        weight = self._weigh(value)
        with self._lock:
            if key not in self._kept and weight <= self._limit:
                self._kept[key] = (value, weight)
                self.used += weight
                while self.used > self._limit:
                    self.used -= self._kept.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._kept.clear()
            self.used = 0

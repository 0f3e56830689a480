"""A memory of limited size: what was not used for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class RecentlyUsed(Generic[Key, Value]):
    """Values by key, together `limit_bytes` and `most` values at most (None: any number).

    A value larger than all of it is not kept. For one thread.
    """

    def __init__(self, limit_bytes: int, most: int | None = None) -> None:
        self._limit_bytes = limit_bytes
        self._most = most
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._held_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How much is held now."""
        return self._held_bytes

    def get(self, key: Key) -> Value | None:
        """The value, used just now; None where it is not held."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: Key, value: Value, value_bytes: int) -> None:
        """Hold the value in place of one before under the same key, and let go of what does not fit any more."""
        self.drop(key)
        if value_bytes > self._limit_bytes:
            return
        self._values[key] = value, value_bytes
        self._held_bytes += value_bytes
        while self._held_bytes > self._limit_bytes or (self._most and len(self._values) > self._most):
            _, (_, oldest_bytes) = self._values.popitem(last=False)
            self._held_bytes -= oldest_bytes

    def drop(self, key: Key) -> None:
        """Hold it no longer, if it was held."""
        if key in self._values:
            self._held_bytes -= self._values.pop(key)[1]

    def clear(self) -> None:
        """Hold nothing."""
        self._values.clear()
        self._held_bytes = 0

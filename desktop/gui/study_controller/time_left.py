"""How long a job still takes, from its own recent pace."""

from collections import deque

# The pace of the last half minute: images kept from an earlier run fly by and soon count no more.
_WINDOW_S = 30.0
_SHORTEST_S = 1.0


class TimeLeft:
    """Fed with how many steps are done at which second; says how many seconds are left."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, now_s: float, done: int, total: int | None) -> float | None:
        """Seconds left, None while the pace is not known yet."""
        self._seen.append((now_s, done))
        while now_s - self._seen[0][0] > _WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        then_s, done_then = self._seen[0]
        if total is None or now_s - then_s < _SHORTEST_S or done <= done_then:
            return None
        return (total - done) * (now_s - then_s) / (done - done_then)

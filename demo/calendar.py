"""A calendar of things that happen, carried out in the order of time, so that the invented year is lived forwards."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

Event = Callable[[datetime], None]


class Calendar:
    """Events at instants; an event may add later ones."""

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, Event]] = []
        # Events at the same instant happen in the order in which they were added, so that every run is alike.
        self._order = itertools.count()

    def add(self, at: datetime, event: Event) -> None:
        """Have something happen at an instant."""
        heapq.heappush(self._events, (at, next(self._order), event))

    def live(self, until: datetime) -> int:
        """Let everything happen that is due, in order, and tell how many events there were."""
        count = 0
        while self._events and self._events[0][0] <= until:
            at, _order, event = heapq.heappop(self._events)
            event(at)
            count += 1
        return count

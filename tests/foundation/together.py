"""Several threads that do something at the same moment."""

import threading
from collections.abc import Callable


def run_together(count: int, work: Callable[[int], None]) -> None:
    """Run something in several threads at once, and fail where one of them failed."""
    failures: list[BaseException] = []
    gate = threading.Barrier(count)

    def begin(number: int) -> None:
        try:
            gate.wait()
            work(number)
        except BaseException as error:  # noqa: BLE001 - handed on to the test.
            failures.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []

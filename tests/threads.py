"""Several acts at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection

from marketplace.core.errors import DomainError


def together(*acts: Callable[[], object]) -> list[DomainError]:
    """What was refused of them; whatever else goes wrong in one fails the test."""
    starts = threading.Barrier(len(acts))
    refused: list[DomainError] = []
    broken: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        starts.wait(10)
        try:
            act()
        except DomainError as error:
            refused.append(error)
        except BaseException as error:  # noqa: BLE001 - said below
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert broken == []
    return refused

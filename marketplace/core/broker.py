"""The embedded broker: kombu's folder of messages, made safe for several processes.

kombu writes a message in place: a worker that looks in between reads an empty file and ends. Here a
message appears whole or not at all, and one that cannot be read is left out. A lost message costs
seconds: every tick finds its rows again.
"""

import os
import uuid
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = uuid.uuid4().hex
        draft = os.path.join(self.data_folder_out, f".{name}")
        # The name sorts by time: that is the order in which messages are taken.
        target = os.path.join(self.data_folder_out, f"{monotonic_ns():020}_{name}.{queue}.msg")
        try:
            with open(draft, "wb") as out:
                out.write(str_to_bytes(dumps(message)))
            os.rename(draft, target)
        except OSError as error:
            raise ChannelError(f"cannot add a message to {self.data_folder_out}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                continue  # cut off by a crash of its writer; it was taken away with the reading


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Puts this transport in the place of kombu's for `filesystem://`."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"

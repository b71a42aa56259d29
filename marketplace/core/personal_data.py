"""Where apps register what they do when an account is opened, and with a person's data when it is closed.

Which fields there are, what for and for how long stands in `privacy/data/personal_data.toml`; what a
rule of the file cannot say (passing on what somebody was in charge of) an app does by a function here.
"""

from collections.abc import Callable
from typing import Any

#: Runs in the transaction that closes the account; may be run again.
Act = Callable[[Any], object]
#: Why the account cannot be closed yet: sentences for its owner.
Stops = Callable[[Any], list[str]]

_openings: dict[str, Act] = {}
_acts: dict[str, Act] = {}
_stops: list[Stops] = []


def register_opening(name: str, act: Act) -> None:
    """`act(user)` runs in the transaction in which somebody makes an account for themselves."""
    _openings[name] = act


def run_opening_acts(user: Any) -> None:
    for act in _openings.values():
        act(user)


def register_closing(name: str, act: Act) -> None:
    """`act(user)` passes on or removes what the app holds of a person whose account is closed."""
    _acts[name] = act


def register_stops(stops: Stops) -> None:
    """`stops(user)` says what has to be settled before."""
    if stops not in _stops:
        _stops.append(stops)


def run_closing_acts(user: Any) -> None:
    for act in _acts.values():
        act(user)


def stops_of(user: Any) -> list[str]:
    return [reason for stops in _stops for reason in stops(user)]

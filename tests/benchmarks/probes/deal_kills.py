"""Deals killed (−9) on their way from an interest to a paid milestone, and gone on with: `POINTS SEED SECONDS`.

Each walk is a fork of this process. It says when it has come to a statement chosen by the seed and goes on; some
thousandths of a second later it is killed from outside: in a statement, in a COMMIT, between two. A second fork goes
on a quarter of an hour later, and what is there then is compared with what an undisturbed walk leaves.
"""

import gc
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Sum

from marketplace.core import clock
from marketplace.listings.models import TechnologyOffer
from marketplace.payments.models import PayeeAccount, Posting
from tests.deals.walking import faults_of_books, outcome, walk
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import OfferFactory
from tests.factories.payments import verified_account

LATER: Final = timedelta(minutes=15)
#: The books are added up after so many kills, and at the end: they grow with each deal.
BOOKS: Final = 50
#: From a statement to the kill, at most; a statement and what is made of it take less on a quiet machine.
SOON: Final = 0.02


def main(points: str, seed: str, seconds: str) -> None:
    chance = random.Random(int(seed))
    cast = Cast()
    statements, wanted = cast.undisturbed()
    print(f"{statements} statements", file=sys.stderr, flush=True)
    found: dict[str, Any] = {"killed": 0, "held": 0, "reached": Counter(), "faults": []}
    started = time.monotonic()
    for number in range(1, int(points) + 1):
        if time.monotonic() - started > float(seconds):
            break
        at, later = chance.randrange(1, statements + 1), chance.uniform(0, SOON)
        offer = cast.offer()
        killed = forked(lambda offer=offer: cast.walk(offer), at=at, later=later) is None
        seen = forked(
            lambda offer=offer, books=not number % BOOKS: cast.gone_on(offer, books=books)
        )
        faults = [*seen["faults"], *differences(wanted, seen["outcome"])]
        found["killed"] += killed
        found["held"] += not faults
        found["reached"][seen["reached"]] += killed
        found["faults"] += [f"{number}, statement {at} + {later:.4f} s: {one}" for one in faults]
        print(
            f"{number}/{points} {at} {seen['reached']}: {faults or 'held'}",
            file=sys.stderr,
            flush=True,
        )
    found["faults"] += forked(cast.books)
    found |= forked(cast.sums)
    print(json.dumps(found | {"statements": statements}, ensure_ascii=False))


class Cast:
    """A firm that buys and an institute that sells, with one person each."""

    def __init__(self) -> None:
        self.firm, self.institute = OrganizationFactory(), OrganizationFactory()
        self.buying = MembershipFactory(organization=self.firm, role="owner").user
        self.selling = MembershipFactory(organization=self.institute, role="owner").user
        verified_account(self.institute)

    def offer(self) -> int:
        made = OfferFactory(organization=self.institute, contact=self.selling, published=True)
        return int(made.pk)

    def walk(self, offer: int) -> None:
        walk(
            TechnologyOffer.objects.get(pk=offer),
            asker=self.firm, buying=self.buying, selling=self.selling,
        )  # fmt: skip

    def undisturbed(self) -> tuple[int, Any]:
        # Once in this process: its forks find loaded what the first walk loads, and cost what a walk costs.
        self.walk(self.offer())
        gc.freeze()
        offer = self.offer()
        statements = forked(lambda: counted(lambda: self.walk(offer)))
        seen = forked(lambda: self.gone_on(offer, books=True))
        assert not seen["faults"], seen
        assert seen["reached"] == "paid", seen
        return statements, seen["outcome"]

    def gone_on(self, offer: int, *, books: bool) -> dict[str, Any]:
        """Where it had come to, and what is there when it has been walked to its end; a further walk changes nothing."""
        row = TechnologyOffer.objects.get(pk=offer)
        reached = stage_of(outcome(row))
        with clock.frozen_at(clock.now() + LATER):
            self.walk(offer)
            first = outcome(row)
            self.walk(offer)
        faults = self.books() if books else []
        if outcome(row) != first:
            faults.append("a walk with nothing left to do changed something")
        return {"reached": reached, "outcome": first, "faults": faults}

    def books(self) -> list[str]:
        return faults_of_books([self.firm, self.institute])

    def sums(self) -> dict[str, Any]:
        """To the dong: what was asked for and received, and what the books say of it."""
        account = PayeeAccount.objects.get(organization=self.institute)
        paid = account.payments.aggregate(n=Count("pk"), asked=Sum("amount"), got=Sum("received"))
        posted = Posting.objects.filter(what="received", key__endswith=":payee")
        return {
            "payments": paid["n"],
            "asked": paid["asked"],
            "received": paid["got"],
            "posted": posted.aggregate(sum=Sum("amount"))["sum"],
        }


#: The last of these that was there when it was killed.
STAGES: Final = (
    ("interest", lambda there: there["interests"]),
    ("deal", lambda there: there["deals"]),
    ("terms offered", lambda there: there["sheets"] != [(None, None)]),
    ("terms accepted", lambda there: there["acceptances"] > 1),
    ("contract drawn", lambda there: there["contracts"] and there["contracts"][0][0]),
    ("contract in force", lambda there: "contracted" in there["deals"]),
    ("payment asked for", lambda there: there["payments"]),
    ("paid", lambda there: (1, "paid") in there["milestones"]),
)


def stage_of(there: dict[str, Any]) -> str:
    reached = "nothing"
    for name, is_there in STAGES:
        if there["deals"] or name == "interest":
            reached = name if is_there(there) else reached
    return reached


def differences(wanted: dict[str, Any], seen: dict[str, Any]) -> list[str]:
    return [
        f"{key}: {wanted[key]} wanted, {seen[key]} there"
        for key in wanted
        if wanted[key] != seen[key]
    ]


def counted(act: Any) -> int:
    number = 0

    def one_more() -> None:
        nonlocal number
        number += 1

    before_each_statement(one_more)
    act()
    return number


def before_each_statement(act: Any) -> None:
    for name in ("execute", "executemany"):
        method = getattr(CursorWrapper, name)

        def told(self: Any, *args: Any, _method: Any = method, **kwargs: Any) -> Any:
            act()
            return _method(self, *args, **kwargs)

        setattr(CursorWrapper, name, told)


def forked(act: Any, *, at: int = 0, later: float = 0) -> Any:
    """What the act returns, done by a fork; None where it was killed `later` seconds after it came to statement `at`."""
    connections.close_all()
    read_end, write_end = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(read_end)
        _child(act, at, write_end)
    os.close(write_end)
    said = b""
    with os.fdopen(read_end, "rb", buffering=0) as heard:
        while piece := heard.read(1 << 16):
            said += piece
            if at and said == b"!":
                time.sleep(later)
                os.kill(process, signal.SIGKILL)
    _pid, status = os.waitpid(process, 0)
    if status == signal.SIGKILL:
        return None
    answer = json.loads(said.lstrip(b"!"))
    if "broken" in answer:
        raise RuntimeError(answer["broken"])
    return answer["done"]


def _child(act: Any, at: int, write_end: int) -> None:
    """Never returns: what the parent would do after its fork is none of the child's."""
    left = at

    def counting() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.write(write_end, b"!")

    try:
        if at:
            before_each_statement(counting)
        said = json.dumps({"done": act()}, ensure_ascii=False)
    except BaseException:  # noqa: BLE001 - told to the campaign, which ends with it
        said = json.dumps({"broken": traceback.format_exc()})
    with os.fdopen(write_end, "w") as out:
        out.write(said)
    os._exit(0)

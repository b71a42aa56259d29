"""Everybody who might try: both sides, their readers, strangers and staff."""

from tests.cms.conftest import staff_member
from tests.factories.accounts import CuratorFactory, MembershipFactory

PEOPLE = ["buyer", "inventor", "reader", "asking_reader", "stranger", "curator", "officer", "provincial", "elsewhere"]  # fmt: skip


def person_named(name, firm, institute, buyer, inventor):
    if name in ("buyer", "inventor"):
        return {"buyer": buyer, "inventor": inventor}[name]
    if name == "officer":
        return staff_member("officers")
    if name in ("provincial", "elsewhere"):
        code = "92" if name == "provincial" else "75"
        return staff_member("provincial", staff_provinces=[code])
    if name == "curator":
        return CuratorFactory()
    if name == "stranger":
        return MembershipFactory().user
    side = institute if name == "reader" else firm
    return MembershipFactory(organization=side, role="viewer").user

"""Who may open what: every address and method asked for as each role, and compared with `matrix.csv`.

`matrix.csv` is the decision, in a form that people read in a spreadsheet: a row for each address and
method, a column for each role (`names`). What a cell says:

    open     let in: a page, a file, a form that is refused for what it lacks
    moved    led on to another page, to which this one belongs or which says what came of it
    login    led to the page where one signs in
    hidden   404: for this person there is no such thing
    refused  403, or the admin's own "you have no right to this"
    method   405: the address knows no such method
    key      401: a machine without its key

Each address is asked for by a real row (`world`, `rows`) with a real request through every middleware that
decides something; what an answer changed is undone. A new address fails here until it has its rows: `python -m tests.access`
asks for them and prints them to be read.

The same crawl looks for the canary: what an enterprise said in confidence, a person's telephone, the
names of private files. In no answer to anybody it is not for may it stand.
"""

import os
from pathlib import Path

import pytest

from marketplace.listings.models import LISTING_MODELS
from tests.access import matrix, outputs
from tests.access.names import ROLE_NAMES
from tests.access.paths import names
from tests.access.visits import HEARD, Visit, drawing, methods, outcome, secrets_in
from tests.access.world import CANARY, PHONE

#: Where answers are kept that no row has yet (`python -m tests.access`).
FOLDER = os.environ.get("EXCHANGE_MATRIX")
#: What the key of an organisation reads of its own.
OWN_LISTS = [
    "/api/v1/key",
    "/api/v1/matches",
    *(f"/api/v1/listings/{kind}" for kind in LISTING_MODELS),
]
CELLS = [(name, method) for name in names() for method in methods(name)]


@pytest.mark.skipif(bool(FOLDER), reason="its rows are being asked for")
def test_each_address_has_its_rows():
    new = [cell for cell in CELLS if not all(matrix.decided().get(cell, {}).values() or [""])]
    assert not new, (
        f"{len(new)} cells of tests/access/matrix.csv are to be decided, first {new[:6]}: who may open them? "
        "Where an address names a row, make it in tests/access/world.py and say so in tests/access/rows.py. "
        "Then `.venv/bin/python -m tests.access` asks for each as every role, adds the rows and prints them. "
        "Read each one, and mend the page where it lets in whom it should not."
    )
    gone = sorted(set(matrix.decided()) - set(CELLS))
    assert not gone, f"No such address any more: {gone[:6]} (`.venv/bin/python -m tests.access`)"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLE_NAMES)
def test_each_address_answers_each_role_as_decided(role, world):
    wrong, leaked, answers = [], [], {}
    visit = Visit(role, world)
    with drawing(role), outputs.listening(role in HEARD) as said:
        for cell in CELLS:
            decision = matrix.decided().get(cell, {}).get(role)
            if bool(decision) == bool(FOLDER):
                continue  # decided already, or it fails above
            (name, method), path = cell, world.path_of(cell[0])
            response = visit.ask(method, path)
            answer = answers[cell] = outcome(response, name, method)
            if decision and decision != answer:
                wrong.append(f"{method} {name} ({path}): {answer}, decided is {decision}")
            for secret in visit.leaks(name, response):
                leaked.append(f"{method} {name} ({path}) shows {secret}")
    if FOLDER:
        matrix.keep(Path(FOLDER), role, answers)
    leaked += [
        f"a line of the log: {line}" for line in said.getvalue().splitlines() if secrets_in(line)
    ]
    assert (role in HEARD) == bool(said.getvalue()), "nothing was heard, so nothing was looked at"
    assert not leaked, f"{role} is shown what is not for them:\n" + "\n".join(leaked)
    assert not wrong, f"{role}: the page, or the decision, is wrong:\n" + "\n".join(wrong)


# --- what leaves without being asked for ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.skipif(bool(FOLDER), reason="rows are being asked for")
def test_nothing_confidential_leaves_unasked(world):
    with outputs.listening() as said:
        outputs.run_the_clock()
    given = list(outputs.given_out())
    given += outputs.read_by_key(world.own_key, OWN_LISTS)
    # Colleagues of whom the secrets are about, and others; whose own they are reads them, below.
    others = [world.people[role] for role in ("owner", "stranger", "broker", "curator")]
    given += outputs.copies_for(others)
    left = [(f"mail to {to}", text) for to, text in outputs.letters() if to - world.insiders]
    left += [("the index", text) for text in outputs.documents()]
    left += [("the log", line) for line in (world.said + said.getvalue()).splitlines()]
    leaked = [(where, text[:500]) for where, text in left + given if secrets_in(text)]
    assert not leaked
    # All of it was there to be read: letters to others, lines, documents, a result in each file and format.
    assert {"mail", "the "} == {where[:4] for where, _text in left}
    assert world.said
    assert any(world.need.title in text for where, text in left if where == "the index")
    assert sum(world.result.title in text for _where, text in given) >= 4
    assert sum(world.need.title in text for _where, text in given) >= 1
    for person in others:
        assert any(person.email in text for where, text in given if person.email in where)
    assert any(PHONE in text for _where, text in outputs.copies_for([world.maker]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "name", "secret"),
    [
        ("curator", "wagtailsnippets_listings_need:review", CANARY),
        ("senior", "verifications:edit", CANARY),
        ("registrar", "registration:desk_dossier", PHONE),
        ("compliance", "research:full_text", CANARY),
        ("compliance", "compliance:visit", CANARY),
    ],
)
@pytest.mark.skipif(bool(FOLDER), reason="rows are being asked for")
def test_the_canary_sings_to_its_own(role, name, secret, world):
    assert secret in Visit(role, world).ask("GET", world.path_of(name)).content.decode()


# --- what the decision itself must not say --------------------------------------------------------

STAFF = {
    "curator", "senior", "provincial", "far_provincial", "editor", "statistics", "judge", "finance",
    "administrator",
}  # fmt: skip
LET_IN = {"open", "moved"}
OUTSIDE = set(ROLE_NAMES) - STAFF


def test_nothing_is_decided_to_fail():
    assert [
        cell for cell, row in matrix.decided().items() if "error" in " ".join(row.values())
    ] == []


def test_the_admin_is_open_to_staff_alone():
    # Ways in and out that lead to allauth's, and icons and texts of scripts, the same for everybody.
    ways_in = {
        "admin/login/", "admin/jsi18n/", "admin/^password_reset/", "wagtailadmin_login",
        "wagtailadmin_javascript_catalog", "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_complete", "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done", "wagtailadmin_sprite",
    }  # fmt: skip
    admin = {name for name, address in names().items() if address.pattern.startswith("admin/")}
    bad = [
        (name, method, role)
        for (name, method), row in matrix.decided().items()
        if name in admin - ways_in
        for role in OUTSIDE
        if row[role] in LET_IN
    ]
    assert bad == []


def test_rows_of_an_organisation_are_closed_to_others():
    """What its own people may write, strangers and people without an organisation may not."""
    bad = [
        (name, method, role)
        for (name, method), row in matrix.decided().items()
        if name.startswith(("listings:", "registration:", "compliance:", "matching:"))
        and row["anonymous"] == "login"
        and row["owner"] in LET_IN
        and name not in FOR_EVERYBODY
        for role in ("alone", "stranger", "finance", "judge", "editor", "statistics")
        if row[role] in LET_IN
    ]
    assert bad == []


#: Lists of one's own, and the beginnings of things: everybody who signed in has them.
FOR_EVERYBODY = {
    "compliance:mine", "listings:catalogue_sheet", "listings:catalogues", "listings:confirm_many", "listings:equipment_create", "listings:need_create",
    "listings:offer_create", "listings:paper_forms", "matching:interests", "matching:needs_for_us", "matching:pass_needs", "matching:why_not",
    "matching:write_interest", "registration:dossiers", "registration:report_task",
}  # fmt: skip

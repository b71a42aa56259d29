"""`.venv/bin/python -m tests.access [NAME…]`: rows for new addresses, and what these names stand for anew.

Asks for each as every role, as the test does, and writes what was answered into `matrix.csv`; rows of
addresses that are gone go. A NAME is an address, a namespace with its `:`, or a role. What was added or changed is
printed, by who is let in: that is the decision, and it is yours. A row that opens to somebody whom the page
is not for is a fault of the page: mend it, and ask again.

A new role is a column: name it in `names`, make its person in `roles`, and run this with no address.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.access import matrix
from tests.access.names import ROLE_NAMES

TEST = "tests/access/test_matrix.py::test_each_address_answers_each_role_as_decided"


def main(again: list[str]) -> None:
    from tests.access.paths import names

    before = matrix.decided()
    rest = {
        cell: {role: answer for role, answer in row.items() if role not in again}
        for cell, row in before.items()
        if not _is_named(cell[0], again)
    }
    matrix.write(rest)
    folder = Path(tempfile.mkdtemp(prefix="exchange-matrix-"))
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "--show-capture=no", TEST]
    ran = subprocess.run(command, env=os.environ | {"EXCHANGE_MATRIX": str(folder)}, check=False)
    if ran.returncode:
        matrix.write(before)
        sys.exit("Nothing is written: mend what failed first.")
    found = matrix.kept(folder)
    cells = {cell for cell in rest.keys() | found.keys() if cell[0] in names()}
    rows = {cell: rest.get(cell, {}) | found.get(cell, {}) for cell in cells}
    matrix.write(rows)
    _print(before, rows)


def _is_named(name: str, again: list[str]) -> bool:
    return any(name == one or (one.endswith(":") and name.startswith(one)) for one in again)


def _print(before: matrix.Cells, rows: matrix.Cells) -> None:
    for cell, row in sorted(rows.items()):
        row = {role: row.get(role, "") for role in ROLE_NAMES}
        changed = {role for role in row if row[role] != before.get(cell, {}).get(role)}
        if not changed:
            continue
        print(*cell)
        for answer in sorted(set(row.values())):
            roles = [f"*{role}" if role in changed else role for role in row if row[role] == answer]
            print(f"    {answer:8} {' '.join(roles)}")
    print(f"gone: {sorted(before.keys() - rows.keys())}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.test")
    import django

    django.setup()
    main(sys.argv[1:])

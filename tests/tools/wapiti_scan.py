"""Wapiti against a running demo, as a stranger, as an enterprise and as staff; nothing above informational.

It lives in an environment of its own (`tests/tools/scan` makes it): what it needs clashes with ours. Each
role is bounded in time and in pages; one page of each kind of list stands for the others.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools.live_scan import Visitor

WAPITI = Path(".venv/scan/bin/wapiti")
MODULES = "common,crlf,csrf,methods"
CRAWL, ATTACK, ROLE = 120, 40, 900
#: The demo speaks plain HTTP on this machine: what only TLS can give is held by tests/settings/test_production.py.
PLAIN_HTTP = ("Secure Flag cookie", "HTTP Strict Transport Security", "HTTP Secure Headers")


class Role(NamedTuple):
    name: str
    #: The person of the demo by their part; empty for a stranger.
    part: str
    starts: tuple[str, ...]


ROLES = (
    Role("a stranger", "", ()),
    Role(
        "an enterprise", "enterprise",
        ("/bang-dieu-khien/", "/du-lieu-ca-nhan/cua-toi/", "/to-chuc/cua-toi/", "/thong-bao/", "/giao-dich/", "/thanh-toan/"),
    ),
    Role("staff", "exchange staff, first step", ("/admin/", "/bang-dieu-khien/")),
)  # fmt: skip


def run(host: str, port: int) -> bool:
    """Whether every role was scanned and none found anything; says what it found."""
    if not WAPITI.exists():
        print(f"FAIL wapiti is not installed ({WAPITI})")
        return False
    good = True
    for role in ROLES:
        with tempfile.TemporaryDirectory(prefix="exchange-wapiti-") as folder:
            found, pages = _scanned(
                f"http://{host}:{port}", role, _cookie(host, port, role), Path(folder)
            )
        print(f"{'FAIL' if found or not pages else 'ok  '} wapiti as {role.name}: {pages} pages")
        for line in found:
            print(f"     {line}")
        good = good and bool(pages) and not found
    return good


def _cookie(host: str, port: int, role: Role) -> str:
    from marketplace.demo.people import PASSWORD, PEOPLE
    from marketplace.demo.totp import code_now

    if not role.part:
        return ""
    person = next(person for person in PEOPLE if person.role == role.part)
    visitor, login = Visitor(host, port), "/tai-khoan/login/"
    answer = visitor.post(login, {"login": person.email, "password": PASSWORD}, form=login)
    if person.totp_secret:
        visitor.post(answer.leads_to, {"code": code_now(person.totp_secret)}, form=answer.leads_to)
    if "sessionid" not in visitor.cookies:
        raise SystemExit(f"{person.email} cannot sign in")
    return "; ".join(f"{name}={visitor.cookies[name]}" for name in ("sessionid", "csrftoken"))


def _scanned(base: str, role: Role, cookie: str, folder: Path) -> tuple[list[str], int]:
    report = folder / "report.json"
    command = [
        str(WAPITI), "-u", f"{base}/", "--scope", "domain", "-m", MODULES, "-v", "0", "--no-bugreport",
        "--store-session", str(folder / "session"), "--store-config", str(folder / "config"),
        "--max-scan-time", str(CRAWL), "--max-attack-time", str(ATTACK), "-d", "2", "--max-files-per-dir", "4",
        "--max-links-per-page", "30", "--max-parameters", "12", "-f", "json", "-o", str(report),
        "-x", f"{base}/tai-khoan/logout/", "-x", f"{base}/ngon-ngu/", "-x", f"{base}/admin/logout/",
    ]  # fmt: skip
    for start in role.starts:
        command += ["-s", f"{base}{start}"]
    if cookie:
        command += ["-C", cookie, "--drop-set-cookie"]
    try:
        subprocess.run(command, check=False, timeout=ROLE, stdout=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return [f"not within {ROLE} s"], 0
    if not report.exists():
        return ["no report"], 0
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    found = [
        f"{kind}: {one['method']} {one['path']}: {one['info']}"
        for section in ("vulnerabilities", "anomalies")
        for kind, ones in told[section].items()
        for one in ones
        if one["level"] > 0 and kind not in PLAIN_HTTP
    ]
    return sorted(set(found)), int(told["infos"].get("crawled_pages_nbr", 0))

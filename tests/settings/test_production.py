"""Production starts only with everything of its own; each case is a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k9" * 30 + "AbCdEfGh",
    "ALLOWED_HOSTS": "san.example.vn",
    "PUBLIC_URL": "https://san.example.vn",
    "DEFAULT_FROM_EMAIL": "san@example.vn",
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/exchange",
    "SEARCH_URL": "embedded:///nowhere/search",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "rediscache://127.0.0.1:1/1",
    "EMAIL_URL": "smtp+tls://u:p@127.0.0.1:1",
    "STORAGE_URL": "s3://key:secret@127.0.0.1:1/bucket?secure=0",
}
# Libraries are read once; then each case starts the settings in a child of its own.
MATRIX = """
import json, os, sys, traceback
import celery, django.conf.global_settings, environ, csp.constants, structlog, django_structlog.celery.steps
for name, variables in json.load(sys.stdin).items():
    sys.stdout.flush()
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.environ.update(variables)
        try:
            import marketplace.settings.production
            said = ""
        except BaseException as error:
            said = "".join(traceback.format_exception_only(error)).strip()
        os.write(writer, said.encode())
        os._exit(0)
    os.wait()
    os.close(writer)
    print(json.dumps([name, os.fdopen(reader).read()]))
"""
WITHOUT = {
    f"{kind} {absent}": {name: given for name, given in GOOD.items() if name != absent} | value
    for absent in GOOD
    for kind, value in {"missing": {}, "empty": {absent: ""}, "blank": {absent: "  "}}.items()
}
UNSAFE = {
    f"{name}={value}": GOOD | {name: value}
    for name, value in [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "san.example.vn,*"),
        ("PUBLIC_URL", "http://san.example.vn"),
        ("PUBLIC_URL", "san.example.vn"),
        ("STORAGE_URL", "ftp://nowhere"),
        ("CACHE_URL", "nonsense://"),
    ]
}


def python(code, variables, folder, stdin=""):
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=120, input=stdin,
        env=clean | {"DJANGO_SETTINGS_MODULE": "marketplace.settings.production",
                     "EXCHANGE_DATA_DIR": str(folder)} | variables,
    )  # fmt: skip


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("production") / "data"
    cases = WITHOUT | UNSAFE | {"good": GOOD, "nothing": {}}
    run = python(MATRIX, {}, folder, stdin=json.dumps(cases))
    assert run.returncode == 0, run.stderr
    assert not folder.exists()
    return dict(json.loads(line) for line in run.stdout.splitlines())


def test_production_starts_with_everything_and_is_clean(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    run = python(code, GOOD, tmp_path / "data")
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout + run.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("case", WITHOUT)
def test_production_refuses_to_start_without(case, refusals):
    assert "ImproperlyConfigured" in refusals[case]
    assert case.split()[1] in refusals[case]


@pytest.mark.parametrize("case", UNSAFE)
def test_production_refuses_what_is_not_safe(case, refusals):
    assert "ImproperlyConfigured" in refusals[case]
    assert "k9k9" not in refusals[case]


def test_production_names_all_that_is_missing_at_once(refusals):
    assert refusals["good"] == ""
    assert all(name in refusals["nothing"] for name in GOOD)


def test_production_cookies_stay_on_this_host_and_on_https(tmp_path):
    code = (
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, getattr(s, 'DEMO', None))"
    )
    said = python(code, GOOD, tmp_path).stdout.split()
    assert said == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
        "True",
        "None",
        "/",
        "None",
    ]


def test_no_environment_at_all_is_the_embedded_size(tmp_path):
    code = (
        "from django.conf import settings as s\n"
        "print(s.DATABASES['default']['NAME'], s.SEARCH_URL, s.ALLOWED_HOSTS, s.DEBUG, getattr(s, 'DEMO', None))"
    )
    embedded = {"DJANGO_SETTINGS_MODULE": "marketplace.settings.embedded"}
    folder = tmp_path / "data"
    said = python(code, embedded, folder).stdout
    assert said.split() == [
        f"{folder}/exchange.sqlite3", f"embedded://{folder}/search", "['127.0.0.1',", "'localhost',",
        "'.localhost',", "'[::1]']", "False", "None",
    ]  # fmt: skip
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600

"""Turns the one URL of a service into Django's settings for it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import environ

SQLITE_OPTIONS = {
    # A write transaction takes its lock at once: two writers wait for each other, none fails late.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
}


def database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.db_url_config(url)
    config["ATOMIC_REQUESTS"] = False
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS | config.get("OPTIONS", {})
    else:
        config["CONN_HEALTH_CHECKS"] = True
    # To open a file anew, with the functions that Django gives it, is a sixth of what a list costs.
    config.setdefault("CONN_MAX_AGE", 60)
    return config


def cache(url: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.cache_url_config(url)
    if url.startswith("filecache:"):
        config["BACKEND"] = "marketplace.core.caching.FolderCache"
    return config


def search(url: str, *, api_key: str = "", ca: str = "") -> str:
    """The address of the search engine, with what a server's needs beside it and is better not in it.

    `embedded:///folder`, `elasticsearch://host:9200/prefix`, `opensearch+https://user:password@host/…`:
    see `search/engines/elastic/address.py`.
    """
    given = {name: value for name, value in (("api_key", api_key), ("ca", ca)) if value}
    if not given or url.startswith("embedded:"):
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(given)}"


def mail(url: str) -> dict[str, Any]:
    """`filemail:///folder`, `smtp://user:password@host:port`, `smtp+tls://…`, `consolemail://`."""
    config: dict[str, Any] = environ.Env.email_url_config(url)
    if url.startswith("filemail:"):
        # The parser drops the first slash, and mails would lie wherever the command was started.
        config["EMAIL_FILE_PATH"] = unquote(urlsplit(url).path)
    return config | {"EMAIL_TIMEOUT": 20}


#: A page that kicks a tick waits this long for a broker that does not answer, and goes on.
_IMPATIENT = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


def broker_options(url: str, data_dir: Path) -> dict[str, Any]:
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss", "sentinel"}:
        # Longer than the longest tick, or Redis hands a running task to a second worker.
        return _IMPATIENT | {"visibility_timeout": 3600, "socket_connect_timeout": 2}
    if scheme != "filesystem":
        return (
            _IMPATIENT | {"connect_timeout": 2, "confirm_publish": True}
            if scheme.startswith("amqp")
            else {}
        )
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = data_dir / "broker"
    for name in ("messages", "processed", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,
    }


def storages(url: str) -> dict[str, dict[str, Any]]:
    """The three storages of uploads (public, private, quarantine) under one `file://` or `s3://`.

    `s3://key:secret@host:port/bucket?region=…&secure=0`: the host is left out for AWS itself.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        backends = {name: _folder(parts.path, name) for name in ("public", "private", "quarantine")}
    elif parts.scheme == "s3":
        backends = {name: _bucket(url, name) for name in ("public", "private", "quarantine")}
    else:
        raise environ.ImproperlyConfigured("STORAGE_URL: file:///folder or s3://… is expected")
    return {
        "default": backends["public"],
        **backends,
        "staticfiles": {"BACKEND": "marketplace.core.storage.StaticStorage"},
    }


def mailbox(url: str) -> str:
    """The folder of `maildir:///folder`; a mailbox on another machine is filled into one by a fetcher."""
    parts = urlsplit(url)
    if url and (parts.scheme != "maildir" or parts.netloc or not parts.path):
        raise environ.ImproperlyConfigured("REPLY_MAILBOX: maildir:///folder is expected")
    return unquote(parts.path)


def _folder(path: str, name: str) -> dict[str, Any]:
    options: dict[str, Any] = {"location": str(Path(path) / name)}
    # Only public files have an address of their own; the others leave through a view that authorises.
    options["base_url"] = "/tep/" if name == "public" else None
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def _bucket(url: str, name: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    secure = query.get("secure", "1") != "0"
    options: dict[str, Any] = {
        "bucket_name": parts.path.strip("/"),
        "location": name,
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "region_name": query.get("region"),
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,
        "querystring_auth": name != "public",
    }
    if parts.hostname:
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        options["endpoint_url"] = f"{'https' if secure else 'http'}://{host}"
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from marketplace.settings import services


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("sqlite:////data/x.sqlite3", "django.db.backends.sqlite3", "/data/x.sqlite3"),
        ("postgres://u:p%40ss@db:5433/exchange", "django.db.backends.postgresql", "exchange"),
    ],
)
def test_database_url(url, engine, name):
    config = services.database(url)
    assert (config["ENGINE"], config["NAME"], config["ATOMIC_REQUESTS"]) == (engine, name, False)
    if "sqlite" in engine:
        assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    else:
        assert (config["PASSWORD"], config["PORT"], config["CONN_HEALTH_CHECKS"]) == (
            "p@ss",
            5433,
            True,
        )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("filemail:///var/mail", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                                  "EMAIL_FILE_PATH": "/var/mail"}),
        ("smtp://u:p%40@mail:25", {"EMAIL_HOST": "mail", "EMAIL_PORT": 25, "EMAIL_HOST_PASSWORD": "p@"}),
        ("smtp+tls://mail:587", {"EMAIL_USE_TLS": True, "EMAIL_HOST": "mail"}),
    ],
)  # fmt: skip
def test_mail_url(url, expected):
    config = services.mail(url)
    assert expected.items() <= config.items()
    assert config["EMAIL_TIMEOUT"]


def test_cache_in_a_folder_is_our_own():
    config = services.cache("filecache:///srv/cache?max_entries=3000")
    assert config["BACKEND"] == "marketplace.core.caching.FolderCache"
    assert (config["LOCATION"], config["OPTIONS"]) == ("/srv/cache", {"MAX_ENTRIES": 3000})


def test_cache_url_of_redis_is_djangos_own_backend():
    config = services.cache("rediscache://127.0.0.1:6379/1")
    assert config["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert config["LOCATION"] == "redis://127.0.0.1:6379/1"


def test_broker_of_the_embedded_size_has_its_folders(tmp_path):
    options = services.broker_options("filesystem://", tmp_path / "data")
    folders = [options[name] for name in ("data_folder_in", "processed_folder", "control_folder")]
    assert all(
        Path(folder).is_relative_to(tmp_path) and Path(folder).is_dir() for folder in folders
    )
    assert options["data_folder_in"] == options["data_folder_out"]
    assert options["polling_interval"] < 0.1


@pytest.mark.parametrize("url", ["redis://r:6379/0", "rediss://r:6379/0", "amqp://u:p@r//"])
def test_broker_that_does_not_answer_does_not_hold_a_page_up(url, tmp_path):
    options = services.broker_options(url, tmp_path / "data")
    assert options["max_retries"] == 1
    assert options.get("socket_connect_timeout", options.get("connect_timeout")) <= 2
    assert not (tmp_path / "data").exists()


def test_file_storages_lie_apart():
    found = services.storages("file:///data/media")
    assert {found[n]["OPTIONS"]["location"] for n in ("public", "private", "quarantine")} == {
        "/data/media/public", "/data/media/private", "/data/media/quarantine"
    }  # fmt: skip
    assert found["default"] == found["public"]


def test_bucket_storages_are_private_unless_public():
    found = services.storages("s3://k%2F1:s%2B1@minio:9000/exchange?region=vn&secure=0")
    public, private = found["public"]["OPTIONS"], found["private"]["OPTIONS"]
    assert (private["access_key"], private["secret_key"]) == ("k/1", "s+1")
    assert (private["endpoint_url"], private["bucket_name"]) == ("http://minio:9000", "exchange")
    assert private["querystring_auth"]
    assert not public["querystring_auth"]
    assert private["location"] != public["location"]
    assert not private["file_overwrite"]


def test_bucket_of_aws_has_no_endpoint_of_its_own():
    options = services.storages("s3://k:s@/exchange?region=ap-southeast-1")["public"]["OPTIONS"]
    assert "endpoint_url" not in options


def test_unknown_storage_is_refused():
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        services.storages("ftp://x")


def test_search_address_takes_key_and_authority_from_beside_it():
    address = services.search("opensearch+https://host/x?shards=2", api_key="a&b", ca="/ca.pem")
    assert address == "opensearch+https://host/x?shards=2&api_key=a%26b&ca=%2Fca.pem"
    assert services.search("embedded:///var/index", api_key="a") == "embedded:///var/index"


def test_a_mailbox_is_a_folder_here():
    assert services.mailbox("maildir:///var/mail/tr%E1%BA%A3-l%E1%BB%9Di") == "/var/mail/trả-lời"
    assert services.mailbox("") == ""


@pytest.mark.parametrize(
    "url", ["imap://thu.example.vn/INBOX", "/var/mail/tra-loi", "maildir://tra-loi", "maildir:"]
)
def test_any_other_mailbox_is_refused_at_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="REPLY_MAILBOX"):
        services.mailbox(url)

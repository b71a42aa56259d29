import pytest

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["/", "/tai-khoan/login/", "/en/tai-khoan/login/", "/khong-co-trang-nay/", "/health/live"]


@pytest.mark.parametrize("path", PAGES)
def test_public_page_carries_the_headers_that_protect_its_reader(client, path):
    headers = client.get(path, follow=True).headers
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_admin_loads_nothing_from_elsewhere(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    headers = client.get("/admin/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "script-src-attr 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/key", {"Authorization": "Bearer x"}, 403),
        ("/api/v1/public/need", {}, 403),
        ("/oai?verb=Identify", {"Authorization": "Bearer x"}, 403),
        ("/oai?verb=Identify", {}, 301),
        ("/nhu-cau/", {}, 301),
    ],
)
def test_machine_that_speaks_in_plain_is_refused_and_people_are_led_on(
    client, settings, path, headers, status
):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert "Location" not in answer if status == 403 else answer["Location"].startswith("https:")

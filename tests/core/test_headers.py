import pytest

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
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]

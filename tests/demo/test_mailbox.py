from datetime import UTC, datetime, timedelta

from django.core.mail import EmailMessage, get_connection

from marketplace.core.templatetags.design import datetime_vi
from marketplace.demo import mailbox


def test_mail_is_read_back_with_its_vietnamese_hour(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    EmailMessage(
        "Gợi ý mới", "Xin chào", to=["mai@example.vn"], connection=get_connection(backend)
    ).send()

    (mail,) = mailbox.newest(to="mai@example.vn")

    assert mail.subject == "Gợi ý mới"
    assert mail.at is not None
    assert abs(datetime.now(UTC) - mail.at) < timedelta(minutes=5)
    local = mail.at + timedelta(hours=7)
    assert datetime_vi(mail.at).startswith(f"{local:%H:%M}, {local:%d/%m/%Y}")
    assert mailbox.newest(to="khac@example.vn") == []

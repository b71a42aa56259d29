import pytest

from marketplace.notifications import kinds as registry
from marketplace.notifications.kinds import NoticeKind

TEMPLATE = "tests-notice"


@pytest.fixture(autouse=True)
def notice_kinds(settings, tmp_path, monkeypatch):
    """Three kinds of notice of our own, so that these tests need no higher app."""
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / f"{TEMPLATE}.subject.txt").write_text("Tin: {{ title }}")
    (folder / f"{TEMPLATE}.txt").write_text(
        '{% extends "emails/base.txt" %}{% block content %}{{ title }}{% endblock %}'
    )
    (folder / f"{TEMPLATE}.html").write_text(
        '{% extends "emails/base.html" %}{% block content %}{{ title }}{% endblock %}'
    )
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    monkeypatch.setattr(
        registry,
        "_kinds",
        {
            "news": NoticeKind("news", "Tin mới", TEMPLATE),
            "urgent": NoticeKind("urgent", "Việc gấp", TEMPLATE, digest=False),
            "answer": NoticeKind("answer", "Trả lời", TEMPLATE, transactional=True),
        },
    )

"""Logs as JSON lines with a request id, without personal data and without secrets in addresses."""

import re
from typing import Any

import structlog

_HIDDEN = (
    # Signed links and one-time keys open doors.
    (re.compile(r"[\w-]{4,}:[\w-]{4,}:[\w-]{20,}"), "<token>"),
    (re.compile(r"[0-9a-f]{24,}"), "<token>"),
    # Claim links are short, to be typed from a letter: known by where they stand.
    (re.compile(r"(?<=/nhan-ho-so/)[^/\s]+"), "<token>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<email>"),
    # A citizen's number, which is the tax code of a household business: it begins with a province's 0xx.
    (re.compile(r"(?<![\w.])0\d{11}(?!\w)"), "<number>"),
    (re.compile(r"(?<![\w.])(?:\+84|0)(?:[ .-]?\d){9}(?!\w)"), "<phone>"),
)
_QUERY = re.compile(r"\?\S*")
#: Set by the libraries, and of no person: left as they are.
_KEPT = frozenset(
    {"request_id", "correlation_id", "task_id", "child_task_id", "parent_task_id", "timestamp"}
)


def redact(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Takes people, tokens and what was searched for out of a line, wherever they stand in it."""
    for name, value in event.items():
        if name in _KEPT or not isinstance(value, str):
            continue
        text = _QUERY.sub("", value) if name == "request" else value
        for pattern, shown in _HIDDEN:
            text = pattern.sub(shown, text)
        event[name] = text
    return event


_BOUND: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_BOUND,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.UnicodeDecoder(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(level: str) -> dict[str, Any]:
    """One handler for our lines and the libraries' alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _BOUND,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    redact,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django_structlog": {"level": level},
            # Django's own handlers would print the same line again, unredacted, or mail it.
            "django": {"handlers": [], "level": level},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }

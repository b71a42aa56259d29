"""The Celery application: the clock of the exchange. Work lives in rows; a task only finds it."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from marketplace.core import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.embedded")

broker.register()

app = Celery("exchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A task's log lines carry the id of the request that kicked it.
app.steps["worker"].add(DjangoStructLogInitStep)

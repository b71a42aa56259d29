"""Django with all that a request needs, loaded once: other processes are forked from it (`tests.processes`)."""

from importlib import import_module

import django
from django.conf import settings

django.setup()
import_module(settings.ROOT_URLCONF)

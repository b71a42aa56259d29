"""A shop of django-oscar, to compare with: `python -m oscar_shop COUNT` makes it in OSCAR_FOLDER, gunicorn serves it.

Runs in an environment of its own, which has django-oscar and nothing of ours.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

FOLDER = Path(os.environ["OSCAR_FOLDER"])
os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def configure() -> None:
    from oscar import INSTALLED_APPS, defaults

    own = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
    settings.configure(
        **own,
        SECRET_KEY="of-a-benchmark",
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="oscar_shop",
        SITE_ID=1,
        USE_TZ=True,
        STATIC_URL="/static/",
        MEDIA_ROOT=str(FOLDER / "media"),
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(FOLDER / "shop.sqlite3"),
                "ATOMIC_REQUESTS": True,
            }
        },
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
        },
        INSTALLED_APPS=[
            "django.contrib.admin", *(app for app in INSTALLED_APPS if app != "django.contrib.admin"),
        ],
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
            "oscar.apps.basket.middleware.BasketMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.template.context_processors.i18n",
                        "django.contrib.messages.context_processors.messages",
                        "oscar.apps.search.context_processors.search_form",
                        "oscar.apps.checkout.context_processors.checkout",
                        "oscar.apps.communication.notifications.context_processors.notifications",
                        "oscar.core.context_processors.metadata",
                    ]
                },
            }
        ],
    )  # fmt: skip
    django.setup()


def make(count: int) -> None:
    from django.core.management import call_command
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    kind = get_model("catalogue", "ProductClass").objects.create(
        name="Thiết bị", track_stock=False, requires_shipping=False
    )
    partner = get_model("partner", "Partner").objects.create(name="Viện")
    places = [create_from_breadcrumbs(f"Lĩnh vực {number}") for number in range(4)]
    for number in range(count):
        product = get_model("catalogue", "Product").objects.create(
            product_class=kind, title=f"Máy sấy lạnh nông sản số {number}", upc=f"{number}",
            description="Sấy 300 kg một mẻ ở 45 độ, giữ màu và mùi, hoàn vốn trong 14 tháng.",
        )  # fmt: skip
        product.categories.add(places[number % 4])
        get_model("partner", "StockRecord").objects.create(
            product=product, partner=partner, partner_sku=f"{number}", price=1000 + number
        )


configure()
if __name__ == "__main__":
    make(int(sys.argv[1]))
else:
    from django.apps import apps
    from django.urls import include, path

    urlpatterns = [
        path("i18n/", include("django.conf.urls.i18n")),
        path("", include(apps.get_app_config("oscar").urls[0])),
    ]
    application = get_wsgi_application()

"""Addresses: Vietnamese without prefix, English under /en/."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language
from wagtail.documents.views.serve import serve as document

from marketplace.accounts.grants import token
from marketplace.accounts.oidc import authorize, begin_login, end_login
from marketplace.core import files, health, sitemaps

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap"),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("admin/", include("cms.urls")),
    # Files of the CMS are public; those of listings are not kept there.
    re_path(r"^tai-lieu/(\d+)/(.*)$", login_not_required(document), name="wagtaildocs_serve"),
    path("", include("marketplace.api.urls")),
    re_path(files.PUBLIC_PATH, files.public_file, name="public_file"),
]

if settings.IDP_OIDC_PRIVATE_KEY:
    urlpatterns += [
        path("identity/o/authorize", authorize),
        path("identity/o/api/token", token),
        path("", include("allauth.idp.urls")),
    ]
if settings.METRICS_TOKEN:
    urlpatterns.append(path("health/metrics", health.metrics, name="health_metrics"))

pages: list[URLPattern | URLResolver] = [
    # First, since providers call it hundreds of times a second: each pattern before it costs.
    path("", include("marketplace.payments.urls")),
    # Before allauth's own: another site that does not answer must not look like ours.
    path("tai-khoan/oidc/<str:provider_id>/login/", begin_login, name="openid_connect_login"),
    path(
        "tai-khoan/oidc/<str:provider_id>/login/callback/",
        end_login,
        name="openid_connect_callback",
    ),
    path("tai-khoan/", include("marketplace.accounts.factor_urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("", include("marketplace.listings.urls")),
    path("", include("marketplace.research.urls")),
    path("", include("marketplace.sources.urls")),
    path("", include("marketplace.experts.urls")),
    path("", include("marketplace.registration.urls")),
    path("", include("marketplace.registration.compliance_urls")),
    path("", include("marketplace.accounts.urls")),
    path("", include("marketplace.mandates.urls")),
    path("", include("marketplace.privacy.urls")),
    path("", include("marketplace.notifications.urls")),
    path("", include("marketplace.matching.urls")),
    path("", include("marketplace.deals.urls")),
    path("", include("marketplace.dashboard.home_urls")),
    path("", include("marketplace.dashboard.urls")),
    path("", include("marketplace.taxonomy.urls")),
    path("", include("marketplace.api.page_urls")),
    path("", include("search.urls")),
    path("an-pham/", include("cms.publications.urls")),
    path("trang/", include("cms.pages.urls")),
]
if apps.is_installed("marketplace.demo"):
    pages.append(path("demo/", include("marketplace.demo.urls")))

urlpatterns += i18n_patterns(*pages, prefix_default_language=False)

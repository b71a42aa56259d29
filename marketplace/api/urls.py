"""For programs: addresses without a language."""

from django.urls import URLPattern, path

from marketplace.api import own, public_records, push, views

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("oai", views.oai, name="oai"),
    path("du-lieu-mo/catalog.jsonld", views.data_catalogue, name="catalogue"),
    path("du-lieu-mo/manifest.json", views.file_manifest, name="manifest"),
    path("api/v1/key", own.key_itself, name="key"),
    path("api/v1/listings/<slug:kind>", own.listings, name="listings"),
    path("api/v1/public/<slug:kind>", public_records.public_list, name="public_list"),
    path(
        "api/v1/public/<slug:kind>/<slug:public_id>",
        public_records.public_record,
        name="public_record",
    ),
    path("api/v1/matches", own.matches, name="matches"),
    path("api/v1/source", push.source, name="push_source"),
    path("api/v1/records", push.batch, name="push_batch"),
    path("api/v1/records/<path:identifier>", push.record, name="push_record"),
    path("du-lieu-mo/tep/<str:name>", views.download, name="download"),
]

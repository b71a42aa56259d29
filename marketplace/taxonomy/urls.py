from django.urls import path

from marketplace.taxonomy import views

app_name = "taxonomy"
urlpatterns = [
    path("danh-muc/", views.vocabulary_list, name="vocabularies"),
    path("danh-muc/<slug:code>/", views.vocabulary_detail, name="vocabulary"),
]

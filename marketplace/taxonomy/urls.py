from django.urls import path

from marketplace.taxonomy import views

app_name = "taxonomy"
urlpatterns = [
    path("danh-muc/", views.vocabulary_list, name="vocabularies"),
    path("danh-muc/chuyen-doi/", views.crosswalk_list, name="crosswalks"),
    path("danh-muc/chuyen-doi/<slug:code>/", views.crosswalk_detail, name="crosswalk"),
    path("danh-muc/<slug:code>/", views.vocabulary_detail, name="vocabulary"),
]

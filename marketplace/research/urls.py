from django.urls import URLPattern, path

from marketplace.research import views

app_name = "research"

urlpatterns: list[URLPattern] = [
    path("ket-qua/", views.result_list, name="result_list"),
    path("ket-qua/<slug:public_id>/trich-dan.bib", views.citation, name="citation"),
    path("ket-qua/<slug:slug>-<slug:public_id>/", views.result, name="result"),
]

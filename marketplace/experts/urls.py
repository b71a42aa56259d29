from django.urls import URLPattern, path

from marketplace.experts import views

app_name = "experts"

urlpatterns: list[URLPattern] = [
    path("chuyen-gia/", views.expert_list, name="expert_list"),
    path("chuyen-gia/cua-toi/", views.mine, name="mine"),
    path("chuyen-gia/<slug:slug>-<slug:public_id>/", views.expert, name="expert"),
]

from django.urls import path

from marketplace.matching import views
from marketplace.matching.quality_page import quality

app_name = "matching"

urlpatterns = [
    path("chat-luong-goi-y/", quality, name="quality"),
    path("nhu-cau-phu-hop/", views.needs_for_us, name="needs_for_us"),
    path("goi-y/<slug:public_id>/mo/", views.open_candidate, name="open"),
    path("goi-y/<slug:public_id>/khong-phu-hop/", views.pass_on, name="pass"),
    path("goi-y/<slug:public_id>/lay-lai/", views.take_back, name="take_back"),
]

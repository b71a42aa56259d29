from django.urls import path

from marketplace.matching import views
from marketplace.matching.interests import views as interests
from marketplace.matching.models import Side
from marketplace.matching.quality_page import quality

app_name = "matching"

urlpatterns = [
    path("moi-quan-tam/", interests.list_interests, name="interests"),
    path("moi-quan-tam/moi/", interests.write, name="write_interest"),
    path("moi-quan-tam/<slug:public_id>/", interests.show, name="interest"),
    path("moi-quan-tam/<slug:public_id>/sua/", interests.change, name="change_interest"),
    path("moi-quan-tam/<slug:public_id>/tam-ngung/", interests.pause, name="pause_interest"),
    path("moi-quan-tam/<slug:public_id>/bat-lai/", interests.resume, name="resume_interest"),
    path("moi-quan-tam/<slug:public_id>/xoa/", interests.delete, name="delete_interest"),
    path("moi-quan-tam/<slug:public_id>/khoi-phuc/", interests.restore, name="restore_interest"),
    path(
        "moi-quan-tam/<slug:public_id>/khong-nhan/<slug:match_id>/",
        interests.exclude,
        name="exclude_by_interest",
    ),
    path("chat-luong-goi-y/", quality, name="quality"),
    path("nhu-cau-phu-hop/", views.needs_for_us, name="needs_for_us"),
    path("nhu-cau-phu-hop/khong-phu-hop/", views.pass_on_needs, name="pass_needs"),
    path("ly-do-khong-phu-hop/", views.why_not, name="why_not"),
    path("goi-y/xem-truoc/<slug:public_id>/", views.staff_look, name="staff_look"),
    path("goi-y/nhu-cau/<slug:public_id>/khong-phu-hop/", views.pass_on_many, name="pass_many"),
    path(
        "goi-y/<slug:public_id>/khong-nhan/",
        views.pass_on,
        {"side": Side.SUPPLY},
        name="pass_supply",
    ),
    path(
        "goi-y/<slug:public_id>/nhan-lai/",
        views.take_back,
        {"side": Side.SUPPLY},
        name="take_back_supply",
    ),
    path("goi-y/<slug:public_id>/mo/", views.open_candidate, name="open"),
    path("goi-y/<slug:public_id>/khong-phu-hop/", views.pass_on, name="pass"),
    path("goi-y/<slug:public_id>/lay-lai/", views.take_back, name="take_back"),
]

from django.urls import path

from marketplace.privacy import views

app_name = "privacy"

urlpatterns = [
    path("du-lieu-ca-nhan/", views.policy, name="policy"),
    path("du-lieu-ca-nhan/dong-y/", views.agree, name="agree"),
    path("du-lieu-ca-nhan/cua-toi/", views.mine, name="mine"),
    path("du-lieu-ca-nhan/cua-toi/ban-sao/", views.ask_copy, name="ask_copy"),
    path("du-lieu-ca-nhan/cua-toi/ban-sao/<slug:public_id>/", views.copy, name="copy"),
    path("du-lieu-ca-nhan/cua-toi/dong-y/<slug:code>/", views.consent, name="consent"),
    path("du-lieu-ca-nhan/cua-toi/yeu-cau/", views.ask, name="ask"),
    path("du-lieu-ca-nhan/cua-toi/dong-tai-khoan/", views.close, name="close"),
    path("du-lieu-ca-nhan/cua-toi/giu-tai-khoan/", views.keep, name="keep"),
]

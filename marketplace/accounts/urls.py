from django.urls import URLPattern, path

from marketplace.accounts import views

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("to-chuc/", views.organization_list, name="organization_list"),
    path("to-chuc/cua-toi/", views.my_organizations, name="my_organizations"),
    path("to-chuc/tim/", views.find_organization, name="find_organization"),
    path("to-chuc/tao/", views.create_organization, name="create_organization"),
    path("to-chuc/chon/", views.switch_organization, name="switch_organization"),
    path("to-chuc/<slug:public_id>/sua/", views.edit_organization, name="edit_organization"),
    path("to-chuc/<slug:public_id>/de-nghi-nhan/", views.request_claim, name="request_claim"),
    path("to-chuc/<slug:slug>-<slug:public_id>/", views.organization, name="organization"),
    path("ho-so-ca-nhan/", views.profile, name="profile"),
    path("nhan-ho-so/<str:token>/", views.claim, name="claim"),
]

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
    path("to-chuc/<slug:public_id>/xac-minh/", views.verification, name="verification"),
    path("giay-to/<slug:public_id>/", views.evidence_file, name="evidence_file"),
    path("to-chuc/<slug:public_id>/nguoi/", views.member_list, name="members"),
    path("to-chuc/<slug:public_id>/nguoi/moi/", views.invite_member, name="invite_member"),
    path("to-chuc/<slug:public_id>/duyet-truoc/", views.own_approval, name="own_approval"),
    path(
        "to-chuc/<slug:public_id>/nguoi/<slug:reference>/vai-tro/",
        views.change_role,
        name="change_role",
    ),
    path(
        "to-chuc/<slug:public_id>/nguoi/<slug:reference>/roi/",
        views.remove_member,
        name="remove_member",
    ),
    path(
        "to-chuc/<slug:public_id>/thu-moi/<slug:invitation_id>/",
        views.answer_for_invitation,
        name="answer_for_invitation",
    ),
    path("to-chuc/<slug:public_id>/xin-vao/", views.ask_to_join, name="ask_to_join"),
    path(
        "to-chuc/<slug:public_id>/de-nghi/<slug:request_id>/",
        views.answer_join_request,
        name="answer_join_request",
    ),
    path("to-chuc/<slug:public_id>/chuyen-chu/", views.offer_ownership, name="offer_ownership"),
    path("chuyen-chu/<slug:transfer_id>/", views.transfer, name="transfer"),
    path(
        "de-nghi-tham-gia/<slug:request_id>/rut/",
        views.withdraw_join_request,
        name="withdraw_join_request",
    ),
    path("thu-moi/<slug:invitation_id>/", views.answer_invitation, name="answer_invitation"),
    path("vao-to-chuc/<str:token>/", views.join_by_letter, name="join_by_letter"),
    path("to-chuc/<slug:public_id>/de-nghi-nhan/", views.request_claim, name="request_claim"),
    path("to-chuc/<slug:slug>-<slug:public_id>/", views.organization, name="organization"),
    path("ho-so-ca-nhan/", views.profile, name="profile"),
    path("trang-da-ket-noi/", views.connected_sites, name="connected_sites"),
    path("nhan-ho-so/<str:token>/", views.claim, name="claim"),
]

"""Addresses of allauth's that do more here than there; they stand before allauth's own."""

from django.urls import path

from marketplace.accounts.views import factors as views

urlpatterns = [
    path("password/change/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/set/", views.SetPasswordView.as_view(), name="account_set_password"),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
    path("2fa/totp/activate/", views.TurnCodesOnView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.TurnCodesOffView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", views.AddKeyView.as_view(), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        views.RemoveKeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("2fa/recovery-codes/", views.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        views.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]

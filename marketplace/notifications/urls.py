from django.urls import path

from marketplace.notifications import views

app_name = "notifications"

urlpatterns = [
    path("thong-bao/", views.inbox, name="inbox"),
    path("thong-bao/da-doc/", views.read_all, name="read_all"),
    path("thong-bao/<int:pk>/", views.open_notice, name="open"),
    path("thong-bao/tuy-chon/", views.preferences, name="preferences"),
    path("thong-bao/huy-nhan/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

from django.urls import path

from marketplace.notifications.views import inbox, saved_searches

app_name = "notifications"

urlpatterns = [
    path("thong-bao/", inbox.inbox, name="inbox"),
    path("thong-bao/da-doc/", inbox.read_all, name="read_all"),
    path("thong-bao/<int:pk>/", inbox.open_notice, name="open"),
    path("thong-bao/tuy-chon/", inbox.preferences, name="preferences"),
    path("thong-bao/huy-nhan/<str:token>/", inbox.unsubscribe, name="unsubscribe"),
    path("tim-kiem-da-luu/", saved_searches.list_searches, name="saved_searches"),
    path("tim-kiem-da-luu/them/", saved_searches.save, name="save_search"),
    path("tim-kiem-da-luu/ngung/<str:token>/", saved_searches.stop, name="stop_saved_search"),
    path("tim-kiem-da-luu/<slug:public_id>/", saved_searches.open_search, name="open_saved_search"),
    path(
        "tim-kiem-da-luu/<slug:public_id>/sua/", saved_searches.change, name="change_saved_search"
    ),
    path(
        "tim-kiem-da-luu/<slug:public_id>/xoa/", saved_searches.delete, name="delete_saved_search"
    ),
    path(
        "tim-kiem-da-luu/<slug:public_id>/khoi-phuc/",
        saved_searches.restore,
        name="restore_saved_search",
    ),
]

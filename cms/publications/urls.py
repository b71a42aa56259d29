from django.urls import path

from cms.publications import views

app_name = "publications"

urlpatterns = [
    path("nhan/<str:token>/", views.confirm, name="confirm"),
    path("ngung/<str:token>/", views.stop, name="stop"),
    path("so/<slug:public_id>/", views.open_issue, name="open"),
]

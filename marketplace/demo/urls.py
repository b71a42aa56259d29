from django.urls import path

from marketplace.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("hop-thu/", views.mailbox, name="mailbox"),
    path("hop-thu/<str:key>/", views.mail, name="mail"),
    path("kieu-dang/", views.style_guide, name="style"),
]

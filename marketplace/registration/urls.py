from django.urls import path

from marketplace.registration.views import public

app_name = "registration"
urlpatterns = [
    path("xac-minh/<slug:code>/", public.verify, name="verify"),
    path("dang-ky-ket-qua/quy-dinh/", public.rule_list, name="rules"),
]

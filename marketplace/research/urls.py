from django.urls import URLPattern, path

from marketplace.research.views import fields, files, lists, people, records

app_name = "research"

urlpatterns: list[URLPattern] = [
    path("ket-qua/", lists.result_list, name="result_list"),
    path("ket-qua/so/<path:number>", files.result_numbered, name="result_numbered"),
    path("ket-qua/<slug:public_id>/trich-dan.<slug:suffix>", records.citation, name="citation"),
    path("ket-qua/<slug:slug>-<slug:public_id>/", records.result, name="result"),
    path("nhiem-vu/", lists.task_list, name="task_list"),
    path("nhiem-vu/so/<path:number>", files.task_numbered, name="task_numbered"),
    path("nhiem-vu/<slug:slug>-<slug:public_id>/", records.task, name="task"),
    path("nha-khoa-hoc/", people.person_list, name="person_list"),
    path("nha-khoa-hoc/<slug:slug>-<slug:public_id>/", people.person, name="person"),
    path("chuong-trinh/", people.programme_list, name="programme_list"),
    path("chuong-trinh/<slug:slug>-<slug:public_id>/", people.programme, name="programme"),
    path("linh-vuc/", fields.field_list, name="field_list"),
    path("linh-vuc/<slug:code>/", fields.field, name="field"),
    path("tai-lieu/<slug:public_id>/", files.attachment, name="attachment"),
]

from django.urls import URLPattern, path

from marketplace.research.views import fields, files, full_texts, lists, people, records

app_name = "research"
_ASKED = "de-nghi-xem-toan-van/<slug:public_id>"

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
    path("tai-lieu/<slug:public_id>/de-nghi/", full_texts.ask, name="full_text_ask"),
    path("de-nghi-xem-toan-van/", full_texts.mine, name="full_texts"),
    path("de-nghi-xem-toan-van/can-tra-loi/", full_texts.desk, name="full_text_desk"),
    path(f"{_ASKED}/", full_texts.detail, name="full_text"),
    path(f"{_ASKED}/rut/", full_texts.withdraw, name="full_text_withdraw"),
    path(f"{_ASKED}/dong-y/", full_texts.approve, name="full_text_approve"),
    path(f"{_ASKED}/hen-doc/", full_texts.appoint, name="full_text_appoint"),
    path(f"{_ASKED}/tu-choi/", full_texts.refuse, name="full_text_refuse"),
    path(f"{_ASKED}/ban-sao.pdf", full_texts.copy, name="full_text_copy"),
]

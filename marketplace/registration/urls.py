from django.urls import path

from marketplace.registration.views import (
    desk,
    dossiers,
    editing,
    forms_on_paper,
    public,
    task_reports,
)

app_name = "registration"
_MINE = "dang-ky-ket-qua/<slug:public_id>"
_DESK = "dau-moi/ho-so/<slug:public_id>"
_REPORT = "dang-ky-ket-qua/nhiem-vu/<slug:public_id>"
_DESK_REPORT = "dau-moi/nhiem-vu/<slug:public_id>"
urlpatterns = [
    path("xac-minh/", public.verify_code, name="verify_code"),
    path("xac-minh/<slug:code>/", public.verify, name="verify"),
    path("quy-dinh-dang-ky/", public.rule_list, name="rules"),
    path("dang-ky-ket-qua/", dossiers.dossier_list, name="dossiers"),
    path("dang-ky-ket-qua/bat-dau/<slug:task_id>/", dossiers.start, name="start"),
    path("dang-ky-ket-qua/khai-nhiem-vu/", task_reports.report, name="report_task"),
    path(f"{_REPORT}/", task_reports.detail, name="task_report"),
    path(f"{_REPORT}/sua/", task_reports.mend, name="mend_task_report"),
    path(f"{_REPORT}/rut/", task_reports.withdraw, name="withdraw_task_report"),
    path(f"{_DESK_REPORT}/", task_reports.desk_report, name="desk_task_report"),
    path(f"{_DESK_REPORT}/xac-nhan/", task_reports.confirm, name="confirm_task_report"),
    path(f"{_DESK_REPORT}/tra-lai/", task_reports.send_back, name="return_task_report"),
    path(f"{_MINE}/", dossiers.dossier_detail, name="dossier"),
    path(f"{_MINE}/phieu/<slug:form>.<slug:suffix>", forms_on_paper.mine, name="form_paper"),
    path(f"{_MINE}/sua/tep/", editing.files, name="files"),
    path(f"{_MINE}/sua/xem-lai/", editing.review, name="review"),
    path(f"{_MINE}/sua/<slug:step>/", editing.edit, name="edit"),
    path(f"{_MINE}/nop/", dossiers.submit, name="submit"),
    path(f"{_MINE}/rut-ve-sua/", dossiers.recall, name="recall"),
    path(f"{_MINE}/rut/", dossiers.withdraw, name="withdraw"),
    path(f"{_MINE}/tep/<slug:key>/", dossiers.file, name="file"),
    path(f"{_MINE}/giay-chung-nhan/", dossiers.certificate, name="certificate"),
    path(f"{_MINE}/ban-sao/", dossiers.request_copy, name="request_copy"),
    path(f"{_MINE}/ban-sao/<slug:copy_id>/", dossiers.certified_copy, name="copy"),
    path("dau-moi/", desk.queue, name="desk"),
    path(f"{_DESK}/", desk.dossier, name="desk_dossier"),
    path(f"{_DESK}/tep/<slug:key>/", desk.desk_file, name="desk_file"),
    path(
        f"{_DESK}/phieu/<slug:form>.<slug:suffix>", forms_on_paper.at_desk, name="desk_form_paper"
    ),
    path(f"{_DESK}/nhan/", desk.begin, name="begin"),
    path(f"{_DESK}/tra-lai/", desk.send_back, name="send_back"),
    path(f"{_DESK}/khong-tiep-nhan/", desk.refuse, name="refuse"),
    path(f"{_DESK}/hop-le/", desk.accept, name="accept"),
    path(f"{_DESK}/xem-lai/", desk.take_back, name="take_back"),
    path(f"{_DESK}/cap-giay/", desk.issue, name="issue"),
    path(f"{_DESK}/giay-chung-nhan/", desk.desk_certificate, name="desk_certificate"),
    path(f"{_DESK}/ban-sao/<slug:copy_id>/", desk.answer_copy, name="answer_copy"),
]

"""Addresses of the compliance desk: duties, letters, yearly reports, inspections, one page of paper."""

from django.urls import path

from marketplace.registration.views import (
    compliance,
    inspections,
    letters,
    obligations,
    sheet,
    yearly,
)

app_name = "compliance"
_DUTY = "dau-moi/nghia-vu/<slug:public_id>"
_LETTER = "dau-moi/cong-van/<slug:public_id>"
_YEAR = "dau-moi/bao-cao-nam/<slug:focal_point>/<int:year>"
_PLAN = "dau-moi/kiem-tra/<slug:focal_point>/<int:year>"
_VISIT = "dau-moi/kiem-tra/buoi/<slug:public_id>"
urlpatterns = [
    path("nghia-vu-bao-cao/", obligations.duties, name="mine"),
    path("nghia-vu-bao-cao/<slug:public_id>/", obligations.report, name="report"),
    path("dau-moi/nghia-vu/", compliance.desk, name="desk"),
    path("dau-moi/nghia-vu/don-vi/<slug:unit>/", compliance.unit, name="unit"),
    path(f"{_DUTY}/mien/", compliance.excuse, name="excuse"),
    path(f"{_DUTY}/mo-lai/", compliance.reopen, name="reopen"),
    path(f"{_DUTY}/nghiem-thu/", compliance.state_acceptance, name="state_acceptance"),
    path("dau-moi/cong-van/", letters.letters, name="letters"),
    path("dau-moi/cong-van/soan/<slug:unit>/", letters.draft, name="draft_letter"),
    path("dau-moi/cong-van/soan-tat-ca/<slug:focal_point>/", letters.draft_all, name="draft_all"),
    path(f"{_LETTER}/", letters.letter, name="letter"),
    path(f"{_LETTER}/docx/", letters.document, name="letter_document"),
    path(f"{_LETTER}/so/", letters.number, name="number_letter"),
    path(f"{_LETTER}/bo/", letters.drop, name="drop_letter"),
    path("dau-moi/bao-cao-nam/", yearly.overview, name="yearly"),
    path(f"{_YEAR}/", yearly.report, name="yearly_report"),
    path(f"{_YEAR}/chot/", yearly.close, name="close_year"),
    path(f"{_YEAR}/docx/", yearly.document, {"form": "docx"}, name="yearly_document"),
    path(f"{_YEAR}/xlsx/", yearly.document, {"form": "xlsx"}, name="yearly_workbook"),
    path("dau-moi/kiem-tra/", inspections.plans, name="inspections"),
    path("dau-moi/kiem-tra/<slug:focal_point>/lap/", inspections.start, name="start_plan"),
    path(f"{_VISIT}/", inspections.visit, name="visit"),
    path(f"{_VISIT}/bien-ban/", inspections.record_minutes, name="record_minutes"),
    path(f"{_VISIT}/tep/", inspections.minutes_file, name="minutes_file"),
    path(f"{_VISIT}/khong-thuc-hien/", inspections.cancel_visit, name="cancel_visit"),
    path(f"{_VISIT}/phat-hien/", inspections.add_finding, name="add_finding"),
    path("dau-moi/kiem-tra/phat-hien/<slug:public_id>/", inspections.follow_up, name="follow_up"),
    path(f"{_PLAN}/", inspections.plan, name="plan"),
    path(f"{_PLAN}/them/", inspections.add_visit, name="add_visit"),
    path(f"{_PLAN}/duyet/", inspections.approve, name="approve_plan"),
    path(f"{_PLAN}/mo-lai/", inspections.take_back, name="take_back_plan"),
    path("dau-moi/mot-trang/", sheet.sheet, name="sheet"),
]

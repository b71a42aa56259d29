"""Addresses of the compliance desk: duties, letters, yearly reports, inspections, one page of paper."""

from django.urls import path

from marketplace.registration.views import compliance, letters, obligations

app_name = "compliance"
_DUTY = "dau-moi/nghia-vu/<slug:public_id>"
_LETTER = "dau-moi/cong-van/<slug:public_id>"
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
]

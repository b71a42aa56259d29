from django.urls import URLPattern, path

from marketplace.listings.addresses import WORDS
from marketplace.listings.views import (
    calls,
    catalogues,
    comparing,
    confirming,
    editing,
    files,
    lifecycle,
    paper_forms,
    public,
    renewing,
    reporting,
    results,
)

app_name = "listings"

urlpatterns: list[URLPattern] = [
    path("so-sanh/", comparing.compare, name="compare"),
    path("xac-nhan-tin/<str:token>/", renewing.renew, name="renew"),
    path("xac-nhan-dang-ho/<str:token>/", confirming.answer, name="firm_answer"),
    path("xac-nhan-dang-ho/<str:token>/xem/", confirming.look, name="firm_look"),
    path("bang-dieu-khien/xac-nhan-tin/", renewing.confirm_many, name="confirm_many"),
    path("phieu/<slug:code>.<slug:suffix>", paper_forms.blank, name="blank_form"),
    path("bang-dieu-khien/phieu/", paper_forms.begin, name="paper_forms"),
    path("bang-dieu-khien/danh-muc/", catalogues.begin, name="catalogues"),
    path(
        "bang-dieu-khien/danh-muc/mau-<listing_kind:kind>.xlsx",
        catalogues.sheet,
        name="catalogue_sheet",
    ),
    path(
        "bang-dieu-khien/danh-muc/<listing_id:public_id>/", catalogues.catalogue, name="catalogue"
    ),
    path(
        "bang-dieu-khien/<listing_kind:kind>/<listing_id:public_id>/phieu/<slug:code>.<slug:suffix>",
        paper_forms.filled,
        name="filled_form",
    ),
    path(
        "bang-dieu-khien/chao-ban-ket-qua/<slug:result_id>/",
        results.make_offer,
        name="offer_from_result",
    ),
    path(
        "bang-dieu-khien/<listing_kind:kind>/<listing_id:public_id>/sua/xem-lai/",
        editing.review,
        name="review",
    ),
    path(
        "bang-dieu-khien/<listing_kind:kind>/<listing_id:public_id>/sua/<slug:step>/",
        editing.edit,
        name="edit",
    ),
]
for name, view in (
    ("xem-truoc", editing.preview),
    ("gui-duyet", editing.submit),
    ("hoi-doanh-nghiep", confirming.ask),
    ("phieu", paper_forms.fill),
    ("goi-lai", calls.call_me),
    ("rut", lifecycle.withdraw),
    ("khoi-phuc", lifecycle.restore),
    ("rut-ve-sua", lifecycle.recall),
    ("to-chuc-duyet", lifecycle.own_answer),
    ("to-chuc-rut-lai", lifecycle.own_take_back),
    ("xac-nhan", lifecycle.confirm),
    ("gia-han", lifecycle.extend),
):
    urlpatterns.append(
        path(
            f"bang-dieu-khien/<listing_kind:kind>/<listing_id:public_id>/{name}/",
            view,
            name=view.__name__,
        )
    )
for kind, word in WORDS.items():
    urlpatterns += [
        path(f"bang-dieu-khien/{word}/moi/", editing.create, {"kind": kind}, name=f"{kind}_create"),
        path(f"{word}/", public.listing_list, {"kind": kind}, name=f"{kind}_list"),
        path(f"{word}/<listing_id:public_id>/", public.listing_detail, {"kind": kind}),
        path(
            f"{word}/<slug:slug>-<listing_id:public_id>/",
            public.listing_detail,
            {"kind": kind},
            name=kind,
        ),
    ]
urlpatterns += [
    path(
        "tep-dinh-kem/<listing_kind:kind>/<listing_id:public_id>/<slug:key>/",
        files.attachment,
        name="attachment",
    ),
    path(
        "anh/<listing_kind:kind>/<listing_id:public_id>/<slug:key>/", files.picture, name="picture"
    ),
    path("phan-anh/<listing_kind:kind>/<listing_id:public_id>/", reporting.report, name="report"),
    path("phan-anh/da-nhan/", reporting.reported, name="reported"),
    path("quy-che-hoat-dong/", reporting.operating_regulation, name="operating_regulation"),
    path(
        "luot-xem/<listing_kind:kind>/<listing_id:public_id>/", public.count_view, name="count_view"
    ),
]

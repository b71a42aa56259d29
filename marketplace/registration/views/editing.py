"""The organisation writes its dossier: steps that save themselves, files, and a last look."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError, StaleForm, UploadRejected
from marketplace.registration import perms, rules, services, wizard
from marketplace.registration.checks import FILES_STEP, Fault, check_file, faults_of
from marketplace.registration.forms import ItemFilesForm
from marketplace.registration.models import Dossier, RuleBook
from marketplace.registration.presentation import clock_of, fault_address, items_of, last_return
from marketplace.registration.receiving import find_focal_point


def _editable(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.editable_by(request.user).select_related("organization", "task")
    return get_object_or_404(dossiers, public_id=public_id)


def _step_url(dossier: Dossier, slug: str) -> str:
    if slug in (wizard.REVIEW, FILES_STEP):
        name = "review" if slug == wizard.REVIEW else "files"
        return reverse(f"registration:{name}", args=[dossier.public_id])
    return reverse("registration:edit", args=[dossier.public_id, slug])


def _faults(dossier: Dossier) -> list[Fault]:
    return faults_of(dossier.form, dossier.files.all(), unread=dossier.unread)


def _common(dossier: Dossier, current: str, faults: list[Fault]) -> dict[str, Any]:
    before, _after = wizard.neighbours(dossier, current)
    return {
        "dossier": dossier,
        "stages": [
            {"label": title, "state": state, "url": _step_url(dossier, slug)}
            for slug, title, state in wizard.stages(dossier, faults, current)
        ],
        "before": before,
        "back_url": _step_url(dossier, before) if before else "",
        "clock": clock_of(dossier),
        "returned": last_return(dossier),
    }


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, public_id: str, step: str) -> HttpResponse:
    """One step. A save may be repeated freely, since it sets values: no key guards it, for a page
    taken from the browser's history would then be answered without being saved."""
    dossier = _editable(request, public_id)
    current = next((found for found in wizard.steps(dossier) if found.slug == step), None)
    if current is None:
        raise Http404
    if request.method == "POST":
        act = _autosave if "tu-dong" in request.POST else _save
        return act(request, dossier, current)
    try:
        services.ensure_editable(dossier)
    except services.Locked as locked:
        messages.warning(request, str(locked.message))
        return redirect(dossier)
    page = wizard.StepPage(current, dossier, more="them" in request.GET)
    return render(request, "registration/edit_step.html", _step_context(dossier, page))


def _step_context(dossier: Dossier, page: wizard.StepPage, **more: Any) -> dict[str, Any]:
    return {
        **_common(dossier, page.step.slug, _faults(dossier)),
        "step": page.step,
        "page": page,
        "form": page.form,
        "seen": services.fingerprint(dossier, page.step.names),
        "session": secrets.token_hex(8),
        "book": rules.book(RuleBook.Kind.FORM_5, dossier.ruled_on),
        **more,
    }


def _store(request: SignedInRequest, dossier: Dossier, page: wizard.StepPage) -> Dossier:
    typed = request.POST.get("keystroke", "")
    return services.save_step(
        dossier,
        changes=page.changes(),
        by=request.user,
        unread=page.unread(),
        step=page.step.slug,
        watched=page.step.names,
        seen="" if "de-len" in request.POST else request.POST.get("seen", ""),
        session=request.POST.get("session", "")[:32],
        keystroke=int(typed) if typed.isdecimal() and len(typed) < 10 else 0,
    )


def _autosave(request: SignedInRequest, dossier: Dossier, step: wizard.Step) -> HttpResponse:
    """In the background: says when it saved, or quietly that it did not."""
    page = wizard.StepPage(step, dossier, posted=request.POST)
    problem = ""
    try:
        _store(request, dossier, page)
    except DomainError as error:
        problem = str(error.message)
    context = {"at": None if problem else clock.now(), "problem": problem}
    return render(request, "listings/_saved.html", context)


def _save(request: SignedInRequest, dossier: Dossier, step: wizard.Step) -> HttpResponse:
    page = wizard.StepPage(step, dossier, posted=request.POST)
    try:
        saved = _store(request, dossier, page)
    except StaleForm as stale:
        context = _step_context(dossier, page, stale=stale.message)
        return render(request, "registration/edit_step.html", context, status=409)
    except DomainError as error:
        context = _step_context(dossier, page, locked=error.message)
        return render(request, "registration/edit_step.html", context, status=409)
    here = _step_url(dossier, step.slug)
    before, after = wizard.neighbours(saved, step.slug)
    if "them-dong" in request.POST:
        return HttpResponseRedirect(f"{here}?them=1#id_{request.POST['them-dong'][:40]}")
    if "quay-lai" in request.POST and before:
        return HttpResponseRedirect(_step_url(saved, before))
    if "de-sau" in request.POST:
        messages.success(request, _("Đã lưu nháp. Bạn viết tiếp bất cứ lúc nào."))
        return redirect(saved)
    return HttpResponseRedirect(here if page.unread() else _step_url(saved, after))


@require_http_methods(["GET", "POST"])
def files(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The files, item by item; what is wrong with one is said beside its item. The same file sent again
    is the same file, so no key guards it, and no transaction waits for the storage."""
    dossier = _editable(request, public_id)
    if not dossier.is_editable:
        messages.warning(
            request, _("Hồ sơ đã nộp nên không sửa được. Rút về để sửa, hoặc chờ kết quả.")
        )
        return redirect(dossier)
    refused: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            if "go-tep" in request.POST:
                services.remove_file(dossier, key=request.POST["go-tep"], by=request.user)
            refused = _take_files(request, dossier)
        except DomainError as error:
            messages.warning(request, str(error.message))
            return redirect(dossier)
        if not refused:
            return _after_files(request, dossier)
    status = 400 if refused else 200
    return render(
        request, "registration/edit_files.html", _files_context(dossier, refused), status=status
    )


def _after_files(request: SignedInRequest, dossier: Dossier) -> HttpResponse:
    if "tiep" in request.POST:
        return HttpResponseRedirect(_step_url(dossier, wizard.REVIEW))
    if "de-sau" in request.POST:
        return redirect(dossier)
    anchor = request.POST.get("tai-len") or request.POST.get("o-muc") or ""
    return HttpResponseRedirect(f"{_step_url(dossier, FILES_STEP)}#{anchor[:40]}")


def _take_files(request: SignedInRequest, dossier: Dossier) -> dict[str, list[str]]:
    """Stores what can be taken; item code → why each other file cannot."""
    refused: dict[str, list[str]] = {}
    for item in rules.items(dossier.ruled_on):
        if item.kind != "files":
            continue
        rule = rules.file_rule(item.file_rule, dossier.ruled_on)
        for upload in request.FILES.getlist(f"{item.code}-files")[: item.most]:
            try:
                report = check_file(upload, rule)
                services.add_file(dossier, item=item.code, report=report, by=request.user)
            except (UploadRejected, services.TooManyFiles) as error:
                refused.setdefault(item.code, []).append(f"{upload.name}: {error.message}")
    return refused


def _files_context(dossier: Dossier, refused: dict[str, list[str]]) -> dict[str, Any]:
    faults = _faults(dossier)
    views = items_of(dossier, faults, last_return=last_return(dossier))
    return {
        **_common(dossier, FILES_STEP, faults),
        "items": [
            {
                "view": view,
                "form": ItemFilesForm(item=view.item, replaces=bool(view.files)),
                "refused": refused.get(view.item.code, []),
            }
            for view in views
            if view.item.kind == "files"
        ],
        "refused": [message for found in refused.values() for message in found],
        "book": rules.book(RuleBook.Kind.FILE_RULES, dossier.ruled_on),
    }


@require_safe
def review(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The last step: what is still missing, who receives it, and the button."""
    dossier = _editable(request, public_id)
    if not dossier.is_editable:
        return redirect(dossier)
    faults = _faults(dossier)
    form = dossier.form
    return render(
        request,
        "registration/edit_review.html",
        {
            **_common(dossier, wizard.REVIEW, faults),
            "faults": [{"message": f.message, "url": fault_address(dossier, f)} for f in faults],
            "items": items_of(dossier, faults),
            "receiver": dossier.focal_point
            or find_focal_point(
                level=str(form.get("level") or ""),
                agency=str(form.get("agency") or ""),
                province_code=dossier.organization.province_code,
            ),
            "can_file": perms.can_file(request.user, dossier),
        },
    )

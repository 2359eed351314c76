"""The officer's pages: the four criteria, availability, backups, certificates."""

import time

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.continuity import actions
from pavillon.continuity.enums import CheckKind
from pavillon.continuity.forms import CertificateForm, WorkForm
from pavillon.continuity.models import Certificate, Maintenance
from pavillon.continuity.queries.evidence import criteria, functions, last_checks
from pavillon.continuity.queries.pages import availability_page, backups_page, hosting, register
from pavillon.continuity.queries.self_tests import access_results
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("continuity.today")
def today(request):
    context = {"criteria": criteria(), "functions": functions(), "sites": hosting(), **last_checks()}
    return render(request, "continuity/today.html", context)


@require_POST
@requires("continuity.test_access")
def test_access(request):
    started = time.monotonic()
    results = access_results()
    seconds = time.monotonic() - started
    check = actions.note_check(kind=CheckKind.ACCESS, seconds=seconds, results=results, by=request.user)
    say(request, _("%(n)s of %(all)s access tests passed.") % {"n": check.passed, "all": len(results)})
    return redirect("continuity:today")


@require_GET
@requires("continuity.availability")
def availability(request):
    return render(request, "continuity/availability.html", availability_page(request.user))


@requires("continuity.announce_work")
def announce_work(request):
    form = WorkForm(request.POST or None)
    if form.is_valid():
        actions.announce_work(**form.cleaned_data, by=request.user)
        say(request, _("The work is on the status page."))
        return redirect("continuity:availability")
    return form_page(request, "continuity/announce_work.html", {"form": form})


@require_POST
@requires("continuity.cancel_work", on=Maintenance)
def cancel_work(request, maintenance):
    actions.cancel_work(work=maintenance, by=request.user)
    say(request, _("The work is cancelled."))
    return redirect("continuity:availability")


@require_GET
@requires("continuity.backups")
def backups(request):
    return render(request, "continuity/backups.html", backups_page(request.user))


@require_GET
@requires("continuity.certificates")
def certificates(request):
    return render(request, "continuity/certificates.html", {"certificates": register(request.user)})


@requires("continuity.create_certificate")
def create_certificate(request):
    form = CertificateForm(request.POST or None)
    if form.is_valid():
        actions.keep_certificate(**form.said, by=request.user)
        say(request, _("The certificate is in the register."))
        return redirect("continuity:certificates")
    return form_page(request, "continuity/change_certificate.html", {"form": form})


@requires("continuity.change_certificate", on=Certificate)
def change_certificate(request, certificate):
    form = CertificateForm(request.POST or None, instance=certificate)
    if form.is_valid():
        actions.keep_certificate(certificate=certificate, **form.said, by=request.user)
        say(request, _("The certificate is in the register."))
        return redirect("continuity:certificates")
    return form_page(request, "continuity/change_certificate.html", {"form": form, "certificate": certificate})


@require_POST
@requires("continuity.remove_certificate", on=Certificate)
def remove_certificate(request, certificate):
    actions.remove_certificate(certificate=certificate, by=request.user)
    say(request, _("The certificate is out of the register; the trail keeps it."))
    return redirect("continuity:certificates")

"""Purposes as the data-protection officer keeps them."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.privacy import actions, queries
from pavillon.privacy.forms import RewordPurposeForm
from pavillon.privacy.models import Purpose
from pavillon.ui.exports import csv_file
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("privacy.view_purposes")
def purposes(request):
    return render(request, "privacy/purposes.html", {"purposes": queries.purpose_lines()})


@require_GET
@requires("privacy.view_purposes", on=Purpose)
def purpose(request, purpose):
    """The wording in force, the former ones and what people answered to each."""
    context = {"purpose": queries.purpose_lines().get(pk=purpose.pk), "versions": queries.versions_of(purpose)}
    return render(request, "privacy/purpose.html", context)


@requires("privacy.reword_purpose", on=Purpose)
def reword_purpose(request, purpose):
    now = purpose.current
    first = {"text_fr": now.text_fr, "text_en": now.text_en} if now else {}
    form = RewordPurposeForm(request.POST or None, initial={**first, "valid_months": purpose.valid_months})
    if form.is_valid():
        data = form.cleaned_data
        actions.reword_purpose(
            purpose=purpose, texts=(data["text_fr"], data["text_en"]), valid_months=data["valid_months"],
            by=request.user,
        )  # fmt: skip
        say(request, _("The wording is in force; people are asked again."))
        return redirect("privacy_team:purpose", purpose.pk)
    return form_page(request, "privacy/reword_purpose.html", {"form": form, "purpose": purpose})


@require_GET
@requires("privacy.view_purposes", on=Purpose, how="export")
def export_proofs(request, purpose):
    return csv_file(f"proofs-{purpose.pk}.csv", queries.proofs_of(purpose))

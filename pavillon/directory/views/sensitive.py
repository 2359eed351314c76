"""Sensitive companies: flag, audience, end."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.curating import AudienceForm, FlagForm, LiftForm
from pavillon.directory.models import Company
from pavillon.directory.queries.card import standing_mark
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("directory.flag_company", on=Company)
def flag_company(request, company):
    """Restrict a company to a named audience."""
    if company.is_sensitive:
        return redirect("directory:change_audience", company.pk)
    form = FlagForm(request.POST or None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("reason", "state_service", "state_contact")}
        audience = {"people": form.cleaned_data["people"], "organisations": form.cleaned_data["organisations"]}
        actions.flag_company(company=company, by=request.user, **told, **audience)
        say(request, _("%(name)s is restricted to its audience.") % {"name": company})
        return redirect(company)
    return form_page(request, "directory/flag_company.html", {"form": form, "company": company})


@requires("directory.change_audience", on=Company)
def change_audience(request, company):
    """Who may read a sensitive company."""
    mark = standing_mark(company)
    if mark is None:
        return redirect(company)
    readers = list(mark.readers.select_related("user", "organisation"))
    initial = {
        "people": "\n".join(reader.user.email for reader in readers if reader.user),
        "organisations": [reader.organisation for reader in readers if reader.organisation],
    }
    form = AudienceForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change_audience(mark=mark, by=request.user, **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("The audience is up to date."))
            return redirect("directory:companies")
    return form_page(request, "directory/change_audience.html", {"form": form, "company": company, "mark": mark})


@requires("directory.lift_flag", on=Company)
def lift_flag(request, company):
    """Open a company to the network again."""
    mark = standing_mark(company)
    form = LiftForm(request.POST or None)
    if mark is None:
        return redirect(company)
    if form.is_valid():
        actions.lift_flag(mark=mark, reason=form.cleaned_data["reason"], by=request.user)
        say(request, _("%(name)s is open to the network again.") % {"name": company})
        return redirect(company)
    return form_page(request, "directory/lift_flag.html", {"form": form, "company": company, "mark": mark})

"""Who accompanies a company: the team's panel and pages, and the conversation of both sides."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.leads import NoteForm
from pavillon.crm.forms.support import ChangeDedicatedContactForm, EndDedicatedContactForm, NameDedicatedContactForm
from pavillon.crm.models import DedicatedContact
from pavillon.crm.queries.support import contacts_of, conversation_of
from pavillon.directory.models import Company
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say


@require_GET
@requires("crm.view_support_team", on=Company, how="panel")
def view_support_team(request, company):
    may_name = request.user.has_perm("crm.name_dedicated_contact", company)
    context = {"company": company, "contacts": contacts_of(company, request.user), "may_name": may_name}
    return fragment(request, "crm/view_support_team.html", "crm/_support_team.html", context)


@requires("crm.name_dedicated_contact", on=Company)
def name_dedicated_contact(request, company):
    form = NameDedicatedContactForm(request.POST or None, user=request.user, company=company)
    if form.is_valid():
        try:
            contact = actions.name_dedicated_contact(
                company=company,
                person=form.colleague,
                organisation=form.team,
                function=form.cleaned_data["function"],
                starts_on=form.cleaned_data.get("starts_on"),
                replaces=form.cleaned_data["replaces"],
                by=request.user,
            )
        except (actions.AlreadyDedicated, actions.NotAccompanied, actions.WrongDay) as error:
            form.add_error(None, ValidationError(str(error)))
        else:
            say(request, _("%(person)s accompanies the company. It was told.") % {"person": contact.person})
            return redirect(company)
    return form_page(request, "crm/name_dedicated_contact.html", {"form": form, "company": company})


@requires("crm.change_dedicated_contact", on=DedicatedContact)
def change_dedicated_contact(request, dedicatedcontact):
    initial = {"function": dedicatedcontact.function}
    form = ChangeDedicatedContactForm(
        request.POST or None, user=request.user, contact=dedicatedcontact, initial=initial
    )
    if form.is_valid():
        actions.change_dedicated_contact(
            contact=dedicatedcontact, function=form.cleaned_data["function"], by=request.user
        )
        say(request, _("The function was changed. The company was told."))
        return redirect(dedicatedcontact)
    context = {"form": form, "contact": dedicatedcontact}
    return form_page(request, "crm/change_dedicated_contact.html", context)


@requires("crm.end_dedicated_contact", on=DedicatedContact)
def end_dedicated_contact(request, dedicatedcontact):
    form = EndDedicatedContactForm(request.POST or None, user=request.user, contact=dedicatedcontact)
    if form.is_valid():
        try:
            actions.end_dedicated_contact(
                contact=dedicatedcontact, ends_on=form.cleaned_data["ends_on"], by=request.user
            )
        except actions.WrongDay as error:
            form.add_error("ends_on", ValidationError(str(error)))
        else:
            say(request, _("The last day is set. The company was told."))
            return redirect(dedicatedcontact.company)
    return form_page(request, "crm/end_dedicated_contact.html", {"form": form, "contact": dedicatedcontact})


def _conversation_context(request, contact, form=None):
    user = request.user
    may_read = user.has_perm("crm.read_contact_messages", contact)
    return {
        "contact": contact,
        "company": contact.company,
        "may_read": may_read,
        "messages_of_contact": conversation_of(contact) if may_read else [],
        "form": (form or NoteForm()) if user.has_perm("crm.write_contact_message", contact) else None,
        "may_change": user.has_perm("crm.change_dedicated_contact", contact),
        "may_end": user.has_perm("crm.end_dedicated_contact", contact),
    }


@require_GET
@requires("crm.view_dedicated_contact", on=DedicatedContact)
def view_dedicated_contact(request, dedicatedcontact):
    context = _conversation_context(request, dedicatedcontact)
    return fragment(request, "crm/view_dedicated_contact.html", "crm/_conversation.html", context)


@require_GET
@requires("crm.view_my_contact", on=DedicatedContact)
def my_contact(request, dedicatedcontact):
    context = _conversation_context(request, dedicatedcontact)
    return fragment(request, "crm/my_contact.html", "crm/_conversation.html", context)


@require_POST
@requires("crm.write_contact_message", on=DedicatedContact)
def write_contact_message(request, dedicatedcontact):
    form = NoteForm(request.POST)
    page = "my_contact" if request.user.is_company else "view_dedicated_contact"
    if form.is_valid():
        try:
            actions.write_contact_message(contact=dedicatedcontact, by=request.user, text=form.cleaned_data["text"])
        except actions.ContactEnded as error:
            form.add_error(None, ValidationError(str(error)))
        else:
            say(request, _("Your message was sent."))
            return redirect(f"crm:{page}", dedicatedcontact.pk)
    return render(request, f"crm/{page}.html", _conversation_context(request, dedicatedcontact, form), status=422)

"""What the data of a person may serve: a panel of her page, and what an adviser does about it."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.contacts import ObjectionForm
from pavillon.directory.models import Contact
from pavillon.directory.queries.uses import uses_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("directory.view_contacts", on=Contact, how="panel")
def contact_uses(request, contact):
    may_change = request.user.has_perm("directory.change_contact", contact)
    context = {"contact": contact, "uses": uses_of(contact), "may_change": may_change}
    return render(request, "directory/_uses.html", context)


@require_POST
@requires("directory.change_contact", on=Contact)
def send_choices(request, contact):
    try:
        actions.send_choices(contact=contact, by=request.user)
        say(request, _("The link to the choices was sent."))
    except actions.NoAddress:
        say(request, _("No e-mail address is known for this person: add one first."))
    return redirect(contact)


@requires("directory.change_contact", on=Contact)
def note_objection(request, contact):
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        actions.note_objection(contact=contact, said=form.cleaned_data["said"], by=request.user)
        say(request, _("The objection is kept, and in force as of now."))
        return redirect(contact)
    return form_page(request, "directory/note_objection.html", {"form": form, "contact": contact})

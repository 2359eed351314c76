"""What a person does where, how to reach the person, and when."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.parts import CallWindowsForm, ChannelForm, NewRoleForm, RoleForm
from pavillon.directory.models import Contact, ContactRole
from pavillon.directory.views.editing import part_page
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("directory.add_role", on=Contact)
def add_role(request, contact):
    """One more company in which this person has a role."""
    form = NewRoleForm(request.POST or None, user=request.user)
    if form.is_valid():
        actions.add_role(contact=contact, by=request.user, **form.known_values())
        say(request, _("The role was added."))
        return redirect(contact)
    return part_page(request, form, contact, _("Add a role"), str(contact))


@requires("directory.change_role", on=ContactRole)
def change_role(request, contactrole):
    form = RoleForm(request.POST or None, user=request.user, row=contactrole)
    if form.is_valid():
        try:
            actions.change_role(role=contactrole, by=request.user, **form.known_values())
        except actions.RoleGone as error:
            messages.warning(request, str(error))
        else:
            say(request, _("Saved."))
        return redirect(contactrole.contact)
    return part_page(request, form, contactrole.contact, _("Change a role"), str(contactrole), remove=contactrole)


@require_POST
@requires("directory.change_role", on=ContactRole)
def remove_role(request, contactrole):
    contact = contactrole.contact
    try:
        actions.remove_role(role=contactrole, by=request.user)
    except (actions.LastRole, actions.RoleGone) as error:
        messages.warning(request, str(error))
    else:
        say(request, _("The role was taken away."))
    return redirect(contact)


@requires("directory.add_channel", on=Contact)
def add_contact_channel(request, contact):
    form = ChannelForm(request.POST or None, user=request.user, owner=Contact)
    if form.is_valid():
        try:
            actions.add_channel(owner=contact, by=request.user, **form.known_values())
        except actions.ChannelKnown as error:
            form.add_error("value", str(error))
        else:
            say(request, _("Saved."))
            return redirect(contact)
    return part_page(request, form, contact, _("Add a phone, an address or a profile"), str(contact))


@requires("directory.set_call_windows", on=Contact)
def set_call_windows(request, contact):
    """The hours that suit a person."""
    form = CallWindowsForm(request.POST or None, user=request.user, contact=contact)
    if form.is_valid():
        actions.set_call_windows(contact=contact, windows=form.windows(), by=request.user)
        say(request, _("Saved."))
        return redirect(contact)
    return form_page(request, "directory/set_call_windows.html", {"form": form, "contact": contact})

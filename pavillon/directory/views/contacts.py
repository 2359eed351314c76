"""People of the companies."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.policy import may_read
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.contacts import LANGUAGES, ContactForm
from pavillon.directory.models import Company, Contact, ContactRole
from pavillon.directory.queries import contact_candidates, namesakes
from pavillon.directory.queries.people import as_they_are_there, people_of
from pavillon.directory.queries.reach import hours_of, suits_now, ways_to
from pavillon.directory.views.frame import company_page
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_contacts(request, company):
    """Everybody of one company."""
    people = as_they_are_there(list(people_of(company, request.user)), company)
    note_read(request.user, Contact, how="list", rows=len(people), ids=[person.pk for person in people])
    return company_page(
        request, "directory/company_contacts.html", company, "contacts", contacts=people, contact_count=len(people)
    )


@require_GET
@requires("directory.view_contacts", on=Contact)
def contact(request, contact):
    """The page of a person; the former address of a merged record leads to the one that was kept."""
    if contact.is_merged:
        say(request, _("%(name)s was merged into this record.") % {"name": contact})
        return redirect(actions.forwarded(contact), permanent=True)
    context = {
        "contact": contact,
        "company": contact.company,
        "roles": ContactRole.objects.visible_to(request.user).filter(contact=contact).select_related("company"),
        "ways": ways_to(contact, request.user),
        "windows": hours_of(contact),
        "suits_now": suits_now(contact),
        "may_read_function": may_read(request.user, Contact, "job_title"),
        "add_channel_url": _channel_url(request.user, contact),
        "language_name": dict(LANGUAGES).get(contact.language, contact.language),
        "may_read_phone": may_read(request.user, Contact, "phone"),
        "may_merge_contact": request.user.has_perm("directory.merge_contacts", contact),
        "may_change_contact": request.user.has_perm("directory.change_contact", contact),
    }
    return render(request, "directory/contact.html", context)


def _channel_url(user, contact):
    """Where one more phone, address or profile is added, "" for who may not."""
    may_add = user.has_perm("directory.add_channel", contact)
    return reverse("directory:add_contact_channel", args=[contact.pk]) if may_add else ""


@require_GET
@requires("directory.add_contact", on=Company)
def find_contact_candidates(request, company):
    """While somebody types: people of the base who may be the same, with the reasons."""
    typed = {name: request.GET.get(name, "") for name in ("first_name", "last_name", "email", "phone")}
    seen = Contact.objects.visible_to(request.user)
    found = contact_candidates(**typed, company=company)
    shown = set(seen.filter(pk__in=[each.contact.pk for each in found]).values_list("pk", flat=True))
    context = {"candidates": [each for each in found if each.contact.pk in shown]}
    return render(request, "directory/_contact_candidates.html", context)


@requires("directory.add_contact", on=Company)
def add_contact(request, company):
    form = ContactForm(request.POST or None, user=request.user, company=company)
    if form.is_valid():
        added = actions.add_contact(company=company, by=request.user, **form.known_values())
        say(request, _("%(name)s was added.") % {"name": added})
        return redirect(company)
    told = form.cleaned_data if form.is_bound else {}
    near = namesakes(company, told.get("last_name", ""), told.get("email", "")) if form.is_bound else []
    return form_page(request, "directory/add_contact.html", {"form": form, "company": company, "namesakes": near})


@requires("directory.change_contact", on=Contact)
def change_contact(request, contact):
    form = ContactForm(request.POST or None, user=request.user, contact=contact)
    if form.is_valid():
        actions.change_contact(contact=contact, by=request.user, **form.known_values())
        say(request, _("Saved."))
        return redirect(contact)
    return form_page(request, "directory/change_contact.html", {"form": form, "contact": contact})

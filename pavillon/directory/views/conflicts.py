"""Values on which sources disagree, over the whole base."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.conflicts import ConflictFilter, ContactConflictFilter
from pavillon.directory.models import CompanyValue, ContactValue
from pavillon.directory.queries.conflicts import disputes_by_field, spell_out
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@require_GET
@requires("directory.view_conflicts")
def conflicts(request):
    """Fields on which sources disagree, the most recently heard first, with how many of each."""
    return list_page(
        request,
        CompanyValue.objects.visible_to(request.user).disputed().with_company(),
        template="directory/conflicts.html",
        rows="directory/_conflict_rows.html",
        filters=ConflictFilter,
        sorts={"newest": ["-observed_on"], "company": ["company__name"], "field": ["field"]},
        sort="newest",
        context={"counts": disputes_by_field(request.user), "spell_out": spell_out},
    )


@require_GET
@requires("directory.view_conflicts")
def contact_conflicts(request):
    """The same for what sources say of people; each is resolved from its line."""
    return list_page(
        request,
        ContactValue.objects.visible_to(request.user).disputed().with_contact(),
        template="directory/contact_conflicts.html",
        rows="directory/_contact_conflict_rows.html",
        filters=ContactConflictFilter,
        sorts={"newest": ["-observed_on"], "contact": ["contact__last_name"], "field": ["field"]},
        sort="newest",
        context={"may_resolve": request.user.has_perm("directory.resolve_contact_conflict")},
    )


@require_POST
@requires("directory.resolve_contact_conflict", on=ContactValue)
def resolve_contact_conflict(request, contactvalue):
    """Take what this source says of a person, or stay with the record; the field stays so until a person changes it."""
    if not contactvalue.is_disputed:
        messages.warning(request, _("This value is there no more: somebody chose before."))
    elif request.POST.get("choice") == "take":
        actions.resolve_conflict(value=contactvalue, by=request.user)
        say(request, _("Chosen. The field stays so until a person changes it."))
    else:
        actions.keep_value(record=contactvalue.contact, field=contactvalue.field, by=request.user)
        say(request, _("Kept. The field stays so until a person changes it."))
    return redirect("directory:contact_conflicts")

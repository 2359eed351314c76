"""The company's side: who handles my request, at which step, what is next."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.leads import NoteForm
from pavillon.crm.models import Lead, Referent
from pavillon.crm.queries.leads import lead_steps_for_company
from pavillon.ui.htmx import fragment
from pavillon.ui.messages import say


def _context(request, **more):
    requests = lead_steps_for_company(request.user)
    note_read(request.user, Lead, how="list", rows=len(requests), ids=[line["lead"].pk for line in requests])
    referent = Referent.objects.visible_to(request.user).current().select_related("adviser__office", "organisation")
    return {"requests": requests, "referent": referent.first(), "form": NoteForm()} | more


@require_GET
@requires("crm.view_my_requests")
def my_requests(request):
    return fragment(request, "crm/my_requests.html", "crm/_my_requests.html", _context(request))


@require_POST
@requires("crm.add_message", on=Lead)
def add_message(request, lead):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "crm/my_requests.html", _context(request, form=form, failed=lead.pk), status=422)
    actions.add_message(lead=lead, by=request.user, text=form.cleaned_data["text"])
    say(request, _("Your message was sent."))
    return redirect("crm:my_requests")

"""What is done to many companies at once, and target lists."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory.models import Company, Contact
from pavillon.segments import actions
from pavillon.segments.forms import PublishForm, TagForm, TargetForm
from pavillon.segments.models import BulkAct, TargetList
from pavillon.segments.queries.audience import audience_of
from pavillon.segments.queries.content import listing_of_query
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import CAP
from pavillon.ui.messages import say


def chosen_companies(request):
    """The numbers of the rows that were ticked, or of the whole list up to the cap; only of companies that one sees."""
    data = request.POST
    if data.get("everything"):
        listing = listing_of_query("companies", data.get("query", ""), request.user)
        return list(listing.queryset.order_by().values_list("pk", flat=True)[:CAP])
    ticked = [int(pk) for pk in data.getlist("row") if pk.isdecimal() and len(pk) < 18][:CAP]
    return list(Company.objects.visible_to(request.user).standing().filter(pk__in=ticked).values_list("pk", flat=True))


@require_POST
@requires("segments.mark_companies")
def tag_companies(request):
    companies = chosen_companies(request)
    form = TagForm(request.POST if "go" in request.POST else None)
    if companies and form.is_valid():
        act = actions.tag_companies(companies=companies, tag=form.cleaned_data["tag"], by=request.user)
        return _done(request, act, ngettext("%(n)s company tagged.", "%(n)s companies tagged.", len(act.done)))
    return _choose(request, form, companies, _("Tag companies"))


@require_POST
@requires("segments.mark_companies")
def target_companies(request):
    companies = chosen_companies(request)
    form = TargetForm(request.POST if "go" in request.POST else None, user=request.user)
    if companies and form.is_valid():
        data, by = form.cleaned_data, request.user
        try:
            target_list = data["target_list"] or actions.create_target_list(
                name=data["name"], origin=data["origin"], note=data["note"], by=by
            )
            act = actions.target_companies(companies=companies, target_list=target_list, by=by)
            done = ngettext("%(n)s company in the list.", "%(n)s companies in the list.", len(act.done))
            return _done(request, act, done)
        except actions.NameTaken as error:
            form.add_error("name", str(error))
    return _choose(request, form, companies, _("Put in a target list"))


def _choose(request, form, companies, title):
    context = {"form": form, "count": len(companies), "title": title, "rows": request.POST.getlist("row")}
    context |= {"everything": request.POST.get("everything", ""), "query": request.POST.get("query", ""), "cap": CAP}
    return form_page(request, "segments/bulk.html", context)


def _done(request, act, text):
    say(request, text % {"n": len(act.done)}, undo=reverse("segments:undo_bulk", args=[act.pk]))
    query = request.POST.get("query", "")
    return redirect(f"{reverse('directory:companies')}?{query}" if query else "directory:companies")


@require_POST
@requires("segments.undo_bulk", on=BulkAct)
def undo_bulk(request, bulkact):
    try:
        n = actions.undo_bulk(act=bulkact, by=request.user)
        say(request, ngettext("Undone for %(n)s company.", "Undone for %(n)s companies.", n) % {"n": n})
    except actions.AlreadyUndone:
        say(request, _("This was undone before."))
    return redirect("directory:companies")


@require_GET
@requires("segments.view_target_lists")
def target_lists(request):
    lists = TargetList.objects.visible_to(request.user).with_sizes().select_related("author")[:100]
    return render(request, "segments/target_lists.html", {"lists": lists})


@require_GET
@requires("segments.view_target_lists", on=TargetList)
def target_list(request, targetlist):
    companies = Company.objects.visible_to(request.user).standing().filter(target_rows__target_list=targetlist)
    rows = list(companies.with_facts().order_by("match_name", "pk")[:200])
    note_read(request.user, Company, how="list", rows=len(rows), ids=[row.pk for row in rows])
    context = {"list": targetlist, "rows": rows, "count": targetlist.rows.count()}
    context["readers"] = [reader.user for reader in targetlist.readers.select_related("user")]
    context["may_publish"] = request.user.has_perm("segments.publish_target_list", targetlist)
    return render(request, "segments/target_list.html", context)


@require_GET
@requires("segments.view_target_lists", on=TargetList)
def view_audience(request, targetlist):
    """Whom the team may write to or call now; who is left out and why."""
    audience = audience_of(targetlist, request.user)
    shown = audience.people[:200]
    note_read(request.user, Contact, how="list", rows=len(shown), ids=[person.pk for person in shown])
    return render(request, "segments/audience.html", {"list": targetlist, "audience": audience, "shown": shown})


@requires("segments.publish_target_list", on=TargetList)
def publish_target_list(request, targetlist):
    form = PublishForm(request.POST or None, user=request.user)
    if form.is_valid():
        actions.publish_target_list(target_list=targetlist, readers=form.cleaned_data["readers"], by=request.user)
        say(request, _("The list is given to the advisers."))
        return redirect(targetlist)
    return form_page(request, "segments/publish_target_list.html", {"form": form, "list": targetlist})

"""Feeds, files, subscribed calendars, keys."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts.queries import sight_of
from pavillon.agenda import actions
from pavillon.agenda.enums import KeyKind
from pavillon.agenda.forms.exchange import CreateKeyForm, ImportCalendarForm, SubscribeCalendarForm
from pavillon.agenda.ical import NotACalendar, calendar_text
from pavillon.agenda.models import AgendaKey, Entry, Subscription
from pavillon.agenda.queries.exchange import feed_of, keys_of, subscriptions_of
from pavillon.core.permissions import is_allowed
from pavillon.core.reading import note_read
from pavillon.core.views import public, requires
from pavillon.core.wall import stand_as
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited
from pavillon.ui.messages import say


def _context(request, **more):
    user = request.user
    return {
        "keys": keys_of(user),
        "subscriptions": subscriptions_of(user),
        "dav": request.build_absolute_uri(reverse("agenda:dav_root")),
        "key_form": CreateKeyForm(),
        "import_form": ImportCalendarForm(),
        "subscribe_form": SubscribeCalendarForm(),
        **more,
    }


@require_GET
@requires("agenda.view_exchange")
def exchange(request):
    return render(request, "agenda/exchange.html", _context(request))


@require_POST
@requires("agenda.create_key")
def create_key(request):
    """The secret is shown on this answer and never again."""
    form = CreateKeyForm(request.POST)
    if not form.is_valid():
        return form_page(request, "agenda/exchange.html", _context(request, key_form=form), form=form)
    key, secret = actions.create_key(kind=form.cleaned_data["kind"], name=form.cleaned_data["name"], by=request.user)
    told = secret
    if key.kind == KeyKind.FEED:
        told = request.build_absolute_uri(reverse("agenda:feed", args=[secret]))
    return render(request, "agenda/new_key.html", {"key": key, "told": told, "dav": _context(request)["dav"]})


@require_POST
@requires("agenda.revoke_key", on=AgendaKey)
def revoke_key(request, agendakey):
    actions.revoke_key(key=agendakey, by=request.user)
    say(request, _("“%(name)s” opens nothing any more.") % {"name": agendakey.name})
    return redirect("agenda:exchange")


@require_POST
@requires("agenda.import_calendar")
def import_calendar(request):
    form = ImportCalendarForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            new, changed, left = actions.import_calendar(content=form.cleaned_data["file"].read(), by=request.user)
            said = _("%(new)s events came in, %(changed)s were changed.") % {"new": new, "changed": changed}
            held = _("%(n)s stood here already and are changed where they come from.") % {"n": left}
            say(request, f"{said} {held}" if left else said)
            return redirect("agenda:exchange")
        except NotACalendar as error:
            form.add_error("file", ValidationError(str(error)))
    return form_page(request, "agenda/exchange.html", _context(request, import_form=form), form=form)


@require_POST
@requires("agenda.subscribe_calendar")
def subscribe_calendar(request):
    form = SubscribeCalendarForm(request.POST)
    if form.is_valid():
        try:
            actions.subscribe_calendar(name=form.cleaned_data["name"], url=form.cleaned_data["url"], by=request.user)
            say(request, _("The calendar is being read; its events appear in a moment."))
            return redirect("agenda:exchange")
        except actions.AlreadySubscribed as error:
            form.add_error("url", ValidationError(str(error)))
    return form_page(request, "agenda/exchange.html", _context(request, subscribe_form=form), form=form)


@require_POST
@requires("agenda.unsubscribe_calendar", on=Subscription)
def unsubscribe_calendar(request, subscription):
    actions.unsubscribe_calendar(subscription=subscription, by=request.user)
    say(request, _("“%(name)s” is no longer read.") % {"name": subscription.name})
    return redirect("agenda:exchange")


@require_GET
@public
@limited("600/h", person="600/h")
def feed(request, secret):
    """The agenda behind a secret address, for any calendar that subscribes to it."""
    key = actions.use_key(secret, KeyKind.FEED)
    if key is None or not is_allowed(key.owner, "agenda.view_agenda"):
        raise Http404
    stand_as(sight_of(key.owner))
    with timezone.override(key.owner.time_zone), translation.override(key.owner.language):
        entries = feed_of(key.owner)
        text = calendar_text(entries, f"Pavillon – {key.owner.full_name}")
    note_read(key.owner, Entry, how="export", rows=len(entries), ids=[entry.pk for entry in entries])
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )

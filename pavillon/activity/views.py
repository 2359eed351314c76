from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from pavillon.activity import actions, mailbox, queries
from pavillon.activity.forms import PreferencesForm
from pavillon.activity.models import Notification
from pavillon.activity.permissions import demo_mailbox_is_open
from pavillon.core.views import public, requires
from pavillon.ui.htmx import fragment

SHOWN = 60


@requires("activity.read_notifications")
def inbox(request):
    notifications = Notification.objects.visible_to(request.user).order_by("-pk")
    if request.GET.get("unread"):
        notifications = notifications.unread()
    context = {"notifications": notifications[:SHOWN], "shown": SHOWN, "only_unread": request.GET.get("unread")}
    return fragment(request, "activity/inbox.html", "activity/_notifications.html", context)


@requires("activity.read_notifications")
def unread(request):
    count = queries.unread_count(request.user)
    return HttpResponse("" if not count else "99+" if count > 99 else str(count))


@requires("activity.read_notifications")
def open_notification(request, notification):
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=notification)
    actions.read_notifications(by=request.user, notification=notification)
    return redirect(notification.url or "activity:inbox")


@require_POST
@requires("activity.read_notifications")
def read_notifications(request):
    actions.read_notifications(by=request.user)
    return redirect("activity:inbox")


@requires("activity.change_preferences")
def change_preferences(request):
    kinds = queries.listed_kinds(request.user)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, kinds=kinds, silenced=queries.silenced_kinds(request.user)
    )
    if form.is_valid():
        codes = [kind.code for kind in kinds]
        wanted = form.cleaned_data["by_email"]
        actions.change_preferences(by=request.user, silenced=[c for c in codes if c not in wanted], kinds=codes)
        return redirect("activity:inbox")
    return render(request, "activity/change_preferences.html", {"form": form, "kinds": kinds})


@public
def demo_mailbox(request):
    """The mail that the demonstration sent, for everybody to see; absent elsewhere."""
    if not demo_mailbox_is_open():
        raise Http404
    wanted = request.GET.get("to", "").strip().lower()
    context = {"letters": mailbox.letters(to=wanted)[:SHOWN], "wanted": wanted, "people": mailbox.recipients()}
    return fragment(request, "activity/demo_mailbox.html", "activity/_letters.html", context)


@public
def demo_letter(request, name):
    letter = mailbox.letter(name) if demo_mailbox_is_open() else None
    if letter is None:
        raise Http404
    return render(request, "activity/demo_letter.html", {"letter": letter})

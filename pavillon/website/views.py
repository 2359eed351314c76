"""The few public addresses that are not pages of Wagtail, and Wagtail's own made public."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from wagtail.documents.views.serve import serve as serve_document
from wagtail.views import serve

from pavillon.campaigns.queries.links import PARAMETER
from pavillon.core.views import public
from pavillon.solutions.queries.sites import region_of
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited
from pavillon.ui.theme import theme_css
from pavillon.website import actions
from pavillon.website.forms import LeaveMessageForm

YEAR = 365 * 24 * 3600


@public
def page(request, path):
    """Any page of the sites."""
    return serve(request, path)


@public
def regions(request):
    return serve(request, "regions/")


@public
def document(request, document_id, filename):
    return serve_document(request, document_id, filename)


@public
@cache_control(public=True, max_age=YEAR, immutable=True)
def theme(request, colours):
    """The style sheet of a region. Its address holds the two colours, so it never changes and costs no query."""
    found = re.fullmatch(r"([0-9a-f]{6})-([0-9a-f]{6})", colours)
    if not found:
        raise Http404
    return HttpResponse(theme_css(f"#{found[1]}", f"#{found[2]}"), content_type="text/css; charset=utf-8")


@public
def robots(request):
    lines = ["User-agent: *", "Disallow: /cms/", "Disallow: /my/", "Disallow: /account/", "Disallow: /*/diagnosis/*/"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public
def security(request):
    """Whom to tell about a weakness (RFC 9116)."""
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {settings.SECURITY_CONTACT_EXPIRES}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public
def sign_in_to_edit(request):
    """Editors come in by the same door as everybody."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('wagtailadmin_home')})}")


@public
@limited("60/h", person="10/h")
def leave_message(request):
    """A message to the team of a region; no account needed."""
    region = region_of(request)
    initial = {"region": region.slug if region else "", "campaign": request.GET.get(PARAMETER, "")[:24]}
    form = LeaveMessageForm(request.POST or None, initial=initial)
    if form.is_valid():
        if not form.is_from_a_robot:
            known = {name: form.cleaned_data[name] for name in form.fields if name != "website"}
            actions.leave_message(**known)
        return redirect(f"{reverse('website_pages:message_left')}?region={form.cleaned_data['region'].slug}")
    return form_page(request, "website/leave_message.html", {"form": form, "region": region})


@public
def message_left(request):
    return render(request, "website/message_left.html", {"region": region_of(request)})

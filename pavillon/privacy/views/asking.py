"""Where a person asks about her data, proves that it is she, follows the request and fetches the answer."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import public, requires
from pavillon.privacy import actions, queries
from pavillon.privacy.enums import RequestState
from pavillon.privacy.forms import AskRightForm
from pavillon.privacy.models import RightsRequest
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited
from pavillon.ui.messages import say


@public
@limited("30/h", person="10/h")
def ask_right(request):
    """The form for everybody; signed in, one is known and proven."""
    user = request.user if request.user.is_authenticated else None
    form = AskRightForm(request.POST or None, user=user, initial={"right": request.GET.get("right", "")})
    if form.is_valid():
        if form.is_from_a_robot:
            return redirect("privacy:right_asked")
        data, language = form.cleaned_data, get_language() or "fr"
        asked = actions.ask_right(
            right=data["right"], message=data["message"], language=language[:2], user=user,
            name=user.full_name if user else data["name"], email=user.email if user else data["email"],
        )  # fmt: skip
        return redirect("privacy:view_request", asked.pk) if user else redirect("privacy:right_asked")
    return form_page(request, "privacy/ask_right.html", {"form": form})


@public
def right_asked(request):
    return render(request, "privacy/right_asked.html")


def _asked_of(token):
    asked = queries.request_of_token(token)
    if asked is None:
        raise Http404(_("This link no longer serves."))
    return asked


@public
@limited("60/h", person="30/h")
def confirm_request(request, token):
    """A button, not the link alone: programs that look into letters follow links."""
    asked = _asked_of(token)
    if request.method == "POST" and asked.state == RequestState.UNCONFIRMED:
        actions.confirm_request(asked=asked)
        return redirect("privacy:follow_request", token)
    return render(request, "privacy/confirm_request.html", {"asked": asked, "token": token})


@public
@require_GET
def follow_request(request, token):
    return render(request, "privacy/follow_request.html", {"asked": _asked_of(token), "token": token})


@public
@require_GET
def fetch_data(request, token):
    """The file, for who holds the link of the letter."""
    asked = _asked_of(token)
    if not asked.can_be_fetched:
        raise Http404(_("There is nothing to fetch, or the delay is over."))
    return _file(asked, None)


def _file(asked, by):
    package = queries.package_of(asked)
    actions.note_fetch(asked=asked, digest=package.digest, by=by)
    response = HttpResponse(package.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{package.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
@requires("privacy.view_request", on=RightsRequest)
def view_request(request, rightsrequest):
    """One's own request, from the account."""
    return render(request, "privacy/follow_request.html", {"asked": rightsrequest, "token": ""})


@require_GET
@requires("privacy.fetch_own_data", on=RightsRequest, how="document")
def fetch_own_data(request, rightsrequest):
    if not rightsrequest.can_be_fetched:
        say(request, _("There is nothing to fetch, or the delay is over."))
        return redirect("privacy:view_request", rightsrequest.pk)
    return _file(rightsrequest, request.user)

"""Spends what a request read, at its end: one statement, and the answer stays in when the budget refuses it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pavillon.accounts.queries import last_proof
from pavillon.core.views import SAFE_METHODS
from pavillon.ui.htmx import go_to, is_htmx, page_of
from pavillon.vigilance import actions
from pavillon.vigilance.enums import Outcome
from pavillon.vigilance.tally import Tally, tallying

Answer = Callable[[HttpRequest], HttpResponse]


class ReadingBudgets:
    """Rows that a page, an answer of the API or a file shows are counted before it leaves."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with tallying(lambda: last_proof(request.session)) as tally:
            response = self.get_response(request)
        if tally.user is None:
            return response
        verdict = actions.spend_rows(
            user=tally.user,
            opened=tally.opened,
            listed=tally.listed,
            exported=tally.exported,
            again=tally.again,
            proved_at=tally.proof(),
            may_prove=not _is_program(request),
            may_refuse=_may_refuse(request, tally, response),
        )
        if not verdict.is_refusal:
            return response
        rows = tally.opened + tally.listed + tally.exported + tally.again
        actions.note_refused_rows(user=tally.user, rows=rows, path=request.path, lines=tally.lines)
        return refusal(request, verdict)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal(request, error.verdict) if isinstance(error, actions.ProofWanted) else None


def _is_program(request: HttpRequest) -> bool:
    """A key, or the password of an agenda, cannot be asked for a second factor."""
    return "HTTP_AUTHORIZATION" in request.META


def _may_refuse(request: HttpRequest, tally: Tally, response: HttpResponse) -> bool:
    """What was done is not undone by hiding its answer: of acts, only those that show rows are refused, and forms that
    did nothing and come back. What programs send is no form."""
    is_page = request.method == "POST" and not request.path.startswith(PROGRAMS)
    is_back = is_page and (response.status_code == 422 or (response.status_code == 200 and not request.POST))
    shows = request.method in SAFE_METHODS or is_back or tally.listed + tally.exported + tally.again > 0
    return shows and (is_back or response.status_code < 400) and not request.path.startswith(UNCOUNTED)


PROGRAMS = ("/api/", "/scim/")
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
# Where somebody finds out what holds him back, and proves who he is.
UNCOUNTED = ("/vigilance/my-reading/", "/account/")


def refusal(request: HttpRequest, verdict: actions.Verdict) -> HttpResponse:
    """403 for who must prove himself, 429 with the time to wait for who must wait; a problem in JSON for programs."""
    status = 403 if verdict.outcome == Outcome.PROVE else 429
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(verdict.wait)} if status == 429 else {})
    if request.path.startswith("/scim/"):
        # A staff directory reads its own standard's errors (RFC 7644).
        told = {"schemas": [SCIM_ERROR], "status": str(status), "detail": str(_detail(verdict))}
        return JsonResponse(told, status=status, headers=headers, content_type="application/scim+json")
    if request.path.startswith("/api/"):
        problem = {"title": _title(verdict), "status": status, "detail": _detail(verdict)}
        return JsonResponse(problem, status=status, headers=headers, content_type="application/problem+json")
    if is_htmx(request):
        return go_to(request, "vigilance:my_reading")
    prove = f"{reverse('accounts:prove_identity')}?{urlencode({'next': page_of(request)})}"
    context = {"verdict": verdict, "title": _title(verdict), "detail": _detail(verdict), "prove_url": prove}
    response = render(request, "vigilance/budget_spent.html", context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _title(verdict: actions.Verdict) -> str:
    return _("Prove that it is you") if verdict.outcome == Outcome.PROVE else _("Your reading budget is used up")


def _detail(verdict: actions.Verdict) -> str:
    if verdict.outcome == Outcome.PROVE:
        return _("%(spent)s rows were shown within the hour, of %(hourly)s. To go on, prove again who you are.") % {
            "spent": verdict.spent,
            "hourly": verdict.hourly,
        }
    if verdict.outcome == Outcome.BLOCKED_FOR_DAYS:
        return _("%(records)s different records were shown within seven days, of %(weekly)s.") % {
            "records": verdict.records,
            "weekly": verdict.weekly,
        }
    return _("%(spent)s rows were shown within the hour, of %(most)s at most.") % {
        "spent": verdict.spent,
        "most": verdict.most if verdict.may_prove else verdict.hourly,
    }

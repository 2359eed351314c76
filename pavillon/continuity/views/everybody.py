"""What everybody may know: how the platform stands, and which browsers it is made for."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from pavillon.continuity.queries.pages import status as current_status
from pavillon.core.views import public
from pavillon.ui.supported import browsers as supported
from pavillon.ui.supported import is_too_old, release


@public
@require_safe
def status(request):
    return render(request, "continuity/status.html", current_status())


@public
@require_safe
def browsers(request):
    """Each browser with its first version, of this release (ledger TECH-03, TECH-04)."""
    told = request.headers.get("User-Agent", "")
    context = {"browsers": supported(), "release": release(), "is_too_old": is_too_old(told)}
    return render(request, "continuity/browsers.html", context)

"""One screen that answers: what happened with this company in the last twelve months?"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import digest_of
from pavillon.directory.views.frame import company_page

# Days of each choice; the first one is shown unless another is asked for.
PERIODS = {
    "12": (365, _("12 months")),
    "6": (183, _("6 months")),
    "3": (92, _("3 months")),
    "1": (31, _("1 month")),
    "36": (1096, _("3 years")),
}


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_year(request, company):
    """Figures and one line of time of all rooms, over the period chosen."""
    asked = request.GET.get("months", "12")
    days, _label = PERIODS.get(asked) or PERIODS["12"]
    until = timezone.now()
    since = until - timedelta(days=days)
    return company_page(
        request,
        "directory/company_year.html",
        company,
        "year",
        digest=digest_of(company, request.user, since, until),
        since=since,
        until=until,
        periods=[(code, label) for code, (_days, label) in PERIODS.items()],
        months=asked if asked in PERIODS else "12",
    )

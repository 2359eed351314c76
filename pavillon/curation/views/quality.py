"""How well records are known, and how fresh they are kept."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.curation import queries
from pavillon.curation.forms import QualityFilter
from pavillon.directory.models import Company
from pavillon.ui.lists import list_page


@require_GET
@requires("curation.view_quality")
def quality(request):
    """What is worth completing, the poorest records first: of my portfolio, worked on, my organisation's, all."""
    whose = request.GET.get("whose", "organisation")
    whose = whose if whose in queries.SCOPES else "organisation"
    return list_page(
        request,
        queries.to_do_list(request.user, whose),
        template="curation/quality.html",
        rows="curation/_quality_rows.html",
        filters=QualityFilter,
        sorts={"score": ["score", "company"], "newest": ["-computed_at", "company"]},
        sort="score",
        context={"whose": whose, "has_portfolios": queries.has_portfolios()},
    )


@require_GET
@requires("curation.view_freshness")
def freshness(request):
    """Who updates the base, and how often."""
    people = queries.freshness_of(request.user)
    active = [person for person in people if person.rate is not None]
    rate = sum(person.rate or 0 for person in active) / len(active) if active else None
    context = {
        "people": people,
        "places": queries.freshness_by_organisation(people),
        "rate": rate,
        "days": queries.freshness.DAYS,
    }
    return render(request, "curation/freshness.html", context)


@require_GET
@requires("curation.view_quality", on=Company, how="panel")
def company_quality(request, company):
    """The panel of a card: its score, what is missing, when it last changed."""
    found = queries.quality_of(company, request.user)
    context = {"quality": found, "company": company, "gaps": queries.gap_words(found.gaps) if found else []}
    return render(request, "curation/company_quality.html", context)

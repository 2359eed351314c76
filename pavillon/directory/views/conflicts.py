"""Values on which sources disagree, over the whole base."""

from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory.forms.conflicts import ConflictFilter
from pavillon.directory.models import CompanyValue
from pavillon.directory.queries.conflicts import disputes_by_field, spell_out
from pavillon.ui.lists import list_page


@require_GET
@requires("directory.view_conflicts")
def conflicts(request):
    """Fields on which sources disagree, the most recently heard first, with how many of each."""
    return list_page(
        request,
        CompanyValue.objects.visible_to(request.user).disputed().with_company(),
        template="directory/conflicts.html",
        rows="directory/_conflict_rows.html",
        filters=ConflictFilter,
        sorts={"newest": ["-observed_on"], "company": ["company__name"], "field": ["field"]},
        sort="newest",
        context={"counts": disputes_by_field(request.user), "spell_out": spell_out},
    )

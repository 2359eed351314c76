from django.shortcuts import render

from pavillon.core.views import public
from pavillon.reference import queries


@public
def about_data(request):
    """Which sets are loaded, from where, of which date, under which licence."""
    return render(request, "reference/about_data.html", {"sets": queries.data_sets()})

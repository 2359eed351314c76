from django.urls import path, register_converter

from pavillon.reporting import views
from pavillon.reporting.enums import Stage


class StageConverter:
    """A stage of the funnel in an address."""

    regex = "|".join(Stage.values)

    def to_python(self, value: str) -> Stage:
        return Stage(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(StageConverter, "stage")

app_name = "reporting"
urlpatterns = [
    path("reports/", views.dashboard, name="dashboard"),
    path("reports/region/", views.region_dashboard, name="region_dashboard"),
    path("reports/behind/<stage:stage>/", views.behind, name="behind"),
    path("reports/companies/<int:company>/", views.company_report, name="company_report"),
    path("marketing/", views.marketing, name="marketing"),
    path("my/report/", views.own_report, name="own_report"),
]

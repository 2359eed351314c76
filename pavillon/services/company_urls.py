"""The company's pages; the composition root hangs them under /my/."""

from django.urls import path

from pavillon.services.views import company

app_name = "services_company"
urlpatterns = [path("services/", company.my_services, name="my_services")]

"""The company's pages; the composition root hangs them under /my/."""

from django.urls import path

from pavillon.loyalty.views import company

app_name = "loyalty_company"
urlpatterns = [
    path("programmes/", company.my_programmes, name="my_programmes"),
    path("programmes/<int:enrolment>/leave/", company.leave_programme, name="leave_programme"),
]

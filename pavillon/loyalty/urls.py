from django.urls import path

from pavillon.loyalty.views import enrolments, orders, programmes

app_name = "loyalty"
urlpatterns = [
    path("loyalty/", programmes.programmes, name="programmes"),
    path("loyalty/new/", programmes.create_programme, name="create_programme"),
    path("loyalty/<int:programme>/", programmes.view_programme, name="view_programme"),
    path("loyalty/<int:programme>/change/", programmes.change_programme, name="change_programme"),
    path("loyalty/<int:programme>/close/", programmes.close_programme, name="close_programme"),
    path("loyalty/<int:programme>/reopen/", programmes.reopen_programme, name="reopen_programme"),
    path("loyalty/<int:programme>/enrol/", enrolments.enrol_segment, name="enrol_segment"),
    path("loyalty/<int:programme>/companies/", enrolments.enrolments, name="enrolments"),
    path("loyalty/enrolments/<int:enrolment>/end/", enrolments.end_enrolment, name="end_enrolment"),
    path("companies/<int:company>/programmes/", enrolments.company_programmes, name="company_programmes"),
    path("services/orders/<int:serviceorder>/programmes/", orders.order_programmes, name="order_programmes"),
    path("services/orders/<int:serviceorder>/benefit/", orders.apply_benefit, name="apply_benefit"),
    path("services/orders/<int:serviceorder>/benefit/back/", orders.take_benefit_back, name="take_benefit_back"),
]

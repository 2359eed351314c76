from django.urls import path

from pavillon.services.views import answers, catalogue, figures, orders

app_name = "services"
urlpatterns = [
    path("services/", orders.orders, name="orders"),
    path("services/orders/<int:serviceorder>/", orders.view_order, name="view_order"),
    path("services/orders/<int:serviceorder>/change/", orders.change_order, name="change_order"),
    path("services/orders/<int:serviceorder>/deliverer/", orders.name_deliverer, name="name_deliverer"),
    path("services/orders/<int:serviceorder>/confirm/", orders.confirm_order, name="confirm_order"),
    path("services/orders/<int:serviceorder>/start/", orders.start_delivery, name="start_delivery"),
    path("services/orders/<int:serviceorder>/deliver/", orders.deliver_order, name="deliver_order"),
    path("services/orders/<int:serviceorder>/cancel/", orders.cancel_order, name="cancel_order"),
    path("services/catalogue/", catalogue.catalogue, name="catalogue"),
    path("services/catalogue/new/", catalogue.create_service, name="create_service"),
    path("services/catalogue/<int:service>/", catalogue.view_service, name="view_service"),
    path("services/catalogue/<int:service>/change/", catalogue.change_service, name="change_service"),
    path("services/catalogue/<int:service>/retire/", catalogue.retire_service, name="retire_service"),
    path("services/catalogue/<int:service>/restore/", catalogue.restore_service, name="restore_service"),
    path("services/coverage/", figures.view_coverage, name="view_coverage"),
    path("services/impact/", figures.view_impact, name="view_impact"),
    path("services/surveys/settings/", figures.change_survey_settings, name="change_survey_settings"),
    path("companies/<int:company>/services/", orders.company_services, name="company_services"),
    path("companies/<int:company>/services/order/", orders.order_service, name="order_service"),
    path("leads/<int:lead>/services/", orders.lead_services, name="lead_services"),
    path("survey/<str:link>/", answers.answer_survey, name="answer_survey"),
]

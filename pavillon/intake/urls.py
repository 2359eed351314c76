from django.urls import path

from pavillon.intake.views import deliveries, outside

app_name = "intake"
urlpatterns = [
    path("intake/", deliveries.deliveries, name="deliveries"),
    path("intake/bring/", deliveries.bring_delivery, name="bring_delivery"),
    path("intake/<int:delivery>/", deliveries.delivery, name="delivery"),
    path("intake/<int:delivery>/columns/", deliveries.map_delivery, name="map_delivery"),
    path("intake/<int:delivery>/read-again/", deliveries.reread_delivery, name="reread_delivery"),
    path("intake/<int:delivery>/decide/", deliveries.decide_row, name="decide_row"),
    path("intake/<int:delivery>/refused/", deliveries.export_refused, name="export_refused"),
    path("intake/<int:delivery>/take/", deliveries.take_delivery, name="take_delivery"),
    path("intake/<int:delivery>/undo/", deliveries.undo_delivery, name="undo_delivery"),
    path("intake/<int:delivery>/resume/", deliveries.resume_delivery, name="resume_delivery"),
    path("intake/prospects/", outside.prospect_sources, name="prospect_sources"),
    path("intake/prospects/<int:source>/", outside.set_terms, name="set_terms"),
    path("intake/signals/", outside.signals, name="signals"),
    path("intake/signals/import/", outside.import_signals, name="import_signals"),
    path("intake/signals/approve/", outside.approve_feed, name="approve_feed"),
    path("intake/signals/head-offices/", outside.export_head_offices, name="export_head_offices"),
    path("intake/exchanges/", outside.exchanges, name="exchanges"),
    path("intake/exchanges/<int:exchange>/", outside.change_exchange, name="change_exchange"),
    path("intake/interfaces/add/", outside.add_interface, name="add_interface"),
    path("intake/interfaces/<int:publicinterface>/try/", outside.try_interface, name="try_interface"),
    path("intake/interfaces/<int:publicinterface>/rate/", outside.rate_interface, name="rate_interface"),
    path("intake/of/<int:company>/", outside.company_outside, name="company_outside"),
]

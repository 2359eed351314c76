from django.urls import path

from pavillon.intake import views

app_name = "intake"
urlpatterns = [
    path("intake/", views.deliveries, name="deliveries"),
    path("intake/bring/", views.bring_delivery, name="bring_delivery"),
    path("intake/<int:delivery>/", views.delivery, name="delivery"),
    path("intake/<int:delivery>/columns/", views.map_delivery, name="map_delivery"),
    path("intake/<int:delivery>/read-again/", views.reread_delivery, name="reread_delivery"),
    path("intake/<int:delivery>/decide/", views.decide_row, name="decide_row"),
    path("intake/<int:delivery>/refused/", views.export_refused, name="export_refused"),
    path("intake/<int:delivery>/take/", views.take_delivery, name="take_delivery"),
    path("intake/<int:delivery>/undo/", views.undo_delivery, name="undo_delivery"),
    path("intake/<int:delivery>/resume/", views.resume_delivery, name="resume_delivery"),
]

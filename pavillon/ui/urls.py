from django.urls import path

from pavillon.ui import views

app_name = "ui"

urlpatterns = [
    path("style-guide/", views.view_style_guide, name="view_style_guide"),
]

from django.urls import path

from pavillon.ui import views

app_name = "ui"

urlpatterns = [
    path("badges/<slug:badge>/", views.view_badge, name="view_badge"),
    path("style-guide/", views.view_style_guide, name="view_style_guide"),
]

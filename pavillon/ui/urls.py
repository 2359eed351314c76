from django.urls import path

from pavillon.ui import loading, views

app_name = "ui"

urlpatterns = [
    path("badges/<slug:badge>/", views.view_badge, name="view_badge"),
    path("panels/<str:place>/", loading.load_panels, name="load_panels"),
    path("panels/<str:place>/<int:subject>/", loading.load_panels, name="load_panels"),
    path("style-guide/", views.view_style_guide, name="view_style_guide"),
]

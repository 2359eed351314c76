from django.urls import path

from pavillon.workspace import views

app_name = "workspace"

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("search/", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
    path("views/", views.saved_views, name="saved_views"),
    path("views/new/", views.save_view, name="save_view"),
    path("views/<int:savedview>/", views.change_view, name="change_view"),
    path("views/<int:savedview>/use/", views.use_view, name="use_view"),
    path("views/<int:savedview>/delete/", views.delete_view, name="delete_view"),
]

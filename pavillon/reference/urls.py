from django.urls import path

from pavillon.reference import views

app_name = "reference"
urlpatterns = [path("about-the-data/", views.about_data, name="about_data")]

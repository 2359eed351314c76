from django.urls import path

from pavillon.continuity.views import officers

app_name = "continuity"
urlpatterns = [
    path("", officers.today, name="today"),
    path("test-access/", officers.test_access, name="test_access"),
    path("availability/", officers.availability, name="availability"),
    path("availability/announce/", officers.announce_work, name="announce_work"),
    path("availability/works/<int:maintenance>/cancel/", officers.cancel_work, name="cancel_work"),
    path("backups/", officers.backups, name="backups"),
    path("certificates/", officers.certificates, name="certificates"),
    path("certificates/new/", officers.create_certificate, name="create_certificate"),
    path("certificates/<int:certificate>/", officers.change_certificate, name="change_certificate"),
    path("certificates/<int:certificate>/remove/", officers.remove_certificate, name="remove_certificate"),
]

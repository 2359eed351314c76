from django.urls import path

from pavillon.interchange import views
from pavillon.interchange.api import api

app_name = "interchange"
urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.create_key, name="create_key"),
    path("keys/<int:key>/revoke/", views.revoke_key, name="revoke_key"),
    path("documentation/", views.documentation, name="documentation"),
    path("openapi.json", views.openapi, name="openapi"),
    path("v1/", api.urls),
]
for pattern in urlpatterns[-1].url_patterns:
    # The API has its own door (key or session) and answers 401 itself; each endpoint names its permission.
    pattern.callback.login_required = False
    pattern.callback.permission = "api"

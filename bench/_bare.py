"""What Django costs without the product: one query, one small template, the middleware of a new Django project."""

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import Context, Template
from django.test.utils import override_settings
from django.urls import path, set_urlconf

from pavillon.reference.models import Region

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ADDRESS = "/bench/bare/"
PAGE = Template(
    "<!doctype html><title>Regions</title><h1>Regions</h1>"
    "<ul>{% for region in regions %}<li>{{ region.code }} {{ region.name_en }}</li>{% endfor %}</ul>"
)


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render(Context({"regions": Region.objects.all()})))


urlpatterns = [path(ADDRESS.lstrip("/"), bare)]


class BareDjango(WSGIHandler):
    """A second Django beside the product's, with its own middleware and addresses."""

    def __init__(self) -> None:
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            super().__init__()

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = __name__
        try:
            return super().get_response(request)
        finally:
            # The addresses of this thread are the product's again: it is measured in the same process.
            set_urlconf(None)

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.interchange import actions
from pavillon.interchange.api import api
from pavillon.interchange.forms import KeyForm
from pavillon.interchange.models import Key
from pavillon.ui.htmx import form_page


@requires("interchange.view_keys")
def keys(request):
    found = Key.objects.visible_to(request.user).select_related("membership__user", "membership__organisation")
    return render(request, "interchange/keys.html", {"keys": found[:200]})


@requires("interchange.create_key")
def create_key(request):
    form = KeyForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        key, secret = actions.create_key(
            name=form.cleaned_data["name"],
            membership=form.cleaned_data["membership"],
            scopes=form.cleaned_data["scopes"],
            days=form.cleaned_data["days"],
            by=request.user,
        )
        return render(request, "interchange/key_created.html", {"key": key, "secret": secret})
    return form_page(request, "interchange/create_key.html", {"form": form})


@require_POST
@requires("interchange.revoke_key", on=Key)
def revoke_key(request, key):
    actions.revoke_key(key=key, by=request.user)
    messages.success(request, _("The key %(name)s no longer opens anything.") % {"name": key.name})
    return redirect("interchange:keys")


@requires("interchange.read_documentation")
def documentation(request):
    return render(request, "interchange/documentation.html", {"document": api.get_openapi_schema()})


@requires("interchange.read_documentation")
def openapi(request):
    return JsonResponse(api.get_openapi_schema(), json_dumps_params={"indent": 1})

"""Imports of the register: which files wait, how far a run is, what it brought."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.directory.actions import register
from pavillon.directory.forms.register import ImportRegisterForm
from pavillon.directory.models import RegisterRun
from pavillon.directory.queries import import_folder, rejects_file, rejects_until
from pavillon.directory.sirene import WrongFile
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@require_GET
@requires("directory.import_register")
def register_runs(request):
    """The history, the latest first."""
    return list_page(
        request,
        RegisterRun.objects.visible_to(request.user).select_related("asked_by"),
        template="directory/register_runs.html",
        rows="directory/_register_run_rows.html",
        sorts={"newest": ["-pk"]},
        sort="newest",
    )


@requires("directory.import_register")
def import_register(request):
    form = ImportRegisterForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            file = asked.get("recognised") or register.keep_register_file(upload=asked["file"])
            run = register.ask_register_import(file=file, force=asked["force"], by=request.user)
            return redirect(run)
        except WrongFile as error:
            form.add_error("file", str(error))
    context = {"form": form, "folder": import_folder()}
    return form_page(request, "directory/import_register.html", context)


@require_GET
@requires("directory.import_register", on=RegisterRun)
def register_run(request, registerrun):
    """A run; while it works, its piece asks for itself again."""
    context = {"run": registerrun, "rejects_until": rejects_until(registerrun)}
    return fragment(request, "directory/register_run.html", "directory/_register_run.html", context)


@require_GET
@requires("directory.import_register", on=RegisterRun, how="document")
def download_rejects(request, registerrun):
    """The refused rows: line, number, reason, the row itself."""
    path = rejects_file(registerrun)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{registerrun.file_name}.rejects.csv")


@require_POST
@requires("directory.import_register", on=RegisterRun)
def import_good_rows(request, registerrun):
    """Take the right rows of a file that was refused because too many others were wrong."""
    try:
        return redirect(register.import_good_rows(run=registerrun, by=request.user))
    except WrongFile as error:
        say(request, _("The file cannot be read any more: %(why)s") % {"why": error})
        return redirect(registerrun)

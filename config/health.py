"""Two questions of machines: does the process live, and may it be sent visitors."""

import sys
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from pavillon.core.views import public
from pavillon.reference.models import DataSet

# A worker writes its heartbeat every ten seconds.
WORKER_SILENCE = timedelta(seconds=45)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a fault; while the database is away, or had no answer in time, the one that says so (503)."""
    error = sys.exc_info()[1]
    if not _is_away(error) and not _is_late(error):
        return server_error(request)
    page = loader.get_template("503.html").render({"is_late": _is_late(error)})
    return HttpResponse(page, status=503, headers={"Retry-After": "15", "Cache-Control": "no-store"})


def _is_away(error: BaseException | None) -> bool:
    """Whether the connection failed, and not what was asked of it: errors of a statement have a code of their own."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = _code(error)
    return not code or code.startswith(("08", "57P"))


def _is_late(error: BaseException | None) -> bool:
    """Whether a statement, or a wait for a lock, was cut off at its longest time (`config.settings.base`)."""
    return isinstance(error, OperationalError) and _code(error) in ("57014", "55P03")


def _code(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@public
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations, reference data and worker are ready; otherwise 503 with what is missing."""
    try:
        state = {
            "database": True,
            "migrations": _migrations_are_applied(),
            "reference_data": DataSet.objects.exists(),
            "worker": _worker_is_alive(),
        }
    except DatabaseError:
        state = {"database": False}
    ready = all(state.values()) and len(state) == 4
    return JsonResponse({"ready": ready, **state}, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


_applied = False


def _migrations_are_applied() -> bool:
    """Asked of the disk and the table until true; a process never sees its own migrations disappear."""
    global _applied
    if not _applied:
        executor = MigrationExecutor(connection)
        _applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _applied


def _worker_is_alive() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_heartbeat) > now() - make_interval(secs => %s) FROM procrastinate_workers",
            [WORKER_SILENCE.total_seconds()],
        )
        return bool(cursor.fetchone()[0])

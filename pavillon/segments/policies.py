"""Kinds of notification, and the limits that every file of the product passes."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.activity.actions import register_kind
from pavillon.segments.queries import limit_in_force, rows_this_hour
from pavillon.ui.exports import ExportRefused, guard_exports
from pavillon.ui.words import number

register_kind("segments.target_list", gettext_lazy("A target list for me"), "team")
register_kind("segments.export_blocked", gettext_lazy("An export above the limits"), "team")
register_kind("segments.export_decided", gettext_lazy("A decision about my export"), "team")


def keep_within_limits(request: HttpRequest, model: type[Model], rows: int) -> None:
    """Small files of other lists obey the same hour; who needs more asks through a list of companies or contacts."""
    user: Any = request.user
    limit, taken = limit_in_force(), rows_this_hour(user)
    if rows > limit.approval_rows or taken + rows > limit.hourly_rows:
        raise ExportRefused(
            _("%(rows)s rows are more than may leave at once (%(limit)s) or within the hour (%(left)s left).")
            % {
                "rows": number(rows),
                "limit": number(limit.approval_rows),
                "left": number(max(0, limit.hourly_rows - taken)),
            }
        )


guard_exports(keep_within_limits)

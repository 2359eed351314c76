"""The templates that shops and sheets start from: the agency writes them without code (ledger SHOW-10)."""

from django.db import connection, transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.reference.models import Vertical
from pavillon.showroom.models import TemplateVersion
from pavillon.showroom.outlines import Outline

WORDS = ("line", "text", "pictures")
NOTHING = Outline("", "")


def _newest(kind: str, language: str, vertical: Vertical | None) -> TemplateVersion | None:
    """The version in force, with nobody else writing the next one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('showroom.template'))")
    return TemplateVersion.objects.filter(kind=kind, language=language, vertical=vertical).order_by("-number").first()


def _write(
    verb: str, before: TemplateVersion | None, words: Outline | None, *, kind: str, language: str,
    vertical: Vertical | None, by: User,
) -> TemplateVersion:  # fmt: skip
    made = TemplateVersion.objects.create(
        kind=kind, language=language, vertical=vertical, number=before.number + 1 if before else 1, made_by=by,
        is_withdrawn=words is None, **{name: getattr(words or NOTHING, name) for name in WORDS},
    )  # fmt: skip
    changes = {name: [getattr(before, name, ""), getattr(made, name)] for name in WORDS}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    about = (made, vertical) if vertical else (made,)
    record(verb, *about, by=by, changes=changes, template=f"{kind}/{language}", version=made.number)
    return made


@transaction.atomic
def change_template(
    *, kind: str, language: str, line: str, text: str, by: User, vertical: Vertical | None = None, pictures: str = ""
) -> TemplateVersion:
    """Write the next version of a template, in force at once; the same words again make none."""
    before, words = _newest(kind, language, vertical), Outline(line, text, pictures)
    if before and before.outline == words:
        return before
    return _write(
        "showroom.template_changed", before, words, kind=kind, language=language, vertical=vertical, by=by
    )  # fmt: skip


@transaction.atomic
def restore_template(
    *, kind: str, language: str, number: int, by: User, vertical: Vertical | None = None
) -> TemplateVersion | None:
    """Take an earlier version again, as the next one; version 0 withdraws what the agency wrote.

    Raises TemplateVersion.DoesNotExist for a number that never was. None when there is nothing to withdraw.
    """
    before = _newest(kind, language, vertical)
    words = None
    if number:
        wanted = TemplateVersion.objects.get(kind=kind, language=language, vertical=vertical, number=number)
        words = wanted.outline
    if before is None or before.outline == words:
        return before
    return _write(
        "showroom.template_restored", before, words, kind=kind, language=language, vertical=vertical, by=by
    )  # fmt: skip

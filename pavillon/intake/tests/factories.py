"""The cast and the companies of `directory`, a source, and files brought in one call."""

import zipfile
from datetime import date

from django.utils.translation import override

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.directory.actions import create_source, note_source_record
from pavillon.directory.enums import SourceKind
from pavillon.directory.tests import factories as directory
from pavillon.intake import actions
from pavillon.privacy.enums import LegalBasis
from tests.remembered import remembered

ATELIER, BISCUITS, CLOSED = directory.ATELIER, directory.BISCUITS, directory.CLOSED


@remembered
def stage():
    scene = directory.stage()
    scene.keeper = accounts.person("Margot", scene.agency, Role.PLATFORM_ADMIN)
    scene.source = create_source(
        code="cci-ouest", name="CCI Ouest", kind=SourceKind.PARTNER, by=None, trust=50, organisation=scene.agency
    )
    # The partner's number A1 is known to mean the first company.
    note_source_record(record_of=scene.atelier, source=scene.source, seen_on=date(2026, 1, 1), key="A1")
    return scene


def bring(scene, text, *, by=None, source=None, name="clients.csv", kind="companies", **mapping):
    """A file brought and rehearsed. `mapping` adds {column: (target, policy)} to what is guessed."""
    delivery = actions.bring_delivery(
        source=source or scene.source,
        kind=kind,
        name=name,
        content=text.encode(),
        observed_on=date(2026, 10, 1),
        legal_basis=LegalBasis.PUBLIC_TASK,
        by=by or scene.keeper,
    )
    return rehearse(delivery, scene, **mapping)


def rehearse(delivery, scene, **mapping):
    chosen = delivery.mapping | {name: {"target": to, "policy": policy} for name, (to, policy) in mapping.items()}
    actions.choose_mapping(delivery=delivery, mapping=chosen, by=scene.keeper)
    with override("en"):
        actions.run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def take(delivery, scene):
    actions.take_delivery(delivery=delivery, by=scene.keeper)
    actions.run_taking(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def undo(delivery, scene):
    actions.undo_delivery(delivery=delivery, by=scene.keeper)
    actions.run_undoing(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def write_swelling_workbook(target):
    """A workbook of a few megabytes whose parts take a gigabyte and one byte: piece by piece, and packed in haste."""
    piece = bytes(1 << 20)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/workbook.xml", "w") as part:
            for _megabyte in range(1 << 10):
                part.write(piece)
        archive.writestr("xl/more.xml", b"x")

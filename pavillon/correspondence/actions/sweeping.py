"""Files of copied mail on the disk that no mail has."""

from collections.abc import Iterable

from pavillon.core.wall import house
from pavillon.correspondence.models import MailFile
from pavillon.security.actions import Shelf, sweep_shelf


@house()
def sweep_files() -> int:
    """Put files aside whose row was lost with a connection at its commit, and back when it is there. How many moved."""
    return sweep_shelf(Shelf("correspondence", _kept, VERBS))


def _kept(names: list[str]) -> Iterable[str]:
    return MailFile.objects.filter(file__in=names).values_list("file", flat=True)


VERBS = {
    "returned": "correspondence.files_returned",
    "refused": "correspondence.sweep_refused",
    "swept": "correspondence.files_swept",
    "deleted": "correspondence.files_deleted",
}

"""Two records side by side, and what points at one of them."""

from dataclasses import dataclass

from pavillon.accounts.models import User
from pavillon.core.policy import readable
from pavillon.directory.models import FILLED, Company
from pavillon.ui.templatetags.ui import shown_value


@dataclass(frozen=True)
class Compared:
    """A field of two records side by side; `result` is what the merged one will say."""

    label: str
    kept: str
    removed: str
    result: str

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.removed and self.kept != self.removed)


COMPARED = ["name", "siren", *(name for name in FILLED if name != "domain"), "is_accompanied"]


def compare_companies(kept: Company, removed: Company, user: User) -> list[Compared]:
    """Both records, field by field, without those that the reader may not see."""
    lines = []
    fields = {column.name: column for column in Company._meta.concrete_fields}
    for name in readable(user, Company, COMPARED):
        label = str(fields[name].verbose_name)
        one, other = (str(shown_value(c, name)) if getattr(c, name) not in (None, "") else "" for c in (kept, removed))
        taken = other if not one or getattr(kept, name) is False else one
        if one or other:
            lines.append(Compared(label[:1].upper() + label[1:], one, other, taken))
    return lines


def what_moves(removed: Company) -> list[tuple[str, int]]:
    """How many rows of each table point at a company and will point at the one that is kept: [(what, how many), …]."""
    counted = []
    for relation in Company._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: removed.pk}).count()
        if rows:
            counted.append((str(relation.related_model._meta.verbose_name_plural), rows))
    return counted

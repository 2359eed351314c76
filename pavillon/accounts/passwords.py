"""Our own rules for passwords, beside length and the list of common ones."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_SIGNS = 5


class PersonalPasswordValidator:
    """Refuses a password that holds the person's own name or address, or too few different signs."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(set(password)) < FEWEST_SIGNS:
            raise ValidationError(
                _("The password has fewer than %(n)s different characters.") % {"n": FEWEST_SIGNS}, code="too_uniform"
            )
        lowered = password.lower()
        for part in self._parts(user):
            if part in lowered:
                raise ValidationError(
                    _("The password holds “%(part)s”, which others know of you.") % {"part": part}, code="personal"
                )

    def _parts(self, user: Any) -> list[str]:
        names = [getattr(user, "first_name", ""), getattr(user, "last_name", "")]
        names += getattr(user, "email", "").partition("@")[0].replace("-", ".").split(".")
        # Short names stand in too many ordinary words.
        return [name.lower() for name in names if len(name) >= 4]

    def get_help_text(self) -> str:
        return _("Not your name or address, and at least %(n)s different characters.") % {"n": FEWEST_SIGNS}

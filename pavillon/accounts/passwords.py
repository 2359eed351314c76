"""Our own rules for passwords, beside length and the list of common ones. Nothing leaves the machine."""

import hashlib
import logging
import os
import re
from functools import cache
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
# A word this short stands in too many others to be looked for.
FEWEST_SIGNS = 5
# Longer ones are no decorated word; the search would also take longer by the square of what a stranger sends.
MOST_SIGNS = 128
# What French speakers write most, which Django's list of English use lacks.
FRENCH = [
    "azertyuiop", "azerty", "qsdfghjklm", "wxcvbn", "motdepasse", "bonjour", "bienvenue", "soleil", "doudou",
    "loulou", "chouchou", "chocolat", "marseille", "toulouse", "bordeaux", "bretagne", "nicolas", "camille",
    "isabelle", "nathalie", "sandrine", "coucou", "jetaime", "amour", "maison", "vacances", "ordinateur",
    "football", "famille", "princesse", "entreprise", "exportation",
]  # fmt: skip
_SIGNS = str.maketrans("013457@$!€", "oieastasie")


class PersonalPasswordValidator:
    """Refuses a password that holds a name or the address of the person, of the platform or of the organisation."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        lowered = password.lower()
        for part in self._parts(user):
            if part in lowered:
                raise ValidationError(
                    _("The password holds “%(part)s”, which others know of you.") % {"part": part}, code="personal"
                )

    def _parts(self, user: Any) -> list[str]:
        names = [getattr(user, "first_name", ""), getattr(user, "last_name", "")]
        names += getattr(user, "email", "").partition("@")[0].replace("-", ".").split(".")
        # Short names stand in too many ordinary words; of what one works for, whole words of some length.
        return [name.lower() for name in names if len(name) >= 4] + self._places(user)

    def _places(self, user: Any) -> list[str]:
        roles = user.memberships.current().select_related("organisation") if getattr(user, "pk", None) else []
        names = [settings.MFA_TOTP_ISSUER, getattr(user, "works_for", ""), *(role.organisation.name for role in roles)]
        return [word.lower() for name in names for word in re.findall(r"\w{5,}", name)]

    def get_help_text(self) -> str:
        return _("No name of yours or of your organisation.")


class PatternPasswordValidator:
    """Refuses what is tried by rule: a few signs said again and again ("abcabcabcabc"), signs in their order
    ("123456789012", "abcdefghijklm"), there and back too.

    No kind of signs is asked for or refused: twelve numbers thrown by dice are a password.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        seen = password[:MOST_SIGNS].lower()
        if re.fullmatch(r"(.{1,4}?)\1+.{0,3}", seen, re.DOTALL) or self._counts(seen):
            raise ValidationError(
                _("The password repeats itself or counts on: that is tried first. Mix it, or put words together."),
                code="pattern",
            )

    def _counts(self, text: str) -> bool:
        """Whether nearly every sign follows from the one before by the same step (9 counts on to 0)."""
        steps = [ord(after) - ord(before) for before, after in pairwise(text)]
        steps = [{-9: 1, 9: -1}.get(step, step) for step in steps]
        return bool(steps) and sum(abs(step) == 1 for step in steps) >= len(steps) - 2

    def get_help_text(self) -> str:
        return _("Nothing that repeats itself or counts on.")


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | frozenset(FRENCH)


class DecoratedPasswordValidator:
    """Refuses a common password with signs and numbers around it or for letters ("P@ssword-2026!", "Motdepasse12")."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(password) > MOST_SIGNS:
            return
        lowered = password.lower()
        for text in (lowered, lowered.translate(_SIGNS)):
            for core in {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text), re.sub(r"[^a-zà-ÿ]", "", text)}:
                if len(core) >= FEWEST_SIGNS and self._is_common(core):
                    raise ValidationError(
                        _("“%(core)s” is among the first words that are tried, also with numbers and signs around it.")
                        % {"core": core},
                        code="decorated",
                    )

    def _is_common(self, core: str) -> bool:
        """A common word, or one said twice or more."""
        once = re.fullmatch(r"(.{4,}?)\1*", core)
        return core in _common() or bool(once and once[1] in _common())

    def get_help_text(self) -> str:
        return _("Not a common word with numbers and signs around it.")


def is_breached(password: str) -> bool:
    """Whether a password stands in the operator's file of stolen ones; False without a file.

    The file holds one `SHA1:count` a line, sorted, as the service “Have I Been Pwned” gives it out. It is searched in
    place by halves: some thirty short readings whatever its size.
    """
    if not settings.BREACHED_PASSWORDS:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        return _stands_in(settings.BREACHED_PASSWORDS, digest)
    except OSError:
        # A disk that is away must not lock everybody out of choosing a password; who runs the platform reads it here.
        log.exception("The file of stolen passwords cannot be read")
        return False


def _stands_in(path: str, digest: bytes) -> bool:
    with open(path, "rb", buffering=256) as lines:
        low, high = 0, lines.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            lines.seek(max(middle - 1, 0))
            if middle:
                lines.readline()  # to the first line that begins at `middle` or behind it
            found = lines.readline()[: len(digest)].upper()
            if found == digest:
                return True
            if found and found < digest:
                low = lines.tell()
            else:
                high = middle
    return False


class BreachedPasswordValidator:
    """Refuses what stands in the operator's file of stolen passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if is_breached(password):
            raise ValidationError(
                _("This password was stolen somewhere and is being tried everywhere: choose another."), code="breached"
            )

    def get_help_text(self) -> str:
        return _("Not one that was stolen elsewhere.") if settings.BREACHED_PASSWORDS else ""

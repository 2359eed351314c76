"""What was stored before files were sealed and before the entrance had a key of its own."""

from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction

from pavillon.core.trail import record
from pavillon.security.actions.files import seal_path
from pavillon.security.storage import place_of

# What allauth seals in an authenticator's data.
SECRETS = ("secret", "seed")


def adopt_older_data() -> tuple[int, int]:
    """Seal uploads where they lie, and give second factors the key of the entrance. Returns how many of each.

    Nothing waits for it: what is not adopted yet is read as it is. Repeating it changes nothing. Raises DataLocked.
    """
    media = Path(settings.MEDIA_ROOT)
    paths = sorted(path for path in media.rglob("*") if path.is_file() and not path.name.startswith("."))
    files = sum(seal_path(path, place_of(path.relative_to(media).as_posix())) for path in paths)
    factors = _adopt_factors()
    if files:
        record("security.data_key_files_sealed", by=None, files=files)
    return files, factors


@transaction.atomic
def _adopt_factors() -> int:
    changed = 0
    for factor in Authenticator.objects.select_for_update():
        sealed = {name: factor.data[name] for name in SECRETS if factor.data.get(name)}
        if not sealed:
            continue
        factor.data |= {name: encrypt(decrypt(value)) for name, value in sealed.items()}
        factor.save(update_fields=["data"])
        changed += 1
    return changed

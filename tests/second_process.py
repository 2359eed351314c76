"""Another process of the platform, as `pavillon serve` has several: its own keys in memory, its own ear.

Started by tests as a program. It answers each line of its input: "e-mail" reads the contact's e-mail through the model,
"forget" drops the keys as a restart would.
"""

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402

settings.KEY_LISTEN = True
settings.KEY_SOURCE = "service"
settings.KEY_SERVICE = dict(zip(("url", "authority", "certificate", "private_key"), sys.argv[1:5], strict=True))

from pavillon.core.encryption import LockedText  # noqa: E402
from pavillon.directory.models import Contact  # noqa: E402
from pavillon.security.keys import keyring  # noqa: E402

for line in sys.stdin:
    if line.strip() == "forget":
        keyring.forget()
    value = Contact.objects.get().email
    print("locked" if isinstance(value, LockedText) else value, flush=True)

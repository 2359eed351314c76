"""Secrets that the operator gives: by a file, by systemd's credentials, or in the environment."""

import os
from pathlib import Path


def given_secret(name: str) -> str:
    """The secret of that name, "" when none is given.

    Looked for in the file that `NAME_FILE` names, then in the folder of systemd's credentials (`LoadCredential=`, of
    which `LoadCredentialEncrypted=` keeps the secret sealed by the machine's TPM), then in the variable itself, which
    every process of the service can read. Raises OSError when the file that is named cannot be read.
    """
    if path := os.environ.get(f"{name}_FILE", ""):
        return Path(path).read_text(encoding="utf-8").strip()
    if folder := os.environ.get("CREDENTIALS_DIRECTORY", ""):
        handed = Path(folder, name)
        if handed.exists():
            return handed.read_text(encoding="utf-8").strip()
    return os.environ.get(name, "")

"""What this room provides to `core` at start-up. Nothing here touches the database."""

from pavillon.core.encryption import use_cipher
from pavillon.security.keys import TinkCipher

use_cipher(TinkCipher())

"""What this room provides to `core` at start-up. Nothing here touches the database."""

from pavillon.accounts.queries import bring_cells
from pavillon.core.encryption import use_cipher
from pavillon.core.policy import provide
from pavillon.core.reading import keep_reads_with
from pavillon.security.actions import keep_reading
from pavillon.security.keys import TinkCipher
from pavillon.security.queries import policy_for
from pavillon.security.queries.privileges import BINDING

use_cipher(TinkCipher())
keep_reads_with(keep_reading)
provide(policy_for)
bring_cells(BINDING)

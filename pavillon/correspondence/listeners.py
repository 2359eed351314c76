"""What a merge does with this room's rows."""

from pavillon.correspondence.models import CopiedMail
from pavillon.directory.models.references import moves_with

moves_with(CopiedMail, "company")

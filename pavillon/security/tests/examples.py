"""What tests over all pages put in the addresses of this room."""

from pavillon.security.enums import Step
from pavillon.security.models import KeyProposal, RecoverySet, RecoveryShare

ARGUMENTS = {
    "security:audit_record": {"model": "accounts.organisation", "record": lambda world: world["chamber"].pk},
    "security:export_audit": {"model": "accounts.organisation", "record": lambda world: world["chamber"].pk},
    "security:audit_person": {"user": lambda world: world["helene"].pk},
    "security:company_panel": {"record": lambda world: world["directory.company"].pk},
    "security:propose_key_step": {"step": "split"},
}


def _proposal(world):
    """A split, asked by somebody else than the key-holder of the cast: he may confirm it, and nothing is destroyed."""
    holders = [world["pierre"].pk, world["nora"].pk]
    return KeyProposal.objects.create(
        step=Step.SPLIT, reason="Yearly", asked_by=world["nora"], details={"threshold": 2, "holders": holders}
    )


def _share(world):
    recovery_set = RecoverySet.objects.create(public_key="{}", threshold=2, shares=2)
    return RecoveryShare.objects.create(recovery_set=recovery_set, number=1, holder=world["pierre"])


EXAMPLES = {KeyProposal: _proposal, RecoveryShare: _share}

"""What tests over all pages put in the addresses of this room."""

ARGUMENTS = {
    "security:audit_record": {"model": "accounts.organisation", "record": lambda world: world["chamber"].pk},
    "security:export_audit": {"model": "accounts.organisation", "record": lambda world: world["chamber"].pk},
    "security:audit_person": {"user": lambda world: world["helene"].pk},
    "security:company_panel": {"record": lambda world: world["directory.company"].pk},
}

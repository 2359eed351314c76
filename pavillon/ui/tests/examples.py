"""Examples for tests over all pages."""

ARGUMENTS = {"ui:view_badge": {"badge": "workspace-crm-leads"}}

"""Examples for tests over all pages."""

ARGUMENTS = {
    "ui:load_panels": {"place": "directory.company", "subject": 7},
    "ui:view_badge": {"badge": "workspace-crm-leads"},
}

"""What tests over all pages put in the addresses of this room."""

ARGUMENTS = {"reporting:behind": {"stage": "leads"}}

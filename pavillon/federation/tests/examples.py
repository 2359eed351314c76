"""What tests over all pages put in the addresses of this room."""

from pavillon.federation import actions
from pavillon.federation.models import Site, SiteAccess
from pavillon.privacy.management.commands.load_purposes import Command


def make_site(world):
    return actions.create_site(
        name="Bretagne export",
        organisation=world["council"],
        address="https://export.bretagne.example/",
        purpose_fr="Ouvrir votre dossier d’aide.",
        purpose_en="Open your file for aid.",
        data=["profile", "email", "company"],
        redirect_uris=["https://export.bretagne.example/back"],
        by=None,
    )[0]


def make_access(world):
    Command().handle()
    site = world.example(Site)
    return actions.allow_site(site=site, by=world["claire"], data=["profile"], proof={"page": "/identity/authorize"})


EXAMPLES = {Site: make_site, SiteAccess: make_access}

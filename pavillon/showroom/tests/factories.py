"""A small showroom: Ines sells machines in Brittany, Marc sells boats in Occitanie, Tom buys in Brazil."""

import io
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from PIL import Image

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.tests import factories as people
from pavillon.directory.models import Company
from pavillon.reference.models import Country, ProductCode, Region, Sector, Vertical
from pavillon.showroom import actions
from pavillon.showroom.models import VerticalAttribute
from tests.remembered import remembered

PASSWORD = people.PASSWORD
VERTICALS = [
    ("machine-tools", "Machines-outils", "Machine tools", "industry"),
    ("maritime", "Maritime", "Maritime", "mobility"),
    ("medical-devices", "Dispositif médical", "Medical devices", "health"),
    ("recycled-machines", "Machines recyclées", "Recycled machines", "industry"),
]
SECTORS = [("industry", "Industrie", "Industry"), ("mobility", "Mobilité", "Mobility"), ("health", "Santé", "Health")]


def lists():
    for order, (slug, name_fr, name_en) in enumerate(SECTORS):
        Sector.objects.get_or_create(slug=slug, defaults={"name_fr": name_fr, "name_en": name_en, "order": order})
    for order, (slug, name_fr, name_en, sector) in enumerate(VERTICALS):
        vertical, _ = Vertical.objects.get_or_create(
            slug=slug, defaults={"name_fr": name_fr, "name_en": name_en, "order": order}
        )
        vertical.sectors.add(sector)
    if not VerticalAttribute.objects.exists():
        # A test in a browser empties every table, these rows of a migration too.
        migration = import_module("pavillon.showroom.migrations.0003_vertical_questions")
        migration.add_questions(apps, None)
    ProductCode.objects.get_or_create(
        scheme="HS", code="845710", defaults={"name_fr": "Centres d’usinage", "name_en": "Machining centres"}
    )


def company(name, region, organisation=None):
    return Company.objects.create(name=name, region_id=region, organisation=organisation, town="Brest")


def picture(width=800, height=600, form="PNG"):
    """The bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#14508c").save(out, form)
    return out.getvalue()


def product(shop, by, *, published=True, manager=None, **fields):
    """A sheet with its texts and a picture; published by `manager` unless told otherwise."""
    values = {
        "vertical": Vertical.objects.get(pk="machine-tools"),
        "name_fr": "Centre d’usinage compact",
        "name_en": "Compact machining centre",
        "summary_fr": "Usinage précis de petites pièces.",
        "summary_en": "Precise machining of small parts.",
        "description_fr": "Cinq axes, reprise automatique des pièces. " * 8,
        "description_en": "Five axes, automatic gripping of the parts. " * 8,
        "translation_fr": "written",
        "translation_en": "written",
        **fields,
    }
    made = actions.create_product(shop=shop, by=by, **values)
    data = picture()
    actions.add_picture(
        product=made, stream=io.BytesIO(data), size=len(data), alt_fr="La machine", alt_en="The machine", by=by
    )
    if published:
        actions.submit_product(product=made, by=by)
        made = actions.approve_product(product=made, by=manager)
    return made


def open_shop(company, by, manager, *, online=True):
    shop = actions.apply_for_shop(company=company, motivation="Sell abroad", by=by)
    shop = actions.accept_shop(shop=shop, by=manager)
    if online:
        actions.change_shop(shop=shop, by=by, tagline_en="Machines that last", tagline_fr="Des machines qui durent")
        shop = actions.put_shop_online(shop=shop, by=by)
    return shop


def buyer(first_name="Tom", country="BR", **more):
    """A registered buyer whose address is confirmed."""
    return actions.register_buyer(
        email=f"{first_name.lower()}@buyer.example",
        password=PASSWORD,
        first_name=first_name,
        last_name="Souza",
        language="en",
        company_name=more.pop("company_name", f"{first_name} Comercio"),
        country=Country.objects.get(pk=country),
        sector=Sector.objects.get(pk="industry"),
        is_email_verified=True,
        **more,
    )


@remembered
def world():
    people.places()
    lists()
    bretagne = Region.objects.get(pk="53")
    chamber = people.actions.create_organisation(
        name="CCI Bretagne", kind=Kind.CHAMBER, level="regional", region=bretagne, by=None
    )
    other = people.actions.create_organisation(
        name="CCI Occitanie", kind=Kind.CHAMBER, level="regional", region=Region.objects.get(pk="76"), by=None
    )
    agency = people.actions.create_organisation(name="Agence", kind=Kind.AGENCY, level="national", by=None)
    firm = people.actions.create_organisation(name="Iroise", kind=Kind.COMPANY, region=bretagne, by=None)
    rival = people.actions.create_organisation(name="Chantiers du Golfe", kind=Kind.COMPANY, by=None)
    cast = SimpleNamespace(
        helene=people.person("Helene", chamber, Role.ADVISER, network="ci"),
        gael=people.person("Gael", other, Role.ADVISER, network="ci"),
        alice=people.person("Alice", agency, Role.SHOWROOM_MANAGER),
        ines=people.person("Ines", firm, Role.COMPANY_MANAGER, language="fr"),
        yann=people.person("Yann", firm, Role.SELLER),
        marc=people.person("Marc", rival, Role.SELLER),
        iroise=company("Mécanique Iroise", "53", firm),
        golfe=company("Chantiers du Golfe", "76", rival),
    )
    cast.shop = open_shop(cast.iroise, cast.ines, cast.alice)
    cast.rival_shop = open_shop(cast.golfe, cast.marc, cast.alice)
    cast.product = product(cast.shop, cast.ines, manager=cast.alice)
    cast.boat = product(
        cast.rival_shop,
        cast.marc,
        manager=cast.alice,
        vertical=Vertical.objects.get(pk="maritime"),
        name_fr="Vedette de transport de passagers",
        name_en="Passenger launch",
        summary_fr="Vingt-quatre places.",
        summary_en="Twenty-four seats.",
        description_fr="Coque en aluminium soudé. " * 15,
        description_en="Welded aluminium hull. " * 15,
    )
    buyer_row = buyer()
    cast.buyer, cast.tom = buyer_row, buyer_row.user
    return cast

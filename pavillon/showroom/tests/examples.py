"""What tests over all pages put in the addresses of this room."""

from pavillon.accounts.models import User
from pavillon.directory.models import Company
from pavillon.reference.models import Country, Sector, Vertical
from pavillon.showroom import actions
from pavillon.showroom.models import (
    Buyer,
    Enquiry,
    Picture,
    Product,
    ProductImport,
    ReplySuggestion,
    ReplyTemplate,
    Shop,
)
from pavillon.showroom.tests import factories

SLUG = {"slug": "machine-tools"}


def prepare(world):
    """Tom's card as a buyer."""
    factories.lists()
    tom = world["tom"]
    Buyer.objects.create(
        user=tom, organisation=world["azul"], company_name="Comércio Azul", country=Country.objects.get(pk="BR"),
        sector=Sector.objects.get(pk="industry"),
    )  # fmt: skip
    world.people["tom"] = User.objects.get(pk=tom.pk)


def make_shop(world):
    """The shop of Ines' and Claire's company, online."""
    return factories.open_shop(world.example(Company), world["ines"], world["alice"])


def make_product(world):
    return factories.product(world.example(Shop), world["ines"], manager=world["alice"])


def make_enquiry(world):
    """Tom's question about the product, not answered yet."""
    return actions.send_enquiry(
        buyer=world["tom"].buyer,
        shop=world.example(Shop),
        product=world.example(Product),
        kind="question",
        text="Which voltage does it need?",
        by=world["tom"],
    )


def make_import(world):
    return actions.rehearse_import(shop=world.example(Shop), file_name="products.csv", lines=[], by=world["ines"])


def make_reply(world):
    return actions.create_reply_template(
        shop=world.example(Shop), title="Voltage", language="en", text="It takes 230 V.", by=world["ines"]
    )


def shop_slug(world):
    return world.example(Shop).slug


def product_slug(world):
    return world.example(Product).get_absolute_url().rstrip("/").rpartition("/")[2]


EXAMPLES = {
    Shop: make_shop,
    Product: make_product,
    Picture: lambda world: world.example(Product).pictures.first(),
    Enquiry: make_enquiry,
    ReplySuggestion: lambda world: actions.suggest_reply(
        enquiry=world.example(Enquiry), text="We deliver in six weeks.", by=world["helene"]
    ),
    ProductImport: make_import,
    ReplyTemplate: make_reply,
    Vertical: lambda world: Vertical.objects.get(pk="machine-tools"),
}
ABOUT = {"kind": "showroom.product", "number": lambda world: world.example(Product).pk}
TEMPLATE = {"kind": "product", "language": "en", "vertical": "machine-tools"}
ARGUMENTS = {
    "crm:record_discussions": ABOUT,
    "crm:discuss_record": ABOUT,
    "crm:follow_record": ABOUT,
    "showroom:product": {"slug": product_slug},
    "showroom:send_enquiry": {"slug": product_slug},
    "showroom:shop": {"slug": shop_slug},
    "showroom:send_shop_enquiry": {"slug": shop_slug},
    "showroom_media:picture": {"size": "thumbnail"},
    "showroom_team:change_vertical": SLUG,
    "showroom_team:close_vertical": SLUG,
    "showroom_team:add_attribute": SLUG,
    "showroom_team:remap_products": SLUG,
    "showroom_team:change_template": TEMPLATE,
    "showroom_team:preview_template": TEMPLATE,
    "showroom_team:restore_template": TEMPLATE,
}

"""Shops, sheets, buyers and past enquiries of the demonstration. Every name is invented and labelled as demo.

The past is written straight into the tables: through the actions it would send each of its letters today.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count as numbers
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.directory import actions as directory
from pavillon.directory.models import Company
from pavillon.metrics.actions import roll_up
from pavillon.metrics.models import Waiting
from pavillon.reference.models import Country, ProductCode, Sector, Vertical
from pavillon.showroom import actions
from pavillon.showroom.actions.shops import STARTING_REPLIES
from pavillon.showroom.demo_catalogue import (
    ABOUT,
    ANSWERS,
    BUYERS,
    PARAGRAPHS,
    QUESTIONS,
    RECYCLED,
    SERVICES,
    SHEETS,
    TAGLINES,
    VIEWERS,
)
from pavillon.showroom.demo_pictures import PALETTES, draw
from pavillon.showroom.enums import Certification, ProductState, ShopState
from pavillon.showroom.models import (
    Buyer,
    Certificate,
    Enquiry,
    EnquiryMessage,
    Picture,
    Product,
    ReplyTemplate,
    Shop,
    ShopRecipient,
    VerticalAttribute,
)
from pavillon.showroom.models.quality import quality_of

# Inès opens hers in the story; Claire does not sell abroad yet.
WITHOUT_SHOP = {"ines", "claire_demo"}
# Shops that are still on their way, so that the agency has something to do.
ON_THE_WAY = {"laiterie": ShopState.APPLIED, "tarn": ShopState.APPLIED, "landes": ShopState.OPENED}
CERTIFICATIONS = {
    "medical-devices": [Certification.ISO_13485, Certification.CE],
    "aerospace": [Certification.EN_9100],
    "farming": [Certification.CE, Certification.ORGANIC],
    "maritime": [Certification.MED, Certification.CE],
    "land-transport": [Certification.IATF_16949],
    "construction": [Certification.EN_1090, Certification.CE],
    "ecological-transition": [Certification.ISO_14001, Certification.ISO_50001],
}
NUMBERS = {"m": (1, 24), "kW": (1, 250), "kg": (2, 900), "mm": (5, 3000), "min⁻¹": (200, 18000)}
DAYS = 180


class Story:
    """One run of the demonstration; its dice fall the same way each time."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.dice = Random("showroom")  # noqa: S311 - nothing secret
        self.now = timezone.now()
        self.verticals = Vertical.objects.in_bulk()
        self.codes = {code.code: code for code in ProductCode.objects.filter(scheme="HS")}
        self.questions: dict[str, list[VerticalAttribute]] = {}
        for attribute in VerticalAttribute.objects.all():
            self.questions.setdefault(attribute.vertical_id, []).append(attribute)
        self.manager: User | None = world.get("users", {}).get("alice")

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    # --- shops ---------------------------------------------------------------------------------------------------

    def seller_of(self, key: str, company: Company) -> User | None:
        """The person who keeps the shop: the persona of that name, else somebody invented without a password."""
        known: User | None = self.world.get("users", {}).get(key)
        if known:
            return known
        contact = company.contacts.first()
        organisation = company.organisation
        if organisation is None:
            organisation = accounts.create_organisation(
                name=company.name, kind=Kind.COMPANY, region=company.region, by=None
            )
            directory.own_company(company=company, organisation=organisation, by=None)
            company.refresh_from_db()
        try:
            user = accounts.create_user(
                email=f"boutique@{key.replace('_', '-')}.example",
                first_name=contact.first_name if contact else "Camille",
                last_name=contact.last_name if contact else "Martin",
                language="fr",
                is_email_verified=True,
            )
        except accounts.EmailTaken as error:
            return error.user
        accounts.add_membership(user=user, organisation=organisation, role=Role.SELLER, by=None, is_default=True)
        return user

    def shop(self, key: str, company: Company, rows: list[list[str]], opened: float) -> Shop:
        seller = self.seller_of(key, company)
        company.refresh_from_db()
        state = ON_THE_WAY.get(key, ShopState.ONLINE)
        sector = company.sector_id or "industry"
        years, people = self.dice.randrange(12, 70), self.dice.choice([18, 25, 40, 60, 85, 120])
        told = {"company": company.name, "town": company.town.title(), "years": years, "people": people}
        shop = Shop.objects.create(
            company=company,
            slug=slugify(company.name)[:80],
            state=state,
            is_referenced=state != ShopState.APPLIED and key != "grasse",
            tagline_en=TAGLINES[sector][0],
            tagline_fr=TAGLINES[sector][1],
            presentation_en=ABOUT[0].format(**told),
            presentation_fr=ABOUT[1].format(**told),
            logo_text=company.name[:40],
            export_countries=sorted(self.dice.sample(VIEWERS, self.dice.randrange(3, 9))),
            motivation="Vendre davantage à l’étranger, avec l’aide de l’équipe.",
            applied_at=self.ago(opened + 12),
            opened_at=None if state == ShopState.APPLIED else self.ago(opened + 7),
            online_at=self.ago(opened) if state == ShopState.ONLINE else None,
            contact_person=None if state == ShopState.APPLIED else self.manager,
            is_demo=True,
        )
        if seller:
            ShopRecipient.objects.create(shop=shop, user=seller)
        ReplyTemplate.objects.bulk_create(
            ReplyTemplate(shop=shop, title=title, language=language, text=text)
            for title, language, text in STARTING_REPLIES
        )
        held = {code for row in rows for code in CERTIFICATIONS.get(row[1], [])} | {Certification.ISO_9001}
        Certificate.objects.bulk_create(
            Certificate(
                shop=shop,
                certification=code,
                number=f"FR-{self.dice.randrange(10_000, 99_999)}",
                ends_on=(self.now + timedelta(days=self.dice.randrange(120, 900))).date(),
            )
            for code in sorted(held)
        )
        return shop

    # --- sheets --------------------------------------------------------------------------------------------------

    def sheet(self, shop: Shop, row: list[str], published: datetime) -> Product:
        _key, vertical, _drawing, name_en, name_fr, use_en, use_fr, price, lead, code, used = row
        year, _sign, hours = used.partition(":")
        body_en, body_fr = PARAGRAPHS[vertical]
        product = Product(
            shop=shop,
            kind="product",
            vertical=self.verticals[vertical],
            name_en=name_en,
            name_fr=name_fr,
            summary_en=f"{use_en}.",
            summary_fr=f"{use_fr}.",
            description_en=f"{use_en}.\n\n{body_en}",
            description_fr=f"{use_fr}.\n\n{body_fr}",
            translation_en="written",
            # A few translations are still drafts, as in life.
            translation_fr="draft" if self.dice.random() < 0.12 else "written",
            price=Decimal(price) if price else None,
            minimum_order=1 if not price or float(price) > 300 else self.dice.choice([50, 100, 500]),
            incoterm=self.dice.choice(["EXW", "FCA", "FOB", "CIF", "DAP"]) if self.dice.random() < 0.85 else "",
            customs_code=self.codes.get(code),
            lead_time_days=int(lead),
            condition="recycled" if used else "new",
            manufacture_year=int(year) if used else None,
            operating_hours=int(hours) if used else None,
            attributes=self.answers(vertical),
        )
        return self.published(product, published)

    def service(
        self, shop: Shop, told: tuple[str, str, str, str, str, int | None], vertical: str, at: datetime
    ) -> Product:
        name_en, name_fr, use_en, use_fr, _drawing, price = told
        company = shop.company.name
        product = Product(
            shop=shop,
            kind="service",
            vertical=self.verticals[vertical],
            name_en=name_en,
            name_fr=name_fr,
            summary_en=f"{use_en}.",
            summary_fr=f"{use_fr}.",
            description_en=f"{use_en}. {company} sends people who know the equipment because they built it. We agree on "
            "dates, travel and insurance before anybody leaves, and you receive a report in English with what was done.",
            description_fr=f"{use_fr}. {company} envoie des personnes qui connaissent l’équipement parce qu’elles l’ont "
            "construit. Dates, voyage et assurance sont fixés avant le départ et vous recevez un rapport écrit.",
            translation_en="written",
            translation_fr="written",
            price=Decimal(price) if price else None,
            sale_unit="day",
            lead_time_days=21,
        )
        return self.published(product, at)

    def published(self, product: Product, at: datetime) -> Product:
        product.state = ProductState.PUBLISHED if product.shop.is_online else ProductState.DRAFT
        product.published_at, product.approved_by, product.is_demo = at, self.manager, True
        product.submitted_at = at - timedelta(days=1)
        if product.state == ProductState.DRAFT:
            product.published_at = product.submitted_at = product.approved_by = None
        return product

    def answers(self, vertical: str) -> dict[str, Any]:
        """Answers to the questions of the vertical; one in six is left out."""
        found: dict[str, Any] = {}
        for question in self.questions.get(vertical, []):
            if self.dice.random() < 1 / 6:
                continue
            if question.kind == "yes_no":
                found[question.code] = self.dice.choice(["yes", "no"])
            elif question.kind == "number":
                low, high = NUMBERS.get(question.unit, (1, 60))
                found[question.code] = round(self.dice.uniform(low, high))
        return found

    def pictures_of(self, product: Product, drawing: str, palette: int) -> list[Picture]:
        """One drawing, or two in other colours for the best sheets."""
        made = []
        for position in range(2 if product.pk % 3 == 0 else 1):
            large, small = drawn(drawing, (palette % 3 + position * 3) % len(PALETTES))
            picture = Picture(
                product=product,
                alt_en=f"Drawing: {product.name_en}",
                alt_fr=f"Dessin : {product.name_fr}",
                width=800,
                height=600,
                position=position,
            )
            picture.file.save(f"demo-{product.pk}-{position}.webp", ContentFile(large), save=False)
            picture.thumbnail.save(f"demo-{product.pk}-{position}-small.webp", ContentFile(small), save=False)
            made.append(picture)
        return made

    def fill(self, shop: Shop, rows: list[list[str]], opened: float, place: int) -> None:
        """The shelf of one shop, with a service beside its first products."""
        at = shop.online_at or shop.applied_at
        sheets = [self.sheet(shop, row, at + timedelta(days=self.dice.randrange(0, int(opened)))) for row in rows]
        told = SERVICES[place % len(SERVICES)]
        service = self.service(shop, told, rows[0][1], at) if place % 5 else None
        Product.objects.bulk_create([*sheets, *([service] if service else [])])
        pictures = [
            picture
            for sheet, row in zip(sheets, rows, strict=True)
            for picture in self.pictures_of(sheet, row[2], place)
        ]
        if service:
            pictures += self.pictures_of(service, told[4], place)
            for sheet in sheets[:2]:
                sheet.services.add(service)
        Picture.objects.bulk_create(pictures)
        made = [*sheets, *([service] if service else [])]
        for product in made:
            product.quality = quality_of(
                product,
                pictures=sum(picture.product_id == product.pk for picture in pictures),
                questions=[question.code for question in self.questions.get(product.vertical_id, [])],
                extras=1 if service and product in sheets[:2] else 0,
            ).score
        Product.objects.bulk_update(made, ["quality"])
        actions.index_shop(shop)

    # --- buyers and what they asked ---------------------------------------------------------------------------------

    def buyers(self) -> list[Buyer]:
        found = []
        for first, last, company, country, sector, job in BUYERS:
            email = f"{slugify(first)}.{slugify(last)}@{slugify(company)}.example"
            known = Buyer.objects.filter(user__email=email).first()
            found.append(
                known
                or actions.register_buyer(
                    email=email,
                    hashed=self.world["hashed"],
                    first_name=first,
                    last_name=last,
                    language="en",
                    company_name=company,
                    country=Country.objects.get(pk=country),
                    sector=Sector.objects.get(pk=sector),
                    job_title=job,
                    is_demo=True,
                    is_email_verified=True,
                )
            )
        return found

    def enquiry(self, shop: Shop, product: Product | None, buyer: Buyer, days: float, *, waits: bool) -> None:
        """One past enquiry, answered after some hours unless the buyer still waits."""
        kind, question = self.dice.choice(QUESTIONS)
        sent = self.ago(days)
        minutes = min(self.dice.choice([25, 90, 240, 600, 1300, 2600]), int(days * 1440 * 0.8))
        answered = None if waits else sent + timedelta(minutes=minutes)
        is_closed = answered is not None and days > 20 and self.dice.random() < 0.6
        enquiry = Enquiry.objects.create(
            shop=shop,
            product=product,
            buyer=buyer,
            country=buyer.country,
            kind=kind,
            state="new" if waits else "closed" if is_closed else "answered",
            quantity=self.dice.choice([1, 2, 5, 20]) if kind == "quote" else None,
            sent_at=sent,
            first_answered_at=answered,
            response_minutes=None if waits else minutes,
            last_message_at=answered or sent,
            closed_at=answered + timedelta(days=6) if answered and is_closed else None,
            closing_reason=self.dice.choice(["agreed", "quoted", "no_follow_up"]) if is_closed else "",
            is_demo=True,
        )
        recipient = shop.recipients.select_related("user").first()
        messages = [
            EnquiryMessage(enquiry=enquiry, author=buyer.user, from_seller=False, text=question, written_at=sent)
        ]
        if answered and recipient:
            messages[0].read_at = answered
            messages.append(
                EnquiryMessage(
                    enquiry=enquiry,
                    author=recipient.user,
                    from_seller=True,
                    text=self.dice.choice(ANSWERS),
                    written_at=answered,
                    read_at=answered + timedelta(hours=3),
                )
            )
        EnquiryMessage.objects.bulk_create(messages)

    def past(self, shops: list[Shop]) -> None:
        """Six months of enquiries: many for Marc, some for everybody."""
        buyers = self.buyers()
        self.world.setdefault("users", {}).setdefault("greta", buyers[0].user)
        for shop in shops:
            marc = shop.company == self.world["companies"].get("marc")
            products = list(shop.products.filter(kind="product"))
            asked = 16 if marc else self.dice.choice([0, 1, 1, 2, 3])
            opened = max((self.now - (shop.online_at or shop.applied_at)).days, 2)
            for place in range(asked):
                days = self.dice.uniform(1.5, opened) if place else self.dice.uniform(0.1, 2.8)
                waits = place == 0 and (marc or self.dice.random() < 0.25)
                self.enquiry(shop, self.dice.choice(products), self.dice.choice(buyers), days, waits=waits)

    def help(self, helene: User | None, company: Company | None) -> None:
        """Hélène suggests to Marc's people what to answer the buyer who waits."""
        waiting = Enquiry.objects.filter(shop__company=company, state="new").first() if company else None
        if waiting and helene and not waiting.suggestions.exists():
            actions.suggest_reply(enquiry=waiting, text=SUGGESTED, by=helene)

    def views(self, shops: list[Shop]) -> None:
        """Six months of visits from many countries, in the same inbox as the real ones."""
        waiting: list[Waiting] = []
        weights = [1 / rank for rank in range(1, len(VIEWERS) + 1)]
        for shop in shops:
            company, opened = shop.company, max((self.now - (shop.online_at or shop.applied_at)).days, 2)
            marc = company == self.world["companies"].get("marc")
            products = list(shop.products.all())
            for _visit in range(420 if marc else self.dice.randrange(25, 90)):
                country = self.dice.choices(VIEWERS, weights)[0] if self.dice.random() < 0.7 else ""
                product = self.dice.choice(products) if self.dice.random() < 0.75 else None
                kind = (
                    "product_viewed" if product else self.dice.choice(["shop_viewed", "shop_viewed", "marker_clicked"])
                )
                waiting.append(
                    Waiting(
                        kind=f"showroom.{kind}",
                        subject_type="showroom.product"
                        if product
                        else "showroom.shop"
                        if kind == "shop_viewed"
                        else "",
                        subject_id=product.pk if product else shop.pk if kind == "shop_viewed" else 0,
                        company_id=company.pk,
                        region_id=company.region_id or "",
                        vertical=product.vertical_id if product else "",
                        country=country,
                        # More visits lately than at the beginning.
                        at=self.ago(opened * self.dice.random() ** 1.5),
                    )
                )
        Waiting.objects.bulk_create(waiting, batch_size=2000)
        while roll_up():
            continue


SUGGESTED = (
    "Thank you for your interest. The seeder is in stock; we deliver within six weeks and train your team on site."
    " May we call you on Thursday to speak of your soils and widths?"
)
_drawn: dict[tuple[str, int], tuple[bytes, bytes]] = {}


def drawn(name: str, palette: int) -> tuple[bytes, bytes]:
    """A drawing, made once a run whatever the number of sheets that show it."""
    if (name, palette) not in _drawn:
        _drawn[name, palette] = draw(name, palette)
    return _drawn[name, palette]


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Shops for `world["companies"]`, about 150 sheets, buyers, enquiries and visits. Can be run again.

    Adds `world["users"]["greta"]`, a buyer. Inès has no shop: she opens it herself.
    """
    story = Story(world)
    rows_of: dict[str, list[list[str]]] = {}
    for line in SHEETS.strip().splitlines():
        row = line.split("|")
        rows_of.setdefault(row[0], []).append(row)
    new: list[Shop] = []
    places = numbers()
    for key, company in world.get("companies", {}).items():
        place = next(places)
        rows = rows_of.get(key, [])
        if key in WITHOUT_SHOP or (not rows and key not in ON_THE_WAY) or Shop.objects.filter(company=company).exists():
            continue
        opened = DAYS * 0.9 if key == "marc" else story.dice.uniform(15, DAYS)
        shop = story.shop(key, company, rows, opened)
        if rows:
            story.fill(shop, rows, opened, place)
            new.append(shop)
    if new:
        story.past(new)
        story.help(world.get("users", {}).get("helene"), world["companies"].get("marc"))
        story.views(new)
    greta = Buyer.objects.filter(is_demo=True).order_by("pk").select_related("user").first()
    if greta:
        world.setdefault("users", {}).setdefault("greta", greta.user)
    recycled = Vertical.objects.filter(pk="recycled-machines").first()
    if recycled and "alice" in world.get("users", {}):
        for language, line, text, pictures in RECYCLED:
            actions.change_template(
                kind="product", language=language, vertical=recycled, line=line, text=text, pictures=pictures,
                by=world["users"]["alice"],
            )  # fmt: skip

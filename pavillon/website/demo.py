"""Pages of every region and a few articles, in both languages. Invented, and labelled by the demo ribbon."""

from datetime import date
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from pavillon.reference.models import Region
from pavillon.website.actions import follow_memberships, lay_foundations
from pavillon.website.content import PORTALS
from pavillon.website.models import ArticleIndexPage, ArticlePage, RegionIndexPage, RegionPage

# region: brand, accent
COLOURS = {
    "53": ("#1d3b53", "#c8442f"),
    "76": ("#8c1d2c", "#d08a00"),
    "93": ("#1f4e8c", "#d9822b"),
    "94": ("#2a2f36", "#9c2f2f"),
    "84": ("#0f5c5c", "#b8502a"),
    "11": ("#23355f", "#c03a52"),
    "32": ("#3b2f6b", "#c47a00"),
    "44": ("#14506e", "#c8442f"),
}

# region: language: what it writes itself
OWN: dict[str, dict[str, dict[str, Any]]] = {
    "53": {
        "fr": {
            "logo_text": "Bretagne Export",
            "logo_words": "L'équipe export de Bretagne",
            "hero_eyebrow": "De Brest à Vitré",
            "hero_title": "La Bretagne vend au monde entier. Et vous ?",
            "hero_lead": "Conserveries, machines, algues, logiciels : des voisins exportent déjà. Dix minutes pour savoir si c'est votre tour.",
            "body": [
                ("inherited", {"key": "entries"}),
                (
                    "text",
                    {
                        "key": "",
                        "title": "Le port, la ferme, l'atelier",
                        "text": "<p>Quatre conseillers couvrent les quatre départements. Ils se déplacent chez vous, et connaissent l'aide de la Région, la douane de Brest et les salons où vos clients vous attendent.</p>",
                    },
                ),
                ("news", {"key": "", "title": "Nouvelles de Bretagne", "count": 6}),
                ("inherited", {"key": "solutions"}),
                (
                    "team",
                    {
                        "key": "",
                        "title": "L'équipe de Bretagne",
                        "intro": "Une seule équipe, plusieurs maisons : écrivez, la bonne personne répond.",
                    },
                ),
                ("inherited", {"key": "steps"}),
            ],
        },
        "en": {
            "logo_text": "Brittany Export",
            "logo_words": "The export team of Brittany",
            "hero_eyebrow": "From Brest to Vitré",
            "hero_title": "Brittany sells to the whole world. And you?",
            "hero_lead": "Canneries, machines, seaweed, software: your neighbours export already. Ten minutes to know whether it is your turn.",
            "body": [
                ("inherited", {"key": "entries"}),
                (
                    "text",
                    {
                        "key": "",
                        "title": "The harbour, the farm, the workshop",
                        "text": "<p>Four advisers cover the four departments. They visit you, and know the aid of the Region, the customs of Brest and the shows where your customers wait for you.</p>",
                    },
                ),
                ("news", {"key": "", "title": "News from Brittany", "count": 6}),
                ("inherited", {"key": "solutions"}),
                (
                    "team",
                    {
                        "key": "",
                        "title": "The team of Brittany",
                        "intro": "One team, several houses: write, the right person answers.",
                    },
                ),
                ("inherited", {"key": "steps"}),
            ],
        },
    },
    "76": {
        "fr": {
            "logo_text": "Occitanie Export",
            "logo_words": "L'équipe export d'Occitanie",
            "hero_title": "De la Méditerranée aux Pyrénées, l'export est à deux pas",
            "hero_lead": "L'Espagne est à une heure. Commencez par vos voisins, avec une équipe qui parle leur langue.",
        },
        "en": {
            "logo_text": "Occitanie Export",
            "logo_words": "The export team of Occitanie",
            "hero_title": "From the Mediterranean to the Pyrenees, export is next door",
            "hero_lead": "Spain is one hour away. Begin with your neighbours, with a team that speaks their language.",
        },
    },
}

# slug, day, {language: (title, summary, text)}
NATIONAL_ARTICLES: list[tuple[str, date, dict[str, tuple[str, str, str]]]] = [
    (
        "premier-pays",
        date(2026, 11, 9),
        {
            "fr": (
                "Choisir un premier pays : la méthode des trois cartes",
                "Une carte des clients, une des règles, une des trajets. Le pays qui gagne deux cartes est le bon.",
                "<p>Prenez une feuille par pays. Sur la première, notez qui vous a déjà écrit de là-bas. Sur la deuxième, ce que la loi demande à votre produit. Sur la troisième, combien de jours met un colis.</p><p>Un pays qui gagne deux feuilles sur trois mérite un appel à votre conseiller.</p>",
            ),
            "en": (
                "Choosing a first country: the three-map method",
                "One map of customers, one of rules, one of routes. The country that wins two maps is the right one.",
                "<p>Take one sheet per country. On the first, note who has already written to you from there. On the second, what the law asks of your product. On the third, how many days a parcel takes.</p><p>A country that wins two sheets out of three deserves a call to your adviser.</p>",
            ),
        },
    ),
    (
        "etre-paye",
        date(2026, 10, 21),
        {
            "fr": (
                "Être payé : quatre habitudes simples",
                "L'acompte, la date écrite, l'assurance et la relance le lendemain.",
                "<p>Demandez un acompte dès la première commande : le client sérieux s'y attend. Écrivez la date du paiement, pas un nombre de jours. Assurez la première vente. Relancez le lendemain de l'échéance, avec le sourire.</p>",
            ),
            "en": (
                "Getting paid: four simple habits",
                "The advance, the written date, insurance, and a reminder the next day.",
                "<p>Ask for an advance from the first order on: a serious customer expects it. Write the date of payment, not a number of days. Insure the first sale. Remind the day after the deadline, with a smile.</p>",
            ),
        },
    ),
    (
        "fiche-produit",
        date(2026, 9, 30),
        {
            "fr": (
                "Une fiche produit que l'on trouve",
                "Le mot que tape l'acheteur n'est pas celui de votre catalogue.",
                "<p>Demandez à trois clients comment ils appellent votre produit. Mettez ces mots dans le titre, puis les chiffres : taille, poids, délai, quantité minimale. Une photo sur fond clair vaut dix adjectifs.</p>",
            ),
            "en": (
                "A product page that is found",
                "The word that the buyer types is not the one in your catalogue.",
                "<p>Ask three customers what they call your product. Put these words in the title, then the figures: size, weight, delivery time, minimum quantity. A picture on a light background is worth ten adjectives.</p>",
            ),
        },
    ),
]
# region: slug, day, national article replaced, {language: (title, summary, text)}
REGIONAL_ARTICLES: dict[str, list[tuple[str, date, str, dict[str, tuple[str, str, str]]]]] = {
    "53": [
        ("matinee-douane-brest", date(2026, 11, 17), "", {
            "fr": ("Brest : une matinée avec la douane", "Le 9 décembre, apportez vos factures : on cherche ensemble vos codes.",
                   "<p>Douze entreprises, deux spécialistes, du café. Chacun repart avec le code de son produit. Inscription auprès de l'équipe de Bretagne.</p>"),
            "en": ("Brest: a morning with Customs", "On 9 December, bring your invoices: we look for your codes together.",
                   "<p>Twelve companies, two specialists, coffee. Everybody leaves with the code of the own product. Register with the team of Brittany.</p>"),
        }),
        ("premier-pays-bretagne", date(2026, 11, 12), "premier-pays", {
            "fr": ("Choisir un premier pays quand on part de Bretagne", "L'Irlande et le Royaume-Uni se rejoignent en bateau : commencez par la mer.",
                   "<p>Depuis Roscoff et Saint-Malo, un camion est en Irlande le lendemain. La méthode des trois cartes donne souvent le même résultat : le voisin d'en face. Attention aux papiers pour le Royaume-Uni.</p>"),
            "en": ("Choosing a first country when you start from Brittany", "Ireland and the United Kingdom are a ferry away: begin with the sea.",
                   "<p>From Roscoff and Saint-Malo a lorry is in Ireland the next day. The three-map method often gives the same answer: the neighbour across the water. Mind the papers for the United Kingdom.</p>"),
        }),
        ("breizh-export-promotion", date(2026, 10, 5), "", {
            "fr": ("Six entreprises entrent dans Breizh Export", "Un an ensemble vers un premier pays : la nouvelle promotion est connue.",
                   "<p>Deux conserveries, un fabricant de semoirs, un éditeur de logiciels, une savonnerie et un chantier naval partagent un conseiller pendant douze mois.</p>"),
            "en": ("Six companies join Breizh Export", "A year together towards a first country: the new group is known.",
                   "<p>Two canneries, a maker of seed drills, a software house, a soap maker and a boatyard share an adviser for twelve months.</p>"),
        }),
    ],
    "76": [
        ("barcelone-trois-jours", date(2026, 11, 3), "", {
            "fr": ("Trois jours à Barcelone, douze rendez-vous", "Un voyage d'acheteurs en sens inverse, ouvert à huit entreprises d'Occitanie.",
                   "<p>Départ de Toulouse en autocar. Chaque entreprise rencontre douze acheteurs choisis avec elle.</p>"),
            "en": ("Three days in Barcelona, twelve meetings", "A buyers' trip the other way round, open to eight companies of Occitanie.",
                   "<p>Departure from Toulouse by coach. Each company meets twelve buyers chosen with it.</p>"),
        }),
    ],
}  # fmt: skip


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Portals, a page per region (mainland and overseas), articles, editors' groups. Can be run again."""
    lay_foundations(texts=PORTALS, by=None)
    regions = list(Region.objects.exclude(zone="com").order_by("code"))
    keys: dict[str, Any] = {}
    for code in PORTALS:
        locale = Locale.objects.get(language_code=code)
        _articles(locale, code, keys)
        index = RegionIndexPage.objects.get(locale=locale)
        for region in regions:
            _region(index, region, locale, code, keys)
    for key in ("sophie", "alice", "admin", "editor"):
        if user := world.get("users", {}).get(key):
            follow_memberships(user=user, by=None)


def _add(parent: Any, page: Any, name: str, keys: dict[str, Any]) -> None:
    """Add a page once; the second language is a translation of the first."""
    if name in keys:
        page.translation_key = keys[name]
    parent.add_child(instance=page)
    page.save_revision().publish()
    keys[name] = page.translation_key


def _region(index: RegionIndexPage, region: Region, locale: Locale, code: str, keys: dict[str, Any]) -> None:
    page = RegionPage.objects.child_of(index).filter(region=region).first()
    if page is None:
        brand, accent = COLOURS.get(region.pk, ("#14508c", "#c8442f"))
        name = region.name_fr if code == "fr" else region.name_en
        own = OWN.get(region.pk, {}).get(code, {})
        words = "L'équipe export de votre région" if code == "fr" else "The export team of your region"
        page = RegionPage(
            title=name,
            slug=region.slug,
            locale=locale,
            region=region,
            brand=brand,
            accent=accent,
            **({"logo_text": name, "logo_words": words} | own),
        )
        _add(index, page, f"region-{region.pk}", keys)
    keys[f"region-{region.pk}"] = page.translation_key
    for slug, day, replaced, texts in REGIONAL_ARTICLES.get(region.pk, []):
        _article(page, slug, day, texts[code], locale, keys, replaced)


def _articles(locale: Locale, code: str, keys: dict[str, Any]) -> None:
    index = ArticleIndexPage.objects.get(locale=locale)
    for slug, day, texts in NATIONAL_ARTICLES:
        _article(index, slug, day, texts[code], locale, keys)


def _article(
    parent: Any,
    slug: str,
    day: date,
    text: tuple[str, str, str],
    locale: Locale,
    keys: dict[str, Any],
    replaced: str = "",
) -> None:
    page = ArticlePage.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        title, summary, body = text
        page = ArticlePage(title=title, slug=slug, locale=locale, published_on=day, summary=summary, body=body)
        page.replaces = ArticlePage.objects.filter(locale=locale, slug=replaced).first() if replaced else None
        _add(parent, page, f"article-{slug}", keys)
    keys[f"article-{slug}"] = page.translation_key

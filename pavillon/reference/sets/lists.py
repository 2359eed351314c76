"""Sectors, verticals and the short lists of the trade. Names are ours."""

from pavillon.reference.models import ListItem, ProductCode, Sector, Vertical
from pavillon.reference.sets import Source, code_of, upsert

# The five sectors (filières) that group the ten verticals.
SECTORS = {
    "industry": ("Industrie", "Industry"),
    "infrastructure": ("Infrastructures", "Infrastructure"),
    "mobility": ("Mobilité et logistique", "Mobility and logistics"),
    "health": ("Santé", "Health"),
    "ecology": ("Transition écologique", "Ecological transition"),
}
# Which activities belong to a sector: NAF rév. 2 divisions, or groups and classes (digits only) where a division is
# too wide; the longest code wins. Our own reading of the classification. What is not here (farming, trade, software,
# services to people …) works for every sector and gets none: a person chooses.
SECTOR_ACTIVITIES = {
    "industry": "10 11 12 13 14 15 16 17 18 19 20 22 23 24 25 26 27 28 31 32 33",
    "infrastructure": "08 235 236 2511 41 42 43 61 711",
    "mobility": "29 30 3315 3316 3317 45 49 50 51 52 53",
    "health": "21 266 325 7211 75 86 87",
    "ecology": "02 35 36 37 38 39",
}
VERTICALS = {
    "industry-4-0": ("Industrie 4.0", "Industry 4.0", ["industry"]),
    "farming": ("Équipements et intrants agricoles", "Farm equipment and inputs", ["industry", "ecology"]),
    "medical-devices": ("Dispositif médical", "Medical devices", ["health"]),
    "aerospace": ("Aérospatial", "Aerospace", ["industry", "mobility"]),
    "maritime": ("Maritime", "Maritime", ["mobility", "infrastructure"]),
    "land-transport": ("Transports terrestres", "Land transport", ["mobility"]),
    "machine-tools": ("Machines-outils", "Machine tools", ["industry"]),
    "construction": ("Construction", "Construction", ["infrastructure"]),
    "ecological-transition": ("Transition écologique", "Ecological transition", ["ecology"]),
    "recycled-machines": ("Machines recyclées", "Recycled machines", ["industry", "ecology"]),
}
LISTS = {
    "networks": {
        "linkedin": ("LinkedIn", "LinkedIn"),
        "viadeo": ("Viadeo", "Viadeo"),
        "facebook": ("Facebook", "Facebook"),
        "twitter": ("Twitter (X)", "Twitter (X)"),
        "myspace": ("MySpace", "MySpace"),
        "instagram": ("Instagram", "Instagram"),
        "youtube": ("YouTube", "YouTube"),
        "xing": ("XING", "XING"),
        "wechat": ("WeChat", "WeChat"),
    },
    "prospect-sources": {
        "yellow-pages": ("Pages jaunes", "Yellow pages"),
        "websites": ("Sites internet", "Websites"),
        "social-networks": ("Réseaux sociaux", "Social networks"),
        "bought-files": ("Fichiers achetés", "Bought files"),
        "rented-files": ("Fichiers loués", "Rented files"),
        "trade-shows": ("Salons", "Trade shows"),
        "contests": ("Jeux concours", "Contests"),
        "website": ("Site web de l’équipe", "The team’s website"),
        "phone": ("Téléphone", "Phone"),
        "seminars": ("Séminaires", "Seminars"),
        "recommendation": ("Recommandation", "Recommendation"),
        "platform": ("Plateforme", "Platform"),
    },
    "promotion-formats": {
        "keywords": ("Mots-clés", "Keywords"),
        "banners": ("Bannières", "Banners"),
        "emailings": ("E-mailings", "E-mailings"),
        "highlighted-products": ("Produits mis en lumière", "Highlighted products"),
        "articles": ("Articles", "Articles"),
        "advertorials": ("Publi-reportages", "Advertorials"),
        "videos": ("Vidéos", "Videos"),
        "chat-messages": ("Messages directs par chat", "Direct chat messages"),
        "social-posts": ("Parutions sur les réseaux sociaux", "Social network posts"),
        "home-page": ("Mise en avant sur la page d’accueil", "Home page feature"),
    },
    "prospecting-tools": {
        "script": ("Script ou guide d’entretien", "Script or interview guide"),
        "files": ("Fichier clients et prospects", "Customer and prospect file"),
        "mailing": ("Mailing", "Mailing"),
        "phoning": ("Phoning", "Phoning"),
        "e-mailing": ("E-mailing", "E-mailing"),
        "company-site": ("Site de l’entreprise", "Company website"),
        "social-networks": ("Réseaux sociaux", "Social networks"),
        "shared-agenda": ("Agenda collaboratif", "Shared agenda"),
        "reporting": ("Reporting", "Reporting"),
        "crm": ("CRM (GRC)", "CRM"),
        "video": ("Visioconférence et messagerie", "Video calls and messages"),
        "tablets": ("Tablettes et internet mobile", "Tablets and mobile internet"),
        "dashboard": ("Tableau de bord", "Dashboard"),
    },
    "tours": {
        "clover": ("Trèfle", "Clover"),
        "daisy": ("Marguerite", "Daisy"),
        "snail": ("Escargot", "Snail"),
        "zigzag": ("Zigzag", "Zigzag"),
    },
    "lifecycle": {
        "prospect": ("Prospect", "Prospect"),
        "new-customer": ("Nouveau client", "New customer"),
        "valued-customer": ("Client à valeur", "Valued customer"),
        "inactive-customer": ("Client inactif", "Inactive customer"),
    },
    "objectives": {
        "conquest": ("Conquête", "Conquest"),
        "development": ("Développement", "Development"),
        "loyalty": ("Fidélisation ou rétention", "Loyalty or retention"),
        "revival": ("Relance", "Revival"),
    },
    "channels": {
        "web": ("Web", "Web"),
        "phoning": ("Phoning", "Phoning"),
        "mailing": ("Mailing", "Mailing"),
        "show": ("Salon", "Show"),
        "visits": ("Visites", "Visits"),
    },
    "offers": {
        "basic": ("Basique", "Basic"),
        "upgrade": ("Montée en gamme", "Upgrade"),
        "loyalty": ("Fidélité", "Loyalty"),
        "promotional": ("Promotionnelle", "Promotional"),
        "discovery": ("Découverte", "Discovery"),
        "premium": ("Premium", "Premium"),
    },
    "solution-providers": {
        "bpifrance": ("Bpifrance (financement, assurance prospection)", "Bpifrance (finance, prospecting insurance)"),
        "customs": ("Douane (flux, procédures d’exportation)", "Customs (flows, export procedures)"),
        "inpi": ("INPI (propriété industrielle)", "INPI (industrial property)"),
        "employment": ("Pôle Emploi et APEC (RH, recrutement)", "Pôle Emploi and APEC (HR, recruitment)"),
        "regions": ("Régions et agences régionales", "Regions and regional agencies"),
        "private": ("Fournisseurs privés", "Private providers"),
    },
    "data-exchange-entities": {
        "afd": ("AFD", "AFD"),
        "apec-pole-emploi": ("APEC et Pôle Emploi", "APEC and Pôle Emploi"),
        "draaf": ("Agriculture (DRAAF)", "Agriculture (DRAAF)"),
        "bpifrance": ("Bpifrance", "Bpifrance"),
        "cget": ("CGET", "CGET"),
        "dge": ("DGE (DIRECCTE)", "DGE (DIRECCTE)"),
        "treasury": ("DG Trésor", "DG Trésor"),
        "customs": ("Douanes", "Customs"),
        "inpi": ("INPI", "INPI"),
        "regions": ("Régions", "Regions"),
        "insee": ("INSEE", "INSEE"),
        "maa": ("Ministère de l’agriculture", "Ministry of agriculture"),
    },
    "browsers": {
        "qwant": ("Qwant", "Qwant"),
        "edge": ("Edge", "Edge"),
        "chrome": ("Chrome", "Chrome"),
        "safari": ("Safari", "Safari"),
        "firefox": ("Firefox", "Firefox"),
        "others": ("Autres selon le pays (Chine…)", "Others by country (China…)"),
    },
}
# A first choice of headings of the Harmonised System for the ten verticals; the whole nomenclature is loaded from its
# official file (`load_reference --file hs=…`). Wording is ours.
HS = {
    "847989": ("Machines et appareils mécaniques à fonction propre", "Machines with individual functions"),
    "847950": ("Robots industriels", "Industrial robots"),
    "842240": ("Machines à empaqueter ou emballer", "Packing or wrapping machinery"),
    "903289": ("Instruments de régulation automatique", "Automatic regulating instruments"),
    "843410": ("Machines à traire", "Milking machines"),
    "843239": ("Semoirs, plantoirs et repiqueurs", "Seeders, planters and transplanters"),
    "310100": ("Engrais d’origine animale ou végétale", "Animal or vegetable fertilisers"),
    "901890": ("Instruments et appareils pour la médecine", "Medical instruments and appliances"),
    "902190": ("Appareils portés ou implantés", "Appliances worn or implanted"),
    "880730": ("Parties d’avions ou d’hélicoptères", "Parts of aeroplanes or helicopters"),
    "880260": ("Véhicules spatiaux et satellites", "Spacecraft and satellites"),
    "890790": ("Engins flottants", "Floating structures"),
    "848710": ("Hélices pour bateaux", "Ships’ propellers"),
    "860799": ("Parties de véhicules ferroviaires", "Parts of railway vehicles"),
    "871200": ("Bicyclettes", "Bicycles"),
    "845710": ("Centres d’usinage", "Machining centres"),
    "845811": ("Tours à commande numérique", "Numerically controlled lathes"),
    "940690": ("Constructions préfabriquées", "Prefabricated buildings"),
    "681011": ("Blocs et briques en béton", "Concrete blocks and bricks"),
    "842121": ("Appareils pour filtrer l’eau", "Water filtering apparatus"),
    "854143": ("Modules photovoltaïques", "Photovoltaic modules"),
    "847982": ("Machines à mélanger, broyer ou cribler", "Mixing, grinding or sieving machines"),
}


def load_verticals() -> int:
    sectors = [Sector(slug=s, name_fr=f, name_en=e, order=i) for i, (s, (f, e)) in enumerate(SECTORS.items())]
    upsert(Sector, sectors, ["slug"], ["name_fr", "name_en", "order"])
    # A vertical that the agency renamed, moved or closed keeps what was decided: existing ones are left alone.
    for order, (slug, (french, english, groups)) in enumerate(VERTICALS.items()):
        vertical, created = Vertical.objects.get_or_create(
            slug=slug, defaults={"name_fr": french, "name_en": english, "order": order}
        )
        if created:
            vertical.sectors.set(Sector.objects.filter(pk__in=groups))
    return len(SECTORS) + len(VERTICALS)


def load_lists() -> int:
    rows = [
        ListItem(list=name, code=code, name_fr=french, name_en=english, order=order)
        for name, items in LISTS.items()
        for order, (code, (french, english)) in enumerate(items.items())
    ]
    return upsert(ListItem, rows, ["list", "code"], ["name_fr", "name_en", "order"])


def load_codes() -> int:
    rows = [
        ProductCode(scheme="HS", code=code, name_fr=french, name_en=english, labels={"fr": french, "en": english})
        for code, (french, english) in HS.items()
    ]
    return upsert(ProductCode, rows, ["scheme", "code"], ["name_fr", "name_en", "labels"])


def _ours(code: str, name_fr: str, name_en: str, load) -> Source:
    return Source(
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        publisher="Pavillon",
        source=lambda: "pavillon/reference/sets/lists.py",
        version=lambda: "1",
        licence="EUPL-1.2",
        load=load,
        depends_on=lambda: [code_of(__file__)],
    )


VERTICALS_SET = _ours("verticals", "Filières et verticales", "Sectors and verticals", load_verticals)
LISTS_SET = _ours("lists", "Listes du métier", "Lists of the trade", load_lists)
CODES_SET = _ours(
    "hs-choice", "Codes douaniers nommés en français (choix)", "Customs codes named in French (a choice)", load_codes
)

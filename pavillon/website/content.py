"""What the portals say on the first day: our own writing, in both languages. Editors change it afterwards."""

from typing import Any

Words = dict[str, Any]


def step(title: str, text: str) -> Words:
    return {"title": title, "text": text}


PORTALS: dict[str, Words] = {
    "fr": {
        "title": "Exporter, ensemble",
        "hero_eyebrow": "L'équipe export, nationale et régionale",
        "hero_title": "Votre premier client étranger commence ici",
        "hero_lead": "Une équipe dans chaque région, un diagnostic en dix minutes, les bonnes aides au bon moment, et une vitrine pour être trouvé.",
        "regions": "Les régions",
        "articles": "Articles",
        "body": [
            ("entries", {"key": "entries", "title": "Par où commencer ?"}),
            (
                "steps",
                {
                    "key": "steps",
                    "title": "Trois temps, sans se perdre",
                    "steps": [
                        step(
                            "Savoir", "Dix minutes de questions simples, un niveau, vos points forts et ce qui manque."
                        ),
                        step("Se préparer", "Un parcours de formations et de conseils, coché pas à pas."),
                        step(
                            "Se lancer",
                            "Un conseiller de votre région, des aides, une vitrine lue par des acheteurs du monde entier.",
                        ),
                    ],
                },
            ),
            ("solutions", {"key": "solutions", "title": "Des solutions concrètes", "need": "", "count": 3}),
            ("news", {"key": "news", "title": "Actualités", "count": 3}),
            (
                "team",
                {
                    "key": "team",
                    "title": "Votre équipe",
                    "intro": "Chambres de commerce, banque publique, agence, région : une seule équipe vous répond.",
                },
            ),
        ],
    },
    "en": {
        "title": "Exporting together",
        "hero_eyebrow": "The export team, national and regional",
        "hero_title": "Your first customer abroad begins here",
        "hero_lead": "A team in each region, a diagnosis in ten minutes, the right help at the right moment, and a showroom in which to be found.",
        "regions": "Regions",
        "articles": "Articles",
        "body": [
            ("entries", {"key": "entries", "title": "Where to begin?"}),
            (
                "steps",
                {
                    "key": "steps",
                    "title": "Three stages, without getting lost",
                    "steps": [
                        step(
                            "Know", "Ten minutes of plain questions, a level, your strong points and what is missing."
                        ),
                        step("Prepare", "A path of training and advice, ticked step by step."),
                        step("Go", "An adviser of your region, aid, a showroom read by buyers of the whole world."),
                    ],
                },
            ),
            ("solutions", {"key": "solutions", "title": "Real solutions", "need": "", "count": 3}),
            ("news", {"key": "news", "title": "News", "count": 3}),
            (
                "team",
                {
                    "key": "team",
                    "title": "Your team",
                    "intro": "Chambers of commerce, public bank, agency, region: a single team answers you.",
                },
            ),
        ],
    },
}

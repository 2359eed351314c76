"""What a page starts from as long as the agency has not written its own template (ledger SHOW-10).

One outline a kind and language, in the language of the page that it is for; the agency's screen calls it version 0.
"""

from dataclasses import dataclass

from pavillon.showroom.enums import TemplateKind

# What a shop's text may name; a new shop fills it in.
COMPANY = "{company}"


@dataclass(frozen=True)
class Outline:
    """The words of a template: one line, the text, and which pictures to take (sheets only)."""

    line: str
    text: str
    pictures: str = ""

    def for_company(self, name: str) -> str:
        """The text with the company's name in its place."""
        return self.text.replace(COMPANY, name)


OUTLINES = {
    (TemplateKind.SHOWROOM, "en"): Outline(
        "French makers, chosen and accompanied",
        "Machines, equipment and know-how of companies that the national export team knows. Ask them directly: they "
        "answer you, in English.",
    ),
    (TemplateKind.SHOWROOM, "fr"): Outline(
        "Des fabricants français, choisis et accompagnés",
        "Machines, équipements et savoir-faire d’entreprises que l’équipe nationale de l’export connaît. "
        "Interrogez-les directement : elles vous répondent, en anglais aussi.",
    ),
    (TemplateKind.SHOP, "en"): Outline(
        "What you make, for whom, in one line",
        "{company} designs and manufactures in France. Say here since when, with how many people, for which customers, "
        "and what sets you apart.",
    ),
    (TemplateKind.SHOP, "fr"): Outline(
        "Ce que vous fabriquez et pour qui, en une ligne",
        "{company} conçoit et fabrique en France. Dites ici depuis quand, avec combien de personnes, pour quels "
        "clients, et ce qui vous distingue.",
    ),
    (TemplateKind.PRODUCT, "en"): Outline(
        "What it is, what it does, for whom: one line",
        "What it does and what sets it apart.\nFor which customers and uses.\nKey figures: dimensions, output, "
        "materials.\nStandards and certificates.\nDelivery, installation, warranty, spare parts.",
        "The whole product on a plain background, wider than high.\nA detail that shows the finish.\nThe product at "
        "work, with a person for scale.\nNo text, logo or price in the picture.",
    ),
    (TemplateKind.PRODUCT, "fr"): Outline(
        "Ce que c’est, ce que cela fait, pour qui : une ligne",
        "Ce qu’il fait et ce qui le distingue.\nPour quels clients et usages.\nChiffres clés : dimensions, rendement, "
        "matériaux.\nNormes et certificats.\nLivraison, installation, garantie, pièces de rechange.",
        "Le produit entier sur fond uni, en largeur.\nUn détail qui montre la finition.\nLe produit au travail, avec "
        "une personne pour l’échelle.\nNi texte, ni logo, ni prix dans l’image.",
    ),
    (TemplateKind.SERVICE, "en"): Outline(
        "What you do for whom, and what the customer gains: one line",
        "What the service covers, and what it does not.\nHow it goes: steps, duration, who takes part.\nWhere and in "
        "which languages.\nReferences and qualifications.\nWhat the customer has at the end.",
        "Your people at work at a customer’s place, with the consent of those who are seen.\nA result: before and "
        "after.\nNo text, logo or price in the picture.",
    ),
    (TemplateKind.SERVICE, "fr"): Outline(
        "Ce que vous faites, pour qui, et ce que le client y gagne : une ligne",
        "Ce que le service comprend, et ce qu’il ne comprend pas.\nSon déroulement : étapes, durée, intervenants.\nOù "
        "et dans quelles langues.\nRéférences et qualifications.\nCe que le client a en main à la fin.",
        "Vos équipes au travail chez un client, avec l’accord des personnes visibles.\nUn résultat : avant et après.\n"
        "Ni texte, ni logo, ni prix dans l’image.",
    ),
}  # fmt: skip

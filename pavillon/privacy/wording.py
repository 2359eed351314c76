# ruff: noqa: E501 - sentences are read better whole
"""What the platform tells people about their data: our own text, in one place, shown by the pages and kept as proof."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pavillon.privacy.enums import Kind, LegalBasis


@dataclass(frozen=True)
class Wording:
    """A purpose that the product ships; names and texts are (French, English)."""

    code: str
    kind: Kind
    basis: LegalBasis
    is_essential: bool
    names: tuple[str, str]
    texts: tuple[str, str]
    is_per_recipient: bool = False
    valid_months: int | None = None


PURPOSES = [
    Wording(
        "company_visit",
        Kind.BROWSER,
        LegalBasis.CONSENT,
        False,
        ("Compter la visite de votre entreprise", "Count your company's visit"),
        (
            "Quand vous êtes connecté, nous notons une fois par mois que votre entreprise a consulté un site "
            "régional. La région sait ainsi combien d’entreprises elle touche. Ni les pages lues, ni votre nom ne sont gardés.",
            "When you are signed in, we note once a month that your company looked at a regional site. The region then "
            "knows how many companies it reaches. Neither the pages you read nor your name are kept.",
        ),
    ),
    Wording(
        "news",
        Kind.PERSON,
        LegalBasis.CONSENT,
        False,
        ("Recevoir les actualités export de ma région", "Receive export news of my region"),
        (
            "Nous vous écrivons au plus une fois par mois : rendez-vous, aides nouvelles, pays à suivre. "
            "Vous arrêtez quand vous voulez, depuis cette page ou depuis chaque message.",
            "We write to you at most once a month: events, new aid, countries to watch. "
            "You stop whenever you like, from this page or from each message.",
        ),
    ),
    Wording(
        "visit_follow_up",
        Kind.PERSON,
        LegalBasis.CONSENT,
        False,
        ("Me proposer une aide d’après ce que je lis ici", "Offer me help from what I read here"),
        (
            "Quand vous êtes connecté, nous comptons par jour les pages, produits et solutions que vous ouvrez, sans "
            "garder lesquels. Si votre entreprise revient sans nous écrire, un conseiller de votre région peut vous proposer "
            "de l’aide. Les comptes sont effacés au bout d’un an, ou dès que vous retirez votre accord.",
            "When you are signed in, we count by day the pages, products and solutions that you open, without keeping which "
            "ones. If your company comes back without writing to us, an adviser of your region may offer help. The counts "
            "are erased after a year, or as soon as you withdraw.",
        ),
    ),
    Wording(
        "company_account",
        Kind.PERSON,
        LegalBasis.CONTRACT,
        True,
        ("Tenir le compte de mon entreprise", "Keep my company's account"),
        (
            "Nous gardons votre nom, votre adresse électronique et le lien avec votre entreprise pour vous ouvrir "
            "l’espace qui lui est réservé : diagnostic, parcours, demandes, boutique. Trois ans après la dernière "
            "connexion, le compte est anonymisé.",
            "We keep your name, your e-mail address and the link with your company to open its own space: diagnosis, "
            "path, requests, shop. Three years after the last sign-in the account is made anonymous.",
        ),
    ),
    Wording(
        "contact_request",
        Kind.PERSON,
        LegalBasis.PUBLIC_TASK,
        True,
        ("Répondre à une demande d’accompagnement", "Answer a request for support"),
        (
            "Les conseillers de l’équipe export de votre région lisent votre demande, votre diagnostic si vous le "
            "joignez, et vous rappellent. Rien n’est transmis à un organisme extérieur sans vous le demander.",
            "The advisers of the export team of your region read your request, and your diagnosis if you attach it, "
            "and call you back. Nothing goes to an outside body unless you are asked first.",
        ),
    ),
    Wording(
        "prospecting",
        Kind.PERSON,
        LegalBasis.LEGITIMATE_INTEREST,
        False,
        (
            "Vous présenter des services utiles à l’export de votre entreprise",
            "Present services useful to your company's export",
        ),
        (
            "Un conseiller peut vous appeler ou vous écrire, à votre adresse professionnelle, pour un rendez-vous, une "
            "aide ou un marché qui concerne votre entreprise. Vous pouvez vous y opposer à tout moment, sans dire pourquoi.",
            "An adviser may call you or write to your professional address about a meeting, an aid or a market that "
            "concerns your company. You may object at any time, without saying why.",
        ),
    ),
    Wording(
        "service_survey",
        Kind.PERSON,
        LegalBasis.PUBLIC_TASK,
        False,
        ("Vous demander ce qu’un service vous a apporté", "Ask you what a service brought you"),
        (
            "Après chaque service rendu à votre entreprise, nous vous demandons par courriel si vous en êtes satisfait "
            "et, quelques mois plus tard, ce qu’il a rapporté à l’étranger : une question, un rappel au plus. Vous pouvez vous y "
            "opposer à tout moment, sans dire pourquoi ; nous demandons alors à quelqu’un d’autre de votre entreprise.",
            "After each service delivered to your company we ask you by e-mail whether you are satisfied and, some "
            "months later, what it brought abroad: one question, one reminder at most. You may object at any time, without saying "
            "why; we then ask somebody else of your company.",
        ),
    ),
    Wording(
        "enrichment",
        Kind.PERSON,
        LegalBasis.LEGITIMATE_INTEREST,
        False,
        ("Compléter vos coordonnées par celles de nos partenaires", "Complete your details with those of our partners"),
        (
            "Quand un partenaire de l’équipe export connaît mieux que nous votre fonction ou votre numéro professionnel, "
            "nous reprenons ce qu’il sait, en notant de qui cela vient. Vous pouvez vous y opposer.",
            "When a partner of the export team knows your function or your professional number better than we do, we take "
            "over what it knows and note where it comes from. You may object.",
        ),
    ),
    Wording(
        "partner_sharing",
        Kind.PERSON,
        LegalBasis.CONSENT,
        False,
        ("Transmettre votre demande à un partenaire privé", "Hand your request over to a private partner"),
        (
            "Nous vous demandons chaque fois, partenaire par partenaire, en nommant les données et la raison. Sans votre "
            "accord rien ne part. Vous le retirez quand vous voulez : l’accès du partenaire est fermé aussitôt.",
            "We ask you each time, partner by partner, naming the data and the reason. Without your agreement nothing "
            "leaves. You take it back whenever you like: the partner's access is closed at once.",
        ),
        is_per_recipient=True,
        valid_months=24,
    ),
    Wording(
        "site_sign_in",
        Kind.PERSON,
        LegalBasis.CONSENT,
        False,
        ("Vous identifier auprès du site d’un partenaire", "Sign you in at a partner's site"),
        (
            "Quand le site d’un partenaire propose de s’identifier avec votre compte, nous vous montrons d’abord qui le "
            "demande, pourquoi et chaque donnée qu’il recevrait. Vous le retirez quand vous voulez : le site n’apprend plus rien aussitôt.",
            "When a partner's site offers to sign in with your account, we first show you who asks, why, and each datum "
            "that it would receive. You take it back whenever you like: the site learns nothing more at once.",
        ),
        is_per_recipient=True,
        valid_months=24,
    ),
]


@dataclass(frozen=True)
class Cookie:
    """One cookie as the policy page tells it."""

    name: str
    purpose: Any
    duration: Any
    when: Any


def cookies_in_use() -> list[Cookie]:
    """Every cookie that the platform may set. All of them are needed for what the visitor asked."""
    return [
        Cookie(
            "choices",
            _("Remembers your answer about optional purposes."),
            _("6 months"),
            _("When you answer the bar"),
        ),
        Cookie(
            "diagnosis",
            _("Finds your diagnosis again on this browser."),
            _("90 days"),
            _("When you start a diagnosis"),
        ),
        Cookie(
            "sessionid",
            _("Keeps you signed in."),
            _("2 weeks, or until you sign out"),
            _("When you sign in or a form needs it"),
        ),
        Cookie(
            "csrftoken",
            _("Makes sure that a form was sent by you and not by another site."),
            _("1 year"),
            _("When a page holds a form"),
        ),
        Cookie("theme", _("Remembers light or dark display."), _("1 year"), _("When you change the display")),
    ]


def processings() -> list[dict[str, Any]]:
    """What is done with personal data, as the notice tells it: what for, on which basis, which data, how long."""
    return [
        {
            "what": _("Self-diagnosis without an account"),
            "basis": LegalBasis.PUBLIC_TASK.label,
            "data": _("Your answers, without any name. A link that only you hold."),
            "keep": _("90 days without an account; then deleted."),
        },
        {
            "what": _("Company account"),
            "basis": LegalBasis.CONTRACT.label,
            "data": _("First name, last name, e-mail, language, your company's SIREN."),
            "keep": _("Three years after the last sign-in."),
        },
        {
            "what": _("Requests to the export team"),
            "basis": LegalBasis.PUBLIC_TASK.label,
            "data": _("Your message, your contact details, your diagnosis when you attach it."),
            "keep": _("Three years after the last exchange."),
        },
        {
            "what": _("Asking what services brought to companies"),
            "basis": LegalBasis.PUBLIC_TASK.label,
            "data": _("Your e-mail, your score, your words, and the business abroad that you tell."),
            "keep": _("Five years; then the score alone, without your name or words."),
        },
        {
            "what": _("Regional news"),
            "basis": LegalBasis.CONSENT.label,
            "data": _("E-mail, region, language."),
            "keep": _("Until you withdraw; the proof is kept three years."),
        },
        {
            "what": _("Counting the visits of companies to regional sites"),
            "basis": LegalBasis.CONSENT.label,
            "data": _("The company, the region and the month. Never the person."),
            "keep": _("Three years."),
        },
        {
            "what": _("Offering help to companies that read our sites"),
            "basis": LegalBasis.CONSENT.label,
            "data": _("How many pages, products and solutions you opened on a day; never which ones."),
            "keep": _("One year, or until you withdraw."),
        },
        {
            "what": _("Counting page views"),
            "basis": _("No personal data"),
            "data": _("A number per day and region: no cookie, no address, no identifier."),
            "keep": _("Without limit."),
        },
        {
            "what": _("Security of the platform"),
            "basis": LegalBasis.LEGAL_OBLIGATION.label,
            "data": _("Who read or changed which record, when, and from which network address."),
            "keep": _("One year for readings, five years for changes."),
        },
    ]

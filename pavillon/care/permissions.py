"""Who keeps accounts: risks, assessments, offers."""

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.care.models import (
    RISK_READERS,
    Assessment,
    Criticism,
    Offer,
    OfferLine,
    OfferQuestion,
    OfferRule,
    RiskMark,
    RiskRules,
)
from pavillon.core.permissions import permission, sees
from pavillon.core.policy import may_write_some
from pavillon.crm.models import Referent
from pavillon.crm.models.leads import LEAD_READERS, LEAD_WORKERS
from pavillon.directory.models import Company
from pavillon.services.permissions import ORDERERS, order_service

RULE_READERS = RISK_READERS | {Role.PLATFORM_ADMIN}


def manages_the_network(user: User) -> bool:
    """Managers of the national agency."""
    place = user.organisation
    return bool(
        place
        and user.role in (Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER)
        and place.kind == Kind.AGENCY
        and place.level == Level.NATIONAL
    )


def manages(user: User, organisation_id: int | None) -> bool:
    """Its managers, and those of the national agency."""
    own = user.role == Role.TEAM_MANAGER and bool(user.acting) and user.acting.organisation_id == organisation_id
    return own or manages_the_network(user)


@permission("care.view_risks")
def view_risks(user: User, subject: None) -> bool:
    return user.role in RISK_READERS


@permission("care.export_risks")
def export_risks(user: User, subject: None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("care.view_risk")
def view_risk(user: User, mark: RiskMark | None) -> bool:
    return user.role in RISK_READERS and (mark is None or sees(user, mark))


@permission("care.view_company_risk")
def view_company_risk(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company; its marks as far as he may find them."""
    return user.role in RISK_READERS


@permission("care.log_criticism", writes=Criticism, field="said")
def log_criticism(user: User, company: Company | None) -> bool:
    writes = may_write_some(user, Criticism, "url")
    return writes and user.role in RISK_READERS and (company is None or sees(user, company))


@permission("care.correct_criticism", writes=Criticism, field="said")
def correct_criticism(user: User, criticism: Criticism | None) -> bool:
    """Who noted it, and the managers of his organisation; not what was erased."""
    if criticism is None:
        return user.role in RISK_READERS
    found = criticism.logged_by_id == user.pk or manages(user, criticism.organisation_id)
    return user.role in RISK_READERS and found and bool(criticism.said) and sees(user, criticism)


@permission("care.end_risk", writes=RiskMark, field="end_reason")
def end_risk(user: User, mark: RiskMark) -> bool:
    """Who keeps the account, its referent of now, and the managers. Whether it ended meanwhile, the action says."""
    if not view_risk(user, mark):
        return False
    answers = mark.referent_id == user.pk or manages(user, mark.organisation_id)
    return answers or Referent.objects.current().filter(company=mark.company_id, adviser=user).exists()


@permission("care.view_risk_rules")
def view_risk_rules(user: User, subject: None) -> bool:
    return user.role in RULE_READERS


@permission("care.change_risk_rules", writes=RiskRules)
def change_risk_rules(user: User, subject: None) -> bool:
    """The managers of the national agency, and the administrator."""
    return user.role == Role.PLATFORM_ADMIN or manages_the_network(user)


@permission("care.view_assessments")
def view_assessments(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company."""
    return user.role in LEAD_READERS


@permission("care.export_assessments")
def export_assessments(user: User, subject: None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("care.assess_company", writes=Assessment)
def assess_company(user: User, company: Company | None) -> bool:
    return user.role in LEAD_WORKERS and (company is None or sees(user, company))


@permission("care.tell_plans", writes=Assessment)
def tell_plans(user: User, subject: None) -> bool:
    """A manager of the company says what it is able to do and intends."""
    return user.has_role(Role.COMPANY_MANAGER)


@permission("care.view_offers")
def view_offers(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS


@permission("care.view_company_offers")
def view_company_offers(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company."""
    return user.role in LEAD_READERS


@permission("care.view_offer")
def view_offer(user: User, offer: Offer | None) -> bool:
    """The team's page of it; a company reads its own in "my offers"."""
    return user.role in LEAD_READERS and (offer is None or sees(user, offer))


@permission("care.export_offers")
def export_offers(user: User, subject: None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("care.draft_offer", writes=Offer)
def draft_offer(user: User, company: Company | None) -> bool:
    return user.role in ORDERERS and (company is None or sees(user, company))


# The step is not asked here: an action that comes too late says what happened meanwhile.
@permission("care.change_offer", writes=Offer)
def change_offer(user: User, offer: Offer) -> bool:
    """Its author, and the managers of his organisation and of the national agency."""
    return view_offer(user, offer) and (offer.author_id == user.pk or manages(user, offer.organisation_id))


@permission("care.plan_offer_follow_up", writes=Offer)
def plan_offer_follow_up(user: User, offer: Offer) -> bool:
    return change_offer(user, offer)


@permission("care.change_offer_line", writes=OfferLine)
def change_offer_line(user: User, line: OfferLine) -> bool:
    return change_offer(user, line.offer)


@permission("care.order_offer_line", writes=OfferLine)
def order_offer_line(user: User, line: OfferLine) -> bool:
    return change_offer(user, line.offer) and order_service(user, line.offer.company)


@permission("care.answer_offer_question", writes=OfferQuestion)
def answer_offer_question(user: User, question: OfferQuestion) -> bool:
    return change_offer(user, question.line.offer)


@permission("care.view_my_offers")
def view_my_offers(user: User, subject: Offer | None) -> bool:
    return user.has_role(Role.COMPANY_MANAGER) and (subject is None or sees(user, subject))


@permission("care.answer_offer_line", writes=OfferLine)
def answer_offer_line(user: User, line: OfferLine | None) -> bool:
    """A manager of the company accepts, declines or asks."""
    return user.has_role(Role.COMPANY_MANAGER) and (line is None or sees(user, line))


@permission("care.view_offer_rules")
def view_offer_rules(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS | {Role.PLATFORM_ADMIN}


@permission("care.create_offer_rule", writes=OfferRule)
def create_offer_rule(user: User, subject: None) -> bool:
    """The managers of the national agency, and the administrator."""
    return change_risk_rules(user, None)


@permission("care.change_offer_rule", writes=OfferRule)
def change_offer_rule(user: User, rule: OfferRule) -> bool:
    return change_risk_rules(user, None)

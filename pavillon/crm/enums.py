"""The words of a request: where it comes from, what it is about, how far it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.campaigns.enums import Channel


class Origin(models.TextChoices):
    """The channel by which a request first reached the team (ledger LEAD-11)."""

    SITE = "site", _("Website")
    PHONE = "phone", _("Phone")
    SHOP = "shop", _("Visit to the one-stop shop")
    SEMINAR = "seminar", _("Seminar")
    SHOWROOM = "showroom", _("Showroom")
    PARTNER = "partner", _("Partner")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    WATCH = "watch", _("Business watch")
    SOCIAL = "social", _("Social networks")
    VISIT = "visit", _("Visits of our sites")
    SHOW = "show", _("Trade show")
    FIELD = "field", _("Visit to the company")


# As which channel of a campaign each one counts (`campaigns.enums.Channel`); any other counts apart.
CHANNELS = {
    Origin.SITE: Channel.WEB,
    Origin.SHOWROOM: Channel.WEB,
    Origin.SOCIAL: Channel.WEB,
    Origin.VISIT: Channel.WEB,
    Origin.PHONE: Channel.PHONE,
    Origin.MAIL: Channel.MAIL,
    Origin.SHOW: Channel.SHOW,
    Origin.SEMINAR: Channel.SHOW,
    Origin.FIELD: Channel.VISIT,
    Origin.SHOP: Channel.VISIT,
}


# The company did not ask: the team found it.
DETECTED = (Origin.WATCH, Origin.VISIT)


class LeadKind(models.TextChoices):
    """What is asked."""

    REQUEST = "request", _("Be contacted")
    ADVICE = "advice", _("Advice on exporting")
    MARKET = "market", _("Know a market")
    FINANCING = "financing", _("Financing and insurance")
    SOLUTION = "solution", _("A solution of the catalogue")
    MISSION = "mission", _("Mission abroad")
    SHOWROOM = "showroom", _("Join the showroom")


class Destination(models.TextChoices):
    """Where a routing rule sends a request."""

    TEAM = "team", _("A team, in fair turn by workload")
    PERSON = "person", _("One person")
    QUEUE = "queue", _("The queue of an organisation")
    REFERENT = "referent", _("The company’s referent")
    REGION = "region", _("The advisers of its region, in fair turn by workload")
    MANAGER = "manager", _("A manager of the chamber of its region")
    HOME = "home", _("The queue of the chamber of its region, else of the agency")


class Criterion(models.TextChoices):
    """What a routing rule looks at in a request."""

    REGION = "region", _("Region")
    DEPARTMENT = "department", _("Department")
    SECTOR = "sector", _("Sector")
    COUNTRY = "country", _("Country aimed at")
    KIND = "kind", _("What is asked")
    ORIGIN = "origin", _("Origin")
    EXPORT_CLASS = "export_class", _("Export class")


class VersionState(models.TextChoices):
    """How far a version of the routing rules is."""

    DRAFT = "draft", pgettext_lazy("rules", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("rules", "In force")
    PAST = "past", pgettext_lazy("rules", "Past")


class TerritoryAsk(models.TextChoices):
    """What a worker is to do to territories."""

    CREATE = "create", _("Draw a territory")
    SPLIT = "split", _("Split in two")
    MOVE = "move", _("Move places")
    MERGE = "merge", _("Merge territories")
    CHANGE = "change", _("Name and adviser")
    RETIRE = "retire", _("Take a territory away")
    REASSIGN = "reassign", _("Hand a portfolio over")
    UNDO = "undo", _("Undo a change")


class Progress(models.TextChoices):
    """How far something is that a worker does."""

    WAITING = "waiting", pgettext_lazy("progress", "Waiting")
    RUNNING = "running", pgettext_lazy("progress", "Running")
    DONE = "done", pgettext_lazy("progress", "Done")
    FAILED = "failed", pgettext_lazy("progress", "Not done")


class QualifyingField(models.TextChoices):
    """A fact of a company's card that a checklist of qualified companies may ask for (ledger LEAD-05)."""

    SECTOR = "sector", _("Sector known")
    HEADCOUNT = "headcount", _("Headcount known")
    REGION = "region", _("Region known")
    TURNOVER = "turnover", _("Turnover known")
    EXPORT_CLASS = "export_class", _("Export class given")
    WEBSITE = "website", _("Website known")
    DECISION_MAKER = "decision_maker", _("A decision-maker known")


class MissionState(models.TextChoices):
    """How far a mission of a private partner is (ledger LEAD-06)."""

    RUNNING = "running", pgettext_lazy("mission", "Running")
    REPORTED = "reported", pgettext_lazy("mission", "Reported")
    REVIEWED = "reviewed", pgettext_lazy("mission", "Reviewed")
    STOPPED = "stopped", pgettext_lazy("mission", "Stopped")


class MissionPaper(models.TextChoices):
    """What a document of a mission is."""

    BRIEF = "brief", pgettext_lazy("of a mission", "Brief")
    REPORT = "report", pgettext_lazy("of a mission", "Report")
    EVIDENCE = "evidence", pgettext_lazy("of a mission", "Evidence")


class LeadState(models.TextChoices):
    """How far a request went; see the table of `Lead`."""

    RECEIVED = "received", pgettext_lazy("request", "Received")
    ASSIGNED = "assigned", pgettext_lazy("request", "Assigned")
    TAKEN = "taken", pgettext_lazy("request", "Taken charge")
    TREATED = "treated", pgettext_lazy("request", "Treated")
    CLOSED = "closed", pgettext_lazy("request", "Closed")
    REFUSED = "refused", pgettext_lazy("request", "Refused")


# Where a request may have a next action.
PROMISING = (LeadState.ASSIGNED, LeadState.TAKEN, LeadState.TREATED)


class Step(models.TextChoices):
    """What a line of a request's history says: a new state, or something that happened within one."""

    RECEIVED = "received", pgettext_lazy("step", "Request received")
    ASSIGNED = "assigned", pgettext_lazy("step", "Given to an adviser")
    TAKEN = "taken", pgettext_lazy("step", "Taken charge")
    TREATED = "treated", pgettext_lazy("step", "Treated")
    CLOSED = "closed", pgettext_lazy("step", "Closed")
    REFUSED = "refused", pgettext_lazy("step", "Refused")
    MATCHED = "matched", pgettext_lazy("step", "Company identified")
    ESCALATED = "escalated", pgettext_lazy("step", "Escalated")
    OFFERED = "offered", pgettext_lazy("step", "Hand-over proposed")
    HANDED_OVER = "handed_over", pgettext_lazy("step", "Handed over")
    RETURNED = "returned", pgettext_lazy("step", "Hand-over declined")
    ANSWERED = "answered", pgettext_lazy("step", "Message from the company")


class Outcome(models.TextChoices):
    """What a closed request led to."""

    ACCOMPANIED = "accompanied", _("The company is accompanied")
    DIRECTED = "directed", _("Directed to a solution or a partner")
    INFORMED = "informed", _("Informed, nothing more for now")
    NO_ANSWER = "no_answer", _("The company could not be reached")


class InteractionKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")


class InteractionOutcome(models.TextChoices):
    """How an exchange ended; a note has none."""

    POSITIVE = "positive", _("Interested")
    TO_FOLLOW = "to_follow", _("To be followed up")
    NEUTRAL = "neutral", _("Informed")
    NEGATIVE = "negative", _("Not interested")
    NO_ANSWER = "no_answer", _("Nobody answered")


class Visibility(models.TextChoices):
    """Who of the export team may find an interaction; it is never shown to the company."""

    ORGANISATION = "organisation", _("My organisation only")
    REGION = "region", _("The team of the region")
    TEAM = "team", _("The whole export team")


class FollowTopic(models.TextChoices):
    """What somebody who follows a company wants to be told of."""

    STATE = "state", _("Its state: closed, merged, another referent, another class")
    REQUESTS = "requests", _("Its requests: received, taken in charge, closed")
    EXCHANGES = "exchanges", _("Exchanges and comments that I may read")
    SIGNALS = "signals", _("What outside sources say: patents, export turnover, zones")


OPEN_STATES = (LeadState.RECEIVED, LeadState.ASSIGNED, LeadState.TAKEN)
UNTOUCHED_STATES = (LeadState.RECEIVED, LeadState.ASSIGNED)
# Steps that concern the team alone.
INTERNAL_STEPS = (Step.ESCALATED, Step.OFFERED, Step.RETURNED, Step.MATCHED)


class Lifecycle(models.TextChoices):
    """Where a company stands with the team (ledger PLAN-13)."""

    PROSPECT = "prospect", _("Prospect")
    NEW = "new", _("New client")
    VALUABLE = "valuable", _("Valuable client")
    INACTIVE = "inactive", _("Inactive client")


class ValueLevel(models.TextChoices):
    """The axis of value (ledger PLAN-16)."""

    LOW = "low", pgettext_lazy("value", "Low")
    HIGH = "high", pgettext_lazy("value", "High")


class Relationship(models.TextChoices):
    """The axis of the relationship (ledger PLAN-16)."""

    OCCASIONAL = "occasional", pgettext_lazy("relationship", "Occasional")
    LOYAL = "loyal", pgettext_lazy("relationship", "Loyal")


class SuggestionRule(models.TextChoices):
    """Why the platform suggests something; each rule is a sentence that one can check."""

    PROMISE = "promise", _("A promise is late")
    ABSENT = "absent", _("The referent is away")
    DORMANT = "dormant", _("A client is silent")
    VISITED = "visited", _("It reads us and never wrote")
    POTENTIAL = "potential", _("A potential without a referent")
    SURVEY = "survey", _("A survey without an answer")


class SuggestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("suggestion", "Open")
    FOLLOWED = "followed", pgettext_lazy("suggestion", "Taken up")
    DISMISSED = "dismissed", pgettext_lazy("suggestion", "Set aside")
    LAPSED = "lapsed", pgettext_lazy("suggestion", "No longer needed")


class DismissalReason(models.TextChoices):
    """Why somebody set a suggestion aside; it teaches which rules are worth their place."""

    DONE = "done", _("It is done already")
    LATER = "later", _("Not now")
    IRRELEVANT = "irrelevant", _("It does not concern this company")
    WRONG = "wrong", _("The facts are wrong")


class Stage(models.TextChoices):
    """The line of a company's export life; every object of the house hangs on one of them (ledger JOUR-01)."""

    INTEREST = "interest", pgettext_lazy("stage", "Interest")
    QUALIFICATION = "qualification", pgettext_lazy("stage", "Qualification")
    DIAGNOSIS = "diagnosis", pgettext_lazy("stage", "Diagnosis")
    SOLUTION = "solution", pgettext_lazy("stage", "Solution or service")
    DELIVERY = "delivery", pgettext_lazy("stage", "Delivery")
    SATISFACTION = "satisfaction", pgettext_lazy("stage", "Satisfaction")
    IMPACT = "impact", pgettext_lazy("stage", "Impact")


class TerritoryDeed(models.TextChoices):
    """What a change did to the territories of an organisation."""

    CREATED = "created", _("Territory drawn")
    SPLIT = "split", _("Territory split")
    MERGED = "merged", _("Territories merged")
    MOVED = "moved", _("Places moved")
    CHANGED = "changed", _("Territory renamed or given to another adviser")
    RETIRED = "retired", _("Territory taken away")
    REASSIGNED = "reassigned", _("Portfolio handed over")
    UNDONE = "undone", _("Change undone")


class PortfolioChoice(models.TextChoices):
    """What a change of territories does to the companies that lie there."""

    OWN = "own", _("Those that the adviser of the former territory follows pass along")
    OWN_AND_FREE = "free", _("Those, and the potentials that nobody follows")
    NONE = "none", _("Every company keeps its referent")

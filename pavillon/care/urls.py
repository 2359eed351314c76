from django.urls import path

from pavillon.care.views import assessments, offer_rules, offers, risks

app_name = "care"
urlpatterns = [
    path("risks/", risks.risks, name="risks"),
    path("risks/desk/", risks.desk_risks, name="desk_risks"),
    path("risks/rules/", risks.view_risk_rules, name="view_risk_rules"),
    path("risks/rules/change/", risks.change_risk_rules, name="change_risk_rules"),
    path("risks/<int:riskmark>/", risks.view_risk, name="view_risk"),
    path("risks/<int:riskmark>/end/", risks.end_risk, name="end_risk"),
    path("companies/<int:company>/risk/", risks.company_risk, name="company_risk"),
    path("companies/<int:company>/criticism/", risks.log_criticism, name="log_criticism"),
    path("criticisms/<int:criticism>/correct/", risks.correct_criticism, name="correct_criticism"),
    path("companies/<int:company>/plans/", assessments.company_assessments, name="company_assessments"),
    path("companies/<int:company>/plans/evolution/", assessments.view_evolution, name="view_evolution"),
    path("companies/<int:company>/plans/assess/", assessments.assess_company, name="assess_company"),
    path("offers/", offers.offers, name="offers"),
    path("offers/rules/", offer_rules.offer_rules, name="offer_rules"),
    path("offers/rules/new/", offer_rules.create_offer_rule, name="create_offer_rule"),
    path("offers/rules/<int:offerrule>/", offer_rules.change_offer_rule, name="change_offer_rule"),
    path("offers/rules/<int:offerrule>/end/", offer_rules.end_offer_rule, name="end_offer_rule"),
    path("offers/<int:offer>/", offers.view_offer, name="view_offer"),
    path("offers/<int:offer>/words/", offers.change_offer, name="change_offer"),
    path("offers/<int:offer>/add/", offers.add_offer_line, name="add_offer_line"),
    path("offers/<int:offer>/propose/", offers.propose_offer, name="propose_offer"),
    path("offers/<int:offer>/follow-up/", offers.plan_offer_follow_up, name="plan_offer_follow_up"),
    path("offers/<int:offer>/withdraw/", offers.withdraw_offer, name="withdraw_offer"),
    path("offers/lines/<int:offerline>/words/", offers.change_offer_line, name="change_offer_line"),
    path("offers/lines/<int:offerline>/remove/", offers.remove_offer_line, name="remove_offer_line"),
    path("offers/lines/<int:offerline>/restore/", offers.restore_offer_line, name="restore_offer_line"),
    path("offers/lines/<int:offerline>/order/", offers.order_offer_line, name="order_offer_line"),
    path("offers/questions/<int:offerquestion>/answer/", offers.answer_offer_question, name="answer_offer_question"),
    path("companies/<int:company>/offers/", offers.offers_of_company, name="company_offers"),
    path("companies/<int:company>/offers/draft/", offers.draft_offer, name="draft_offer"),
]

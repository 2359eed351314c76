"""The company's pages; the composition root hangs them under /my/."""

from django.urls import path

from pavillon.care.views import assessments, my_offers

app_name = "care_company"
urlpatterns = [
    path("plans/", assessments.my_plans, name="my_plans"),
    path("offers/", my_offers.my_offers, name="my_offers"),
    path("offers/<int:offer>/", my_offers.my_offer, name="my_offer"),
    path("offers/lines/<int:offerline>/accept/", my_offers.accept_offer_line, name="accept_offer_line"),
    path("offers/lines/<int:offerline>/decline/", my_offers.decline_offer_line, name="decline_offer_line"),
    path("offers/lines/<int:offerline>/ask/", my_offers.ask_about_line, name="ask_about_line"),
]

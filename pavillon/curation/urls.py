from django.urls import path

from pavillon.curation.views import batches, contact_pairs, duplicates, quality, thresholds

app_name = "curation"
urlpatterns = [
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/next/", duplicates.next_pair, name="next_pair"),
    path("duplicates/people/", contact_pairs.contact_pairs, name="contact_pairs"),
    path("duplicates/people/<int:contactpair>/", contact_pairs.review_contact_pair, name="review_contact_pair"),
    path("duplicates/people/<int:contactpair>/decide/", contact_pairs.decide_contact_pair, name="decide_contact_pair"),
    path(
        "duplicates/people/<int:contactpair>/undo/", contact_pairs.undo_contact_decision, name="undo_contact_decision"
    ),
    path("duplicates/thresholds/", thresholds.thresholds, name="thresholds"),
    path("duplicates/thresholds/change/", thresholds.change_thresholds, name="change_thresholds"),
    path("duplicates/batches/", batches.batches, name="batches"),
    path("duplicates/batches/rehearse/", batches.rehearse_batch, name="rehearse_batch"),
    path("duplicates/batches/<int:mergebatch>/", batches.merge_batch, name="merge_batch"),
    path("duplicates/batches/<int:mergebatch>/run/", batches.run_batch, name="run_batch"),
    path("duplicates/batches/<int:mergebatch>/undo/", batches.undo_batch, name="undo_batch"),
    path("duplicates/<int:duplicatepair>/", duplicates.review_pair, name="review_pair"),
    path("duplicates/<int:duplicatepair>/decide/", duplicates.decide_pair, name="decide_pair"),
    path("decisions/<int:decision>/undo/", duplicates.undo_decision, name="undo_decision"),
    path("quality/", quality.quality, name="quality"),
    path("quality/freshness/", quality.freshness, name="freshness"),
    path("companies/<int:company>/quality/", quality.company_quality, name="company_quality"),
]

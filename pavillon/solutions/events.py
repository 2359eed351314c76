"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

diagnosis_finished = Signal()  # diagnosis
diagnosis_claimed = Signal()  # diagnosis, company, by
company_account_opened = Signal()  # company, user, region (None on the national site)
join_requested = Signal()  # join_request
join_decided = Signal()  # join_request, by
solution_submitted = Signal()  # solution, by
solution_published = Signal()  # solution, by

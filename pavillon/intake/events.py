"""What this room announces."""

from django.dispatch import Signal as Announcement

# company: Company, kind: SignalKind, source: Source, by: User. Several facts of one kind at once are told once.
signal_noted = Announcement()

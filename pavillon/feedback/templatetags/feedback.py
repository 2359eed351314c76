"""What lists of remarks ask for their rows."""

from django import template

from pavillon.feedback.queries import screen_name

register = template.Library()
register.filter("screen_words", screen_name)

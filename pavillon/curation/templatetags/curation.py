from django import template

from pavillon.curation import queries

register = template.Library()
register.filter("gap_words", queries.gap_words)

"""Loading what we wrote: questionnaire, bricks, providers, solutions. Loading again changes nothing that is the same."""

from django.db import transaction

from pavillon.activity.actions import record
from pavillon.reference.models import Country, Region
from pavillon.solutions.actions.catalogue import put_in_catalogue
from pavillon.solutions.content import bricks, catalogue, questionnaire
from pavillon.solutions.models import Brick, Choice, Provider, Question, Questionnaire, Theme


@transaction.atomic
def load_questionnaire() -> Questionnaire:
    """Put the questionnaire of `content.questionnaire` in use. An existing version is never rewritten."""
    for order, (slug, weight, names, about) in enumerate(questionnaire.THEMES, start=1):
        Theme.objects.update_or_create(
            pk=slug,
            defaults={
                "order": order,
                "weight": weight,
                "name_fr": names[0],
                "name_en": names[1],
                "about_fr": about[0],
                "about_en": about[1],
            },
        )
    row, is_new = Questionnaire.objects.get_or_create(
        code=questionnaire.CODE,
        version=questionnaire.VERSION,
        defaults={"name_fr": questionnaire.NAME[0], "name_en": questionnaire.NAME[1]},
    )
    if is_new:
        _write_questions(row)
        record("solutions.questionnaire_loaded", row, by=None, version=row.version)
    Questionnaire.objects.filter(code=row.code, is_current=True).exclude(pk=row.pk).update(is_current=False)
    Questionnaire.objects.filter(pk=row.pk, is_current=False).update(is_current=True)
    return row


def _write_questions(row: Questionnaire) -> None:
    for order, (code, theme, weight, text, help_text, show_if, choices) in enumerate(questionnaire.QUESTIONS, start=1):
        question = Question.objects.create(
            questionnaire=row,
            theme_id=theme,
            code=code,
            order=order,
            weight=weight,
            text_fr=text[0],
            text_en=text[1],
            help_fr=help_text[0],
            help_en=help_text[1],
            show_if=show_if,
        )
        Choice.objects.bulk_create(
            Choice(question=question, code=choice, order=place, points=points, text_fr=french, text_en=english)
            for place, (choice, points, french, english) in enumerate(choices, start=1)
        )


@transaction.atomic
def load_bricks() -> int:
    """Write the bricks of `content.bricks`; those no longer there are kept for old paths, inactive."""
    for order, brick in enumerate(bricks.BRICKS, start=1):
        code, theme, family, minutes, below, from_level, to_level, profiles, need, names, about = brick
        Brick.objects.update_or_create(
            pk=code,
            defaults={
                "theme_id": theme,
                "family": family,
                "minutes": minutes,
                "below": below,
                "from_level": from_level,
                "to_level": to_level,
                "profiles": profiles,
                "need": need,
                "order": order,
                "is_active": True,
                "name_fr": names[0],
                "name_en": names[1],
                "about_fr": about[0],
                "about_en": about[1],
            },
        )
    Brick.objects.exclude(pk__in=[brick[0] for brick in bricks.BRICKS]).update(is_active=False)
    return len(bricks.BRICKS)


@transaction.atomic
def load_catalogue() -> int:
    """Write the demonstration's providers and solutions, labelled as demo."""
    known_countries = {row.pk: row for row in Country.objects.all()}
    known_regions = {row.pk: row for row in Region.objects.all()}
    for order, (slug, family, is_public, names, about) in enumerate(catalogue.PROVIDERS, start=1):
        Provider.objects.update_or_create(
            pk=slug,
            defaults={
                "family": family,
                "is_public": is_public,
                "order": order,
                "name_fr": names[0],
                "name_en": names[1],
                "about_fr": about[0],
                "about_en": about[1],
                "is_demo": True,
            },
        )
    for row in catalogue.SOLUTIONS:
        slug, provider, need, stages, cost, countries, lines, regions, title, summary, body, conditions = row
        put_in_catalogue(
            slug=slug,
            provider=Provider.objects.get(pk=provider),
            by=None,
            need=need,
            stages=stages,
            cost=cost,
            lines=lines,
            countries=[known_countries[code] for code in countries if code in known_countries],
            regions=[known_regions[code] for code in regions if code in known_regions],
            title_fr=title[0],
            title_en=title[1],
            summary_fr=summary[0],
            summary_en=summary[1],
            body_fr=body[0],
            body_en=body[1],
            conditions_fr=conditions[0],
            conditions_en=conditions[1],
            is_demo=True,
        )
    return len(catalogue.SOLUTIONS)

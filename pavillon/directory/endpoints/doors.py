"""The one router of the room: methods of one address belong to one router, whichever file they are written in."""

from ninja import Router

router = Router()

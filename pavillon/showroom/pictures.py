"""Pictures that people send: checked by their content and drawn again, so that nothing else travels with them."""

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
SMALLEST_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")
WIDTH, THUMBNAIL_WIDTH = 1600, 480


class WrongPicture(Exception):
    """The file is not a picture that can be shown; the message says why and what to do."""


def _opened(stream: Any, size: int) -> Image.Image:
    if size > LARGEST_FILE:
        raise WrongPicture(
            _("This file weighs %(size)s MB; at most %(most)s MB are accepted. Reduce the picture and try again.")
            % {"size": round(size / 1048576, 1), "most": LARGEST_FILE // 1048576}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(stream, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise WrongPicture(
                    _("This picture has %(n)s megapixels; at most %(most)s are accepted.")
                    % {"n": picture.width * picture.height // 1_000_000, "most": MOST_PIXELS // 1_000_000}
                )
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombWarning) as error:
        raise WrongPicture(_("This file is not a JPEG, PNG or WebP picture, whatever its name says.")) from error
    if min(picture.size) < SMALLEST_SIDE:
        raise WrongPicture(
            _("This picture is %(width)s × %(height)s pixels; each side needs at least %(least)s.")
            % {"width": picture.width, "height": picture.height, "least": SMALLEST_SIDE}
        )
    return picture


def _webp(picture: Image.Image, width: int, quality: int) -> bytes:
    if picture.width > width:
        picture = picture.resize(
            (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS
        )
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=3)
    return out.getvalue()


def redraw(stream: Any, size: int) -> tuple[ContentFile, ContentFile, int, int]:
    """(picture, thumbnail, width, height) as WebP without any metadata. Raises WrongPicture."""
    picture = ImageOps.exif_transpose(_opened(stream, size))
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    picture = picture.convert("RGB")
    large = _webp(picture, WIDTH, 82)
    width = min(picture.width, WIDTH)
    height = picture.height if picture.width <= WIDTH else round(picture.height * WIDTH / picture.width)
    return ContentFile(large), ContentFile(_webp(picture, THUMBNAIL_WIDTH, 78)), width, height

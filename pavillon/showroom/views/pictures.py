"""Pictures of sheets: ours to serve, so that nobody sees those of a sheet that is not on show."""

from django.http import FileResponse, Http404

from pavillon.core.views import public
from pavillon.showroom.queries.pages import picture_for

SIZES = {"large": "file", "small": "thumbnail"}


@public
def picture(request, picture, size):
    """A WebP drawn by us: its bytes never change, so browsers keep it; no browser may guess another type."""
    found = picture_for(request.user, picture)
    if found is None or size not in SIZES:
        raise Http404
    shown, is_public = found
    response = FileResponse(getattr(shown, SIZES[size]).open("rb"), content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_public else "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    return response

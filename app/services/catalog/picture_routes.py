"""The HTTP contract of catalog's pictures: announce one, upload it to the object store, say so, and see what became."""

import uuid

from litestar import Response, get, put
from litestar.params import JSONBody

from app.data.database import NOWHERE
from app.data.objects import Objects
from app.data.sessions import Session
from app.http.dependencies import Given
from app.http.problems import Problem
from app.http.repetition import again
from app.http.session_cookie import SECURITY
from app.messages import PictureUploaded
from app.queue.sender import Sender
from app.services.catalog import domain, gallery
from app.services.catalog.gallery import MAX_BYTES, UPLOAD_S, Gallery, NewPicture, Picture, Upload, upload_key
from app.services.catalog.refusals import refusal
from app.services.fields import PathId

PATH = "/items/{item_id:str}/pictures"


@put(f"{PATH}/{{picture_id:str}}", summary="Announce a picture", security=SECURITY, status_code=201,
     responses=again(Upload))  # fmt: skip
async def announce(
    item_id: PathId,
    picture_id: PathId,
    data: JSONBody[NewPicture],
    session: Given[Session],
    pictures: Given[Gallery],
    uploads: Given[Objects],
) -> Response[Upload]:
    """Get the form by which the browser uploads the file to the object store. The same request again: 200, a new form.

    Consistent. The form takes this type of file alone, at most 10 MiB, for a quarter of an hour.
    """
    try:
        picture, is_new = await pictures.announce(item_id, session.customer_id, picture_id, data.content_type)
    except gallery.FullError:
        raise Problem(409, f"an item has at most {gallery.MAX_PICTURES} pictures", "picture_id") from None
    except domain.TakenError:
        raise Problem(409, "this id names a picture of another type", "picture_id") from None
    except (domain.UnknownItemError, domain.NotTheirsError) as wrong:
        raise refusal(wrong) from None
    if picture.state in ("ready", "refused"):
        raise Problem(409, "this picture is uploaded already; another one needs another id", "picture_id")
    form = await uploads.form(upload_key(item_id, picture_id), data.content_type, MAX_BYTES, UPLOAD_S)
    return Response(Upload(picture, form.url, form.fields, MAX_BYTES), status_code=201 if is_new else 200)


@put(f"{PATH}/{{picture_id:str}}/upload", summary="Say that a picture is uploaded", security=SECURITY, status_code=202)
async def uploaded(
    item_id: PathId, picture_id: PathId, session: Given[Session], pictures: Given[Gallery], work: Given[Sender]
) -> Picture:
    """Have its sizes made, behind the seller's back; what became of it is among the item's pictures soon after.

    Consistent; the same request again has it looked at again, unless that is done.
    """
    try:
        picture = await pictures.uploaded(item_id, session.customer_id, picture_id)
    except gallery.UnknownPictureError:
        raise Problem(404, "no picture of this id was announced", "picture_id") from None
    except (domain.UnknownItemError, domain.NotTheirsError) as wrong:
        raise refusal(wrong) from None
    if picture.state == "uploaded":
        message_id = str(uuid.uuid5(uuid.UUID(item_id), picture_id))
        await work.send(PictureUploaded(message_id=message_id, item_id=item_id, picture_id=picture_id))
    return picture


@get(PATH, summary="See an item's pictures")
async def pictures_of(item_id: PathId, visitor: Given[Session | None], pictures: Given[Gallery]) -> list[Picture]:
    """All that were announced, with what became of each. Available: it may lag."""
    return await pictures.of_item(item_id, visitor.written if visitor else NOWHERE)

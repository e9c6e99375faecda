"""Pictures of items: uploaded past the servers, resized behind the seller, refused with a reason they can see."""

import base64
import io
import json
import urllib.request
import uuid
import zlib

import pytest
from PIL import Image

from app.messages import PictureUploaded
from app.services.catalog.gallery import MAX_PICTURES, WIDTHS, size_key, upload_key
from app.work import resizing
from app.work.resizing import UselessError, sizes
from tests.app.processes import running
from tests.app.world import new_id
from tests.waiting import eventually

BUCKET = "BIGPICTURE_PICTURES_BUCKET"
LATITUDE = 0x0002


@pytest.fixture(scope="module")
def worker(world):
    with running("worker", "--queues", "pictures", **world.environment) as app:
        yield app


@pytest.fixture
def item(store, seller):
    item_id = new_id()
    body = {"title": "Lamp", "price_cents": 1200, "stock": 3}
    assert seller.ask(store, "PUT", f"/catalog/items/{item_id}", body)[0] == 201
    return item_id


def drawn(width=900, height=600, form="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 80, 40)).save(out, form, **more)
    return out.getvalue()


def announce(store, seller, item, picture_id=None, kind="image/jpeg"):
    return seller.ask(store, "PUT", f"/catalog/items/{item}/pictures/{picture_id or new_id()}", {"content_type": kind})


def post(upload, content):
    """What a browser does with the form."""
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in upload["fields"].items()]  # fmt: skip
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\n'.encode()
    body = b"".join(parts) + head + content + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with urllib.request.urlopen(urllib.request.Request(upload["url"], body, kind)) as answer:  # noqa: S310 - the account
        return answer.status


def said(store, item, picture_id):
    """What became of a picture, which anybody may see."""
    _, found = store_ask(store, f"/catalog/items/{item}/pictures")
    [picture] = [each for each in found if each["picture_id"] == picture_id]
    return picture["state"], picture["refusal"]


def store_ask(store, path):
    response, text = store.ask("GET", path)
    return response.status, json.loads(text)


def upload(store, seller, item, content):
    """Announce a picture, put it there and say so; returns its id."""
    picture_id = new_id()
    _, form = announce(store, seller, item, picture_id)
    post(form, content)
    assert seller.ask(store, "PUT", f"/catalog/items/{item}/pictures/{picture_id}/upload")[0] == 202
    return picture_id


def served(world, item, picture_id, width):
    """One size as the CDN gets it: the picture and its headers."""
    found = world.account.client("s3").get_object(
        Bucket=world.environment[BUCKET], Key=size_key(item, picture_id, width)
    )
    return Image.open(found["Body"]), found["ContentType"], found["CacheControl"]


def test_an_upload_is_served_in_every_size_soon_after(world, store, worker, seller, item):
    picture_id = upload(store, seller, item, drawn())
    assert eventually(lambda: said(store, item, picture_id), ("ready", "")) == ("ready", "")
    found = {width: served(world, item, picture_id, width) for width in WIDTHS}
    assert {width: (picture.size, kind, cached) for width, (picture, kind, cached) in found.items()} == {
        160: ((160, 107), "image/webp", "public, max-age=31536000, immutable"),
        480: ((480, 320), "image/webp", "public, max-age=31536000, immutable"),
        1200: ((900, 600), "image/webp", "public, max-age=31536000, immutable"),
    }


def test_the_listing_shows_the_first_picture_that_is_ready(store, worker, seller, item):
    first = upload(store, seller, item, drawn())
    eventually(lambda: said(store, item, first), ("ready", ""))
    second = upload(store, seller, item, drawn())
    eventually(lambda: said(store, item, second), ("ready", ""))
    shown = eventually(lambda: store_ask(store, f"/catalog/items/{item}")[1]["picture"], f"/pictures/{item}/{first}")
    assert shown == f"/pictures/{item}/{first}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "this file is no JPEG, PNG or WebP picture"),
        (drawn()[:2000], "this picture is broken: it cannot be read to its end"),
    ],
    ids=["another format", "half a picture"],
)
def test_what_is_no_picture_is_refused_with_a_reason_that_the_seller_sees(store, worker, seller, item, content, reason):
    picture_id = upload(store, seller, item, content)
    assert eventually(lambda: said(store, item, picture_id), ("refused", reason)) == ("refused", reason)


def test_a_second_delivery_of_the_same_upload_changes_nothing(world, store, worker, seller, item):
    picture_id = upload(store, seller, item, drawn())
    eventually(lambda: said(store, item, picture_id), ("ready", ""))
    upload_again = {"Bucket": world.environment[BUCKET], "Key": upload_key(item, picture_id)}
    world.account.client("s3").put_object(**upload_again, Body=b"no picture")
    world.queues["pictures"].send(PictureUploaded(message_id=new_id(), item_id=item, picture_id=picture_id))
    after = upload(store, seller, item, drawn())
    eventually(lambda: said(store, item, after), ("ready", ""))
    assert (said(store, item, picture_id), world.queues["pictures"].dead()) == (("ready", ""), [])


def test_a_message_whose_names_lead_elsewhere_is_buried(world, worker):
    held = world.queues["pictures"]
    held.send(PictureUploaded(message_id=new_id(), item_id="../pages", picture_id="index.html"))
    found = []
    eventually(lambda: found.extend(held.dead()) or len(found), 1)
    assert [each["reason"] for each in found] == ["the item or the picture is not named by a UUID"]


def test_a_form_takes_one_type_and_size_under_one_key_for_a_quarter_of_an_hour(store, seller, item):
    status, form = announce(store, seller, item, picture_id := new_id(), "image/png")
    assert status == 201
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    conditions = [each for each in policy["conditions"] if not str(each).startswith("{'x-amz-")]
    assert conditions == [
        {"Content-Type": "image/png"},
        ["content-length-range", 1, 10 * 1024 * 1024],
        {"bucket": "pictures-3f1c9a0"},
        {"key": f"uploads/{item}/{picture_id}"},
    ]


def test_only_its_seller_adds_a_picture_to_an_item(world, store, item):
    assert announce(store, world.log_in(), item)[0] == 409


def test_an_item_that_is_not_there_has_no_pictures(store, seller):
    assert announce(store, seller, new_id())[0] == 404


def test_a_picture_that_was_not_announced_is_not_uploaded(store, seller, item):
    assert seller.ask(store, "PUT", f"/catalog/items/{item}/pictures/{new_id()}/upload")[0] == 404


def test_an_item_has_a_limited_number_of_pictures(store, seller, item):
    told = [announce(store, seller, item)[0] for _ in range(MAX_PICTURES + 1)]
    assert told == [201] * MAX_PICTURES + [409]


def test_the_same_announcement_again_gives_a_form_again(store, seller, item):
    picture_id = new_id()
    assert [announce(store, seller, item, picture_id)[0] for _ in range(2)] == [201, 200]


def bomb(width, height):
    """A PNG whose head promises so many pixels, and which holds none."""

    def chunk(kind, content):
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [(12_001, 20), (20, 12_001), (8_000, 6_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_head_alone(side):
    with pytest.raises(UselessError, match="more than 40 million pixels, or a side of more than 12000"):
        sizes(bomb(*side), WIDTHS)


def test_a_picture_at_the_limit_is_read_to_its_end():
    with pytest.raises(UselessError, match="broken"):
        sizes(bomb(resizing.LONGEST_SIDE, 3_000), WIDTHS)


def test_a_dot_is_no_picture():
    with pytest.raises(UselessError, match="smaller than 16 x 16"):
        sizes(drawn(15, 400, "PNG"), WIDTHS)


def test_where_a_picture_was_taken_is_not_served():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[LATITUDE] = (52.0, 22.0, 0.0)
    made = sizes(drawn(exif=exif), WIDTHS)
    assert [dict(Image.open(io.BytesIO(each)).getexif()) for each in made.values()] == [{}, {}, {}]

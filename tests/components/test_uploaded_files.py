"""Uploaded files, read back from the bucket that they were put into."""

import hashlib
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from components.uploaded_files import MAX_FILES, UploadedFiles, UploadedFilesArgs, content_type
from tests.deploying import deploy

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
STYLE = "p { color: red }\n"
HASHED = f"css/style.{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}.css"
CONTENTS = {"index.html": "<!doctype html>\n", HASHED: STYLE, "robots.txt": "User-agent: *\n", "style.css": STYLE}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    files = {key: folder / Path(key).name for key in CONTENTS}
    for key, path in files.items():
        path.write_text(CONTENTS[key], encoding="utf-8")

    def program():
        bucket = aws.s3.Bucket("shelf")
        uploaded = UploadedFiles("files", UploadedFilesArgs(bucket_name=bucket.bucket, files=files))
        pulumi.export("bucket", bucket.bucket)
        pulumi.export("keys", uploaded.keys)
        aws.sqs.Queue("reader", tags={"key": uploaded.keys["index.html"]})

    return deploy(program)


def held(deployed, key: str) -> dict:
    return deployed.client("s3").get_object(Bucket=deployed.outputs["bucket"], Key=key)


@pytest.mark.parametrize("key", CONTENTS)
def test_every_file_is_in_the_bucket_as_it_is(deployed, key):
    assert held(deployed, key)["Body"].read() == CONTENTS[key].encode()


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("index.html", "public, max-age=60"),
        (HASHED, "public, max-age=31536000, immutable"),
        ("robots.txt", "public, max-age=300"),
        ("style.css", "public, max-age=300"),
    ],
)
def test_a_cache_keeps_a_file_as_long_as_its_name_means_its_content(deployed, key, header):
    assert held(deployed, key)["CacheControl"] == header


def test_what_old_pages_and_old_servers_still_ask_for_stays_in_the_bucket(deployed):
    kept = [resource.inputs["key"] for resource in deployed.of_type(OBJECT) if resource.options.retain_on_delete]
    assert kept == [HASHED]


def test_a_page_comes_after_what_it_may_name(deployed):
    objects = {resource.inputs["key"]: resource for resource in deployed.of_type(OBJECT)}
    assert {key: objects[HASHED].urn in each.options.depends_on for key, each in objects.items()} == {
        key: key != HASHED for key in CONTENTS
    }


def test_a_file_has_its_media_type(deployed):
    assert {key: held(deployed, key)["ContentType"] for key in CONTENTS} == {
        "index.html": "text/html; charset=utf-8",
        HASHED: "text/css; charset=utf-8",
        "robots.txt": "text/plain; charset=utf-8",
        "style.css": "text/css; charset=utf-8",
    }


def test_new_content_is_seen_by_its_hash(deployed):
    expected = {key: hashlib.sha256(text.encode()).hexdigest() for key, text in CONTENTS.items()}
    assert {row["key"]: row["sourceHash"] for row in deployed.inputs(OBJECT)} == expected


def test_a_key_is_handed_out_once_it_is_uploaded(deployed):
    assert deployed.outputs["keys"] == {key: key for key in CONTENTS}
    page = deployed.one(OBJECT, "files-index.html")
    assert page.urn in deployed.one("aws:sqs/queue:Queue").property_dependencies["tags"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("app/release.tar", "application/x-tar"),
        ("app/release.tar.gz", "application/gzip"),
        ("a.webp", "image/webp"),
        ("a.svg", "image/svg+xml"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_media_types_do_not_depend_on_the_machine(key, expected):
    assert content_type(key) == expected


def test_more_files_than_an_up_can_bear_are_refused():
    files = {f"{number}.txt": Path(__file__) for number in range(MAX_FILES + 1)}
    with pytest.raises(ValueError, match="files holds 201 files; allowed: at most 200"):
        UploadedFilesArgs(bucket_name="shelf", files=files)


def test_a_file_that_is_not_there_is_refused_by_name():
    with pytest.raises(ValueError, match=r"files\['a'\] is nowhere; allowed: a file that exists"):
        UploadedFilesArgs(bucket_name="shelf", files={"a": Path("nowhere")})


def test_a_key_with_a_slash_in_front_is_refused():
    with pytest.raises(ValueError, match="files has the key '/a'; allowed: 1 to 1024 bytes, no '/' in front"):
        UploadedFilesArgs(bucket_name="shelf", files={"/a": Path(__file__)})

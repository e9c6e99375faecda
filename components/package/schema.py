"""Write components/schema.json, by which other languages know the boxes: python -m components.package.schema."""

import json
from pathlib import Path

from components.package.provider import Package

FILE = Path(__file__).resolve().parent.parent / "schema.json"


def text() -> str:
    """The schema as the file holds it."""
    return json.dumps(json.loads(Package().schema or "{}"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

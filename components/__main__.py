"""Start the boxes as a Pulumi package: what Pulumi runs when it finds PulumiPlugin.yaml beside this file."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # Pulumi starts the folder, which hides its own name

    from components.package.provider import serve

    serve()

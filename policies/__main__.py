"""Start the rules as a policy pack: what Pulumi runs when it finds PulumiPolicy.yaml beside this file."""

import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(here.parent), *(each for each in sys.path if Path(each).resolve() != here)]
    # Pulumi starts the folder: its resource.py would stand before Python's own module

    from policies.pack import serve

    serve()

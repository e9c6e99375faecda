"""Every test file runs: none lies where pytest does not look, or under a name that it does not collect."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def asked_for(config):
    """Every test file under the paths of this run, the whole folder by default."""
    for argument in config.args:
        path = (ROOT / argument.split("::")[0]).resolve()
        yield from [path] if path.is_file() else path.rglob("test_*.py")


def test_every_test_file_is_collected(request):
    collected = {Path(item.path) for item in request.session.items}
    missing = sorted(str(path) for path in set(asked_for(request.config)) - collected)
    narrowed = request.config.option.keyword or request.config.option.markexpr
    assert narrowed or missing == []


def test_no_file_with_tests_has_a_name_that_pytest_passes_over():
    passed_over = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.joinpath("tests").rglob("*.py")
        if not path.name.startswith("test_") and "\ndef test_" in path.read_text(encoding="utf-8")
    ]
    assert passed_over == []

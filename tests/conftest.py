"""What all tests share: the switch that rewrites the golden files."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

GOLDEN = Path(__file__).parent / "golden"

# Nothing is timed, neither an example nor the drawing of it: test machines are shared.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

os.environ["POLICYCHECK_CACHE_DIR"] = ""  # no test finds what another run has kept

# A shell starts what is in the background with Control-C ignored, and every process inherits it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request):
    """Compares a text with a file of tests/golden, or rewrites the file."""

    def check(name, text):
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return check

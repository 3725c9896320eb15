"""``python -m policycheck``."""

from policycheck.cli import run

if __name__ == "__main__":
    run()

"""Coverage-guided fuzzing with atheris: ``python fuzz/fuzz.py TARGET [SECONDS]``.

Inputs that fail, or take longer than ten seconds, go to ``fuzz/findings/TARGET``; what leads to new
code is kept in ``fuzz/corpus/TARGET`` for the next run. Both are ignored by git.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent
SECONDS_OF_ONE = 10
LONGEST = 4096

with atheris.instrument_imports(include=["policycheck"]):
    import targets


def main(name: str, seconds: str = "20") -> None:
    """Fuzzes one target for so many seconds; ends with an error at the first finding."""
    corpus, findings = (HERE / kind / name for kind in ("corpus", "findings"))
    for place in (corpus, findings):
        place.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_OF_ONE}",
        f"-max_len={LONGEST}",
        f"-dict={HERE / 'words.dict'}",
        f"-artifact_prefix={findings}/",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        str(corpus),
        str(HERE / "seeds" / name),
    ]
    atheris.Setup([sys.argv[0], *options], lambda data: targets.run(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])

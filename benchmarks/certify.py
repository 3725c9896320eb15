"""How many verdicts cvc5 confirms, and how long it takes.

python benchmarks/certify.py POLICIES SPEC... [--timeout SECONDS] [--proofs DIR]

Every policy below the directory that can be read, by each spec. Times are wall-clock seconds for
the second opinion about one verdict: the scripts, the process of cvc5, and its answers to all
claims of the verdict.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import policycheck as pc


def readable(directory: Path) -> Iterator[pc.Policy]:
    for file in sorted(directory.rglob("*.json")):
        try:
            yield from pc.load_policies(file)
        except pc.InputError:
            continue


def certified(
    policies: list[pc.Policy], spec: pc.Spec, seconds: float, proofs: Path | None
) -> Iterator[pc.Verdict]:
    """The verdicts about each policy; a disagreement is shown, and the rest goes on."""
    limits, certifier = pc.Limits(seconds=seconds), pc.Certifier(proofs)
    for policy in policies:
        try:
            yield from pc.prove(policy, spec, limits, certifier=certifier).verdicts
        except pc.DisagreementError as error:
            print(f"DISAGREEMENT about {policy.name}: {error}")


def show(name: str, verdicts: list[pc.Verdict]) -> None:
    times = sorted(one.certificate.seconds for one in verdicts)
    confirmed = sum(one.certificate.certified for one in verdicts)
    statuses = Counter(one.status.value for one in verdicts)
    print(f"{name}: {len(verdicts)} verdicts {dict(statuses)}, {confirmed} certified")
    print(f"  seconds: median {median(times):.2f}, most {times[-1]:.2f}")
    print(f"  median seconds of the proof itself: {median(v.seconds for v in verdicts):.3f}")
    reasons = Counter(
        (one.status.value, one.certificate.reason)
        for one in verdicts
        if not one.certificate.certified
    )
    for (status, reason), count in reasons.most_common():
        print(f"  not certified, {status}, {count}: {reason}")
    proofs = [a for one in verdicts for a in one.certificate.answers if a.proof is not None]
    if proofs:
        sizes = sorted(one.proof.stat().st_size for one in proofs)
        trusting = [one.trusted for one in proofs if one.trusted]
        print(f"  {len(proofs)} proofs, {len(trusting)} with trust steps ({sum(trusting)} in all)")
        print(f"  bytes: median {median(sizes):.0f}, most {sizes[-1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("policies", type=Path)
    parser.add_argument("specs", nargs="+")
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--proofs", type=Path)
    given = parser.parse_args()
    policies = list(readable(given.policies))
    print(f"{len(policies)} policies")
    for spec in given.specs:
        found = certified(policies, pc.load_spec(spec), given.timeout, given.proofs)
        show(Path(spec).stem, list(found))


if __name__ == "__main__":
    main()

"""The verdicts of former runs, by what they rest on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from policycheck.cache.canonical import digest
from policycheck.cache.form import DoubtfulError, plain, read, written
from policycheck.cache.program import program
from policycheck.cache.store import LIMIT, CacheError, Store
from policycheck.dataclass import dataclass
from policycheck.model.assertion import Spec
from policycheck.model.policy import Policy
from policycheck.model.verdict import Status, Verdict
from policycheck.solve.limits import Limits


@dataclass(frozen=True)
class VerdictCache:
    """Verdicts about policies, kept by the content of policy, spec and limits, and by what the
    program is (its version and files, those of Python and of Z3)."""

    store: Store
    program: bytes

    def recall(self, policy: Policy, spec: Spec, limits: Limits) -> tuple[Verdict | None, ...]:
        """The verdict of each assertion in order, None for one that is to be found.

        Statements are those of ``policy``. Every request was replayed; an entry with anything
        that does not hold is dropped.
        """
        key = self._key(policy, spec, limits)
        payload = self.store.get(key)
        if payload is not None:
            try:
                return read(payload, policy, spec)
            except DoubtfulError:
                self.store.drop(key)
        return (None,) * len(spec.assertions)

    def keep(
        self, policy: Policy, spec: Spec, limits: Limits, verdicts: tuple[Verdict, ...]
    ) -> None:
        """Keeps the verdicts, one for each assertion in order, but for those that are unknown.

        What would not come back as it is, is not kept.
        """
        if all(one.status is Status.UNKNOWN for one in verdicts):
            return
        payload = written(verdicts, spec)
        try:
            back = read(payload, policy, spec)
        except DoubtfulError:
            return
        if all(b is None or plain(b) == plain(v) for b, v in zip(back, verdicts, strict=True)):
            self.store.put(self._key(policy, spec, limits), payload)

    def _key(self, policy: Policy, spec: Spec, limits: Limits) -> bytes:
        return digest(self.program, policy, spec, limits)

    def close(self) -> None:
        """Gives the file back."""
        self.store.close()


def open_cache(directory: str | Path, limit: int = LIMIT) -> VerdictCache:
    """The cache in a directory, which is made if need be; ``limit`` is its size in bytes.

    Raises CacheError if there can be none.
    """
    known = program()
    if known is None:
        raise CacheError("the version of a library that verdicts rest on cannot be told")
    return VerdictCache(Store(Path(directory), limit), known)


@cache
def shared_cache(directory: Path) -> VerdictCache:
    """The cache in a directory, opened once in each process. Raises as ``open_cache`` does."""
    return open_cache(directory)

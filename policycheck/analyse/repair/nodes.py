"""The policies that a search goes through: edited ones, and what makes further ones of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from policycheck.analyse.repair.borrowing import borrowing
from policycheck.analyse.repair.closing import closing
from policycheck.analyse.repair.cost import is_long, weight
from policycheck.analyse.repair.document import Document
from policycheck.analyse.repair.opening import opening
from policycheck.analyse.repair.problem import Candidate, Problem
from policycheck.analyse.repair.rewriting import ImpossibleEditError, applied
from policycheck.analyse.repair.wording import described
from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError


@dataclass(frozen=True)
class Node:
    """An edited policy, and how it came about."""

    document: Document
    edits: tuple[str, ...] = ()
    weight: int = 0
    corrects: bool = True
    long: bool = False

    def edited(self, document: Document, candidate: Candidate) -> Node:
        """The node of the document that the candidate makes of this one."""
        policy = self.document.policy
        return Node(
            document,
            (*self.edits, *(described(one, policy) for one in candidate.edits)),
            self.weight + weight(candidate.edits),
            self.corrects and candidate.corrects,
            self.long or (not candidate.corrects and any(map(is_long, candidate.edits))),
        )


def candidates(problem: Problem) -> Iterator[Candidate]:
    """Edits that may mend the violated assertion."""
    direction = closing(problem) if problem.too_much else opening(problem)
    return chain(direction, borrowing(problem))


def attempted(document: Document, candidate: Candidate) -> Document | None:
    """The document after the edits, or None if they are impossible or the reader refuses them."""
    try:
        for edit in candidate.edits:
            document = applied(edit, document)
    except (ImpossibleEditError, InputError):
        return None
    return document

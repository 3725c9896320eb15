"""Faults in what a proof rests on, each with the tests that fail where it is there.

docs/soundness.md names them: a pillar of a proof is guarded if a fault in it is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

from injection import Defect


@dataclass(frozen=True)
class Fault:
    """A wrong piece of the way from a question to an answer; ``guards`` are ``module:test``."""

    defect: Defect
    guards: tuple[str, ...]


def fault(name: str, module: str, old: str, new: str, *guards: str) -> Fault:
    """A fault in ``policycheck.<module>``: ``old`` is replaced by ``new``."""
    return Fault(Defect(name, module, old, new, ()), guards)


SLOTS = (
    fault(
        "a key has one slot fewer than quantified entries",
        "symbolic.request",
        "needed[entry.key] = needed.get(entry.key, 2) + (entry.quantifier is not None)",
        "needed[entry.key] = needed.get(entry.key, -1) + (entry.quantifier is not None)",
        "test_traps:test_many_statements_may_each_need_a_value_of_their_own",
    ),
    fault(
        "a key with several values has one slot",
        "symbolic.request",
        "count = max(2, self._slots.get(lower, 2))",
        "count = 1",
        "test_traps:test_equal_values_are_several",
    ),
)

TIED = (
    fault(
        "wildcards of two patterns stand for the same text",
        "solve.words",
        "strings.solves(equation, fresh)",
        "strings.solves(equation, count())",
        "test_words:test_wildcards_of_two_patterns_stand_for_different_texts",
    ),
)

BLAMED = (
    fault(
        "the assumptions that Z3 names for a contradiction are believed",
        "solve.words",
        "return core if again.check(*core) == z3.unsat else assumptions",
        "return core",
        "test_words:test_a_contradiction_is_blamed_on_enough",
    ),
)

GLOBS = (
    fault(
        "a product automaton that is too large counts as empty",
        "solve.globs",
        'raise UndecidedError(f"a text needs more than {states} automaton states to decide")',
        "return None",
        "test_globs:test_too_many_states_are_undecided_not_none",
    ),
    fault(
        "only awaited characters are tried",
        "solve.product",
        "        if other is not None:\n            yield other\n",
        "        if other is not None and not candidates:\n            yield other\n",
        "test_globs:test_a_shortest_text_is_found_wherever_there_is_one",
    ),
    fault(
        "a text that has left a glob for good is taken for one in it",
        "solve.product",
        "            if mask == 0:\n                masks[index] = SETTLED\n",
        "            if mask == 0:\n                return None\n",
        "test_globs:test_a_shortest_text_is_found_wherever_there_is_one",
    ),
    fault(
        "a conflict forgets what the text must not match",
        "solve.solver",
        "parts += [atoms.globs[glob] for glob in sorted(found.outside, key=longer_first)]",
        "parts += [atoms.globs[glob] for glob in ()]",
        "test_globs_in_proofs:test_a_text_in_one_glob_and_outside_another",
    ),
    fault(
        "a beginning that goes on from another is apart from it",
        "solve.parting",
        "yield at_most_one(branches[one])",
        "yield at_most_one([*members[one], *branches[one]])",
        "test_parting:test_every_text_is_still_possible",
    ),
    fault(
        "globs part by letters that one of them does not tell apart",
        "solve.parting",
        "str(char).lower() if folds else str(char)",
        "str(char)",
        "test_parting:test_every_text_is_still_possible",
    ),
    fault(
        "what is left out of a choice counts as chosen against",
        "solve.demands",
        "return next(chain(asked, unasked))",
        "return next(chain(unasked, asked))",
        "test_atoms:test_only_the_choices_that_are_asked_for_have_an_atom",
    ),
    fault(
        "of globs abreast only the last one is read",
        "symbolic.automata",
        "initial |= one.initial << offset",
        "initial = one.initial << offset",
        "test_globs:test_globs_abreast_read_as_each_alone",
    ),
    fault(
        "a model's false conjunction needs no reason",
        "solve.relevance",
        "            if key in self.seen or asks(current) == 0:\n",
        "            if key in self.seen or asks(current) < 2:\n",
        "test_relevance:test_what_matters_makes_random_formulas_true_on_its_own",
    ),
    fault(
        "a conflict with literals holds of all texts",
        "solve.solver",
        "    if found.excluding:\n",
        "    if found.excluding and not found.inside:\n",
        "test_globs_in_proofs:test_a_text_that_must_be_one_of_the_literals",
    ),
    fault(
        "a literal is in no glob",
        "solve.solver",
        "yield implies(asked.is_literal, iff(atom, either(matching[glob])))",
        "yield implies(asked.is_literal, negation(atom))",
        "test_globs_in_proofs:test_a_literal_is_in_the_globs_that_match_it",
    ),
)

FACTS = (
    fault(
        "where the endpoint is unknown every request has aws:SourceIp",
        "symbolic.environment",
        "        case None:\n            return true()\n"
        "        case Endpoint.EDGE | Endpoint.REGIONAL:\n            return present\n",
        "        case None:\n            return present\n"
        "        case Endpoint.EDGE | Endpoint.REGIONAL:\n            return present\n",
        "test_admission:test_no_request_that_exists_is_forgotten",
    ),
    fault(
        "callers of public endpoints have no address at all",
        "symbolic.request",
        "not_public() if known.endpoint is Endpoint.PRIVATE else public()",
        "public() if known.endpoint is Endpoint.PRIVATE else not_public()",
        "test_admission:test_no_request_that_exists_is_forgotten",
        "test_traps:test_private_addresses_never_reach_a_public_endpoint",
    ),
    fault(
        "a bound inside a range of addresses counts as its end",
        "symbolic.symbols",
        "min(one.last + 1, wanted) for one in self.ranges",
        "one.last + 1 for one in self.ranges",
        "test_atoms:test_every_address_of_the_ranges_is_possible_and_nothing_else",
    ),
    fault(
        "a bound between two ranges counts as the end of the next",
        "symbolic.symbols",
        "for one in self.ranges if one.first < wanted]",
        "for one in self.ranges if one.first <= wanted]",
        "test_atoms:test_every_address_of_the_ranges_is_possible_and_nothing_else",
    ),
    fault(
        "the keys of organizations come one without the other",
        "symbolic.environment",
        'yield iff(organization.present, keys["aws:principalorgpaths"].present)',
        'yield implies(false(), keys["aws:principalorgpaths"].present)',
        "test_admission:test_requests_put_together_from_two",
    ),
    fault(
        "services are no callers",
        "symbolic.environment",
        "possible = {*_IDENTITIES, CallerKind.SERVICE}",
        "possible = {*_IDENTITIES}",
        "test_admission:test_no_request_that_exists_is_forgotten",
    ),
    fault(
        "a route's path is spelled as in its template, whoever spells it",
        "symbolic.environment",
        "    return either((*(_takes(one, request) for one in routes), spelled_otherwise))\n",
        "    return either(_takes(one, request) for one in routes)\n",
        "test_readings:test_a_violation_under_a_reading_names_it",
    ),
    fault(
        "time ends with the year 1999",
        "symbolic.environment",
        "                yield seconds <= FARTHEST\n",
        "                yield seconds <= 946684799\n",
        "test_admission:test_no_request_that_exists_is_forgotten",
    ),
)

VERDICTS = (
    fault(
        "only the default readings are asked about",
        "solve.proof",
        "        elif self.readings:\n",
        "        elif not self.readings:\n",
        "test_readings:test_a_violation_under_a_reading_names_it",
    ),
    fault(
        "what no request is in the scope of is proved",
        "solve.proof",
        "return decided if switched is None else self._vacuous(switched)",
        "return decided",
        "test_prover:test_vacuous",
    ),
    fault(
        "an answer over the limit is none",
        "solve.solver",
        "raise _undecided(self.engine.reason_unknown(), deadline)",
        "return Unsat(())",
        "test_limits:test_what_z3_does_not_decide_is_unknown",
    ),
    fault(
        "a definition is read whether it is assumed or not",
        "solve.solver",
        "if identity(one.known) not in assumed",
        "if identity(one.known) in assumed",
        "test_globs_in_proofs:test_a_text_in_one_glob_and_outside_another",
    ),
)

PILLARS = (*SLOTS, *TIED, *BLAMED, *GLOBS, *FACTS, *VERDICTS)

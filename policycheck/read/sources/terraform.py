"""Terraform files: policies of ``aws_api_gateway_rest_api`` and ``..._rest_api_policy``."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.document import Node
from policycheck.read.sources import openapi
from policycheck.read.sources.budget import Budget, check_count
from policycheck.read.sources.found import Found, FoundPolicy, RefusedPolicy, at, no_policy
from policycheck.read.sources.hcl_calls import called_with
from policycheck.read.sources.hcl_files import API, Block, Module, read_blocks, read_module
from policycheck.read.sources.hcl_lifecycle import check_lasting, check_made
from policycheck.read.sources.hcl_names import check_names
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.settle import settled
from policycheck.read.sources.terraform_facts import facts
from policycheck.read.sources.terraform_scope import Scope, address
from policycheck.read.sources.terraform_texts import definition, document, is_empty
from policycheck.read.sources.unresolved import References

POLICY = "aws_api_gateway_rest_api_policy"


def find(source: Source, parameters: Parameters) -> Found:
    """The policies of a Terraform file, by the addresses of their resources.

    Variables, locals and policy documents may stand in the files beside it. Raises InputError if
    the file has no policy, or if it declares a name that its module has already.
    """
    blocks = read_blocks(source)
    named = check_names(source, read_module(source, blocks))
    module = replace(named, called_with=cache(partial(called_with, source)))
    wanted = [
        one for one in blocks if one.type == "resource" and one.labels[:1] in {(API,), (POLICY,)}
    ]
    check_count(wanted, Span(source, 0, 1))
    budget = Budget()
    found = tuple(
        each for one in wanted if (each := _found(one, module, budget, parameters)) is not None
    )
    if not found:
        raise no_policy(source, "Terraform file", map(address, wanted))
    return found


def _found(
    block: Block, module: Module, budget: Budget, parameters: Parameters
) -> FoundPolicy | RefusedPolicy | None:
    references = References(budget, leave_open=parameters.leave_open)
    try:
        _check_override(block, module)
        return _policy(Scope(module, references, parameters, block))
    except InputError as error:
        return RefusedPolicy(address(block), error)


def _check_override(block: Block, module: Module) -> None:
    if module.override:
        message = f"{module.override} changes what stands here, and override files are not read"
        advice = "give a plan: terraform show -json"
        raise InputError([Diagnostic("OVERRIDE_FILE", message, block.span, "", advice)])


def _policy(scope: Scope) -> FoundPolicy | None:
    """The policy of the resource; None if it has none. Raises InputError."""
    node = _written(scope)
    if node is None:
        return None
    check_made(scope.block, scope.value)
    policy = settled(document(scope, node), scope.references, scope.deployment)
    symbols = tuple(scope.references.symbols.values())
    return FoundPolicy(address(scope.block), policy, facts(scope), symbols)


def _written(scope: Scope) -> Node | None:
    """The policy as the resource has it, which counts before that of its definition.

    An empty one counts as none (the provider's internal/service/apigateway/rest_api.go).
    """
    node = scope.value(scope.block, "policy")
    if node is not None and not is_empty(node):
        check_lasting(scope.block, "policy")
        return node
    body = scope.value(scope.block, "body")
    if body is None or is_empty(body):
        return None
    found = _in_body(scope, body)
    if found is not None:
        check_lasting(scope.block, "body")
    return found


def _in_body(scope: Scope, body: Node) -> Node | None:
    found = definition(scope, body)
    if found is None:
        message = "the API's definition is not known here, and may hold a resource policy"
        advice = "check the file that it is in"
        raise InputError([Diagnostic("DEFINITION_ELSEWHERE", message, body.span, "", advice)])
    return at(found, openapi.POLICY)

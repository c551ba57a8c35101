"""Reading DMN files: whatever cannot be evaluated here is refused by name, nothing is passed over."""

from __future__ import annotations

import graphlib
from collections.abc import Mapping

from lxml import etree

from workflows.dmn.compiling import Compiler
from workflows.dmn.model import Decision, Formula, Logic, Model
from workflows.dmn.tablereading import read_table
from workflows.dmn.tags import MODELS, children, local_name, text_of
from workflows.errors import DecisionRefused, Problem
from workflows.xml import XmlRefused, read_xml

# What describes, groups or draws a model without changing what it decides.
_DESCRIPTIVE = frozenset(
    {
        "description", "extensionElements", "itemDefinition", "inputData", "elementCollection", "performanceIndicator",
        "organizationUnit", "knowledgeSource", "textAnnotation", "association", "group", "variable", "question",
        "allowedAnswers", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker",
        "decisionOwner", "usingProcess", "usingTask",
    }
)  # fmt: skip

_WHAT_IS_SUPPORTED = "Use a decision table or a FEEL expression."


def read_model(data: bytes, *, name: str) -> Model:
    """Read and compile a decision model (DMN 1.3, 1.4 or 1.5).

    Args:
        name: The file, for people to find it again.

    Raises:
        DecisionRefused: With every problem found.
    """
    try:
        root = read_xml(data)
    except XmlRefused as refusal:
        raise DecisionRefused([Problem(where=name, sentence=refusal.sentence, facts=refusal.facts)]) from refusal
    _ensure_definitions(root, name)
    compiler = Compiler(names=_names_in(root), problems=[])
    decisions: dict[str, Decision] = {}
    for element in _decision_elements(root, compiler):
        decision = _read_decision(element, compiler)
        if decision and decision.id in decisions:
            compiler.report(decision.id, "Two decisions have this id.", "Give one of them another id.")
        elif decision:
            decisions[decision.id] = decision
    order = _order(decisions, compiler)
    if not compiler.problems and not decisions:
        compiler.report(name, "The file holds no decision.")
    if compiler.problems:
        raise DecisionRefused(compiler.problems)
    return Model(name=name, decisions=decisions, order=order)


def _ensure_definitions(root: etree._Element, name: str) -> None:
    space = etree.QName(root).namespace
    if local_name(root) == "definitions" and space in MODELS:
        return
    sentence = "This is not a DMN file, but {tag}."
    if "/DMN/" in (space or ""):
        sentence = "This is a DMN file of a version that is not read here ({space})."
    facts = {"space": space, "tag": local_name(root)}
    raise DecisionRefused([Problem(where=name, sentence=sentence, way_out="Save it as DMN 1.3, 1.4 or 1.5.", facts=facts)])


def _names_in(root: etree._Element) -> frozenset[str]:
    """Collect every name that an expression of this model may use as a variable."""
    found = set()
    for element in [*children(root, "inputData"), *children(root, "decision")]:
        variable = next(iter(children(element, "variable")), None)
        found |= {element.get("name", ""), variable.get("name", "") if variable is not None else ""}
    return frozenset(found - {""})


def _decision_elements(root: etree._Element, compiler: Compiler) -> list[etree._Element]:
    for element in root:
        tag = local_name(element)
        if etree.QName(element).namespace in MODELS and tag != "decision" and tag not in _DESCRIPTIVE:
            where = element.get("id", tag)
            compiler.report(where, "{tag} is not supported in decision models.", _WHAT_IS_SUPPORTED, tag=tag)
    compiler.check_language(root, "definitions")
    return children(root, "decision")


def _read_decision(element: etree._Element, compiler: Compiler) -> Decision | None:
    identity = element.get("id", "")
    if not identity:
        compiler.report(element.get("name", "decision"), "A decision has no id.", "Give it one, such as D1.4.")
        return None
    name = element.get("name") or identity
    logics = []
    for child in element:
        tag = local_name(child)
        if etree.QName(child).namespace in MODELS and tag != "informationRequirement" and tag not in _DESCRIPTIVE:
            logics.append(child)
    if len(logics) != 1:
        compiler.report(identity, "A decision needs exactly one decision table or FEEL expression.")
        return None
    variable = next((each.get("name", "") for each in children(element, "variable")), "") or name
    logic, reads, outputs = _read_logic(logics[0], identity, variable, compiler)
    requires = _requirements(element, identity, compiler)
    if logic is None:
        return None
    return Decision(id=identity, name=name, variable=variable, requires=requires, reads=reads, outputs=outputs, logic=logic)


def _read_logic(
    element: etree._Element, decision: str, variable: str, compiler: Compiler
) -> tuple[Logic | None, tuple[str, ...], tuple[str, ...]]:
    tag = local_name(element)
    if tag == "decisionTable":
        table = read_table(element, decision, variable, compiler)
        return table, tuple(each.text for each in table.inputs) if table else (), table.outputs if table else ()
    if tag == "literalExpression":
        compiler.check_language(element, decision)
        expression = compiler.expression(text_of(element), decision)
        return (Formula(expression=expression), tuple(sorted(expression.names)), ()) if expression else (None, (), ())
    compiler.report(decision, "{tag} is not supported as the logic of a decision.", _WHAT_IS_SUPPORTED, tag=tag)
    return None, (), ()


def _requirements(element: etree._Element, decision: str, compiler: Compiler) -> tuple[str, ...]:
    found = []
    for requirement in children(element, "informationRequirement"):
        for required in children(requirement, "requiredDecision"):
            href = required.get("href", "")
            if href.startswith("#"):
                found.append(href[1:])
            else:
                sentence = "The requirement {href} points outside this file."
                compiler.report(decision, sentence, "Move both decisions into one file.", href=href)
    return tuple(dict.fromkeys(found))


def _order(decisions: Mapping[str, Decision], compiler: Compiler) -> tuple[str, ...]:
    for decision in decisions.values():
        for missing in (each for each in decision.requires if each not in decisions):
            compiler.report(decision.id, "It requires the decision {missing}, which is not in this file.", missing=missing)
    graph = {each.id: [required for required in each.requires if required in decisions] for each in decisions.values()}
    try:
        return tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = list(reversed(error.args[1]))
        compiler.report(circle[0], "These decisions require each other in a circle: {circle}.", circle=" → ".join(circle))
        return ()

"""Models written as short XML."""

from __future__ import annotations

import pytest

from workflows import dmn

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def text(source):
    return source.replace("&", "&amp;").replace("<", "&lt;")


def literal(source, attributes=""):
    return f"<literalExpression {attributes}><text>{text(source)}</text></literalExpression>"


def decision(name, logic, needs="", kind=""):
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def needs(*, decisions=(), inputs=(), knowledge=()):
    arrows = [f'<informationRequirement><requiredDecision href="{key}"/></informationRequirement>' for key in decisions]
    arrows += [f'<informationRequirement><requiredInput href="{key}"/></informationRequirement>' for key in inputs]
    arrows += [f'<knowledgeRequirement><requiredKnowledge href="{key}"/></knowledgeRequirement>' for key in knowledge]
    return "".join(arrows)


def knowledge(name, parameters, logic, requires="", kind=""):
    formal = "".join(f'<formalParameter name="{each}" typeRef="{typed}"/>' for each, typed in parameters.items())
    typed = f' typeRef="{kind}"' if kind else ""
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{typed}/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requires}</businessKnowledgeModel>"
    )


def model(inside, space="urn:m", name="m"):
    return f'<definitions xmlns="{SPACE}" id="{name}" name="{name}" namespace="{space}">{inside}</definitions>'.encode()


@pytest.fixture
def read():
    def reader(*inside, lenient=False):
        return dmn.read_model(model("".join(inside)), name="m.dmn", lenient=lenient)

    return reader

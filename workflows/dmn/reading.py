"""Reading DMN files: whatever cannot be evaluated here is refused by name, nothing is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from workflows.dmn.compiling import Compiler
from workflows.dmn.elements import ElementReader, Sources
from workflows.dmn.graph import Graph
from workflows.dmn.itemtypes import TypeBook
from workflows.dmn.linking import link
from workflows.dmn.model import Model
from workflows.dmn.names import names_in
from workflows.dmn.tags import MODELS, children, is_dmn, local_name
from workflows.errors import DecisionRefused, Problem
from workflows.xml import XmlRefused, read_xml

# What describes, groups or draws a model without changing what it decides.
_DESCRIPTIVE = frozenset(
    {
        "description", "extensionElements", "elementCollection", "performanceIndicator", "organizationUnit", "knowledgeSource",
        "textAnnotation", "association", "group", "businessContextElement",
    }
)  # fmt: skip
_READ = frozenset({"itemDefinition", "inputData", "decision", "businessKnowledgeModel", "decisionService", "import"})


def read_model(data: bytes, *, name: str, lenient: bool = False) -> Model:
    """Read and compile a decision model (DMN 1.2 to 1.6) that stands alone.

    Args:
        name: The file, for people to find it again.
        lenient: As for `read_models`.

    Raises:
        DecisionRefused: With every problem found.
    """
    return read_models({name: data}, lenient=lenient)[name]


def read_models(files: Mapping[str, bytes], *, lenient: bool = False) -> dict[str, Model]:
    """Read decision models that may import each other; return them by file name.

    Args:
        files: The files' contents by their names.
        lenient: Take models as they are: where the standard has null for what is wrong, so has the model; its problems are kept
            with it. What is no DMN at all is refused all the same.

    Raises:
        DecisionRefused: With every problem found.
    """
    roots = {name: _read_root(data, name) for name, data in files.items()}
    problems: dict[str, list[Problem]] = {name: [] for name in files}
    sources = _sources(roots, problems)
    readers = {name: ElementReader(sources=sources, name=name, root=root) for name, root in roots.items()}
    for reader in readers.values():
        _check_elements(reader.root, reader.name, reader.compiler)
        reader.read()
    graph = link(list(readers.values()))
    if not lenient:
        _refuse(readers, problems)
    return {name: _model(reader, graph, problems[name]) for name, reader in readers.items()}


def _read_root(data: bytes, name: str) -> etree._Element:
    try:
        root = read_xml(data)
    except XmlRefused as refusal:
        raise DecisionRefused([Problem(where=name, sentence=refusal.sentence, facts=refusal.facts)]) from refusal
    space = etree.QName(root).namespace
    if local_name(root) == "definitions" and space in MODELS:
        return root
    sentence = "This is not a DMN file, but {tag}."
    if "/DMN/" in (space or ""):
        sentence = "This is a DMN file of a version that is not read here ({space})."
    facts = {"space": space, "tag": local_name(root)}
    raise DecisionRefused([Problem(where=name, sentence=sentence, way_out="Save it as DMN 1.3, 1.4 or 1.5.", facts=facts)])


def _sources(roots: Mapping[str, etree._Element], problems: Mapping[str, list[Problem]]) -> Sources:
    """Make each file's compiler and types, and connect what imports what."""
    names = frozenset[str]().union(*map(names_in, roots.values()))
    compilers = {name: Compiler(names=names, problems=problems[name]) for name in roots}
    books = {name: TypeBook(root=root, compiler=compilers[name]) for name, root in roots.items()}
    files = {root.get("namespace", ""): name for name, root in roots.items()}
    sources = Sources(compilers=compilers, books=books, files=files)
    for name, root in roots.items():
        imports = {each.get("name", ""): each.get("namespace", "") for each in children(root, "import") if _is_model(each)}
        for alias, space in imports.items():
            if space not in files:
                sentence = "It imports {space}, which is not among these files."
                compilers[name].report(alias or "import", sentence, "Read both together.", space=space)
        books[name].imported = {alias: books[files[space]] for alias, space in imports.items() if space in files}
        books[name].prefixes = {prefix or "": books[files[space]] for prefix, space in root.nsmap.items() if space in files}
        sources.imports[name] = {space: alias for alias, space in imports.items()}
    for name, book in books.items():
        compilers[name].types.update(book.named())
    return sources


def _is_model(element: etree._Element) -> bool:
    """Whether an import is of another decision model, and not of some other kind of file."""
    return element.get("importType", "") in MODELS or not element.get("importType")


def _check_elements(root: etree._Element, name: str, compiler: Compiler) -> None:
    for element in root:
        tag = local_name(element)
        if is_dmn(element) and tag not in _READ | _DESCRIPTIVE and tag not in {"artifact", "drgElement"}:
            where = element.get("id", tag)
            compiler.report(where, "{tag} is not supported in decision models.", "Remove it.", tag=tag)
        elif tag == "import" and not _is_model(element):
            kind = element.get("importType", "")
            compiler.report(element.get("name", tag), "An import of {kind} is not read.", "Import DMN only.", kind=kind)
    compiler.check_language(root, name)


def _refuse(readers: Mapping[str, ElementReader], problems: Mapping[str, list[Problem]]) -> None:
    found = [problem if len(readers) == 1 else _placed(name, problem) for name, each in problems.items() for problem in each]
    for name, reader in readers.items():
        if not found and not reader.decisions and len(readers) == 1:
            found.append(Problem(where=name, sentence="The file holds no decision."))
    if found:
        raise DecisionRefused(found)


def _placed(name: str, problem: Problem) -> Problem:
    """Say in which of several files a problem is."""
    return problem if problem.where.startswith(name) else replace(problem, where=f"{name}: {problem.where}".removesuffix(": "))


def _model(reader: ElementReader, graph: Graph, problems: list[Problem]) -> Model:
    keys = {decision.key: decision.id for decision in reader.decisions.values()}
    return Model(
        name=reader.name,
        namespace=reader.namespace,
        decisions=dict(reader.decisions),
        order=tuple(keys[key] for key in graph.order if key in keys),
        services={service.name: service for service in reader.services.values()},
        graph=graph,
        problems=tuple(problems),
    )

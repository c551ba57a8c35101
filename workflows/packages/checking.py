"""Whether the parts of a process folder fit together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from workflows.diagrams import Diagram, check_diagram
from workflows.dmn import analyse_table
from workflows.errors import Problem
from workflows.packages.asking import check_asking
from workflows.packages.findings import Findings
from workflows.packages.manifest import FILE as MANIFEST
from workflows.packages.messages import LANGUAGES
from workflows.packages.package import Package
from workflows.packages.proving import prove_package
from workflows.packages.reaction_checks import check_reactions
from workflows.packages.silence_checks import check_silence
from workflows.packages.task_checks import check_tasks
from workflows.packages.variable_checks import check_variables
from workflows.packages.wording import WRITTEN, differing_facts, wordings

REQUIRED_LANGUAGES = LANGUAGES
# How an operation's input names a notification text: as it is, or as a FEEL text.
_MESSAGE_CODE = re.compile(r'(?:=\s*")?(N-[A-Z]+-[0-9]+)"?')
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_NAMED = re.compile(r'\bname="([^"]+)"')
_EXAMPLES = 5


def check_package(
    package: Package,
    *,
    operations: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    processes: Collection[str] = (),
) -> list[Problem]:
    """Name everything that keeps a process from being published, and what is advice only.

    Args:
        operations: Names of the catalogue's operations (a mapping by name will do); None does not check them.
        roles: Codes of roles; None does not check them.
        processes: Ids of BPMN processes in other folders that this one may call.
    """
    findings = Findings(problems=[])
    _check_manifest(package, roles, findings)
    _check_processes(package, findings)
    check_asking(package, roles, findings)
    check_reactions(package, operations, findings)
    known = {process for diagram in package.diagrams.values() for process in diagram.processes} | set(processes)
    tasks = {each.id for diagram in package.diagrams.values() for each in diagram.elements.values() if each.kind == "userTask"}
    for file, diagram in package.diagrams.items():
        problems = check_diagram(
            diagram,
            operations=operations,
            roles=roles,
            decisions=package.decisions.keys(),
            forms=package.forms.keys(),
            processes=known,
            tasks=tasks,
        )
        findings.take_over(file, problems)
        _check_codes(file, diagram, package, findings)
    _check_soundness(package, findings)
    check_silence(package, findings)
    check_tasks(package, findings)
    check_variables(package, findings)
    _check_tables(package, findings)
    _check_messages(package, findings)
    _check_texts(package, findings)
    _check_scenarios(package, findings)
    return findings.problems


def _check_manifest(package: Package, roles: Collection[str] | None, findings: Findings) -> None:
    manifest = package.manifest
    if roles is not None:
        for role in sorted({manifest.owner_role, *manifest.start_roles} - set(roles)):
            findings.report(MANIFEST, "There is no role {role}.", role=role)
    if manifest.start_form is not None and manifest.start_form not in package.forms:
        findings.report(MANIFEST, "There is no form {form} to start with.", form=manifest.start_form)
    if manifest.content_form is not None and manifest.content_form not in package.forms:
        findings.report(MANIFEST, "There is no form {form} to show.", form=manifest.content_form)


def _check_processes(package: Package, findings: Findings) -> None:
    """The main process is there and can run; an id stands for one process."""
    places: dict[str, str] = {}
    for file, diagram in package.diagrams.items():
        for process in diagram.processes:
            if process in places:
                findings.report(file, "The process {id} stands in {other} too.", id=process, other=places[process])
            places[process] = file
    main = package.manifest.main
    if main not in places:
        findings.report(MANIFEST, "No diagram holds the main process {main}.", main=main)
    elif not package.diagrams[places[main]].processes[main].executable:
        findings.report(places[main], "The main process {main} is not marked as executable.", main=main)
    called = {each.called_process for diagram in package.diagrams.values() for each in diagram.elements.values()} - {None}
    if any(str(name).startswith("=") for name in called):
        return  # which process is called is known only when a case gets there
    for process in sorted(places.keys() - called - {main}):
        if package.diagrams[places[process]].processes[process].executable:
            findings.report(
                f"{places[process]}: {process}",
                "The process {id} is marked as executable, but nothing calls it.",
                "Call it by a call activity, or take the mark away if it is drawn for readers only.",
                id=process,
            )


def _check_tables(package: Package, findings: Findings) -> None:
    """What a table leaves open, says twice, or asks for although nothing in the folder speaks of it."""
    spoken = frozenset(_spoken(package))
    elements = (each for diagram in package.diagrams.values() for each in diagram.elements.values())
    asked = {each.called_decision[0] for each in elements if each.called_decision}
    for name, model in package.decisions.items():
        # What only an operation asks gets its values from there, under names that no diagram knows.
        findings.take_over(model.name, analyse_table(model.decisions[name], known=spoken if name in asked else None))


def _spoken(package: Package) -> Iterator[str]:
    """Yield every name that diagrams and forms speak of, and those that models give to their parts.

    What an operation answers is known by its use alone, so this is as far as a folder can be held to its names.
    """
    for path, content in package.files.items():
        text = content.decode("utf-8", errors="replace")
        if path.endswith((".bpmn", ".form")):
            yield from _IDENTIFIER.findall(text)
        elif path.endswith(".dmn"):
            yield from _NAMED.findall(text)


def _check_codes(file: str, diagram: Diagram, package: Package, findings: Findings) -> None:
    for element in diagram.elements.values():
        for source, _ in element.inputs:
            found = _MESSAGE_CODE.fullmatch(source.strip())
            if found and found.group(1) not in package.messages:
                place = f"{file}: {element.id}"
                findings.report(place, "There is no notification text {code}.", "Write messages/{code}.md.", code=found.group(1))


def _check_soundness(package: Package, findings: Findings) -> None:
    """Every case must be able to come to its end, whatever people do and whatever the data says."""
    files = {key: file for file, diagram in package.diagrams.items() for key in (*diagram.elements, *diagram.processes)}
    told: set[tuple[str, str]] = set()
    for key, soundness in prove_package(package).items():
        new = [each for each in soundness.findings if (each.kind, each.where) not in told]
        told.update((each.kind, each.where) for each in new)
        own = package.diagrams[files[key]]
        for each in new:
            # What is wrong in a called process stands in the file of that process.
            is_own = each.where in own.elements or each.where in own.processes
            findings.take_over(files[key] if is_own else files.get(each.where, files[key]), [each])


def _check_messages(package: Package, findings: Findings) -> None:
    for code, message in package.messages.items():
        file = f"messages/{code}.md"
        missing = [language for language in REQUIRED_LANGUAGES if language not in message.texts]
        if missing:
            findings.report(file, "The text is missing in: {languages}.", languages=", ".join(missing))
        for language in message.texts:
            if differing := message.mentioned(language) ^ message.mentioned(WRITTEN) if WRITTEN in message.texts else None:
                findings.report(
                    file,
                    "The texts in {written} and {language} do not mention the same: {some}.",
                    "A person should be told the same in every language.",
                    written=WRITTEN,
                    language=language,
                    some=", ".join(sorted(differing)),
                )
        if message.kind is None:
            findings.advise(
                file,
                "The file does not say of what kind the notice is, so people cannot choose how they are told.",
                "Write kind: task, reminder, request, decision or substitution above the first language.",
            )


def _check_texts(package: Package, findings: Findings) -> None:
    """A language that a folder speaks, it speaks completely; English is the language that names are written in."""
    unspoken = [language for language in REQUIRED_LANGUAGES if language != WRITTEN and language not in package.texts]
    if unspoken:
        findings.advise(
            "i18n",
            "The process has no texts in: {languages}. Whoever reads these languages reads its steps and forms in English.",
            "Write i18n/{first}.toml.",
            languages=", ".join(unspoken),
            first=unspoken[0],
        )
    required = [each for each in wordings(package) if each.is_required]
    for language in sorted(package.texts.keys() - {WRITTEN}):
        for table in dict.fromkeys(each.table for each in required):
            spoken = package.texts[language].get(table, {})
            wanted = (each.names for each in required if each.table == table)
            missing = [names[0] for names in wanted if not any(name in spoken for name in names)]
            if missing:
                findings.report(
                    f"i18n/{language}.toml",
                    "[{table}] lacks {count} texts: {some}.",
                    table=table,
                    count=len(missing),
                    some=", ".join(missing[:_EXAMPLES]) + (", …" if len(missing) > _EXAMPLES else ""),
                )
        for text in differing_facts(package, language):
            findings.report(f"i18n/{language}.toml", "“{text}” has other facts in its braces than in English.", text=text)


def _check_scenarios(package: Package, findings: Findings) -> None:
    for name, mapping in package.scenarios.items():
        process = mapping.get("process")
        if process != package.key:
            findings.report(f"scenarios/{name}", "The scenario is about another process: {process}.", process=process)

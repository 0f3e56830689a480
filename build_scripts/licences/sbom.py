"""The list of a program's parts in the CycloneDX format, for those who look after a hospital's software."""

from __future__ import annotations

from collections.abc import Sequence

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from licences.parts import Part
from packageurl import PackageURL


def sbom_json(version: str, edition: str, parts: Sequence[Part]) -> str:
    """The list as JSON, CycloneDX 1.6. The program is the list's subject; it depends on every part."""
    licences = LicenseFactory()
    program = Component(
        name=f"Bloodsmear {edition}",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="bloodsmear",
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    bom = Bom()
    bom.metadata.component = program
    components = [_component(part, licences) for part in parts]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(program, components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1) + "\n"


def _component(part: Part, licences: LicenseFactory) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{part.name}@{part.version}",
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        licenses=[licences.make_from_string(part.licence)],
        components=[
            Component(name=name, type=ComponentType.LIBRARY, bom_ref=f"{part.name}@{part.version}/{name}")
            for name in part.contains
        ],
    )

"""winget and Chocolatey are told of a release what its SHA256SUMS and the installer's script say, and nothing else."""

import re
from pathlib import Path
from typing import Annotated, Literal
from xml.etree import ElementTree

import pytest
from installers.manifests import OLDEST_WINDOWS, PUBLISHER, ManifestError, main, setups_in, write_manifests
from installers.windows import SCRIPT
from msgspec import Meta, Struct, field, yaml

SHA256 = "ab" * 32
SUMS = (
    f"{'cd' * 32}  Bloodsmear-1.2.0-review-linux-x86_64.tar.xz\n"
    f"{SHA256}  Bloodsmear-1.2.0-review-windows-x86_64-setup.exe\n"
    f"{'ef' * 32}  Bloodsmear-1.2.0-full-windows-x86_64-setup.exe\n"
    f"{'01' * 32}  Bloodsmear-1.2.0-full-windows-x86_64-for-trying-setup.exe\n"
)
PLACE = "https://files.example.org/bloodsmear/"
Word = Annotated[str, Meta(min_length=3, max_length=256)]
# A path's part, and what an identifier is made of.
Named = Annotated[str, Meta(pattern=r"^[^\\/:*?\"<>|\x01-\x1f]+$", max_length=128)]
Identifier = Annotated[
    str, Meta(pattern=r"^[^.\s\\/:*?\"<>|]{1,32}(\.[^.\s\\/:*?\"<>|]{1,32}){1,7}$", max_length=128)
]


class Manifest(Struct, tag_field="ManifestType", forbid_unknown_fields=True, rename="pascal"):
    """What winget's published schema 1.6.0 says of each key that we write, and no key that it doesn't have."""

    package_identifier: Identifier
    package_version: Named
    manifest_version: Literal["1.6.0"]


class VersionFile(Manifest, tag="version"):
    default_locale: Literal["en-US"]


class LocaleFile(Manifest, tag="defaultLocale"):
    package_locale: Literal["en-US"]
    publisher: Word
    package_name: Word
    license: Word
    short_description: Word


class ReturnCode(Struct, forbid_unknown_fields=True, rename="pascal"):
    installer_return_code: Annotated[int, Meta(ge=1)]
    return_response: Literal[
        "packageInUse",
        "contactSupport",
        "cancelledByUser",
        "blockedByPolicy",
        "systemNotSupported",
        "diskFull",
    ]


class Listed(Struct, forbid_unknown_fields=True, rename="pascal"):
    display_name: Word
    publisher: Word
    product_code: Word


class Switches(Struct, forbid_unknown_fields=True, rename="pascal"):
    custom: Word


class Installer(Struct, forbid_unknown_fields=True, rename="pascal"):
    architecture: Literal["x64"]
    installer_url: Annotated[str, Meta(pattern="^https://.+$", max_length=2048)]
    installer_sha256: Annotated[str, Meta(pattern="^[A-F0-9]{64}$")]
    scope: Literal["user", "machine"]
    installer_switches: Switches | None = None
    elevation_requirement: Literal["elevationRequired"] | None = None


class InstallerFile(Manifest, tag="installer"):
    platform: list[Literal["Windows.Desktop"]]
    minimum_o_s_version: Annotated[str, Meta(pattern=r"^\d{1,5}(\.\d{1,5}){0,3}$")] = field(
        name="MinimumOSVersion"
    )
    installer_type: Literal["nullsoft"]
    install_modes: list[Literal["interactive", "silent"]]
    upgrade_behavior: Literal["install"]
    file_extensions: list[Named]
    expected_return_codes: list[ReturnCode]
    apps_and_features_entries: list[Listed]
    installers: list[Installer]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "SHA256SUMS").write_text(SUMS)
    write_manifests(tmp_path, PLACE)
    return tmp_path


def test_each_edition_for_windows_has_manifests_and_what_is_for_trying_has_none(release: Path) -> None:
    for manager in ("winget", "chocolatey"):
        assert sorted(path.name for path in (release / manager).iterdir()) == ["full", "review"]
    assert "for-trying" not in "".join(
        path.read_text() for path in release.rglob("*") if path.is_file() and path.name != "SHA256SUMS"
    )


def test_wingets_files_hold_to_its_schema_and_name_the_same_release(release: Path) -> None:
    files = [
        yaml.decode(path.read_bytes(), type=VersionFile | LocaleFile | InstallerFile)
        for path in (release / "winget" / "review").iterdir()
    ]
    assert {type(one) for one in files} == {VersionFile, LocaleFile, InstallerFile}
    assert {(one.package_identifier, one.package_version) for one in files} == {
        ("Bloodsmear.Review", "1.2.0")
    }


def test_winget_gets_the_sha256_of_the_file_and_says_all_users_only_as_administrator(release: Path) -> None:
    text = (release / "winget" / "review" / "Bloodsmear.Review.installer.yaml").read_text()
    told = yaml.decode(text)
    assert {one["InstallerSha256"] for one in told["Installers"]} == {SHA256.upper()}
    assert {one["InstallerUrl"] for one in told["Installers"]} == {
        "https://files.example.org/bloodsmear/Bloodsmear-1.2.0-review-windows-x86_64-setup.exe"
    }
    user, machine = told["Installers"]
    assert (user["Scope"], machine["Scope"]) == ("user", "machine")
    assert "InstallerSwitches" not in user
    assert machine["InstallerSwitches"]["Custom"] == "/AllUsers"
    assert machine["ElevationRequirement"] == "elevationRequired"


def test_what_winget_expects_is_what_the_installer_does(release: Path) -> None:
    """Its exit codes, the oldest Windows, and the names in the list of programs are those of bloodsmear.nsi."""
    script = SCRIPT.read_text(encoding="utf-8")
    told = yaml.decode((release / "winget" / "full" / "Bloodsmear.Full.installer.yaml").read_text())
    given_up = {int(code) for code in re.findall(r"insertmacro GiveUp (\d)", script)}
    assert {one["InstallerReturnCode"] for one in told["ExpectedReturnCodes"]} == given_up
    assert f"!define OLDEST_BUILD {OLDEST_WINDOWS.split('.')[2]}" in script
    assert f'"Publisher" "{PUBLISHER}"' in script
    assert '"DisplayName" "${NAME} (${EDITION})"' in script
    (entry,) = told["AppsAndFeaturesEntries"]
    assert (entry["DisplayName"], entry["ProductCode"]) == ("Bloodsmear (Full)", "Bloodsmear")


def test_chocolateys_package_is_well_formed_and_fetches_the_same_file(release: Path) -> None:
    folder = release / "chocolatey" / "full"
    package = ElementTree.parse(folder / "bloodsmear-full.nuspec").getroot()
    said = {one.tag.rpartition("}")[2]: one.text for one in package.iter()}
    assert (said["id"], said["version"]) == ("bloodsmear-full", "1.2.0")
    assert {"authors", "description", "title"} <= said.keys()
    install = (folder / "tools" / "chocolateyinstall.ps1").read_text()
    assert f"checksum64     = '{'ef' * 32}'" in install
    assert "url64bit       = 'https://files.example.org/bloodsmear/Bloodsmear-1.2.0-full-windows" in install
    assert "'/S /AllUsers'" in install
    uninstall = (folder / "tools" / "chocolateyuninstall.ps1").read_text()
    assert "-SoftwareName 'Bloodsmear (Full)'" in uninstall
    for text in (install, uninstall):
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize("place", ["http://example.org", "https://a b", "https://a'; calc", "files"])
def test_a_place_that_is_not_a_safe_address_is_refused(place: str) -> None:
    with pytest.raises(ManifestError, match="not an address that winget takes"):
        setups_in(SUMS, place)


def test_a_release_without_windows_and_one_without_its_sums_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), PLACE]) == 1
    assert "SHA256SUMS" in capsys.readouterr().err
    (tmp_path / "SHA256SUMS").write_text(SUMS.splitlines()[0])
    assert main([str(tmp_path), PLACE]) == 1
    assert "SHA256SUMS names no Setup.exe for Windows" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2

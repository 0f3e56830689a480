"""What macOS is told of the app, and in which order it is signed."""

import plistlib
import sys
from pathlib import Path

import pytest
from installers.macos import (
    ENTITLEMENTS,
    IDENTITY_VARIABLE,
    PROFILE_VARIABLE,
    MacBundle,
    info_plist,
    make_app,
    make_dmg,
    sign_words,
    signing_order,
)
from installers.windows import InstallerError


def test_the_app_says_its_version_and_the_oldest_system() -> None:
    said = info_plist("1.2.0")
    assert said["CFBundleShortVersionString"] == "1.2.0"
    assert said["CFBundleVersion"] == "1.2.0"
    assert said["LSMinimumSystemVersion"] == "13.0"
    assert said["LSArchitecturePriority"] == ["arm64"]
    assert plistlib.loads(plistlib.dumps(said)) == said


def test_the_app_opens_folders_and_owns_its_studies() -> None:
    said = info_plist("1.2.0")
    (declared,) = said["UTExportedTypeDeclarations"]
    ranks = {
        opened["LSItemContentTypes"][0]: opened["LSHandlerRank"] for opened in said["CFBundleDocumentTypes"]
    }
    assert ranks == {"public.folder": "Alternate", declared["UTTypeIdentifier"]: "Owner"}


def test_the_frozen_folder_becomes_an_app(tmp_path: Path) -> None:
    folder, icon = tmp_path / "frozen", tmp_path / "bloodsmear.icns"
    (folder / "_internal").mkdir(parents=True)
    (folder / "Bloodsmear").write_text("program")
    icon.write_bytes(b"icns")
    app = make_app(MacBundle(folder, icon, tmp_path, tmp_path / "b.dmg", "1.2.0"))
    assert (app / "Contents" / "MacOS" / "Bloodsmear").read_text() == "program"
    assert (app / "Contents" / "Resources" / "bloodsmear.icns").is_file()
    assert (
        plistlib.loads((app / "Contents" / "Info.plist").read_bytes())["CFBundleExecutable"] == "Bloodsmear"
    )


def test_what_lies_inside_is_signed_before_what_holds_it() -> None:
    app = Path("Bloodsmear.app")
    programs = app / "Contents" / "MacOS"
    deep, shallow = programs / "_internal" / "a" / "x.so", programs / "_internal" / "y.dylib"
    main, converter, text = (
        programs / "Bloodsmear",
        programs / "bloodsmear-convert",
        programs / "_internal" / "z.txt",
    )
    order = signing_order([main, shallow, text, converter, deep], app)
    assert order == [deep, shallow, converter, main, app]


def test_signing_asks_for_the_hardened_runtime_with_the_entitlements() -> None:
    words = sign_words(Path("x.so"), "Developer ID", Path("entitlements.plist"))
    assert words[words.index("--options") + 1] == "runtime"
    assert words[words.index("--entitlements") + 1] == "entitlements.plist"
    assert "com.apple.security.cs.disable-library-validation" in ENTITLEMENTS


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for Apple's tools are shell scripts")
def test_an_app_is_signed_from_the_inside_out_checked_packed_and_notarised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = make_dmg_with_fakes(
        tmp_path, monkeypatch, {IDENTITY_VARIABLE: "Developer ID", PROFILE_VARIABLE: "lab"}
    )
    signed = [Path(one[-1]).name for one in said if one[:2] == ["codesign", "--force"]]
    assert signed == ["deep.so", "high.dylib", "bloodsmear-cli", "Bloodsmear", "Bloodsmear.app"]
    assert [one[:2] for one in said if one[:2] != ["codesign", "--force"]] == [
        ["codesign", "--verify"],
        ["hdiutil", "create"],
        ["xcrun", "notarytool"],
        ["xcrun", "stapler"],
    ]
    # Each with the entitlements that the hardened runtime needs, which lie outside of the app.
    for words in said:
        if words[:2] == ["codesign", "--force"]:
            entitlements = Path(words[words.index("--entitlements") + 1])
            assert plistlib.loads(entitlements.read_bytes()) == ENTITLEMENTS
            assert "Bloodsmear.app" not in entitlements.parts
            assert "--timestamp" in words
    packed = next(one for one in said if one[0] == "hdiutil")
    assert packed[packed.index("-srcfolder") + 1].endswith("Bloodsmear.app")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for Apple's tools are shell scripts")
def test_without_credentials_nothing_is_signed_and_the_disk_image_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one[0] for one in make_dmg_with_fakes(tmp_path, monkeypatch, {})] == ["hdiutil"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for Apple's tools are shell scripts")
def test_a_signature_that_apple_refuses_makes_no_disk_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InstallerError, match="codesign failed"):
        make_dmg_with_fakes(tmp_path, monkeypatch, {IDENTITY_VARIABLE: "expired"}, refusing="codesign")
    assert "hdiutil" not in (tmp_path / "said").read_text()


def make_dmg_with_fakes(
    place: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], refusing: str = ""
) -> list[list[str]]:
    """Make a disk image of a small folder; what Apple's tools, which stand-ins are, were told, in order."""
    folder, tools, said = place / "frozen", place / "tools", place / "said"
    (folder / "_internal" / "a").mkdir(parents=True)
    for name in (
        "Bloodsmear",
        "bloodsmear-cli",
        "_internal/high.dylib",
        "_internal/a/deep.so",
        "_internal/a.txt",
    ):
        (folder / name).write_text("code")
    # Qt's libraries have links to them under shorter names: a link is not signed.
    (folder / "_internal" / "link.so").symlink_to("a/deep.so")
    (place / "bloodsmear.icns").write_bytes(b"icns")
    tools.mkdir()
    for name in ("codesign", "hdiutil", "xcrun"):
        tool = tools / name
        code = 1 if name == refusing else 0
        tool.write_text(
            f'#!/bin/sh\nprintf "%s\\037" {name} "$@" >> "{said}"; echo >> "{said}"; exit {code}\n'
        )
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    bundle = MacBundle(folder, place / "bloodsmear.icns", place / "work", place / "b.dmg", "1.2.0")
    bundle.work.mkdir()
    make_dmg(bundle, environment)
    return [line.split("\037")[:-1] for line in said.read_text().splitlines()]

"""What macOS is told of the app, and in which order it is signed."""

import plistlib
from pathlib import Path

from installers.macos import ENTITLEMENTS, MacBundle, info_plist, make_app, sign_words, signing_order


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

"""Small text files that every system wants of a program."""

from __future__ import annotations

SUMMARY = "Offline reading and screening of blood smear images, for research use only"
IDENTIFIER = "org.bloodsmear.Bloodsmear"
STUDY_TYPE = "application/x-bloodsmear-study"
STUDY_ENDING = "bloodsmear"


def desktop_entry(program: str) -> str:
    """The entry of a Linux desktop's menu; a study that is double-clicked, or what is dropped on it, is opened.

    It claims no folders: a program that does becomes the file manager of some desktops.
    """
    return "\n".join(
        [
            "[Desktop Entry]",
            "Type=Application",
            "Name=Bloodsmear",
            f"Comment={SUMMARY}",
            f"Exec={program} %f",
            "Icon=bloodsmear",
            "Terminal=false",
            f"MimeType={STUDY_TYPE};",
            "Categories=Science;MedicalSoftware;",
            "StartupWMClass=Bloodsmear",
            "Actions=",
            "",
        ]
    )


def study_type() -> str:
    """The file type of studies, as shared-mime-info reads it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n'
        f'  <mime-type type="{STUDY_TYPE}">\n'
        "    <comment>Bloodsmear study</comment>\n"
        f'    <glob pattern="*.{STUDY_ENDING}"/>\n'
        "  </mime-type>\n"
        "</mime-info>\n"
    )

"""What does not go into the installed folder: modules that an import would drag along, and files of libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

from freeze.editions import Program

# Destination, source and kind, as PyInstaller's tables have them; the kinds that load libraries.
Entry = tuple[str, str, str]
_LOADS = ("BINARY", "EXTENSION")

# Never used by any program of ours. The second row would bring the GPL (GNU readline, GNU dbm) or a second tool kit.
_NEVER = (
    (
        "IPython",
        "PyInstaller",
        "_pytest",
        "astropy",
        "cupy",
        "hypothesis",
        "mypy",
        "pandas",
        "pip",
        "pytest",
    ),
    ("_curses", "_dbm", "_gdbm", "_tkinter", "curses", "dbm.gnu", "dbm.ndbm", "readline", "tkinter"),
    ("jax", "jaxlib", "tf_keras", "tflite_runtime", "torch", "torchvision"),
    (
        "openvino.frontend.jax",
        "openvino.frontend.onnx",
        "openvino.frontend.paddle",
        "openvino.frontend.pytorch",
    ),
    ("openvino.frontend.tensorflow", "openvino.tools", "openvino.torch", "openvino_telemetry"),
    ("PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick"),
    # Of Pillow no text is drawn; of rich neither its colouring of code nor its Markdown is used.
    ("PIL._imagingft",),
    ("markdown_it", "mdurl", "pydoc_data", "pygments"),
    # It reads the cookies of browsers, which nobody here asks of gdown; a virus scanner would ask why it is there.
    ("gdown._vendor._ytdlp_cookies", "html5lib", "lxml", "secretstorage"),
    # What the PC that builds has every Python do at its start: TensorFlow imports site, which asks for them.
    ("sitecustomize", "usercustomize"),
    ("PySide6.QtSql", "PySide6.QtTest", "PySide6.QtUiTools", "PySide6.QtXml", "PyQt5", "PyQt6", "PySide2"),
)
# Of imagecodecs, the codecs that bloodsmear.images.formats.tiff_segments uses: a quarter of its 82 MB (docs/adr/0026).
CODECS = [
    f"imagecodecs.{name}"
    for name in ("_imcd", "_jpeg2k", "_lerc", "_shared", "_shared_cython", "_webp", "_zstd")
]
# gdown and what it stands on (docs/adr/0014). Keras and TensorBoard ask for some of it, too.
_ONLY_DOWNLOADING = (
    "bs4",
    "certifi",
    "charset_normalizer",
    "filelock",
    "gdown",
    "idna",
    "requests",
    "socks",
    "soupsieve",
    "tqdm",
    "truststore",
    "urllib3",
)
# What fits networks, and what only that brings along.
_ONLY_TRAINING = (
    "google",
    "joblib",
    "matplotlib",
    "pkg_resources",
    "scipy",
    "setuptools",
    "sklearn",
    "tensorboard",
    "tensorflow",
    "threadpoolctl",
)
# Patterns of file names (after the folders are cut off), in small letters. Lists, because each line is a decision:
# OpenVINO runs our graphs on the processor, from its own format; Qt draws widgets, PNG and SVG icons.
_FILES = (
    # OpenVINO's plug-ins for other devices, what only they read, and readers of other networks' files.
    "*openvino_intel_gpu_plugin*",
    "*openvino_intel_npu_plugin*",
    "*openvino_intel_npu_compiler*",
    "*openvino_intel_npu_vm_runtime*",
    "cache.json",
    "*openvino_gguf_frontend*",
    "*openvino_jax_frontend*",
    "*openvino_onnx_frontend*",
    "*openvino_paddle_frontend*",
    "*openvino_pytorch_frontend*",
    "*openvino_tensorflow_frontend*",
    "*openvino_tensorflow_lite_frontend*",
    "py_*_frontend.*",
    "*openvino_auto_batch_plugin*",
    # The choice among devices, and the interface for programs in C.
    "*openvino_auto_plugin*",
    "*openvino_c.*",
    "*openvino_hetero_plugin*",
    "*tbbmalloc_proxy*",
    # Qt beyond widgets. pyqtgraph asks for OpenGL's widgets at its import.
    "*qt6qml*",
    "*qt6quick*",
    "*qt6network*",
    "*qt6pdf*",
    "*qt6sql*",
    "*qt6test*",
    "*qt6virtualkeyboard*",
    "*qt6wayland*",
    "*qt6wlshell*",
    "*qt6eglfs*",
    "*qgtk3*",
    "*qtnetwork*",
    "*qtvirtualkeyboard*",
    "*qwayland*",
    "*qeglfs*",
    "*qvnc*",
    "*qlinuxfb*",
    "*qvkkhrdisplay*",
    "*qminimalegl*",
    "*qdirect2d*",
    "opengl32sw.dll",
    # Windows' own from 10 version 1903 on. Under Wine the one is a stub, and the other not ours to give.
    "icuuc.dll",
    "ucrtbase.dll",
    # OpenCV's video, of which no function is called. On Linux and macOS OpenCV is linked with it and needs it.
    "opencv_videoio_ffmpeg*.dll",
)
# Where Linux keeps its own libraries.
_OF_THE_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/usr/local/lib/")
# The style of GTK would bring the whole of it; Wayland's own client shows no more than its X server does.
_LINUX_PLUGINS = (
    "PySide6/Qt/plugins/generic/",
    "PySide6/Qt/plugins/wayland-decoration-client/",
    "PySide6/Qt/plugins/wayland-graphics-integration-client/",
    "PySide6/Qt/plugins/wayland-shell-integration/",
)
# Whole folders below the installed one.
_FOLDERS = (
    *_LINUX_PLUGINS,
    "PySide6/Qt/qml/",
    "PySide6/Qt/translations/",
    "PySide6/translations/",
    # Touch tables that speak by the network.
    "PySide6/plugins/generic/",
    "PySide6/Qt/plugins/networkinformation/",
    "PySide6/Qt/plugins/tls/",
    "PySide6/plugins/networkinformation/",
    "PySide6/plugins/tls/",
    "pyqtgraph/icons/peegee/",
    "openvino/include/",
    "openvino/cmake/",
    "matplotlib/mpl-data/sample_data/",
    "tensorflow/include/",
)
# What only a compiler or a type checker reads.
_USELESS_ENDINGS = (".pyi", ".a", ".lib", ".h", ".hpp", ".pdb")


def excluded_modules(program: Program) -> list[str]:
    """The modules that PyInstaller must not follow from a program: the window of Full is the one of Review."""
    never = [module for row in _NEVER for module in row]
    if program.trains:
        return never
    return [*never, *_ONLY_TRAINING, *(() if program.downloads else _ONLY_DOWNLOADING)]


def is_left_out(destination: str) -> bool:
    """Whether a file stays out, by its path below the installed folder's `_internal` (either slash)."""
    path = destination.replace("\\", "/")
    name = _name_of(path).lower()
    if any(fnmatchcase(name, pattern) for pattern in _FILES):
        return True
    if path.startswith(_FOLDERS) or any(f"/{folder}" in path for folder in _FOLDERS):
        return True
    return name.endswith(_USELESS_ENDINGS) and not path.startswith("assets/")


def kept(toc: Iterable[Entry]) -> list[Entry]:
    """The entries of a PyInstaller table that are not left out."""
    return [entry for entry in toc if not is_left_out(entry[0])]


def without_orphans(toc: Sequence[Entry], libraries_of: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The entries without the system's libraries that nothing asks for any more, once other files were left out.

    `libraries_of` gives the names of all libraries that a file loads, directly or through others.
    """
    own = [source for _, source, kind in toc if kind in _LOADS and not _is_of_the_system(source)]
    asked_for = {name for source in own for name in libraries_of(source)}
    return [entry for entry in toc if not _is_of_the_system(entry[1]) or _name_of(entry[0]) in asked_for]


def _is_of_the_system(source: str) -> bool:
    return source.startswith(_OF_THE_SYSTEM)


def _name_of(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def still_there(destinations: Sequence[str]) -> list[str]:
    """What stands in a finished folder though it is to be left out: nothing, or the build is wrong."""
    return sorted(path for path in destinations if is_left_out(path))

"""The engine of Bloodsmear: images, denoising, classifiers, studies, reports. It knows no Qt."""

__version__ = "0.1.0"

RESEARCH_USE = "For Research Use Only. Not for use in diagnostic procedures."

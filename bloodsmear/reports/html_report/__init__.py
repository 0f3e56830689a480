"""The report as one HTML file that stands alone, to be read and printed."""

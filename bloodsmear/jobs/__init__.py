"""Long work as plain functions `job(report, cancel)`, and what a training process says to the window."""

from bloodsmear.jobs.job import Cancel, JobCancelled, Progress, Report, report_nowhere

__all__ = ["Cancel", "JobCancelled", "Progress", "Report", "report_nowhere"]

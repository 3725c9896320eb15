"""The report for a meeting: one HTML file that needs nothing else."""

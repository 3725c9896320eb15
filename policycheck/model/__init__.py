"""What policies, requests, specs and verdicts are: data without behaviour."""

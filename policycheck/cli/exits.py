"""The exit codes (contract section 2)."""

HOLDS = 0
VIOLATED = 1
WRONG_INPUT = 2
UNDECIDED = 3
INTERNAL = 70
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""
PIPE_CLOSED = 141
"""128 and the number of SIGPIPE, as shells have it."""
TERMINATED = 143
"""128 and the number of SIGTERM, as shells have it."""

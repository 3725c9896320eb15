"""Many small policies in files, and work that shows how engines behave."""

import json
import os
import signal
import time
from dataclasses import dataclass

import generator

SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: closed, never_allowed: {stage: prod, source_ip: 8.8.8.8}}
  - {id: used, sometimes_allowed: {stage: prod}}
"""


def write_policies(directory, count, statements=2):
    """Random policies, the same ones for the same number."""
    directory.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        text = json.dumps(generator.policy(1 + seed % statements, seed))
        (directory / f"{seed:05}.json").write_text(text)


@dataclass(frozen=True)
class Squaring:
    """Squares numbers, and does something odd at some of them."""

    deadly: int | None = None
    slow: int | None = None
    seconds: float = 30.0
    interrupts: int = 0

    def __call__(self, item):
        if item == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if item == self.slow:
            if self.interrupts:
                time.sleep(1)
                os.kill(self.interrupts, signal.SIGINT)
            time.sleep(self.seconds)
        return item * item

    def lost(self, item, why):
        return item, why


@dataclass(frozen=True)
class Shielding:
    """Whether Control-C is kept from the process that works."""

    def __call__(self, item):
        return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])

    def lost(self, item, why):
        return why

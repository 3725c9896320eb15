"""IAMSpy in a process of its own, by the Python that it is installed for.

PYTHON benchmarks/iamspy_process.py

A question a line on standard input: a policy, a caller and a resource; out comes whether IAMSpy
says that the caller may invoke the resource under some conditions. The package ``iamspy`` of the
index is empty; its continuation ``zeuscloud-iamspy`` has the code.
"""

import json
import os
import signal
import sys
import tempfile
import time
from importlib.metadata import version


def load():
    """The class Model and what was installed."""
    try:
        from iamspy.model import Model  # noqa: PLC0415 -- either may be there

        return Model, f"iamspy {version('iamspy')}"
    except ImportError:
        from zeuscloud_iamspy.model import Model  # noqa: PLC0415

        return Model, f"zeuscloud-iamspy {version('zeuscloud-iamspy')}"


def expanded(policy, api):
    """The policy with every ``execute-api:/...`` written out, as IAMSpy does not know the form."""
    found = json.loads(policy)
    for statement in found["Statement"]:
        for element in {"Resource", "NotResource"} & set(statement):
            given = statement[element]
            texts = [given] if isinstance(given, str) else given
            statement[element] = [text.replace("execute-api:/", api + "/", 1) for text in texts]
    return found


def once(model_class, asked, policy):
    started = time.process_time()
    caller, resource = asked["point"]
    model = model_class()
    account = resource.split(":")[4]
    given = {"Resource": resource, "Policy": policy, "Account": account}
    model.load_resource_policies_json([given])
    before = time.process_time()
    may = model.can_i(caller, "execute-api:Invoke", resource)
    ended = time.process_time()
    return "sat" if may else "unsat", ended - started, ended - before


def main():
    model_class, name = load()
    sys.stdout.write(json.dumps({"name": name}) + "\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # it writes a file of its own
        for line in sys.stdin:
            asked = json.loads(line)
            signal.setitimer(signal.ITIMER_PROF, asked["limit"])
            try:
                api = asked["point"][1].split("/", 1)[0]
                runs = [once(model_class, asked, expanded(asked["policy"], api)) for _ in range(2)]
                said, whole, solve = min(runs, key=lambda run: run[1])
            except Exception as error:  # noqa: BLE001 -- whatever it raises is its answer
                said, whole, solve = f"{type(error).__name__}: {error}"[:200], 0.0, 0.0
            signal.setitimer(signal.ITIMER_PROF, 0)
            sys.stdout.write(json.dumps({"said": said, "whole": whole, "solve": solve}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

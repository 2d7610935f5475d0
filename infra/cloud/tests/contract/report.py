"""Runs every check against every endpoint, and says what came of it.

Everybody has to hold every check but those differences.py lists, and has to differ in those, so that the list never
outlives what it tells.
"""
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .check import CHECKS
from .differences import DIFFERENCES, SOMETIMES


def run(endpoints):
    """Asks every endpoint everything, the endpoints side by side: endpoint -> check -> None, or what went wrong."""
    with ThreadPoolExecutor(len(endpoints)) as pool:
        found = pool.map(_ask, endpoints.values())
        return dict(zip(endpoints, found))


def _ask(endpoint):
    return {name: _once(function, endpoint[service]) for service, _, name, function in CHECKS}


def _once(function, client):
    try:
        function(client)
    except Exception as error:  # whatever goes wrong in a check is that check's failure
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == Path(__file__).parent]
        at = own[-1]
        return f"{type(error).__name__} {str(error)[:200]} ({Path(at.filename).name}:{at.lineno}: {at.line})"
    return None


def problems(results):
    """What must not be: failures of ours, differences nobody listed, and listed ones that are gone."""
    found = []
    names = {name for _, _, name, _ in CHECKS}
    for endpoint, answers in results.items():
        listed = DIFFERENCES.get(endpoint, {})
        by_chance = SOMETIMES.get(endpoint, {})
        for name, wrong in answers.items():
            if name in by_chance:
                continue
            if wrong and name not in listed:
                found.append(f"{endpoint} differs and it is not listed: {name}: {wrong}")
            elif not wrong and name in listed:
                found.append(f"{endpoint} is listed as different but is not any more: {name} ({listed[name]})")
        found.extend(f"differences.py names a check that does not exist: {name}" for name in [*listed, *by_chance] if name not in names)
    return found


def table(results):
    """A line for each check, a column for each endpoint."""
    lines = ["".join(f"{name:<11}" for name in results) + "check"]
    for _, title, name, _ in CHECKS:
        marks = ["differs" if answers[name] else "ok" for answers in results.values()]
        lines.append("".join(f"{mark:<11}" for mark in marks) + f"{title}: {name}")
    return lines


def reasons(results):
    """A line for each listed difference."""
    return [f"{who}: {name}: {why}" for which in (DIFFERENCES, SOMETIMES) for who in results for name, why in which.get(who, {}).items()]


def summary(results):
    """One line: how many checks each endpoint holds."""
    held = [f"{endpoint} {sum(not wrong for wrong in answers.values())}" for endpoint, answers in results.items()]
    listed = sum(len(which.get(endpoint, {})) for which in (DIFFERENCES, SOMETIMES) for endpoint in results)
    return f"contract: {len(CHECKS)} checks; held by {', '.join(held)}; {listed} listed differences"

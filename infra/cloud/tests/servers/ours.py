"""Ours: `pullpush dev` as it was built, over a folder of its own.

Builds nothing: `cargo build --workspace --bins` comes before.
"""
import json
import os
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from .process import listening_address, running

RUNS_AT = "PullPush runs at "


def repository():
    """The root of the repository."""
    return Path(__file__).resolve().parents[4]


def built():
    """The folder with the programs of the debug build."""
    return (repository() / os.environ.get("CARGO_TARGET_DIR", "target") / "debug").resolve()


@contextmanager
def dev(folder):
    """Where `pullpush dev` serves SQS, KMS and DynamoDB, on three free ports; `log` is what it printed."""
    program = built() / "pullpush"
    if not program.exists():
        raise RuntimeError(f"{program} is not there: cargo build --workspace --bins")
    with running("dev", [str(program), "dev", "--port", "0", "--data", str(Path(folder) / "dev")], folder) as process:
        address = listening_address(process, RUNS_AT)
        with urllib.request.urlopen(f"{address}/_local/aws", timeout=10) as answer:
            urls = json.load(answer)
        yield {**urls, "log": process.log}

"""Starts ours and the judges, asks them everything, prints the table, and fails if something is amiss.

    python -m contract [ours] [moto] [ministack]        # all three unless named

Ours is `pullpush dev` of the debug build, in a folder of its own. Everything listens on loopback and is ended again.
"""
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from . import report
from . import sqs_queues, sqs_messages, sqs_batches, sqs_waiting, sqs_fifo, kms  # noqa: F401  (their checks, in this order)
from . import dynamodb_updates, dynamodb_writes, dynamodb_reads  # noqa: F401
from servers import STARTS, clients


def main(names):
    unknown = [name for name in names if name not in STARTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known are {', '.join(STARTS)}", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="contract-"))
        endpoints = {name: clients(stack.enter_context(STARTS[name](folder))) for name in names or STARTS}
        results = report.run(endpoints)
    print("\n".join(report.table(results)))
    print("\nlisted differences:")
    print("\n".join(f"  {line}" for line in report.reasons(results)))
    wrong = report.problems(results)
    print("".join(f"\nFAILED: {line}" for line in wrong))
    print(report.summary(results) + (f"; {len(wrong)} problems" if wrong else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

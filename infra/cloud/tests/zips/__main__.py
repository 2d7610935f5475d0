"""Packages the debug build, deploys the template under `ministack`, and tells the story.

    python -m zips

Prints a line for each step and what was handed in otherwise than in AWS; fails with the first step that does.
"""
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from servers import built, listening_address, ministack, running

from .installation import Installation
from .package import packaged
from .stack import ADAPTED, deploy
from .story import STEPS, World


def sample(stack, folder, system, *options):
    """Where a sample system listens."""
    process = stack.enter_context(running(system, [str(built() / "sample"), system, "--port", "0", *options], folder))
    return listening_address(process, "listening on ")


def main():
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="zips-"))
        zips = packaged(folder)
        url = stack.enter_context(ministack(folder))["sqs"]
        installation = Installation(url, deploy(url, zips))
        installation.found()
        shop = sample(stack, folder, "shop", "--token", "shop-token", "--secret", "shop-secret")
        world = World(installation, shop, sample(stack, folder, "backoffice", "--token", "office-token"))
        for step in STEPS:
            name = step.__name__.replace("_", " ")
            try:
                step(world)
            except AssertionError as error:
                print(f"FAILED  {name}: {error}")
                return 1
            print(f"ok      {name}")
    print("\n".join(f"adapted: {line}" for line in ADAPTED))
    print(f"zips: {len(zips)} zips deployed by the template under ministack, {len(STEPS)} steps ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())

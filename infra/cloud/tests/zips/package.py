"""infra/package over the programs that are built already.

It runs in a folder of its own with a stand-in for cargo: nothing is compiled, and `dist` of the repository keeps what is
to be deployed.
"""
import os
import shutil
import subprocess
from pathlib import Path

from servers import built, repository


def packaged(folder):
    """The zips of the debug build by function, made in a folder."""
    root = Path(folder) / "package"
    (root / "infra").mkdir(parents=True)
    (root / "bin").mkdir()
    shutil.copy(repository() / "infra" / "package", root / "infra" / "package")
    cargo = root / "bin" / "cargo"
    cargo.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    cargo.chmod(0o755)
    settings = {**os.environ, "PATH": f"{root / 'bin'}:{os.environ['PATH']}", "CARGO_TARGET_DIR": str(built().parent)}
    settings.pop("PULLPUSH_TARGET", None)
    subprocess.run([root / "infra" / "package", "debug"], env=settings, check=True, stdout=subprocess.DEVNULL)
    return {path.stem: path for path in sorted((root / "dist").glob("*.zip"))}

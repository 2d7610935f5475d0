"""The packager zips one executable a function, the same bytes every time, and refuses a zip that is too big.

A stand-in for cargo writes the binaries, so that nothing is compiled; the script runs in a folder of its own.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "package"
FUNCTIONS = ("ingest", "poll", "transform", "deliver", "reconcile", "api")

CARGO = """#!/bin/sh
echo "$@" > "$ASKED"
case "$*" in *--release*) profile=release ;; *) profile=debug ;; esac
mkdir -p "$CARGO_TARGET_DIR/$profile"
for name in ingest poll transform deliver reconcile api; do
    echo "binary of $name" > "$CARGO_TARGET_DIR/$profile/$name"
done
if [ "${BIG:-0}" -gt 0 ]; then head -c "$BIG" /dev/urandom > "$CARGO_TARGET_DIR/$profile/poll"; fi
"""


class Package(unittest.TestCase):
    """The script, run with stand-in binaries."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "infra").mkdir()
        shutil.copy(SCRIPT, self.root / "infra" / "package")
        (self.root / "bin").mkdir()
        cargo = self.root / "bin" / "cargo"
        cargo.write_text(CARGO, encoding="utf-8")
        cargo.chmod(0o755)

    def run_package(self, *arguments, **environment):
        settings = {
            **os.environ,
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "CARGO_TARGET_DIR": str(self.root / "built"),
            "ASKED": str(self.root / "asked"),
            **environment,
        }
        settings.pop("PULLPUSH_TARGET", None)
        return subprocess.run([self.root / "infra" / "package", *arguments], env=settings, capture_output=True,
                              text=True, check=False)

    def zips(self):
        return {name: (self.root / "dist" / f"{name}.zip").read_bytes() for name in FUNCTIONS}

    def test_each_zip_holds_one_executable_called_bootstrap(self):
        self.assertEqual(0, self.run_package().returncode)
        for name in FUNCTIONS:
            with zipfile.ZipFile(self.root / "dist" / f"{name}.zip") as archive:
                entry, = archive.infolist()
                self.assertEqual("bootstrap", entry.filename)
                self.assertEqual(0o100755, entry.external_attr >> 16)
                self.assertEqual(zipfile.ZIP_DEFLATED, entry.compress_type)
                self.assertEqual(f"binary of {name}\n", archive.read(entry).decode())

    def test_the_same_binaries_give_the_same_zips(self):
        self.run_package()
        first = self.zips()
        self.run_package()
        self.assertEqual(first, self.zips())

    def test_release_is_the_default_and_debug_can_be_asked_for(self):
        self.run_package()
        self.assertIn("--release", (self.root / "asked").read_text())
        self.run_package("debug")
        self.assertNotIn("--release", (self.root / "asked").read_text())

    def test_a_release_zip_over_six_and_a_half_megabytes_fails_by_name(self):
        done = self.run_package(BIG="6600000")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("poll", done.stderr)
        self.assertEqual(0, self.run_package("debug", BIG="6600000").returncode)

    def test_another_profile_is_wrong_usage(self):
        self.assertEqual(2, self.run_package("fast").returncode)


if __name__ == "__main__":
    unittest.main()

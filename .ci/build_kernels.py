"""Compiles the loops of fleets and the shipped rules: into a wheel, or beside their source in a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

PACKAGE = "needfix.fleet.kernels"
FOLDER = "engine/needfix/fleet/kernels"
RULES = "engine/needfix/catalogue/shipped.bin"
# Each library serves Python 3.11 and every later one; free-threaded Pythons have no limited API.
IS_LIMITED = not sysconfig.get_config_var("Py_GIL_DISABLED")
LIMITED_API = [("Py_LIMITED_API", "0x030B0000"), ("CYTHON_LIMITED_API", "1")]


class KernelsHook(BuildHookInterface[WheelBuilderConfig]):
    """What hatchling calls before and after it writes a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and put the libraries where they will be looked for."""
        self.folder = TemporaryDirectory(prefix="needfix-kernels-")
        distribution = compiled(Path(self.root), self.folder.name)
        libraries = list(map(Path, distribution.get_command_obj("build_ext").get_outputs()))
        if version == "editable":
            for library in libraries:
                replace(library, Path(self.root, FOLDER, library.name))
            record_source(Path(self.root, FOLDER))
            compile_rules(Path(self.root), Path(self.root, RULES))
        else:
            rules = Path(self.folder.name, "shipped.bin")
            compile_rules(Path(self.root), rules)
            places = {str(library): library.relative_to(self.folder.name).as_posix() for library in libraries}
            places[str(rules)] = "needfix/catalogue/shipped.bin"
            build_data["force_include"].update(places)
            build_data["pure_python"] = False
            build_data["tag"] = tag(distribution)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what the wheel holds by now."""
        self.folder.cleanup()


class BuildKernels(build_ext):  # type: ignore[misc]  # setuptools has no types
    """Compiles with the options that the compiler understands."""

    def build_extensions(self) -> None:
        """Optimise for speed: setuptools does so for MSVC by itself, which does not know -O3."""
        options = [] if self.compiler.compiler_type == "msvc" else ["-O3"]
        for extension in self.extensions:
            extension.extra_compile_args = options
        super().build_extensions()


def compiled(root: Path, folder: str) -> Distribution:
    """What setuptools knows of the libraries that it has put into the folder."""
    extensions = [
        Extension(
            f"{PACKAGE}.{source.stem}",
            [str(source)],
            define_macros=LIMITED_API if IS_LIMITED else [],
            extra_link_args=["-s"] if sys.platform == "linux" else [],
            py_limited_api=IS_LIMITED,
        )
        for source in sorted(Path(root, FOLDER).glob("*.pyx"))
    ]
    options = {
        "build_ext": {"build_lib": folder, "build_temp": folder, "parallel": True},
        "bdist_wheel": {"bdist_dir": folder, "py_limited_api": "cp311" if IS_LIMITED else False},
    }
    modules = cythonize(extensions, include_path=[str(root / "engine")], build_dir=folder)  # type: ignore[no-untyped-call]
    attributes = {"name": "needfix", "ext_modules": modules, "options": options}
    distribution = Distribution({**attributes, "cmdclass": {"build_ext": BuildKernels}})
    distribution.run_command("build_ext")
    return distribution


def tag(distribution: Distribution) -> str:
    """The Pythons and platforms of the wheel."""
    command = distribution.get_command_obj("bdist_wheel")
    command.ensure_finalized()
    return "-".join(command.get_tag())


def record_source(folder: Path) -> None:
    """Write beside the libraries from which source they were compiled."""
    run_path(str(folder / "source.py"))["record"](folder)


def compile_rules(root: Path, target: Path) -> None:
    """Write the shipped rules so that commands need not read YAML."""
    code = "import sys, pathlib, needfix.catalogue.load as l; l.compile_shipped(pathlib.Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONPATH": str(root / "engine")}
    subprocess.run([sys.executable, "-c", code, str(target)], check=True, env=environment)  # noqa: S603 - our own code


def replace(library: Path, target: Path) -> None:
    """Put a new file there: a process that has loaded the old one keeps it."""
    target.unlink(missing_ok=True)
    shutil.copy(library, target)

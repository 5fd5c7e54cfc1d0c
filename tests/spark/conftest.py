"""A cluster of two workers, each with an executor in a process of its own, for all tests of Spark."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import needfix
from tests.support import ROOT, Needfix

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

collect_ignore_glob = [] if find_spec("pyspark") else ["test_[!i]*.py"]  # test_installed.py says so


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever asks for the cluster starts Java."""
    if isinstance(item, pytest.Function) and "cluster" in item.fixturenames:
        item.add_marker(pytest.mark.jvm)


@pytest.fixture(autouse=True)
def _no_word_of_pandas() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A Spark session on a cluster of two workers, all of whose files lie in a temporary folder."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spark = _started(tmp_path_factory.mktemp("spark"), patch)
        yield spark
        spark.stop()


def _started(folder: Path, patch: pytest.MonkeyPatch) -> SparkSession:
    import pyspark  # noqa: PLC0415 - may be missing
    from pyspark.sql import SparkSession  # noqa: PLC0415

    home = folder / "home"  # workers work below it
    home.mkdir()
    for part in Path(pyspark.__file__).parent.iterdir():
        (home / part.name).symlink_to(part)
    patch.setenv("SPARK_HOME", str(home))
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "4",
        "spark.executorEnv.PYTHONPATH": str(ROOT / "engine"),
        "spark.executorEnv.SPARK_LOCAL_IP": "127.0.0.1",
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("FATAL")
    return spark


@pytest.fixture(scope="session")
def catalogue() -> needfix.Catalogue:
    """The shipped rules."""
    return needfix.load_catalogue()


@pytest.fixture
def command(needfix: Needfix) -> Needfix:
    """Runs the command, where `needfix` is the package."""
    return needfix

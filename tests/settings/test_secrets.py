import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from marketplace.settings.secrets import stored_secret

ROOT = Path(__file__).resolve().parents[2]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_secret_is_made_once_long_and_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "secret-key"
    first = stored_secret(path)
    assert len(first) >= 50
    assert mode(path) == 0o600
    assert stored_secret(path) == first
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_secret_that_others_could_read_is_closed_again(tmp_path):
    path = tmp_path / "secret-key"
    path.write_text("s" * 60 + "\n")
    path.chmod(0o644)
    assert stored_secret(path) == "s" * 60
    assert mode(path) == 0o600


def test_empty_secret_is_refused_rather_than_used(tmp_path):
    path = tmp_path / "secret-key"
    path.touch()
    with pytest.raises(ImproperlyConfigured, match="empty"):
        stored_secret(path)


def test_many_processes_at_once_agree_on_one_secret(tmp_path):
    code = (
        "import sys; from pathlib import Path; from marketplace.settings.secrets import stored_secret;"
        "print(stored_secret(Path(sys.argv[1])))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "secret-key")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]

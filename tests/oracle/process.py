"""Runs `server.mjs`: Node's PouchDB behind one function call."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

FOLDER = Path(__file__).parent
ANSWER_LIMIT = 60.0
INSTALL_LIMIT = 300.0


class OracleUnavailable(Exception):
    """Node, npm or the packages are missing; the text says which."""


class OracleError(Exception):
    """Node's PouchDB answered with an error; `error` holds its properties."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(json.dumps(error))
        self.error = error


def node_command() -> str:
    """The path of Node, or OracleUnavailable."""
    node = shutil.which("node")
    if node is None:
        raise OracleUnavailable("Node is not installed")
    return node


def install(folder: Path = FOLDER) -> None:
    """Install the npm packages that a folder's lock file names, unless they are there."""
    if _is_installed(folder):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise OracleUnavailable("npm is not installed")
    with _InstallLock(folder):
        if not _is_installed(folder):  # another test process may have been faster
            _npm_ci(npm, folder)


def _is_installed(folder: Path) -> bool:
    """Whether npm's record of what it has installed agrees with the lock file."""
    wanted = json.loads((folder / "package-lock.json").read_bytes())["packages"]
    try:
        installed = json.loads((folder / "node_modules" / ".package-lock.json").read_bytes())
    except FileNotFoundError:
        return False
    return all(
        installed["packages"].get(path, {}).get("version") == package["version"]
        for path, package in wanted.items()
        if path and not package.get("optional")
    )


def _npm_ci(npm: str, folder: Path) -> None:
    command = [npm, "ci", "--prefix", str(folder), "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT)
    except subprocess.TimeoutExpired:
        raise OracleUnavailable(f"npm ci took longer than {INSTALL_LIMIT:.0f} seconds") from None
    if done.returncode != 0:
        raise OracleUnavailable(f"npm ci failed: {done.stderr.strip()[-2000:]}")


class _InstallLock:
    """One installation at a time: a folder that only one process can create."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".installing"

    def __enter__(self) -> None:
        deadline = time.monotonic() + INSTALL_LIMIT
        while True:
            try:
                self._path.mkdir()
                return
            except FileExistsError:
                self._break_if_abandoned()
                if time.monotonic() > deadline:
                    raise OracleUnavailable(f"{self._path} is in the way") from None
                time.sleep(0.2)

    def _break_if_abandoned(self) -> None:
        try:
            if time.time() - self._path.stat().st_mtime > INSTALL_LIMIT:
                self._path.rmdir()
        except FileNotFoundError:
            pass

    def __exit__(self, *_: object) -> None:
        self._path.rmdir()


class Oracle:
    """A running Node PouchDB. Calls are made one at a time and wait at most ANSWER_LIMIT."""

    def __init__(self) -> None:
        node = node_command()
        install()
        self._folder = Path(tempfile.mkdtemp(prefix="pouchdb-oracle-"))
        self._process = subprocess.Popen(
            [node, str(FOLDER / "server.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._folder,
        )
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read_answers, daemon=True)
        self._reader.start()
        self._handles = 0
        self._requests = 0

    def _read_answers(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(b"")  # the end: whoever waits must not wait on

    def call(self, db: str, method: str, *args: Any) -> Any:
        """Run `method` of the database `db`; raises OracleError with PouchDB's error."""
        self._requests += 1
        request = {"id": self._requests, "db": db, "method": method, "args": args}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._next_answer(method))
        assert answer["id"] == self._requests, answer
        if "error" in answer:
            raise OracleError(answer["error"])
        return answer["result"]

    def _next_answer(self, method: str) -> bytes:
        try:
            line = self._answers.get(timeout=ANSWER_LIMIT)
        except queue.Empty:
            raise TimeoutError(f"Node's PouchDB did not answer {method}") from None
        if not line:
            raise RuntimeError(f"Node's PouchDB ended during {method}")
        return line

    def open(self, name: str, **options: Any) -> OracleDatabase:
        """Open a database; `adapter="memory"` or LevelDB in a temporary folder."""
        self._handles += 1
        handle = f"{name}#{self._handles}"
        self.call(handle, "open", name, options)
        return OracleDatabase(self, handle)

    def close(self) -> None:
        """End the process (it ends with its input) and remove its folder."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class OracleDatabase:
    """One database of Node's PouchDB."""

    def __init__(self, oracle: Oracle, handle: str) -> None:
        self._oracle = oracle
        self._handle = handle

    def call(self, method: str, *args: Any) -> Any:
        """Run a method with PouchDB's own arguments."""
        return self._oracle.call(self._handle, method, *args)

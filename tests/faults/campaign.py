"""Kill a build at each of its steps on the disk, cut its power, or let the step fail, and see what a reader finds.

Run as a program: `python campaign.py MODE`. It prints one JSON object: the steps that a build takes, and what was
wrong after a strike at each of them, which should be nothing.

Every build and every look at the index happens in a forked child, so that this process never starts a thread and
stays fit to fork. The steps are the calls that `retriever.index.durable` makes of `os`.
"""

import argparse
import errno
import json
import os
import pickle
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import faiss  # noqa: F401  imported once here, not in each child
import tantivy  # noqa: F401
from small_index import NEW_NOTES, OLD_NOTES, state_of
from small_index import build as build_small
from toy import WordEncoder

from retriever import build
from retriever.errors import NotDurableError
from retriever.index import durable, publishing
from retriever.index.manifest import COPY, MANIFEST, read_pointer

STEPS = frozenset({"mkdir", "pwrite", "fsync", "replace", "link", "unlink", "rmdir"})


class Disk:
    """Stands in for `os` in the durable module: counts the steps, and strikes at one of them.

    `mode` is "before" or "after" (killed there), "power" (killed after, and all that was not synced is lost), or the
    name of an error that the step fails with, after half of what it had to write.
    """

    def __init__(self, index, mode="", strike=0):
        self.index = index
        self.mode = mode
        self.strike = strike
        self.taken = []
        self.files = {}
        self.synced = {_inode(path) for path in index.rglob("*") if path.is_file()}
        self.names = {folder: _names(folder) for folder in [index, *index.rglob("*")] if folder.is_dir()}

    def __getattr__(self, name):
        real = getattr(os, name)
        if name == "open":
            return self.open
        return (lambda *arguments: self.step(name, real, arguments)) if name in STEPS else real

    def open(self, path, *arguments):
        file = os.open(path, *arguments)
        self.files[file] = Path(path)
        return file

    def step(self, name, real, arguments):
        self.taken.append(f"{name} {self.subject(name, arguments)}")
        struck = len(self.taken) == self.strike
        if struck and self.mode == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        if struck and self.mode in errno.errorcode.values():
            if name == "pwrite":
                real(arguments[0], arguments[1][: len(arguments[1]) // 2], arguments[2])
            code = getattr(errno, self.mode)
            raise OSError(code, os.strerror(code))
        try:
            answer = real(*arguments)
            if name == "fsync":
                self.note_sync(arguments[0])
        finally:  # a step may fail by itself: CURRENT.next is dropped whether it is there or not
            if struck and self.mode == "power":
                self.lose_what_is_not_synced()
            if struck and self.mode in {"after", "power"}:
                os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def subject(self, name, arguments):
        path = self.files[arguments[0]] if name in {"pwrite", "fsync"} else Path(arguments[0])
        return path.relative_to(self.index).as_posix() if path.is_relative_to(self.index) else path.name

    def note_sync(self, file):
        path = self.files[file]
        if path.is_dir():
            self.names[path] = _names(path)
        else:
            self.synced.add(_inode(path))

    def lose_what_is_not_synced(self):
        """Leave the worst that a power cut may: unsynced files empty, unsynced names gone, but CURRENT replaced."""
        for folder in [self.index, *(path for path in self.index.rglob("*") if path.is_dir())]:
            if folder.exists():
                for name in _names(folder) - self.names.get(folder, set()) - {"CURRENT"}:
                    path = folder / name
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self.index.rglob("*"):
            if path.is_file() and _inode(path) not in self.synced:
                os.truncate(path, 0)


def _names(folder):
    return {path.name for path in folder.iterdir()}


def _inode(path):
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def forked(work):
    """Run work in a child; return what it returns, or the number of the signal that ended it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            answer = work()
        except BaseException as error:  # noqa: BLE001  whatever it is, the parent has to hear of it
            answer = error
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(answer if not isinstance(answer, BaseException) else (type(answer), str(answer))))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else pickle.loads(content)  # noqa: S301  our own child


def careless():
    """Make the build one that replaces the pointer before its manifest is written."""
    real_write, real_switch, kept = durable.write_file, publishing.switch, []

    def write_later(path, content):
        kept.append((path, content)) if path.name == MANIFEST else real_write(path, content)

    def switch_early(index, pointer):
        real_switch(index, pointer)
        real_write(*kept.pop())

    durable.write_file, publishing.switch = write_later, switch_early


def forgetful():
    """Make the build one that never syncs its vectors."""
    real_sync = durable._sync
    vectors = "vectors.f16"
    durable._sync = lambda file: None if durable.os.files[file].name == vectors else real_sync(file)


def told(work):
    try:
        return work()
    except Exception as error:  # noqa: BLE001  whatever it is, it is what a reader would see
        return repr(error)


def whole_build(notes):
    """Return a build of a folder of notes, the way the command line does it, that fills the folder first."""

    def bring(index, texts):
        notes.mkdir(exist_ok=True)
        for file, lines in texts.items():
            content = f"# {file}\n\n" + "".join(
                f"## {line}\n\narXiv: 2501.0000{at}\n\n" for at, line in enumerate(lines, 1)
            )
            if not (notes / file).exists() or (notes / file).read_text() != content:
                (notes / file).write_text(content)
        report = build([notes], index, encoder=WordEncoder(), allow_shrink=True)
        return report.windows_embedded, report.published

    return bring


class Campaign:
    def __init__(self, folder, mode, *, first=False, whole=False, fault=lambda: None, only=""):
        self.mode = mode
        self.fault = fault
        self.only = only
        self.build = whole_build(folder / "notes") if whole else build_small
        self.trial = folder / "trial" / "index"
        self.template = folder / "template"
        if first:
            self.template.mkdir()
        else:
            forked(lambda: self.build(self.template, {"vision.md": ["an older note"]}))
            forked(lambda: self.build(self.template, OLD_NOTES))
        finished = folder / "finished"
        shutil.copytree(self.template, finished)
        forked(lambda: self.build(finished, NEW_NOTES))
        self.old = forked(lambda: state_of(self.template))
        self.new = forked(lambda: state_of(finished))
        assert isinstance(self.new, list)
        assert self.old is None if first else isinstance(self.old, list)
        assert self.old != self.new

    def steps(self):
        """Return the steps of a build that nothing disturbs."""
        return forked(lambda: self.disturbed("", 0))

    def disturbed(self, mode, strike):
        self.fault()
        durable.os = Disk(self.trial, mode, strike)
        try:
            self.build(self.trial, NEW_NOTES)
        except NotDurableError:
            return "not durable"
        return durable.os.taken

    def prepare(self):
        shutil.rmtree(self.trial.parent, ignore_errors=True)
        shutil.copytree(self.template, self.trial)

    def problems(self, strike):
        """Strike at one step, look at the index, build again, and return what was not as it should be."""
        self.prepare()
        outcome = forked(lambda: self.disturbed(self.mode, strike))
        if self.mode in {"before", "after", "power"}:
            if outcome != signal.SIGKILL:
                yield f"the build was not killed: {outcome}"
        elif outcome != "not durable" and not isinstance(outcome, list):
            yield f"the build ended with {outcome}"
        seen, again, mended = forked(self.aftermath)
        if seen not in (self.old, self.new):
            yield f"a reader sees neither the old nor the new index: {str(seen)[:200]}"
        if isinstance(outcome, list) and seen != self.new:
            yield "the build said that it was done, and was not"
        if mended != self.new:
            yield f"the next build did not make it good: {again}"
        else:
            yield from left_over(self.trial)

    def aftermath(self):
        """Return what a reader sees, what the next build does, and what a reader sees after it."""
        seen = told(lambda: state_of(self.trial))
        again = told(lambda: self.build(self.trial, NEW_NOTES))
        return seen, again, told(lambda: state_of(self.trial))

    def run(self):
        self.prepare()
        steps = self.steps()
        problems = [
            f"{self.mode} step {strike} ({steps[strike - 1]}): {problem}"
            for strike in range(1, len(steps) + 1)
            if steps[strike - 1].startswith(self.only)
            for problem in self.problems(strike)
        ]
        return {"steps": steps, "problems": problems}


def left_over(index):
    """Yield what should not be in an index between builds."""
    generations = sorted(path.name for path in index.iterdir() if path.is_dir())
    if {path.name for path in index.iterdir() if path.is_file()} != {"CURRENT", "LOCK"} or len(generations) > 2:
        yield f"left over: {sorted(path.name for path in index.iterdir())}"
    folder = index / read_pointer(index).generation
    known = {MANIFEST, COPY, *json.loads((folder / MANIFEST).read_text())["files"]}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if found != known:
        yield f"left over in {folder.name}: {sorted(found ^ known)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["before", "after", "power", "ENOSPC", "EIO"])
    parser.add_argument("--first", action="store_true", help="strike at the first build, where there is no index yet")
    parser.add_argument("--whole", action="store_true", help="build from notes, as the command line does")
    parser.add_argument("--only", default="", help="strike only at steps that begin like this")
    parser.add_argument("--fault", choices=["careless", "forgetful"], help="strike at a build that does it wrong")
    options = parser.parse_args()
    fault = {"careless": careless, "forgetful": forgetful, None: lambda: None}[options.fault]
    memory = Path("/dev/shm")  # noqa: S108  what a power cut loses is our own doing, so no disk is needed
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        campaign = Campaign(
            Path(name), options.mode, first=options.first, whole=options.whole, fault=fault, only=options.only
        )
        print(json.dumps(campaign.run()))


if __name__ == "__main__":
    main()

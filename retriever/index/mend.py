"""Mends an index as far as that goes without the notes: nothing is deleted, nothing is embedded.

What is damaged is set aside under a name of its own, beside the generations, where its vectors can still be found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from retriever.errors import IndexNotFoundError
from retriever.index import durable
from retriever.index.check import Examined, examine
from retriever.index.generations import draft_folder, is_index, switch
from retriever.index.lock import locked
from retriever.index.manifest import (
    COPY,
    CURRENT,
    FAISS,
    HASHES,
    LEXICAL,
    MANIFEST,
    RECORDS,
    ROWS,
    Manifest,
    Pointer,
    file_entry,
    files_below,
    read_regular,
    sealed,
)
from retriever.index.publishing import publish
from retriever.index.salvage import manifests
from retriever.records import Fault


@dataclass(slots=True)
class Mended:
    """What was done. `current` is the sound generation that is current now, None where there is none.

    `stale` tells that it is not the one that was damaged, so that the notes have to be read; `known` is what is left
    to tell which notes and which model. `derived` are files that were made anew from the record.
    """

    faults: tuple[Fault, ...]
    aside: list[Path] = field(default_factory=list)
    current: str | None = None
    stale: bool = False
    derived: tuple[str, ...] = ()
    known: Manifest | None = None


def mend(index: Path) -> Mended:
    """Set aside what is damaged, make anew what follows from a sound record, and go back to the last good generation.

    IndexNotFoundError, NewerFormatError, BuildRunningError, NotDurableError. A repair that is killed can be repeated.
    """
    if not is_index(index):
        raise IndexNotFoundError(index)
    with locked(index):
        found = examine(index)
        done = Mended(tuple(found.all_faults))
        candidates = [*([found.current] if found.current else []), *found.others]
        done.known = next((one.manifest for one in candidates if one.manifest), None) or next(manifests(index), None)
        for one in candidates:
            _restore_manifest(index, one, done)
        good = next((one for one in candidates if one.derivable), None)
        if good is not None:
            done.stale = good is not candidates[0]
            _make_current(index, good, done, moved=bool(found.faults) or done.stale)
        for one in candidates:
            if one.faults and not one.sound:
                done.aside.append(_set_aside(index, one.name))
    return done


def _restore_manifest(index: Path, one: Examined, done: Mended) -> None:
    """Write the manifest and its copy anew where just one of them is damaged."""
    if one.manifest is None or one.content is None:
        return
    for file, content in ((MANIFEST, one.content), (COPY, sealed(one.content))):
        if file in one.damaged:
            path = index / one.name / file
            if path.exists():
                done.aside.append(_keep_bytes(index, path, f"{one.name}-{file}"))
            durable.write_file(path.with_name(f"{file}.next"), content)
            durable.replace(path.with_name(f"{file}.next"), path)
            durable.sync_folder(path.parent)
            done.derived += (f"{one.name}/{file}",)


def _make_current(index: Path, one: Examined, done: Mended, *, moved: bool) -> None:
    """Let a generation, or what is made of it, be the current one. `moved` tells that the pointer must change."""
    assert one.manifest is not None
    assert one.content is not None
    if (index / CURRENT).exists() and moved:
        done.aside.append(_keep_bytes(index, index / CURRENT, CURRENT))
    if one.sound:
        done.current = one.name
        if moved:
            switch(index, Pointer(one.name, sha256(one.content).hexdigest()))
        return
    with draft_folder(index) as folder:
        made = _derived(index, one.manifest, one.damaged, folder)
        publish(index, made)
    done.current = made.generation
    done.derived += tuple(f"{made.generation}/{file}" for file in sorted(_parts(one.damaged - {MANIFEST, COPY})))


def _derived(index: Path, manifest: Manifest, damaged: set[str], new: Path) -> Manifest:
    """Make a generation of a sound record beside it, with what is damaged made anew."""
    from retriever.index.lexical_writer import write_words  # noqa: PLC0415  tantivy
    from retriever.index.vector_writer import write_faiss, write_hashes  # noqa: PLC0415  numpy, then faiss

    old = index / manifest.generation
    lost = _parts(damaged)
    for name in manifest.files:
        if name.partition("/")[0] not in lost:
            durable.make_folder((new / name).parent)
            durable.link(old / name, new / name)
    if HASHES in lost:
        write_hashes(new)
    if FAISS in lost:
        write_faiss(new, file_entry(new / ROWS).size // (2 * manifest.dim), manifest.dim)
    if LEXICAL in lost:
        write_words(new)
    else:
        durable.sync_folder(new / LEXICAL)
    files = {name: file_entry(new / name) for name in files_below(new)}
    assert files[RECORDS] == manifest.files[RECORDS]
    return replace(manifest, generation=new.name, files=files)


def _parts(files: Iterable[str]) -> set[str]:
    """Return the parts of a generation that files are of: the words are made anew as a whole."""
    return {name.partition("/")[0] for name in files}


def _set_aside(index: Path, name: str) -> Path:
    target = _free(index, name)
    durable.replace(index / name, target)
    durable.sync_folder(index)
    return target


def _keep_bytes(index: Path, path: Path, name: str) -> Path:
    """Keep a small damaged file under another name, so that its own is never without a file."""
    target = _free(index, name)
    try:
        durable.write_file(target, read_regular(path))
    except OSError:  # a folder, or a pipe
        durable.replace(path, target)
    return target


def _free(index: Path, name: str) -> Path:
    """Return a path for what is set aside under the name "damaged-NAME", with a number where that is taken."""
    target, number = index / f"damaged-{name}", 1
    while target.exists():
        number += 1
        target = index / f"damaged-{name}-{number}"
    return target

"""A folder with all that is needed to check a certificate without this package."""

from __future__ import annotations

from pathlib import Path

from polylaw.budget import Budget
from polylaw.errors import BudgetError, InputError
from polylaw.files import write_folder
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.certificate import Certificate, read_certificate
from polylaw.proof.coq import coq_source
from polylaw.proof.coqc import LIBRARY, library_folder
from polylaw.proof.labels import one_line
from polylaw.proof.reading import certified
from polylaw.proof.telling import system_lines, told_lines


def write_bundle(certificate: str, folder: Path, budget: Budget | None = None) -> list[str]:
    """Write the bundle of a file to a new or empty folder, all or nothing; returns the names of its files."""
    contents = bundle_files(read_certificate(certificate, budget), budget)
    write_folder(folder, contents)
    return list(contents)


def bundle_files(certificate: Certificate, budget: Budget | None = None) -> dict[str, bytes]:
    """The files of a bundle by name; what cannot be made is left out, and the README says why."""
    files = {"certificate.json": certificate.text().encode()}
    files["checker.py"] = Path(checker.__file__).read_bytes()
    notes: list[str] = []
    try:
        files["coq/certificate.v"] = coq_source(certificate.data, budget).encode()
        files |= {f"coq/{name}.v": (library_folder() / f"{name}.v").read_bytes() for name in LIBRARY}
    except BudgetError as error:
        notes.append(f"There is no Coq file: {error}.")
    for kind in ("tex", "html", "md", "pdf"):
        try:
            files[f"appendix.{kind}"] = render(certificate.data, kind, budget)
        except InputError as error:  # typst is an extra
            notes.append(f"There is no appendix.{kind}: {error}.")
    return {"README.md": _readme(certificate, files, notes).encode(), **files}


def _readme(certificate: Certificate, files: dict[str, bytes], notes: list[str]) -> str:
    """What is in the folder: statements as they were checked; what their author says is marked, in code."""
    told, model = certified(certificate.data), certificate.data["model"]
    states = f"What the certificate with sha256 `{certificate.sha256}` states, as it was checked:"
    alone = "With Python 3.9 or newer and nothing else (read `checker.py` first; it is one file):"
    lines = ["# Conservation laws", "", states, ""]
    lines += [f"    {line}" for line in [*system_lines(told), *told_lines(told)]]
    lines += ["", "## Check it", "", alone, "", "    python checker.py certificate.json"]
    if "coq/certificate.v" in files:
        compiled = " && ".join(f"coqc -Q . Polylaw {name}.v" for name in (*LIBRARY, "certificate"))
        lines += ["", "With Coq 8.16 or newer (`apt-get install coq`), the theorems in `coq/certificate.v`:"]
        lines += ["", f"    cd coq && {compiled}"]
    shown = [name for name in files if name.startswith("appendix")]
    lines += ["", f"To read: {', '.join(f'`{name}`' for name in shown)}."]
    said = [(key, one_line(model[key])) for key in ("title", "source", "command") if model[key]]
    if said:
        lines += ["", "What its author says, and nobody checked:", ""]
        lines += [f"    {key}: {text}" for key, text in said]
    return "\n".join([*lines, *(line for note in notes for line in ("", note))]) + "\n"

"""Regenerate the showcase: `python -m proofs.make` writes it, `python -m proofs.make --check` compares byte
by byte.

For each model a folder with its certificate, its Coq file (or why there is none), and its appendix as PDF and
LaTeX; and the index page.  Nothing in those files depends on the machine, so a difference is a change in
polylaw.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

import polylaw as pl
from polylaw.errors import BudgetError
from polylaw.files import Output
from polylaw.proof.appendix import render
from polylaw.proof.coq import coq_source

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples" / "systems"


@dataclass(frozen=True)
class Show:
    """One row of the showcase: folder, title, and the words of `polylaw certify` that make its
    certificate."""

    folder: str
    title: str
    flow: pl.Flow | pl.ShapedFlow
    words: str
    degree: int = 2

    @property
    def command(self) -> str:
        """How to make the certificate again."""
        return (
            f"polylaw {'words' if isinstance(self.flow, pl.ShapedFlow) else 'certify'} {self.words} -o "
            "certificate.json"
        )

    def certificate(self) -> pl.Certificate:
        """Its certificate."""
        if isinstance(self.flow, pl.ShapedFlow):
            return pl.certify(pl.find_laws(self.flow), flow=self.flow, command=self.command)
        return pl.certify(pl.find_laws(self.flow, self.degree), command=self.command)


def _gradient(folder: str, title: str, spec: str) -> Show:
    return Show(folder, title, pl.flow_of_spec(spec), spec)


def _momentum(folder: str, title: str, spec: str, damping: str) -> Show:
    flow = pl.MomentumFlow(pl.models.model_from_spec(spec), damping)
    return Show(folder, title, flow, f"{spec} --flow momentum --damping {damping}")


def _system(folder: str, title: str, degree: int = 2) -> Show:
    file = f"examples/systems/{folder}.toml"
    more = f" --degree {degree}" if degree != 2 else ""
    return Show(folder, title, pl.flow_from_file(EXAMPLES / f"{folder}.toml"), f"{file}{more}", degree)


def _all_widths(folder: str, title: str, spec: str, damping: str = "") -> Show:
    model = pl.shaped_of_spec(spec)
    flow = pl.ShapedFlow.momentum(model, damping) if damping else pl.ShapedFlow.gradient(model)
    return Show(
        f"{folder}_all_widths",
        f"{title}, all widths",
        flow,
        f"'{spec}'{f' --damping {damping}' if damping else ''}",
    )


SHOWCASE = (
    _gradient("two_layer_linear", "two-layer linear network", "linear:2,3,2"),
    _gradient("deep_linear", "deep linear network", "linear:2,2,2,2"),
    _gradient("relu_with_bias", "ReLU network with bias", "relu:2,3,2?bias=true"),
    _gradient("lora", "LoRA adapter", "lora:3,3,2"),
    _gradient("nmf", "non-negative matrix factorisation, mirror flow", "nmf:3,2,2"),
    _gradient("icnn", "input-convex network", "icnn:2,2,2"),
    _gradient("attention", "attention head", "attention:d1=2,dim=2"),
    _momentum("momentum_linear", "linear network with momentum, any damping", "linear:2,2,2", "tau"),
    _momentum("nesterov_linear", "linear network with Nesterov's damping", "linear:2,2,2", "3/t"),
    _gradient("softmax_layer", "softmax and cross-entropy last layer", "softmax:3,2"),
    _system("damped_oscillator", "damped oscillator"),
    _system("euler_top", "Euler's top"),
    _system("biomodel_629", "BioModel 629", 4),
    _all_widths("linear", "linear network of any depth", "linear:*"),
    _all_widths("momentum_linear", "linear network of any depth with momentum", "linear:*", "tau"),
    _all_widths("attention", "attention with any number of heads", "attention:d1=*,dim=*,heads=*"),
    _all_widths("nmf", "non-negative matrix factorisation, mirror flow", "nmf:*,*,*"),
)


def files(show: Show) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of one folder."""
    certificate = show.certificate()
    yield "certificate.json", certificate.text().encode()
    try:
        yield "proof.v", coq_source(certificate.data).encode()
    except BudgetError as error:
        yield "proof.v.txt", f"No Coq file: {error}\n".encode()
    for kind in ("tex", "pdf"):
        yield f"appendix.{kind}", render(certificate.data, kind)


def index(contents: dict[str, bytes]) -> bytes:
    """The index page."""
    lines = [
        "# Proofs",
        "",
        "Certificates, Coq files and appendices of well-known models, all written by "
        "`python -m proofs.make`.",
        "",
        "    python polylaw/proof/checker.py proofs/*/certificate.json      # standard library only",
        "    polylaw prove proofs/two_layer_linear/certificate.json --to coq -o proof.v --check",
        "",
        "`coq/two_layer_2_2_2.v` is a proof to read, for the linear network 2-2-2; `coq/all_widths.v` has "
        "proofs for all widths:",
        "linear networks of any depth, attention, ReLU neurons, non-negative factorisation, softmax layers.",
        "",
        "| model | claims | files |",
        "| --- | --- | --- |",
    ]
    for show in SHOWCASE:
        claims = ", ".join(pl.Certificate(_json(contents[f"{show.folder}/certificate.json"])).claims)
        names = [name for name in contents if name.startswith(f"{show.folder}/")]
        links = ", ".join(f"[{Path(name).name}]({name})" for name in names)
        lines.append(f"| {show.title}: `{show.words}` | {claims} | {links} |")
    return ("\n".join(lines) + "\n").encode()


def _json(raw: bytes) -> dict[str, object]:
    import json

    data: dict[str, object] = json.loads(raw)
    return data


@click.command()
@click.option("--check", is_flag=True, help="write nothing; exit code 1 if a file differs from what is there")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=HERE,
    help="folder to write to (default: proofs)",
)
def main(check: bool, output: Path) -> None:
    """Regenerate the showcase of proofs."""
    contents = {f"{show.folder}/{name}": data for show in SHOWCASE for name, data in files(show)}
    contents["README.md"] = index(contents)
    different = [
        name
        for name, data in contents.items()
        if not (output / name).is_file() or (output / name).read_bytes() != data
    ]
    if check:
        for name in different:
            click.echo(f"differs: {name}")
        sys.exit(1 if different else 0)
    for name in different:
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Output.of(path).write(contents[name])
        click.echo(f"wrote {name}")


if __name__ == "__main__":
    main(prog_name="python -m proofs.make")

"""The appendix of laws for all widths, as a person would write it: matrices, not entries, and half a page."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.algebra.check import Check
from polylaw.algebra.words.expression import Derivation, Expression
from polylaw.algebra.words.printing import ordered
from polylaw.errors import VerificationError
from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.content import origin
from polylaw.proof.appendix.map import reals
from polylaw.proof.appendix.names import Names, has_sign
from polylaw.proof.appendix.phrases import listed, paragraph, said
from polylaw.proof.appendix.references import References
from polylaw.proof.appendix.setting import DERIVATIVE, TIME, by_the_author, constants, remarks
from polylaw.proof.appendix.word_formulas import Notation, WordFormulas
from polylaw.proof.reading import Certified
from polylaw.proof.widths import decoded_flow, told_laws


def document_of_words(told: Certified, check: Check) -> doc.Document:
    """The appendix of a certificate of laws for all widths."""
    writer = _Writer(told, check)
    theorem, proof = writer.result()
    blocks: list[doc.Block] = [doc.Heading("The flow"), *by_the_author(writer.names), writer.setting()]
    blocks += [*remarks(writer.model.notes), doc.Heading("The result"), theorem, proof, *writer.scope()]
    return doc.Document("Conservation laws for all widths", (writer.kind(),), tuple(blocks))


class _Writer:
    def __init__(self, told: Certified, check: Check) -> None:
        self.check = check
        self.told, self.data, self.flow = told, told.data, decoded_flow(told.data)
        self.model = self.flow.model
        self.names = Names(told, [*self.model.weights, *self.model.constants, *self.model.widths])
        self.words = WordFormulas(self.names, self.flow)
        self.references = References(told.data)
        self.laws = told_laws(self.flow, self.data, told.conserved)
        self.sizes: list[doc.Formula] = [self.names.by_name[w] for w in self.model.widths]
        self.momentum = self.flow.damping is not None
        self.over_time = self.flow.damping is not None and self.flow.damping.over_time

    def kind(self, momentum: str = "Flow with momentum") -> str:
        """The flow in a few words, beginning with these if it has momentum."""
        more = ["in a mirror metric"] if self.flow.metric.mirrored else []
        more += ["with rates"] if self.flow.metric.rates else []
        more += ["with weight decay"] if self.flow.weight_decay else []
        return f"{momentum if self.momentum else 'Gradient flow'} {' and '.join(more)}".rstrip()

    # -- the flow ----------------------------------------------------------------------------------
    def setting(self) -> doc.Paragraph:
        """Letters, what the loss sees, and the differential equations."""
        model = self.model
        free = ", while {} may be anything and may change with time"
        delta = "{} is one where both indices are equal, and zero elsewhere. "
        shaped = {name: self._shaped(name) for name in (*model.weights, *model.constants)}
        the_map, gradients, equations = self._map(), self._gradients(), self._equations()
        parameters: list[doc.Formula] = [*self.names.parameters]
        two = doc.Symbol("delta", "", tuple(self.words.indices[:2]))
        return paragraph(
            "Let {weights} be trained, whatever the sizes {sizes}{free}. We consider losses that see the "
            "weights only through{map}{gradients}{flow} is{equations}{when}{delta}{constants}Such laws are "
            "studied in {works}{model}.",
            weights=listed([shaped[name] for name in model.weights]),
            sizes=listed(self.sizes),
            free=said(free, listed([shaped[name] for name in model.constants])) if model.constants else "",
            map=fm.aligned(the_map, "comma"),
            gradients=gradients,
            flow=self.kind("The flow with momentum"),
            equations=fm.aligned(equations, "comma" if self.over_time else "period"),
            when=said("for {}. ", fm.row(TIME, doc.Operator("greater"), fm.ZERO)) if self.over_time else "",
            delta=said(delta, two) if self.words.deltas else "",
            constants=said("{} ", constants(parameters)) if parameters else "",
            works=self.references.cite(self.references.flows),
            model=self.references.of_model(),
        )

    def _shaped(self, name: str) -> doc.Formula:
        widths = [self.names.by_name[w] for w in self.flow.alphabet.widths(name)]
        return fm.row(self.words.symbol(name), doc.Operator("in"), reals(widths))

    def _map(self) -> list[fm.Equation]:
        equations: list[fm.Equation] = []
        for j, phi in enumerate(self.model.phi, 1):
            notation = self.words.notation([phi], apart=True)
            number = str(j) if len(self.model.phi) > 1 else ""
            index = tuple(str(axis.name) for axis in notation.axes(phi) if isinstance(axis, doc.Symbol))
            below = ",".join(filter(None, (number, notation.copy)))
            letter = doc.Symbol(self.names["map"].name, below, index)
            equations.append((letter, notation.lines(phi)))
        return equations

    def _gradients(self) -> list[doc.Part]:
        symbols = [self.words.symbol(name) for name in self.words.gradients]
        one = len(symbols) == 1
        maps = [doc.Symbol(self.names["map"].name, "" if one else str(j)) for j in range(1, len(symbols) + 1)]
        return said(
            "and {} {} of the loss by {}, taken along the solution; below {} of time. ",
            listed(symbols),
            "is the gradient" if one else "are the gradients",
            listed(maps),
            "it is any continuous function" if one else "they are any continuous functions",
        )

    def _equations(self) -> list[fm.Equation]:
        loss = self.flow.derivations[0].images
        equations: list[fm.Equation] = []
        for name in self.model.weights:
            image = loss.get(f"d{name}" if self.momentum else name)
            if image is None:
                continue
            notation = self.words.notation([image], apart=True)
            right = notation.lines(image)
            weight, velocity, acceleration = (notation.letter(name, dots) for dots in range(3))
            if self.flow.weight_decay:
                rate = self.names.coordinates.polynomial(self.data["flow"]["weight_decay"])
                right[-1] = fm.row(right[-1], fm.MINUS, self.names.factor(rate), weight)
            equations.append((self._left(weight, velocity, acceleration), right))
        return equations

    def _left(self, weight: doc.Symbol, velocity: doc.Symbol, acceleration: doc.Symbol) -> doc.Formula:
        if not self.momentum:
            return velocity
        if self.over_time and self.flow.metric.mirrored:  # multiplied by t, as its right side
            rate = self.names.factor(self.names.ring.constant(self.names.over_time))
            return fm.row(TIME, acceleration, fm.PLUS, rate, velocity)
        tau = self.names.damping
        return fm.row(acceleration, fm.PLUS, tau, velocity) if tau else acceleration

    # -- the result --------------------------------------------------------------------------------
    def result(self) -> tuple[doc.Theorem, doc.Proof]:
        """The laws, and why their derivatives vanish."""
        items = []
        for law in self.laws:
            notation = self.words.notation([law])
            noun, every = self._noun(law, notation), notation.quantifier(law)
            items.append(paragraph("{} {} is constant{}.", noun, notation.formula(law), every))
        opening = paragraph(
            "Along every solution, for every continuously differentiable loss that sees the weights only "
            "through {} as given above, {}and for all {}:",
            self.names["map"],
            "for all values of the parameters, " if self.names.parameters else "",
            listed(self.sizes),
        )
        theorem = doc.Theorem(opening, doc.Items(tuple(items)))
        equations = [equation for law in self.laws for equation in self._derivatives(law)]
        start = ("By the product rule and the equations above", fm.aligned(equations))
        end = "These are equations between sums of products of letters, so no size enters."
        return theorem, doc.Proof((doc.Paragraph((*start, end)),))

    def _noun(self, law: Expression, notation: Notation) -> str:
        axes = 0 if notation.entries else len(law.widths) - bool(notation.copy)
        if axes < 2:
            return "The vector" if axes else "The number"
        symmetry = {"symmetric": "symmetric ", "skew": "skew-symmetric "}.get(law.symmetry, "")
        return f"The {symmetry}matrix"

    def _derivatives(self, law: Expression) -> list[fm.Equation]:
        """d/dt P = X = d/dt N for a law P - N; if all signs are equal, the sum that is 0."""
        self.check("writing derivatives out")
        derivation = self._motion()
        by_sign = ({t: c for t, c in law if has_sign(c) is sign} for sign in (False, True))
        sides = [Expression(law.alphabet, law.widths, terms) for terms in by_sign]
        if not all(sides):
            return [self._sum_of_zero(law, derivation)]
        positive, negative = sides[0], -sides[1]
        value = derivation(positive)
        if derivation(negative) != value:
            raise VerificationError("law", str(law), "a law that is conserved", "verify the certificate")
        return [self._equation([positive, negative], value)]

    def _equation(self, sides: Sequence[Expression], value: Expression) -> fm.Equation:
        """d/dt (first side) = value = d/dt (second side)."""
        notation = self.words.notation([*sides, *([value] if value else [])])
        first, second = [self._rate_of_change(notation.formula(side)) for side in sides]
        room = fm.ROOM - fm.width(first)
        lines = notation.lines(value, room) if value else [fm.ZERO]
        if len(lines) == 1 and fm.width(lines[0]) + fm.width(second) + 2 <= room:
            return first, [fm.row(lines[0], fm.EQUAL, second)]
        return first, [*lines, fm.row(fm.EQUAL, second)]

    def _sum_of_zero(self, law: Expression, derivation: Derivation) -> fm.Equation:
        """d/dt law = sum = 0, the sum as it comes from the single terms of the images."""
        parts: list[Expression] = []
        for name, image in derivation.images.items():
            for term, c in ordered(image):
                single = Derivation("", {name: Expression(image.alphabet, image.widths, {term: c})})
                parts += [part] if (part := single(law)) else []
        if derivation.clock is not None:
            parts += [part] if (part := Derivation("", {}, derivation.clock)(law)) else []
        notation = self.words.notation([law, *parts])
        terms = [signed for part in parts for signed in notation.terms(part)]
        lines = [*fm.sum_lines(terms), fm.row(fm.EQUAL, fm.ZERO)] if terms else [fm.ZERO]
        return self._rate_of_change(notation.formula(law)), lines

    def _rate_of_change(self, function: doc.Formula) -> doc.Formula:
        return fm.row(*([TIME] if self.over_time else []), DERIVATIVE, fm.parenthesised(function))

    def _motion(self) -> Derivation:
        """The derivative along solutions, times t for damping c/t: loss and drift together."""
        loss, *rest = self.flow.derivations
        scalars = self.flow.alphabet.scalars
        scale = scalars.constant(1)
        if self.flow.damping is not None and self.over_time and not self.flow.metric.mirrored:
            scale = scalars.monomial(((0, self.flow.damping.rate.denominator),))
        images = {name: image * scale for name, image in loss.images.items()}
        clock = None
        for drift in rest:
            for name, image in drift.images.items():
                images[name] = images[name] + image if name in images else image
            clock = drift.clock
        return Derivation("the flow", images, clock)

    def scope(self) -> list[doc.Block]:
        """Where it comes from, and how to check it."""
        checked = origin(self.told, ", for all sizes at once")
        works = self.references.paragraphs()
        return [doc.Heading("Scope and verification"), checked, doc.Heading("References"), *works]

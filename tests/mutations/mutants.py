"""The mutants: in which function of which module, what is written for what, and the tests that must see it.

The text is that of `ast.unparse`.  Lines of one group are seen by the same tests; the first that fails ends a
run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["MUTANTS", "Mutant"]


@dataclass(frozen=True)
class Mutant:
    """A change of one line."""

    module: str
    where: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.module.removeprefix('polylaw.')} {self.where}: {self.old} -> {self.new}"


CHECKER = "polylaw.proof.checker"
FALSE = "tests/proof/test_false_claims.py::test_it_is_refused"
LINES = "tests/proof/test_lines.py"
FUNCTIONS = "tests/proof/test_functions.py"
#: These need few certificates and see most.
BORDERS = (
    f"{FUNCTIONS}::test_false_claims_about_borders_are_refused",
    f"{FUNCTIONS}::test_jumps_need_a_conserved_factor_and_a_law_linear_in_the_arc_tangent",
    f"{FUNCTIONS}::test_crossings_lie_in_the_domain_of_the_flow",
)
OF_NETWORKS = ("tests/proof/test_network_lines.py", "tests/proof/test_networks.py")
PAIRS = "tests/unit/test_groebner.py::test_{}"
CHECK = "tests/unit/test_check.py::test_{}"
COUNT = "tests/unit/test_count.py::test_{}"
SETS = "tests/unit/test_variety.py::test_{}"
DARBOUX = "tests/unit/test_darboux.py::test_{}"
SYNTAX = "tests/unit/test_syntax.py::test_{}"
NETWORKS = "tests/networks/test_{}"
RULES = NETWORKS.format("rules.py")
STRANGE = NETWORKS.format("inference.py")
PROGRAMS = NETWORKS.format("programs.py")
COUNTED = "tests/programs/test_count.py"
JETS = "tests/programs/test_jets.py"
POINTS = "tests/programs/test_points.py"
VIEWS = NETWORKS.format("index.py")
MOTION = "tests/testing/test_trajectories.py::test_{}"
SIGHT = "tests/testing/test_sight.py"
STEPS = "tests/networks/test_step_rules.py"
MONITOR = "tests/networks/test_monitor.py::test_{}"

#: (module, tests): (function, what is written there, what is written instead)
GROUPS: dict[tuple[str, ...], list[tuple[str, str, str]]] = {
    # -- the checker: what it accepts is true ------------------------------------------------------
    (CHECKER, LINES, FALSE): [
        ("Concrete.check_conserved", "not any(along(field, gradient, self.work).values())", "True"),
        ("Concrete.check_not_conserved", "any(along(self.fields[j]", "True or any(along(self.fields[j]"),
        ("Concrete.check_independent", "if k < self.moving", ""),
        ("Concrete.check_independent", "rank(gradients, p, self.work) == len(laws)", "True"),
        ("Concrete.check_complete", "self.conserved.issuperset(laws)", "True"),
        ("Concrete.check_complete", "lower == upper == claimed", "upper == claimed"),
        ("Concrete.check_complete", "lower == upper == claimed", "lower == claimed"),
        ("Concrete.check_complete", "type(claimed) is int and ", ""),
        ("Concrete.check_complete", " if column.keys() >= q.keys()", " if column.keys() & q.keys()"),
        ("Concrete.check_max_laws", "indices(claim['elements'], len(elements))", "claim['elements']"),
        ("Concrete.check_max_laws", "claim['bound'] == bound", "claim['bound'] <= bound"),
        ("Concrete.check_max_laws", "type(claim['bound']) is int and ", ""),
        ("Concrete.check_max_laws", "q.add(self.term(-1), ", "q.add(self.term(1), "),
        ("Concrete.check_max_laws", "self.moving - found", "self.variables - found"),
        ("Concrete.check_exactly", " if laws <= self.conserved", ""),
        ("Concrete.check_exactly", "count == most == self.bound", "count == most"),
        ("Concrete.check_exactly", "count == most == self.bound", "count == self.bound"),
        ("Concrete.check_exactly", "type(count) is int and ", ""),
        ("is_prime", "all((p % d for d in range(2, math.isqrt(p) + 1)))", "True"),
        ("Concrete.place", "all((c.denominator % p for c in x))", "True"),
        ("Concrete.monomials", "m and m[-1] < self.moving", "m"),
        ("Concrete.gradient_flow", "decay * self.term(-1, k)", "decay * self.term(1, k)"),
        ("Concrete.gradient_flow", ", self.variables: self.tick", ""),
        ("Concrete.momentum_flow", "rate * self.term(-1, d + k)", "rate * self.term(1, d + k)"),
        ("Concrete.momentum_flow", "need(self.names[d:self.own] == velocities", "need(True"),
        ("Concrete.controls", "columns.setdefault(j, []).append((i,", "columns.setdefault(i, []).append((j,"),
        ("Concrete.controls", "down.get(j, self.zero), -1)", "down.get(j, self.zero), 1)"),
        ("Concrete.controls", "+ [time] * (top - degree)", ""),
        ("Concrete.controls", "len(metric) == len(flow.get('metric', metric))", "True"),
        ("Concrete.ode_flow", "not isinstance(self.clock, int) or self.clock == 1", "True"),
        ("Concrete.ode_flow", "p if i == j else p * q", "p * q if i == j else p"),
        ("Concrete.fields_flow", "self.clock is None", "True"),
        ("Concrete.fields_flow", "len(field) == len(pairs)", "True"),
        ("Coordinates.decay", "self.clock == (decay or None)", "True"),
        ("Coordinates.damping", "self.clock == (rate or 1)", "True"),
        ("Coordinates.damping", "c > 0 and self.clock == c.denominator", "True"),
        ("Coordinates.damping", "[s] * c.denominator", "[s]"),
        ("Coordinates.damping", "Fraction(1, c.denominator)", "1"),
        ("Coordinates.polynomial", "need(m not in p, 'a repeated monomial', m)", "m"),
        ("Coordinates.polynomial", "any((below <= k < self.moving for k in t[1::2]))", "False"),
        ("Coordinates.chosen", "len(laws) >= least", "True"),
        ("indices", "len({index(i, below) for i in a_list(value)}) == len(value)", "True"),
        ("index", "type(value) is int", "isinstance(value, int)"),
        ("keys", "key in words.replace('?', '').split()", "True"),
        ("same", "not right", "True"),
        ("same", "letter == left[0][0]", "True"),
        ("same", "more.setdefault(j, k) == k", "True"),
        ("contracted", "if j in free else []", "if False else []"),
        ("contracted", "if j in free or x[0] != 'sum' or ks != [j]", "if j in free or x[0] != 'sum'"),
        ("Shaped.derivative", "if names.setdefault(j, k) != k", "if False"),
        ("Shaped.derivative", "factors = factors + sums(widths, range(size))", "pass"),
        (
            "Shaped.check_conserved_for_all_widths",
            "not collected(self.derivative(",
            "True or not collected(self.derivative(",
        ),
        (
            "Shaped.expression",
            "all((widths.setdefault(index(i, 1000), w) == w for i, w in zip(at, shape)))",
            "True",
        ),
        ("Shaped.expression", "name[:1] == '=' or name in letters", "True"),
        ("check", "hashlib.sha256(canonical(data)).hexdigest() == data['sha256']", "True"),
    ],
    (CHECKER, *BORDERS, FUNCTIONS): [
        ("Functions.check_conserved_where", "self.vanishes(self.change(field, p, q))", "True"),
        ("Functions.check_conserved_where", "not self.vanishes(q)", "True"),
        ("Functions.check_kept", "self.inside(cofactor) <= self.of_flow | self.steady", "True"),
        ("Functions.check_kept", "self.vanishes(difference)", "True"),
        ("Functions.check_crossed", "not self.of_flow", "True"),
        ("Functions.check_crossed", "self.clock is None or x[self.variables] > 0", "True"),
        ("Functions.check_crossed", "self.clock.value(x) or x[self.variables] == 1", "True"),
        ("Functions.check_crossed", "all((q.value(x) for q in self.denominators))", "True"),
        ("Functions.check_crossed", "u.value(x) == 0 and ", ""),
        ("Functions.check_crossed", " and along(field, u.gradient(), self.work).value(x)", ""),
        ("Functions.check_jumps", "not self.vanishes(p)", "True"),
        ("Functions.check_jumps", "self.inside(p, s) <= self.steady", "True"),
        ("Functions.check_jumps", "not any(product.add(q, self.term(-1)).values())", "True"),
        ("Functions.check_jumps", "kind == 'atan' and ", ""),
        ("Functions.check_jumps", "all((m.count(w) < 2 for m in above))", "True"),
        ("Functions.check_jumps", "j not in self.inside(c, r, below)", "True"),
        ("Functions.check_jumps", "self.vanishes(self.change(field, c, below))", "True"),
        (
            "Functions.function",
            "all((k < w or k >= self.variables for k in chain.from_iterable([*p, *q])))",
            "True",
        ),
        ("Functions.function", "term(-1, w + 1), q * q", "term(1, w + 1), q * q"),
        ("Functions.function", "other['of'] == data['of']", "True"),
        ("Functions.function", "any(d.values())", "True"),
        ("Functions.change", "q.gradient(), self.work), -1)", "q.gradient(), self.work), 1)"),
        ("Functions.plain", "self.inside(p) <= {*steady}", "True"),
    ],
    (CHECKER, *OF_NETWORKS): [
        ("Array.__init__", "type(n) is int and n > 0, 'a size", "True, 'a size"),
        ("Array.__init__", "len(self.sums) == len(pairs)", "True"),
        ("Array.__init__", "self.rule in (None, 'opaque') and (not self.zero)", "not self.zero"),
        (
            "Array.__init__",
            "self.rule in (None, 'opaque') and (not self.zero)",
            "self.rule in (None, 'opaque')",
        ),
        ("Array.__init__", "or self.times == [1]", "or True"),
        ("Array.__init__", "or self.times == [1]", "or len(self.terms) == 1"),
        ("Array.__init__", "self.terms and (self.rule", "(self.rule"),
        ("Array.term", "index(k, len(arrays))", "k"),
        ("Array.term", "len(legs) == len(shape) and", ""),
        ("Array.term", "sizes.setdefault(g, n) == n", "True"),
        ("Array.term", "dict(enumerate(self.sizes))", "{}"),
        ("Array.term", "indices(legs, 2 ** 40)", "legs"),
        ("Array.term", "all((g < len(self.sizes) for g in legs))", "True"),
        ("Array.term", "len(self.numbers) == count", "True"),
        ("Array.term", "inputs and (self.rule in ('product', 'sum') or len(inputs) == 1)", "inputs"),
        ("Array.vanishes", " and n > 0", ""),
        ("Array.vanishes", "any(", "all("),
        ("Array.is_zero", "self.eps or ", ""),
        ("Array.is_zero", "self.rule in ('opaque', 'exp', 'log')", "False"),
        ("Array.total", "others or self.eps or", "others or"),
        ("Array.total", "self.numbers[0] * c", "c"),
        (
            "Array.total",
            "(self.numbers, self.times, len(gone), len(legs)) == ([1], [1], 1, len(self.sizes) + 1)",
            "len(gone) == 1",
        ),
        ("Array.known_sums", "held == [(1, 0)]", "(1, 0) in held"),
        ("Array.known_sums", "k == x and ", ""),
        ("Array.known_sums", "{*legs} == {*range(len(self.sizes))}", "len(legs) == len(self.sizes)"),
        ("Array.known_sums", " and others == tuple((legs[b] for b in axes))", ""),
        ("Array.known_sums", "first + second * c * arrays[x].sizes[axis] == 0", "True"),
        ("Array.known_sums", "(first, second, c, self.times) == (1, -1, 1, [1])", "True"),
        ("Array.is_zero", "self.numbers[0] <= 0", "False"),
        ("Array.is_zero", "all((self.vanishes(term, arrays) for term in self.terms))", "True"),
        ("Array.is_zero", "all((arrays[k].zero for", "any((arrays[k].zero for"),
        ("Moves.merge", "all((state == first for state in states))", "True"),
        ("Moves.sum", "if not self.arrays[k].zero", "if s"),
        ("Scalings.product", "times(k, c, self.work)", "c"),
        ("Scalings.homogeneous", "times(y.numbers[0], d, self.work)", "d"),
        ("Mixings.start", "abs(c) if self.law.skew else c", "abs(c)"),
        ("Mixings.start", "len(state) == len(pieces)", "True"),
        ("Mixings.product", "any((y.numbers[j] != 1 for j in holders)) or", ""),
        ("Mixings.product", "or None in moved", ""),
        ("Mixings.product", "and len(moved) == 1", ""),
        ("Mixings.product", "c if self.law.skew else -c", "c"),
        ("Mixings.product", "c if self.law.skew else -c, along)", "c if self.law.skew else -c, more[0][1])"),
        ("Mixings.product", "leg < len(y.sizes) or more != dual", "leg < len(y.sizes)"),
        ("Mixings.product", "leg < len(y.sizes) or more != dual", "more != dual"),
        ("Mixings.length", "self.law.skew and", ""),
        ("Mixings.length", "all((leg >= len(y.sizes) for leg in inputs[0]))", "True"),
        ("Mixings.carry", "if y.linear", "if True"),
        ("Shifts.sum", "self.scaled(self.part(state, False), n)", "self.part(state, False)"),
        ("Shifts.merge", "None if factors is None else", "None if False else"),
        ("Shifts.homogeneous", "None if self.part(inputs[0], False) else", ""),
        ("Shifts.homogeneous", "y.numbers[0]", "1"),
        ("Shifts.exp", "None if self.part(inputs[0], True) else", ""),
        ("Shifts.log", "None if moves else", ""),
        ("Shifts.product", "self.scaled(self.part(state, True), y.numbers[j])", "self.part(state, True)"),
        ("Shifts.carry", "y.affine and", ""),
        ("Shifts.carry", "not shifted or", "True or"),
        ("Shifts.carry", "and len(y.terms) == 1", ""),
        ("Shifts.product", "any((n != 1 for n in y.numbers)) or", ""),
        ("Shifts.product", "len({k for k, *_ in factors}) < len(factors)", "False"),
        ("Shifts.product", "times(y.times[t], c, self.work)", "c"),
        ("Shifts.added_up", "c = times(n, c, self.work)", "pass"),
        ("Shifts.added_up", "held[s] == 1 and", ""),
        ("Shifts.added_up", "and (s not in along) and (a in", "and (a in"),
        ("Shifts.added_up", "not 0 <= s < size and held[s]", "held[s]"),
        ("Shifts.added_up", "times(self.arrays[k].sums[a], c, self.work)", "c"),
        ("Shifts.added_up", "if not 0 <= s < size and s != at[a]}", "if False}"),
        ("Shifts.added_up", "for j in self.law.centred", "for j in range(len(along))"),
        ("Shifts.added_up", "along[j] not in held and ", ""),
        ("Family.__init__", "array.parameter is not None", "True"),
        ("Family.__init__", "all((axes != other for _, other in self.pieces.get(k, [])))", "True"),
        ("Family.__init__", "tuple(indices(axes, len(array.sizes)))", "tuple(axes)"),
        ("Family.__init__", "all((size == sizes[0] for size in sizes))", "True"),
        ("Family.__init__", "need(c, 'a zero", "need(True, 'a zero"),
        ("Family.__init__", "sizes[0] or self.form != 'products'", "True"),
        ("Family.__init__", "not self.skew or self.form == 'products'", "True"),
        ("Network.__init__", "len({name for name, _ in named}) == len(named)", "True"),
        ("Network.__init__", "data['variables'] or data['parameters'] or data['clock']", "False"),
        ("Network.__init__", "type(n) is int and n > 0 for shape", "True for shape"),
        ("Network.apart", "all((index(i, len(shape)) >= 0 for i, *_ in runs))", "True"),
        ("Network.apart", "type(s) is int and s > 0", "True"),
        ("Network.apart", "(k, *place) not in places", "True"),
        ("Network.apart", "max(found) < shape[p]", "True"),
        ("Network.apart", "len(set(found)) == count and ", ""),
        ("Network.apart", " and before.isdisjoint(found)", ""),
        ("Network.result", "states[-1] is not None and ", "states[-1] is None or "),
        ("Network.result", "all((g < len(y.sizes) for g in moves.legs(states[-1])))", "True"),
        ("Network.result", "state is not None, f'the terms", "True, f'the terms"),
        ("Network.result", "not (state and y.eps and exact)", "True"),
        (
            "Network.result",
            "all((self.arrays[j].zero for j, _ in term))",
            "any((self.arrays[j].zero for j, _ in term))",
        ),
        ("Network.check_network", "not flag(", "flag("),
        ("Network.shown", "self.outputs.isdisjoint(moved)", "True"),
        ("Network.shown", "law.frozen if exact else set()", "set(law.pieces)"),
        ("Network.follow", "j in self.frozen", "True"),
        ("Family.__init__", "not (self.centred or more or others)", "True"),
        ("Family.__init__", "len(axes) == len(network.arrays[k].sizes)", "True"),
    ],
    # -- Buchberger's criteria ------------------------------------------------------------------------
    (
        "polylaw.algebra.groebner.pairs",
        PAIRS.format("a_chain_through_a_pair_with_the_same_lcm_is_none"),
        PAIRS.format("old_pairs_go_only_when_a_chain_replaces_them"),
        PAIRS.format("pairs_with_coprime_leads_and_chains_are_left_out"),
        PAIRS.format("pairs_that_are_taken_are_gone"),
        PAIRS.format("the_pairs_that_are_left_decide_all_pairs"),
    ): [
        (
            "CriticalPairs._drop_old",
            "covered = (self.lcms >= lead).all(axis=1)",
            "covered = (self.lcms > -1).all(axis=1)",
        ),
        ("CriticalPairs._drop_old", "covered &= (with_new[self.firsts] != self.lcms).any(axis=1)", "pass"),
        ("CriticalPairs._drop_old", "covered &= (with_new[self.seconds] != self.lcms).any(axis=1)", "pass"),
        (
            "CriticalPairs._drop_old",
            "with_new[self.firsts] != self.lcms",
            "with_new[self.firsts] == self.lcms",
        ),
        (
            "CriticalPairs._drop_old",
            "with_new[self.seconds] != self.lcms",
            "with_new[self.seconds] == self.lcms",
        ),
        ("CriticalPairs._drop_old", "self._keep(~covered)", "self._keep(covered)"),
        (
            "CriticalPairs._new",
            "(np.minimum(self.leads, lead) == 0).all(axis=1)",
            "(np.minimum(self.leads, lead) == 0).any(axis=1)",
        ),
        (
            "CriticalPairs._new",
            "divisors = (lcms <= lcm).all(axis=1)",
            "divisors = (lcms <= lcm).any(axis=1)",
        ),
        ("CriticalPairs._new", "not coprime[i]", "coprime[i]"),
        (
            "CriticalPairs.add",
            "np.full(len(firsts), len(self.leads))",
            "np.full(len(firsts), len(self.leads) - 1)",
        ),
        ("CriticalPairs.take", "self._keep(~chosen)", "self._keep(chosen)"),
    ],
    (
        "polylaw.algebra.groebner.hilbert",
        PAIRS.format("a_complete_intersection_has_the_series_of_one"),
        PAIRS.format("the_hilbert_series_counts_the_monomials_outside"),
        PAIRS.format("dimension_and_degree"),
    ): [
        (
            "HilbertSeries.is_complete_intersection",
            "self.numerator == _trimmed(_product(degrees))",
            "self.leads.shape[1] - self.dimension == len(degrees)",
        ),
        ("_numerator", "occurs[pivot] <= 1", "occurs[pivot] <= 2"),
        ("_numerator", "(0,) * weights[pivot]", "(0,) * 0"),
        ("HilbertSeries._reduced", "dimension -= 1", "dimension -= 2"),
    ],
    # -- rigorous motion --------------------------------------------------------------------------------
    # -- training steps: what rounding hides is undecided ------------------------------------------
    ("polylaw.steps", SIGHT): [
        ("StepReport.broken", "not abs(self.measured - self.predicted) <= self.rounding", "False"),
        ("StepReport.undecided", "self.sight <= self.fault", "True"),
        (
            "require_steps",
            "(broken := [str(report) for report in reports if report.broken])",
            "(broken := [])",
        ),
        ("require_steps", "if report.undecided", "if report.broken"),
        ("require_steps", "all((report.still for report in reports))", "False"),
    ],
    ("polylaw.testing.steps", SIGHT): [
        ("report_of", "rounding / seen", "0.0"),
        ("report_of", "end - along - start", "reached - start"),
        ("report_of", "precision.eps * ", "0 * "),
        ("_roundings", "total + _GRADIENT", "_GRADIENT"),
    ],
    ("polylaw.testing.rules", SIGHT): [
        ("HeavyBall.update", "kicked - self.mu * v + self.l2 * ahead", "kicked - self.mu * v"),
        ("HeavyBall.update", "kicked - self.mu * v + self.l2 * ahead", "kicked + self.l2 * ahead"),
        (
            "HeavyBall.update",
            "(theta, ahead, kick, onward, reached[weights], kick)",
            "(theta, theta, kick, onward, reached[weights], kick)",
        ),
    ],
    ("polylaw.testing.layouts", SIGHT): [
        ("layout_where", "order[places + shift] = places.T + shift", "order[places] = places.T"),
    ],
    ("polylaw.networks.steps", STEPS): [
        ("Step.reports", "others or not law.exact", "not law.exact"),
        ("Step.reports", " or law.skew", ""),
        ("Step.reports", " and (not motion.mixed)", ""),
        ("Step.reports", "equates_gradients(law) and", "True and"),
        ("Step._misplaced", "~(off <= block.allowed)", "off > block.allowed"),
        ("equates_gradients", "prod(p.view.sizes) != prod(law.sizes)", "False"),
        ("equates_gradients", "not law.centred and ", ""),
        ("equates_gradients", "abs(one.coefficient) == abs(two.coefficient)", "True"),
        ("equates_gradients", "len(law.centred) == 1", "True"),
        ("_Reports.linear", "motion.rate * motion.keep", "motion.rate"),
        ("_Reports.linear", "2 * along", "along"),
        ("_Reports.linear", "along + np.swapaxes(along, -1, -2)", "along"),
        ("_Reports.linear", "drift + weight * along", "drift"),
        ("_Reports.linear", "allowed + factor * roundings", "allowed"),
        ("_Reports.entrywise", "(motion.keep - 1) * start", "0 * start"),
        ("_sums", "2 * first + second", "2 * first"),
        ("_sums", "+ np.swapaxes(first, -1, -2)", "+ first"),
        ("_sums", "found['weights'] = sums_of(piece, before, before)", "found['weights'] = found['change']"),
    ],
    ("polylaw.networks.moved", STEPS): [
        ("Moved._block", "(motion.keep - 1) * before", "0 * before"),
        ("Moved._block", "allowed *= self.formats[name].eps", "allowed *= 1.0"),
        ("Moved._block", "after - before", "0 * before"),
    ],
    (
        "polylaw.networks.values",
        MONITOR.format("blocks_are_all_of_a_step"),
        STEPS,
    ): [
        ("blocks_of", "range(0, n, s)", "range(0, n - s + 1, s)"),
        ("blocks_of", "del axes[index[-1]]", "pass"),
    ],
    (
        "polylaw.testing.rigorous",
        MOTION.format("a_box_is_one_that_the_solution_cannot_leave"),
        MOTION.format("enclosures_contain_the_exponential"),
        MOTION.format("a_box_holds_the_motion_at_all_times_of_the_step"),
        MOTION.format("a_remainder_holds_the_derivatives_at_all_times_of_the_step"),
        MOTION.format("short_expansions_enclose_too"),
        MOTION.format("enclosures_end_at_the_time_asked_for"),
        MOTION.format("balls_that_meet_decide_nothing"),
    ): [
        ("_box", "all((outer.contains(inner) for outer, inner in zip(box, reached, strict=True)))", "True"),
        ("_box", "all((outer.contains(inner)", "any((outer.contains(inner)"),
        ("_box", "(_hull(time, time + step), ", "(_ball(time), "),
        ("_box", "x + span * f", "x"),
        ("_taylor", "state, _ball(time))", "state, _ball(0))"),
        ("_taylor", "box, _hull(time, time + step))", "box, _ball(time))"),
        ("_taylor", "b[order + 1]]", "_ball(0)]"),
        ("_taylor", "x(_ball(step))", "x(_ball(1))"),
        ("enclosures", "min(step, until - time)", "step"),
        ("enclosures", "taken > budget.max_steps", "False"),
        ("_advanced", "step /= 2", "step /= 1"),
        ("_inflated", "return x + flint.arb(0, radius.abs_upper())", "return x"),
        ("EnclosedDrift.refuted", "not self.end.overlaps(self.start)", "not self.end.contains(self.start)"),
        ("EnclosedDrift.at_most", ".abs_upper()", ".abs_lower()"),
    ],
    # -- counts ----------------------------------------------------------------------------------------
    (
        "polylaw.verbs.count",
        COUNT.format("degrees_are_checked"),
        COUNT.format("a_search_that_fails_lowers_no_bound"),
        COUNT.format("a_gap_is_shown_with_what_was_tried"),
        COUNT.format("the_degree_grows_until_the_bounds_meet"),
        COUNT.format("degree_one_can_be_enough"),
        COUNT.format("other_arguments_are_checked"),
        COUNT.format("bounds_that_cross_are_a_defect"),
        COUNT.format("the_largest_rank_is_the_bound"),
        COUNT.format("functions_that_give_no_more_laws_are_not_shown"),
        COUNT.format("darboux_polynomials_that_give_no_more_laws_are_not_shown"),
        COUNT.format("logarithms_of_darboux_polynomials_are_tried_before_a_gap_is_told"),
        COUNT.format("what_may_take_long_is_left_out_unless_asked_for"),
        COUNT.format("a_search_that_is_not_complete_excludes_nothing"),
        COUNT.format("what_the_budget_leaves"),
    ): [
        ("_Counting._search", "self.lower = max(self.lower, rank)", "self.lower = rank"),
        ("_Counting._search", "self.laws is None or rank > self.lower or laws.complete", "True"),
        ("_Counting._search", "if not laws.complete:", "if False:"),
        ("_Counting._search_with_functions", "if rank > self.lower:", "if True:"),
        ("_Counting._search_darboux", "if rank > self.lower:", "if True:"),
        ("_Counting._upper", "result.rank >= target", "True"),
        ("_Counting._upper", "return max(found", "return min(found"),
        ("_Counting.count", "if self.lower > upper:", "if False:"),
        ("_Counting.count", "upper = self.state - best.rank", "upper = self.state - best.rank - 1"),
        ("_Counting.count", "degree is None and self._takes_long(d)", "self._takes_long(d)"),
        ("_Counting.count", "if not self._search(d):", "if self._search(d):"),
        ("_Counting.count", "self.lower < upper and (not self.augment)", "False"),
        ("_Counting._search_functions_of_darboux", "if found.rank_at_least > self.lower:", "if True:"),
        ("_Counting._search_functions_of_darboux", "if found.complete:", "if True:"),
        ("_Counting._search_darboux", "if found.complete:", "if True:"),
        ("_Counting._too_large", "sizes[name] > (bound := getattr(self.budget, name))", "not (bound := 1)"),
        ("count_laws", "integer(degree, 'degree', 1, MAX_DEGREE)", "degree"),
    ],
    (
        "polylaw.domains.count",
        COUNT.format("one_field_that_moves_has_a_flow_box"),
        COUNT.format("what_does_not_move_has_no_flow_box"),
    ): [
        ("Count.local", "len(self.flow.distribution.fields) == 1", "True"),
        ("Count.local", "self.lie_rank == 1 and ", ""),
    ],
    # -- verdicts ------------------------------------------------------------------------------------
    (
        "polylaw.domains.polynomials",
        CHECK.format("constants_are_laws_trivially"),
        CHECK.format("a_law_times_a_parameter_is_not_trivial"),
        CHECK.format("time_alone_is_no_constant"),
        CHECK.format("refutations_in_full"),
        CHECK.format("witnesses_are_small"),
        CHECK.format("the_clock_and_the_parameters_of_a_witness_are_positive"),
        CHECK.format("the_nearest_law_is_an_orthogonal_projection"),
        CHECK.format("a_wrong_power_of_time_is_refuted_and_the_right_one_shown"),
        CHECK.format("a_flipped_sign_is_refuted_with_a_witness"),
        CHECK.format("a_field_that_keeps_a_claim_proves_nothing_of_the_others"),
        CHECK.format("a_witness_is_where_the_flow_is_defined"),
        CHECK.format("laws_near_a_claim_have_its_powers_of_the_clock"),
        CHECK.format("the_shortest_residual_is_shown"),
        "tests/unit/test_budget.py::test_a_check_says_which_bound_was_hit",
    ): [
        (
            "check_polynomial",
            "all((g >= state for g in claim.support))",
            "any((g >= state for g in claim.support))",
        ),
        ("check_polynomial", "if violated is None:", "if True:"),
        ("check_polynomial", "if speed.numerator == 1:", "if False:"),
        ("check_polynomial", "prod(flow.denominators, start=residual * speed.numerator)", "residual"),
        ("check_polynomial", "return Undecided(claim, str(error))", "return Proved(claim)"),
        ("_first_residual", "residual = field(claim) if moved else None", "residual = None"),
        ("_first_residual", "if len(found) == 16:", "if len(found) == 1:"),
        ("_first_residual", "enumerate(fields)", "enumerate(fields[:1])"),
        ("_first_residual", "min(found", "max(found"),
        ("_first_residual", "budget.check_entries", "list[int]().append"),
        ("nonzero_point", "if ordinary else count(1)", "if True else count(1)"),
        ("nonzero_point", "generator < len(ring.variables)", "generator <= len(ring.variables)"),
        ("nonzero_point", "if rest:", "if True:"),
        ("_connected", "reached |= {m for h in linked for m in h.terms}", "pass"),
        ("_nearest", "max(powers) > (ansatz.clock or 0)", "False"),
        ("_nearest", "_with_clock_power(claim, power)", "claim"),
    ],
    (
        "polylaw.verbs.check",
        CHECK.format("claims_come_as_text_polynomial_or_sympy"),
        CHECK.format("what_is_no_claim_is_refused"),
        CHECK.format("what_is_no_set_is_not_everywhere"),
        "tests/unit/test_matrix_claims.py::test_matrices_on_a_set",
        "tests/unit/test_matrix_claims.py::test_the_first_entry_that_fails_is_named",
        CHECK.format("only_text_and_sympy_are_read"),
        CHECK.format("claims_with_functions_come_as_text_or_expression"),
    ): [
        (
            "check_law",
            "if is_given(on):\n            return check_law_on",
            "if False:\n            return check_law_on",
        ),
        ("check_law", "check_law(flow, h, on=on, budget=budget)", "check_law(flow, h, budget=budget)"),
        ("check_law", "if not isinstance(claim, Polynomial):", "if isinstance(claim, Polynomial):"),
        ("claim_of", "if isinstance(flow, ElementaryFlow):", "if False:"),
        ("claim_of", "if isinstance(law, Expression):", "if False:"),
        ("_sympy_text", "if type(law).__module__.partition('.')[0] == 'sympy' else None", ""),
    ],
    # -- lines that no test held -------------------------------------------------------------------------
    (
        "polylaw.algebra.ring",
        "tests/unit/test_polynomials.py::test_numbers_for_some_generators_and_coefficients_by_others",
    ): [
        ("Polynomial.with_values", "values[g] ** p", "values[g] ** (p + 1)"),
    ],
    ("polylaw.domains.geometry.prime", "tests/unit/test_relations.py::test_zero_divisors"): [
        ("_regular", "return ideal.saturate(a) == ideal", "return True"),
        ("_regular", "c - shifted", "c"),
        (
            "_regular",
            "larger.basis().hilbert_numerator == tuple((c - shifted for c, shifted in expected))",
            "True",
        ),
        ("_regular", "not all((_homogeneous(p) for p in (*ideal.generators, a)))", "False"),
    ],
    (
        "polylaw.domains.geometry.local_count",
        SETS.format("laws_are_counted_from_below_only_where_the_set_is_a_manifold"),
        SETS.format("where_the_brackets_fill_the_set_there_are_no_laws"),
        SETS.format("a_point_that_shows_nothing_is_passed_over"),
    ): [
        ("local_count", "if smooth else 0", ""),
        ("local_count", "codimension == len(equations)", "True"),
        ("_regular_point", "all((q(point) for q in variety.flow.denominators))", "True"),
        ("_regular_point", "gradient_rank_at(equations, point) >= codimension", "True"),
    ],
    (
        "polylaw.domains.geometry.check",
        SETS.format("claims_on_a_set"),
        SETS.format("claims_on_the_balanced_weights"),
        SETS.format("a_derivative_that_is_nilpotent_on_the_equations_vanishes"),
    ): [
        ("_verdict", "residual and (not variety.ideal.radical_contains(residual))", "False"),
        ("_verdict", " and (not variety.ideal.radical_contains(residual))", ""),
        ("_verdict", "if _is_constant(variety, claim):", "if False:"),
        ("_verdict", "if not variety.invariance.holds:", "if False:"),
        ("_is_constant", "return variety.ideal.radical_contains(claim - value)", "return False"),
    ],
    (
        "polylaw.domains.elementary.check",
        "tests/unit/test_domains.py::test_a_claim_that_is_defined_nowhere_is_undecided",
        "tests/unit/test_domains.py::test_a_claim_of_which_no_point_is_known_is_undecided",
        "tests/unit/test_written_conditions.py::test_no_law_is_refuted_outside_of_the_domain_of_flow_and_claim",
        "tests/unit/test_domains.py::test_a_claim_that_no_text_wrote_is_not_refuted_where_it_is_not_defined",
    ): [
        ("_verdict", "if any((inequation.impossible for inequation in inequations)):", "if False:"),
        ("_verdict", "if _witness(tower, value, None, inequations, budget) is None:", "if False:"),
        ("_witness", "if inequation.positive]", "if False]"),
    ],
    (
        "polylaw.domains.elementary.balls",
        "tests/unit/test_domains.py::test_a_claim_of_which_no_point_is_known_is_undecided",
        "tests/unit/test_written_conditions.py::test_no_law_is_refuted_outside_of_the_domain_of_flow_and_claim",
        "tests/unit/test_domains.py::test_a_claim_that_no_text_wrote_is_not_refuted_where_it_is_not_defined",
    ): [
        ("places", "all(map(at.holds, asked))", "True"),
    ],
    # -- how flows move ----------------------------------------------------------------------------
    ("polylaw.flows.gradient", "tests/proof/test_certificate.py"): [
        ("descent", "clock: rate * ", "clock: -rate * "),
    ],
    ("polylaw.flows.momentum", "tests/proof/test_certificate.py"): [
        ("lifted", "tempo.lifted(metric, {k: tempo.place(x[k], x[d + k]) for k in range(d)})", "(metric, 0)"),
        ("lifted", "d + i, j, m", "i, j, m"),
    ],
    ("polylaw.laws.verify", "tests/unit/test_lift.py"): [
        ("_groups", "np.array_equal(rows[order[later]], rows[order[later - 1]])", "True"),
    ],
    ("polylaw.algebra.linear.lifting", "tests/unit/test_lift.py"): [
        ("Lift.add", "self.modulus and quality < best", "False"),
        ("Lift.add", "not self.modulus or quality > best", "not self.modulus"),
        ("Lift.add", "solution.lead[::-1])", "solution.lead)"),
    ],
    (
        "polylaw.flows.damping",
        "tests/unit/test_law_space.py::test_powers_of_the_clock",
        "tests/unit/test_law_space.py::test_a_translation_brings_the_whole_power_of_the_clock_in_degree_one",
    ): [
        ("Damping.clock_power", "max(2, degree)", "degree"),
        ("Damping.clock_power", "// 2, degree)", "// 2, 0)"),
    ],
    (
        "polylaw.domains.darboux.polynomials",
        DARBOUX.format("an_extactic_polynomial_that_is_0_does_not_prove_all"),
        DARBOUX.format("levels_that_no_single_point_tells_apart_are_found_along_lines"),
        DARBOUX.format("over_the_field_of_parameters"),
        DARBOUX.format("what_is_not_lifted_at_values_of_parameters_leaves_it_open"),
        DARBOUX.format("the_darboux_polynomials_of_a_system"),
    ): [
        ("_Search._sought", "exact is not None and (not exact.deficient)", "exact is not None"),
        ("_Search._along_lines", "if search.deficient:", "if False:"),
        ("_Search._at_values", "if search.deficient or more:", "if False:"),
        ("_Search._at_values", "if (missing := search.unresolved([*known, *more])):", "if False:"),
    ],
    ("polylaw.domains.darboux.eigenspaces", DARBOUX.format("the_darboux_polynomials_of_a_system")): [
        ("darboux_among", "if cofactors is not None", "if True"),
        (
            "darboux_factors",
            "darboux_among(distribution, candidates)",
            "[DarbouxPolynomial(p, ()) for p in candidates]",
        ),
    ],
    (
        "polylaw.domains.elementary.independence",
        "tests/unit/test_kinds_of_functions.py::test_nothing_is_taken_for_independent_that_nothing_is_known_of",
    ): [
        ("_Part.doubt_about_transcendental", "if unknown", "if False"),
        ("_doubt_about_numbers", " and all((f.transcendental for f in functions))", ""),
    ],
    (
        "polylaw.domains.elementary.borders",
        "tests/unit/test_kinds_of_functions.py::test_a_function_is_bounded_where_its_domain_ends_only_if_it_says_so",
    ): [
        ("_poles", "() if function.bounded else function.asks()", "()"),
    ],
    # -- networks: what gradients may differ by -----------------------------------------------------
    ("polylaw.networks.gradients", "tests/networks/test_allowed.py"): [
        ("_SAFETY", "3.0", "4.0"),
        ("_CANCELLED", "10000.0", "1000.0"),
        ("_FINE", "0.0003", "0.003"),
        ("_STILL", "1000.0", "100.0"),
        ("check_gradients", "if law.exact or up_to_eps is not None", ""),
        ("check_gradients", "0.0 if law.exact else ", ""),
        ("_rounded", "effort.terms * rounding.sum ** 2", "effort.terms * rounding.unit ** 2"),
        ("_rms", "array[still == 0]", "array.reshape(-1)"),
        ("_Check.add", "+ errors", ""),
        ("_Check.add", "most > allowed", "most > 0"),
        ("_Check.add", "if law.hollow", "if False"),
        ("Scales._piece", "+ value ** 2", ""),
        ("Scales._piece", " and piece.coefficient < 0", ""),
        ("Scales._sizes", "self.more if alone else 1.0", "self.more"),
        ("Scales._sizes", "np.maximum(squares, squares.mean())", "squares"),
        ("Scales._sizes", "np.maximum(size, self.smallest)", "size"),
        ("Scales._beside", " if name.rpartition('.')[0] == module", ""),
        ("Scales._beside", " or max(map(self.size, self.names), default=0.0)", ""),
        ("_Check.findings", "not failed and (not self.telling)", "False"),
    ],
    # -- networks: a law that is told is kept by every loss ---------------------------------------------
    ("polylaw.networks.rules.lengths", RULES, STRANGE): [
        ("Length.apply", "unknown.mixings.forbid(result)", "pass"),
        ("Length.apply", "unknown.mixings.make_skew(source, leg)", "pass"),
        ("Length.apply", "(1, -1)", "(1, 1)"),
    ],
    ("polylaw.networks.norms", STRANGE): [
        ("_squared", "meaning is None or meaning.name != 'power'", "False"),
    ],
    ("polylaw.networks.rules.sums", RULES, STRANGE): [
        ("Sum.apply", "unknown.mixings.forbid(meeting.output)", "pass"),
        ("Sum.apply", "weights[i])", "1)"),
    ],
    ("polylaw.networks.rules.products", RULES, STRANGE): [
        ("Product.apply", "if linear:", "if True:"),
        ("Product._mix", "and (not kept) and linear", "and (not kept)"),
        ("Product._mix", " and (powers.get(id(holders[0]), 1) == 1)", ""),
        ("Product._mix", ", dual=True", ""),
    ],
    ("polylaw.networks.rules.carrying", RULES): [
        ("Carry.apply", "self.linear and ", ""),
        ("Carry.apply", "self.affine and ", ""),
    ],
    ("polylaw.networks.rules.entrywise", RULES, NETWORKS.format("exponential.py")): [
        ("Homogeneous.apply", "unknown.mixings.forbid(side)", "pass"),
        ("Homogeneous.apply", "(self.degree, -1)", "(1, -1)"),
        ("Homogeneous.apply", "[self.degree]", "[1]"),
    ],
    ("polylaw.networks.mixing", RULES, STRANGE): [
        ("Mixings.equate", "(x != y) != dual", "x != y"),
        ("Mixings.equate", "here.skew or there.skew", "there.skew"),
        ("Mixings.equate", "here.zero or there.zero", "there.zero"),
        ("Mixings._dependences", "often[space(other)] == 1", "True"),
        ("Mixings._dependences", "if common.get(leaf) in depends[two]", ""),
        ("Mixings.hand_on", "self.forbid(meeting.output, [leg])", "pass"),
    ],
    ("polylaw.networks.shifts", STRANGE, PROGRAMS): [
        ("_Placed._added_up", "Fraction(self.times)", "Fraction(1)"),
        ("_Placed._added_up", "multiple *= n", "multiple *= 1"),
        ("_Placed.place", "if not all((held[leg] for leg in along if leg not in self.output))", "if False"),
    ],
    ("polylaw.networks.scales", STRANGE, RULES): [
        ("Scales.fix", "parts(block)", "[]"),
        ("Scales.balance", "row.get(part, Fraction(0)) + c", "c"),
    ],
    ("polylaw.networks.inference", STRANGE, PROGRAMS): [
        ("_forget_repeated", "system.vanish([part])", "pass")
    ],
    ("polylaw.networks.graph", STRANGE): [
        ("Graph.opaque", "if values", "if True"),
        ("Graph.equations", "sorted(self.live())", "range(len(self.nodes))"),
    ],
    ("polylaw.networks.families", STRANGE): [
        ("Families.tell", " if not self.told.add(v)", " if self.told.add(v) is None"),
    ],
    ("polylaw.networks.law", STRANGE): [
        ("Law._free", "columns if self.columns < self.sizes[-1] else n", "n")
    ],
    ("polylaw.networks.index", VIEWS): [
        ("cells", "inner //= part.size", "inner //= 1"),
        ("Refinement.align", "if one.size != two.size", "if False"),
        ("Refinement.cut", "any((b % inner for b in bounds))", "False"),
    ],
    # -- text: a claim means what is written --------------------------------------------------------
    ("polylaw.syntax.grammar", SYNTAX.format("sums_and_products")): [
        ("Grammar.sum", "-value if mark == '-' else value", "value"),
    ],
    ("polylaw.syntax.grammar", SYNTAX.format("factors_stand_side_by_side_only_where_they_may")): [
        ("Grammar.product", "self.juxtaposition and self.starts_factor", "self.starts_factor"),
    ],
    ("polylaw.syntax.grammar", SYNTAX.format("bounds")): [("Grammar.atom", "depth > self.nesting", "False")],
    ("polylaw.algebra.parse", SYNTAX.format("clocks"), SYNTAX.format("what_is_no_clock")): [
        ("clock_of", "list(rates) != [((ring.index(TIME), 1),)]", "False"),
        ("clock_of", "parser.finish()", "pass"),
    ],
    ("polylaw.domains.geometry.matrices", "tests/unit/test_equations.py"): [
        ("_Arrays.times", "not right.scalar or ", ""),
        ("_Arrays.extended", "self.times(value, mark, self.product(depth + 1))", "self.product(depth + 1)"),
        ("_Arrays.equation", "-self.sum(0)", "self.sum(0)"),
    ],
    ("polylaw.algebra.words.parse", "tests/words/test_expressions.py"): [
        ("_Matrices.composed", "0 if left.column else right.row", "bool(right.row)"),
        ("_Matrices.summed", "if not value.row:", "if False:"),
        ("_Matrices.extended", "and value.column", ""),
    ],
    ("polylaw.programs.points", POINTS, COUNTED, JETS): [
        ("Drawing.choose", "self.valid = still & square[:, entry]", "self.valid = still"),
        ("Drawing.refuse_zeros", "(source != 0)", "(source == source)"),
        ("Search.check", "self._independent(self.moving, self.data)", "pass"),
        ("Search.check", "self._independent(self.still, self.parameters)", "pass"),
        ("Search._place", "_require(seen, 'roots of what depends on data')", "pass"),
        ("place_in", "regions.at([k]).masks", "regions.at([0]).masks"),
        ("place_in", "search.check()", "pass"),
        (
            "Search._theta",
            "drawing.valid.any() and all((both.all() for both in seen.values()))",
            "drawing.valid.any()",
        ),
        ("Search._independent", "not relations.proved(self.tape, self.masks)", "False"),
        ("Search._independent", "self.ties.update(relations.ties())", "pass"),
        ("Search._independent", "tied_to_erf or ", ""),
        (
            "Search._slopes",
            "reduced(slope * inverses(jet.value.reshape(-1, size), self.prime), self.prime)",
            "slope",
        ),
        ("_require", "not both.all()", "not both.any()"),
    ],
    ("polylaw.programs.dependence", POINTS, COUNTED): [
        ("Relations._holds", "any((tape.varied[x] for (x, _), _ in monomial))", "False"),
        ("Relations._holds", "alone or ", ""),
        ("Relations.ties", "-c * root[e] // row[lead]", "c * root[e] // row[lead]"),
        ("tied", "inverses(base, prime) if power < 0 else base", "base"),
        ("Expanded._contracted", "value *= c", "value = c"),
        ("Expanded._contracted", "prod(map(len, factors)) > self.left", "False"),
    ],
    ("polylaw.programs.regions", COUNTED): [
        ("regions_of", "if _is_proved(tape, wanted, found.at([k]), check)", ""),
    ],
    ("polylaw.programs.series", COUNTED): [
        ("Series._adjoint", "(p - pow(k, -1, p))", "pow(k, -1, p)"),
        ("Series._motion", "jacobian[:, i, :d] += self._times(value[:, None], hessian[:, :, j])", "pass"),
        ("Series._motion", "self._times(self._polynomial(part, length), slope[:, j])", "0"),
        ("Series._further", "pow(k, -1, self.prime)", "1"),
    ],
    ("polylaw.programs.laws", COUNTED): [
        ("_Laws.kept", "degree = 1 if law.form is Form.SUMS else 2", "degree = 1"),
        (
            "_Laws._rows",
            "piece.coefficient / self.rates.get(piece.view.name, Fraction(1))",
            "piece.coefficient",
        ),
        (
            "_Laws._coasted",
            "place * (damping.rate - 1) + speed * time",
            "place * damping.rate + speed * time",
        ),
        ("_Laws._coasted", "place - speed * self._clock", "place + speed * self._clock"),
        (
            "_Laws.kicked",
            "self._sum(one, two, (d, 0)) - self._sum(one, two, (0, d))",
            "self._sum(one, two, (d, 0))",
        ),
    ],
    ("polylaw.programs.jets", JETS, COUNTED): [
        ("Jets._primitive", "j * x[j]", "x[j]"),
        ("Jets._root", "range(1, k)", "range(1, k + 1)"),
        ("Jets._inverse", "range(1, k + 1)", "range(1, k)"),
        ("Jets._primitive", "s[k - j]", "s[j - 1]"),
        ("Jets.product", "prod(inner.values()) > EXACT_SUM", "False"),
        ("Jets._contract", "if b.slope is not None:", "if False:"),
        ("Jets._rectify", "mask > 0", "mask >= 0"),
        ("Jets._function", "(self.point.prime + 1) // 2", "1"),
    ],
    ("polylaw.programs.adjoint", JETS): [
        ("_slope", "[-1]", "[1]"),
        ("_slope", "[Fraction(1, 2)]", "[1]"),
        ("_parts", "tape.add_up([g], [c])", "g"),
        ("_given_back", "(taken < start + size)", "True"),
    ],
    ("polylaw.algebra.linear.residues", JETS, COUNTED): [
        ("reduced", "rest -= (rest >= prime) * float(prime)", "pass"),
        ("is_square", "(prime - 1) // 2", "(prime - 1) // 1"),
    ],
}


def _mutants() -> Iterator[Mutant]:
    for (module, *tests), changes in GROUPS.items():
        for where, old, new in changes:
            yield Mutant(module, where, old, new, tuple(tests))


MUTANTS = tuple(_mutants())

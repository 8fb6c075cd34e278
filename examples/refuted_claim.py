"""A claimed law that is false: what refutes it, and which true laws are near."""

import polylaw as pl

# E + S <-> C -> P.  The enzyme E returned by the last step was forgotten, so "enzyme is kept" fails.
rates = ["k1", "km1", "k2"]
mechanism = {"E": "km1*C - k1*E*S", "C": "k1*E*S - km1*C - k2*C", "S": "km1*C - k1*E*S", "P": "k2*C"}


def show(equations: dict[str, str], claim: str) -> None:
    """The verdict on a claim, in words."""
    match pl.check_law(pl.PolynomialODE(equations, rates), claim):
        case pl.Proved(law):
            print(f"{law} is conserved, for all rates and all initial values")
        case pl.Refuted(law=law, residual=residual, witness=witness, value=value, nearest=nearest):
            print(f"{law} is not conserved: its derivative is {residual}")
            print(f"  for example {value} at {dict(witness)}, all else 0")
            for near in nearest:
                print(f"  true, and near it: {near}")
        case pl.Undecided(reason=reason):
            print(f"a bound was hit first: {reason}")


show(mechanism, "E + C")
show(mechanism, "C + S + P")
show({**mechanism, "E": "km1*C + k2*C - k1*E*S"}, "E + C")  # with the enzyme returned

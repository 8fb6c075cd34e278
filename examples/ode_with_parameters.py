"""Laws of an ODE that hold for every value of its parameters, and laws that depend on time."""

import polylaw as pl

# A damped oscillator x'' + 2 g x' + w2 x = 0, as a system of first order.
oscillator = {"x": "v", "v": "-2*g*v - w2*x"}

# Nothing is kept for every g ...
plain = pl.PolynomialODE(oscillator, ["g", "w2"])
print(f"without time: {pl.find_laws(plain).dimension} laws")

# ... until time may enter, here through powers of exp(2*g*t).
driven = pl.PolynomialODE(oscillator, ["g", "w2"], time="exp(2*g*t)")
for law in pl.find_laws(driven).generators:
    print(f"with time: {law}")

# Values instead of symbols can add laws: without damping the energy is kept.
free = pl.PolynomialODE(oscillator, {"g": 0, "w2": "9/4"})
for law in pl.find_laws(free).generators:
    print(f"without damping: {law}")

# Degree and variables bound the search; what is found is always all there is within them.
chain = pl.PolynomialODE({"x": "-k1*x", "y": "-k2*y", "z": "(k1 + k2)*x*y"}, ["k1", "k2"])
print(f"chain: {pl.find_laws(chain, 3)!r}")
print(f"chain without z: {pl.find_laws(chain, 3, variables=['x', 'y'])!r}")

(* Conservation laws of a flow, from the certificate with sha256
   5af67f41406fd92089d686c19d161e47a45270611b8796245398d327236daeaf.
   Its author calls the model 'damped_oscillator', which nothing here depends on.

   Coordinates: 1 = x, 2 = v, 3 = the clock, 4 = g, 5 = w2.
   x is any solution of x' = f(x, clock), for all real values of the parameters.
   The clock is exp(rate t) with the rate below.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..3 are linearly independent at the point.
   at_most_2: no 3 polynomials that the fields annihilate have linearly independent gradients at the point.
   Not in this file: completeness among polynomials of a degree, because the flow has parameters.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2); (3, 1); (5, 1)]); (2%Z, [(1, 1); (2, 1); (3, 1); (4, 1)]); (1%Z, [(2, 2); (3, 1)])]].

Definition rhs : list fraction :=
  map whole
  [[(1%Z, [(2, 1)])];
   [((-1)%Z, [(1, 1); (5, 1)]); ((-2)%Z, [(2, 1); (4, 1)])]].

Definition ticking : clock :=
  exponential ([(2%Z, [(4, 1)])], 1).

Definition fields : list vf :=
  ode_fields 2 ticking rhs.

Theorem conserved : Forall (ode_law 2 ticking rhs) laws.
Proof. apply (@check_ode_sound 5 2 ticking rhs laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 2; 4; 8]%Z.

Theorem independent : independent_at 3 (rpoint point) laws.
Proof.
  apply (check_independent_sound 3 point [1] laws
   [[(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [2; 3].

Theorem at_most_2 : at_most 5 3 fields (rpoint point) 2%nat.
Proof.
  apply (check_at_most_sound 5 3 fields [] point free
   [(1, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_2).
Print Assumptions theorems.

(* Conservation laws of a flow, from the certificate with sha256
   5e4b9c5d3033ce020e4043c6bbd624ed8da8159fcb71b8133dea04d8cdcd6dc3.
   Its author calls the model 'biomodel_629', which nothing here depends on.

   Coordinates: 1 = x1, 2 = x2, 3 = x3, 4 = x4, 5 = x5, 6 = k2, 7 = k3, 8 = k4, 9 = k5.
   x is any solution of x' = f(x), for all real values of the parameters.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..5 are linearly independent at the point.
   at_most_4: no 5 polynomials that the fields annihilate have linearly independent gradients at the point.
   Not in this file: completeness among polynomials of a degree, because the flow has parameters.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1)]); (1%Z, [(2, 1)]); (1%Z, [(5, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)])];
   [(1%Z, [(4, 1)]); (1%Z, [(5, 1)])]].

Definition rhs : list fraction :=
  map whole
  [[((-1)%Z, [(1, 1); (3, 1); (6, 1)]); (1%Z, [(2, 1); (7, 1)])];
   [(1%Z, [(1, 1); (3, 1); (6, 1)]); ((-1)%Z, [(2, 1); (4, 1); (8, 1)]); ((-1)%Z, [(2, 1); (7, 1)]); (1%Z, [(5, 1); (9, 1)])];
   [((-1)%Z, [(1, 1); (3, 1); (6, 1)]); (1%Z, [(2, 1); (7, 1)])];
   [((-1)%Z, [(2, 1); (4, 1); (8, 1)]); (1%Z, [(5, 1); (9, 1)])];
   [(1%Z, [(2, 1); (4, 1); (8, 1)]); ((-1)%Z, [(5, 1); (9, 1)])]].

Definition ticking : clock :=
  no_clock.

Definition fields : list vf :=
  ode_fields 5 ticking rhs.

Theorem conserved : Forall (ode_law 5 ticking rhs) laws.
Proof. apply (@check_ode_sound 9 5 ticking rhs laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0; (-1); 0; 2; 8; 3; 2]%Z.

Theorem independent : independent_at 5 (rpoint point) laws.
Proof.
  apply (check_independent_sound 5 point [1; 2; 4] laws
   [[1; 0; 0]%Z;
   [(-1); 1; 0]%Z;
   [0; 0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [2; 3; 4; 5].

Theorem at_most_4 : at_most 9 5 fields (rpoint point) 4%nat.
Proof.
  apply (check_at_most_sound 9 5 fields [] point free
   [(1, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_4).
Print Assumptions theorems.

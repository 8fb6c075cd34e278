(* Conservation laws of a flow, from the certificate with sha256
   b1103b2414efc9cb7329a98b597a61898f377197d14ad6b9ab6aa3c4cadde464.
   Its author calls the model 'euler_top', which nothing here depends on.

   Coordinates: 1 = w1, 2 = w2, 3 = w3.
   x is any solution of x' = f(x).
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..3 are linearly independent at the point.
   at_most_2: no 3 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_2: no 3 do, and 2 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(2, 2)])];
   [(1%Z, [(1, 2)]); ((-3)%Z, [(3, 2)])]].

Definition rhs : list fraction :=
  [([((-1)%Z, [(2, 1); (3, 1)])], [(1%Z, [])]);
   ([(1%Z, [(1, 1); (3, 1)])], [(1%Z, [])]);
   ([((-1)%Z, [(1, 1); (2, 1)])], [(3%Z, [])])].

Definition ticking : clock :=
  no_clock.

Definition fields : list vf :=
  ode_fields 3 ticking rhs.

Theorem conserved : Forall (ode_law 3 ticking rhs) laws.
Proof. apply (@check_ode_sound 3 3 ticking rhs laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0]%Z.

Theorem independent : independent_at 3 (rpoint point) laws.
Proof.
  apply (check_independent_sound 3 point [1; 2] laws
   [[0; (-1)]%Z;
   [(-1); 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [1; 2].

Theorem at_most_2 : at_most 3 3 fields (rpoint point) 2%nat.
Proof.
  apply (check_at_most_sound 3 3 fields [] point free
   [(3, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_2 : exactly 3 3 fields (rpoint point) 2%nat.
Proof.
  split; [exact at_most_2|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3] 0%nat 2%nat 4 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 3 fields unknowns products [3; 5]%nat
   [[0; (-1)]%Z;
   [1]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_2, exactly_2, completeness).
Print Assumptions theorems.

(* Conservation laws of a flow, from the certificate with sha256
   2701bbae763b1a8d3e1d7c7e9021c62da76f13a3f30e00cba2dfaa3c295df23f.
   Its author calls the model 'softmax 3-2', which nothing here depends on.

   Coordinates: 1 = theta_1_1, 2 = theta_1_2, 3 = theta_2_1, 4 = theta_2_2, 5 = theta_3_1, 6 = theta_3_2.
   theta is any solution of theta' = - J_phi(theta)^T w(t), w any function: any loss that sees theta only through the phi below.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..6 are linearly independent at the point.
   at_most_2: no 3 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_2: no 3 do, and 2 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(4, 1)]); (1%Z, [(6, 1)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1)]); ((-1)%Z, [(5, 1)])];
   [(1%Z, [(2, 1)]); ((-1)%Z, [(6, 1)])];
   [(1%Z, [(3, 1)]); ((-1)%Z, [(5, 1)])];
   [(1%Z, [(4, 1)]); ((-1)%Z, [(6, 1)])]].

Definition fields : list vf :=
  map grad phi.

Theorem conserved : Forall (gradient_law 6 phi) laws.
Proof. apply (@check_gradient_sound 6 phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0]%Z.

Theorem independent : independent_at 6 (rpoint point) laws.
Proof.
  apply (check_independent_sound 6 point [1; 2] laws
   [[1; 0]%Z;
   [0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [5; 6].

Theorem at_most_2 : at_most 6 6 fields (rpoint point) 2%nat.
Proof.
  apply (check_at_most_sound 6 6 fields [] point free
   [(1, [1]%Z);
   (2, [0; 1; 1]%Z);
   (3, [0; 2; 1]%Z);
   (4, [0; 3; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_2 : exactly 6 6 fields (rpoint point) 2%nat.
Proof.
  split; [exact at_most_2|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6] 0%nat 2%nat 7 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]; [0; 0]; [0; 1]; [1; 1]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 6 fields unknowns products [0; 1; 6; 7; 8]%nat
   [[0; 1]%Z;
   [1]%Z;
   [0; 0; 0; 0; 1]%Z;
   [0; 0; 0; 1]%Z;
   [0; 0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_2, exactly_2, completeness).
Print Assumptions theorems.

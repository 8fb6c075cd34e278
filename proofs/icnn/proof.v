(* Conservation laws of a flow, from the certificate with sha256
   61cc84d050c04d7278a39a2654e5ea74e0f702d8cbc401f07c981eed5b122948.
   Its author calls the model 'icnn 2-2-2', which nothing here depends on.

   Coordinates: 1 = U_1_1, 2 = U_1_2, 3 = U_2_1, 4 = U_2_2, 5 = V_1_1, 6 = V_1_2, 7 = V_2_1, 8 = V_2_2, 9 = b_1, 10 = b_2.
   theta is any solution of theta' = - M(theta) J_phi(theta)^T w(t), w any function: any loss that sees theta only through the phi below.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..10 are linearly independent at the point.
   at_most_2: no 3 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_2: no 3 do, and 2 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[((-2)%Z, [(1, 1)]); ((-2)%Z, [(3, 1)]); (1%Z, [(5, 2)]); (1%Z, [(7, 2)]); (1%Z, [(9, 2)])];
   [((-2)%Z, [(2, 1)]); ((-2)%Z, [(4, 1)]); (1%Z, [(6, 2)]); (1%Z, [(8, 2)]); (1%Z, [(10, 2)])]].

Definition phi : list fraction :=
  map whole
  [[(1%Z, [(1, 1); (5, 1)])];
   [(1%Z, [(1, 1); (7, 1)])];
   [(1%Z, [(3, 1); (5, 1)])];
   [(1%Z, [(3, 1); (7, 1)])];
   [(1%Z, [(2, 1); (6, 1)])];
   [(1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(4, 1); (6, 1)])];
   [(1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(1, 1); (9, 1)])];
   [(1%Z, [(3, 1); (9, 1)])];
   [(1%Z, [(2, 1); (10, 1)])];
   [(1%Z, [(4, 1); (10, 1)])]].

Definition lambda : rate :=
  ([], 1).

Definition metric : matrix :=
  [(1, 1, [(1%Z, [(1, 1)])]);
   (2, 2, [(1%Z, [(2, 1)])]);
   (3, 3, [(1%Z, [(3, 1)])]);
   (4, 4, [(1%Z, [(4, 1)])]);
   (5, 5, [(1%Z, [])]);
   (6, 6, [(1%Z, [])]);
   (7, 7, [(1%Z, [])]);
   (8, 8, [(1%Z, [])]);
   (9, 9, [(1%Z, [])]);
   (10, 10, [(1%Z, [])])].

Definition fields : list vf :=
  metric_fields 10 lambda metric phi.

Theorem conserved : Forall (metric_law 10 lambda metric phi) laws.
Proof. apply (@check_metric_sound 10 10 lambda metric phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [3; (-5); 6; (-1); (-9); 0; (-5); 4; 2; 2]%Z.

Theorem independent : independent_at 10 (rpoint point) laws.
Proof.
  apply (check_independent_sound 10 point [1; 2] laws
   [[(-1); 0]%Z;
   [0; (-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [9; 10].

Theorem at_most_2 : at_most 10 10 fields (rpoint point) 2%nat.
Proof.
  apply (check_at_most_sound 10 10 fields [] point free
   [(1, [0; 8; 1]%Z);
   (2, [0; 10; (-1)]%Z);
   (3, [2; 0; 1; (-1); 0; 5; 9]%Z);
   (4, [0; 5; 1; 0; 1; (-5); 0; 2; (-2)]%Z);
   (5, [2; 0; 7; 9]%Z);
   (6, [0; 4; (-1)]%Z);
   (7, [0; 1; 2; 0; 6; 5]%Z);
   (8, [0; 5; (-1); 0; 4; 2]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_2 : exactly 10 10 fields (rpoint point) 2%nat.
Proof.
  split; [exact at_most_2|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6; 7; 8; 9; 10] 0%nat 2%nat 11 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 10 fields unknowns products [6; 7]%nat
   [[0; (-1)]%Z;
   [(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_2, exactly_2, completeness).
Print Assumptions theorems.

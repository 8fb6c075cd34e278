(* Conservation laws of a flow, from the certificate with sha256
   263c5cf465a28ed6928ff36a8365c552be35ae134376d85f648ca91ce8acde9c.
   Its author calls the model 'lora 3-3-2', which nothing here depends on.

   Coordinates: 1 = U_1_1, 2 = U_1_2, 3 = U_2_1, 4 = U_2_2, 5 = U_3_1, 6 = U_3_2, 7 = V_1_1, 8 = V_1_2, 9 = V_2_1, 10 = V_2_2, 11 = V_3_1, 12 = V_3_2.
   theta is any solution of theta' = - J_phi(theta)^T w(t), w any function: any loss that sees theta only through the phi below.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..12 are linearly independent at the point.
   at_most_3: no 4 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_3: no 4 do, and 3 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(3, 2)]); (1%Z, [(5, 2)]); ((-1)%Z, [(7, 2)]); ((-1)%Z, [(9, 2)]); ((-1)%Z, [(11, 2)])];
   [(1%Z, [(1, 1); (2, 1)]); (1%Z, [(3, 1); (4, 1)]); (1%Z, [(5, 1); (6, 1)]); ((-1)%Z, [(7, 1); (8, 1)]); ((-1)%Z, [(9, 1); (10, 1)]); ((-1)%Z, [(11, 1); (12, 1)])];
   [(1%Z, [(2, 2)]); (1%Z, [(4, 2)]); (1%Z, [(6, 2)]); ((-1)%Z, [(8, 2)]); ((-1)%Z, [(10, 2)]); ((-1)%Z, [(12, 2)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (7, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(1, 1); (9, 1)]); (1%Z, [(2, 1); (10, 1)])];
   [(1%Z, [(1, 1); (11, 1)]); (1%Z, [(2, 1); (12, 1)])];
   [(1%Z, [(3, 1); (7, 1)]); (1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(3, 1); (9, 1)]); (1%Z, [(4, 1); (10, 1)])];
   [(1%Z, [(3, 1); (11, 1)]); (1%Z, [(4, 1); (12, 1)])];
   [(1%Z, [(5, 1); (7, 1)]); (1%Z, [(6, 1); (8, 1)])];
   [(1%Z, [(5, 1); (9, 1)]); (1%Z, [(6, 1); (10, 1)])];
   [(1%Z, [(5, 1); (11, 1)]); (1%Z, [(6, 1); (12, 1)])]].

Definition fields : list vf :=
  map grad phi.

Theorem conserved : Forall (gradient_law 12 phi) laws.
Proof. apply (@check_gradient_sound 12 phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Theorem independent : independent_at 12 (rpoint point) laws.
Proof.
  apply (check_independent_sound 12 point [1; 2; 3] laws
   [[(-1); 0; 1]%Z;
   [0; 0; (-1)]%Z;
   [0; (-1); 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [1; 11; 12].

Theorem at_most_3 : at_most 12 12 fields (rpoint point) 3%nat.
Proof.
  apply (check_at_most_sound 12 12 fields [(0, 3)%nat; (0, 6)%nat] point free
   [(2, [0; 2; 1]%Z);
   (3, [0; 2; 1; 0; 2; (-1); 0; 3; (-1)]%Z);
   (4, [0; 5; 1]%Z);
   (5, [0; 6; (-1); 0; 3; (-1)]%Z);
   (6, [0; 6; 1]%Z);
   (7, [(-1); 0; 1; 1; 1; 0; 1; (-1)]%Z);
   (8, [0; 3; (-1); 0; 1; 1]%Z);
   (9, [0; 1; (-1); 1; 0; 1; 1; (-1)]%Z);
   (10, [0; 4; (-1); 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_3 : exactly 12 12 fields (rpoint point) 3%nat.
Proof.
  split; [exact at_most_3|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12] 0%nat 2%nat 13 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]; [2]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 12 fields unknowns products [12; 13; 14]%nat
   [[0; 0; (-1)]%Z;
   [0; (-1)]%Z;
   [(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_3, exactly_3, completeness).
Print Assumptions theorems.

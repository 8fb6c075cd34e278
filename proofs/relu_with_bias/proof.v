(* Conservation laws of a flow, from the certificate with sha256
   8a94f2a29b640952c4674946bd57750ff47f880d64abf1a3caa6d193d9617ceb.
   Its author calls the model 'relu 2-3-2 with bias', which nothing here depends on.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_1_3, 4 = U1_2_1, 5 = U1_2_2, 6 = U1_2_3, 7 = U2_1_1, 8 = U2_1_2, 9 = U2_2_1, 10 = U2_2_2, 11 = U2_3_1, 12 = U2_3_2, 13 = b1_1, 14 = b1_2, 15 = b1_3, 16 = b2_1, 17 = b2_2.
   theta is any solution of theta' = - J_phi(theta)^T w(t), w any function: any loss that sees theta only through the phi below.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..17 are linearly independent at the point.
   at_most_3: no 4 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_3: no 4 do, and 3 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(4, 2)]); ((-1)%Z, [(7, 2)]); ((-1)%Z, [(8, 2)]); (1%Z, [(13, 2)])];
   [(1%Z, [(2, 2)]); (1%Z, [(5, 2)]); ((-1)%Z, [(9, 2)]); ((-1)%Z, [(10, 2)]); (1%Z, [(14, 2)])];
   [(1%Z, [(3, 2)]); (1%Z, [(6, 2)]); ((-1)%Z, [(11, 2)]); ((-1)%Z, [(12, 2)]); (1%Z, [(15, 2)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (7, 1)])];
   [(1%Z, [(1, 1); (8, 1)])];
   [(1%Z, [(2, 1); (9, 1)])];
   [(1%Z, [(2, 1); (10, 1)])];
   [(1%Z, [(3, 1); (11, 1)])];
   [(1%Z, [(3, 1); (12, 1)])];
   [(1%Z, [(4, 1); (7, 1)])];
   [(1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(5, 1); (9, 1)])];
   [(1%Z, [(5, 1); (10, 1)])];
   [(1%Z, [(6, 1); (11, 1)])];
   [(1%Z, [(6, 1); (12, 1)])];
   [(1%Z, [(7, 1); (13, 1)])];
   [(1%Z, [(8, 1); (13, 1)])];
   [(1%Z, [(9, 1); (14, 1)])];
   [(1%Z, [(10, 1); (14, 1)])];
   [(1%Z, [(11, 1); (15, 1)])];
   [(1%Z, [(12, 1); (15, 1)])];
   [(1%Z, [(16, 1)])];
   [(1%Z, [(17, 1)])]].

Definition fields : list vf :=
  map grad phi.

Theorem conserved : Forall (gradient_law 17 phi) laws.
Proof. apply (@check_gradient_sound 17 phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); 1; 0; 1; (-1); (-1); 1; (-1); 1; 1; (-1); 1; 1; 1; 1; 0; (-1)]%Z.

Theorem independent : independent_at 17 (rpoint point) laws.
Proof.
  apply (check_independent_sound 17 point [1; 2; 6] laws
   [[(-1); 0; 0]%Z;
   [0; 1; 0]%Z;
   [0; 0; (-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [13; 14; 15].

Theorem at_most_3 : at_most 17 17 fields (rpoint point) 3%nat.
Proof.
  apply (check_at_most_sound 17 17 fields [] point free
   [(1, [1; 0; 11; 1]%Z);
   (2, [0; 2; 1; 0; 11; (-1)]%Z);
   (3, [0; 4; (-1)]%Z);
   (4, [0; 6; 1; 0; 5; (-1)]%Z);
   (5, [0; 8; 1; 0; 5; 1]%Z);
   (6, [0; 10; (-1); 0; 5; (-1)]%Z);
   (7, [0; 12; 1]%Z);
   (8, [(-1); (-1); 0; 10; (-1)]%Z);
   (9, [0; 14; 1]%Z);
   (10, [0; 2; (-1); 1; 0; 10; 1]%Z);
   (11, [0; 16; 1]%Z);
   (12, [0; 10; (-1); (-1); 0; 4; (-1)]%Z);
   (16, [0; 18; 1]%Z);
   (17, [0; 19; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_3 : exactly 17 17 fields (rpoint point) 3%nat.
Proof.
  split; [exact at_most_3|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13; 14; 15; 16; 17] 0%nat 2%nat 18 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]; [2]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 17 fields unknowns products [22; 26; 31]%nat
   [[0; 0; 1]%Z;
   [0; 1]%Z;
   [1]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_3, exactly_3, completeness).
Print Assumptions theorems.

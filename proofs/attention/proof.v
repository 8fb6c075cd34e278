(* Conservation laws of a flow, from the certificate with sha256
   2d74b62df1824f7cb2886039a33cdc91d2a00c95f336c4ecf2dc2be4456d094c.
   Its author calls the model 'attention d1=2 dim=2', which nothing here depends on.

   Coordinates: 1 = Q_1_1, 2 = Q_1_2, 3 = Q_2_1, 4 = Q_2_2, 5 = K_1_1, 6 = K_1_2, 7 = K_2_1, 8 = K_2_2, 9 = V_1_1, 10 = V_1_2, 11 = V_2_1, 12 = V_2_2, 13 = O_1_1, 14 = O_1_2, 15 = O_2_1, 16 = O_2_2.
   theta is any solution of theta' = - J_phi(theta)^T w(t), w any function: any loss that sees theta only through the phi below.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..16 are linearly independent at the point.
   at_most_6: no 7 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_6: no 7 do, and 6 do.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(2, 2)]); ((-1)%Z, [(5, 2)]); ((-1)%Z, [(6, 2)])];
   [(1%Z, [(1, 1); (3, 1)]); (1%Z, [(2, 1); (4, 1)]); ((-1)%Z, [(5, 1); (7, 1)]); ((-1)%Z, [(6, 1); (8, 1)])];
   [(1%Z, [(3, 2)]); (1%Z, [(4, 2)]); ((-1)%Z, [(7, 2)]); ((-1)%Z, [(8, 2)])];
   [(1%Z, [(9, 2)]); (1%Z, [(10, 2)]); ((-1)%Z, [(13, 2)]); ((-1)%Z, [(14, 2)])];
   [(1%Z, [(9, 1); (11, 1)]); (1%Z, [(10, 1); (12, 1)]); ((-1)%Z, [(13, 1); (15, 1)]); ((-1)%Z, [(14, 1); (16, 1)])];
   [(1%Z, [(11, 2)]); (1%Z, [(12, 2)]); ((-1)%Z, [(15, 2)]); ((-1)%Z, [(16, 2)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (5, 1)]); (1%Z, [(3, 1); (7, 1)])];
   [(1%Z, [(1, 1); (6, 1)]); (1%Z, [(3, 1); (8, 1)])];
   [(1%Z, [(2, 1); (5, 1)]); (1%Z, [(4, 1); (7, 1)])];
   [(1%Z, [(2, 1); (6, 1)]); (1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(9, 1); (13, 1)]); (1%Z, [(11, 1); (15, 1)])];
   [(1%Z, [(9, 1); (14, 1)]); (1%Z, [(11, 1); (16, 1)])];
   [(1%Z, [(10, 1); (13, 1)]); (1%Z, [(12, 1); (15, 1)])];
   [(1%Z, [(10, 1); (14, 1)]); (1%Z, [(12, 1); (16, 1)])]].

Definition fields : list vf :=
  map grad phi.

Theorem conserved : Forall (gradient_law 16 phi) laws.
Proof. apply (@check_gradient_sound 16 phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1)]%Z.

Theorem independent : independent_at 16 (rpoint point) laws.
Proof.
  apply (check_independent_sound 16 point [1; 2; 4; 10; 12; 13] laws
   [[(-1); 0; 0; 0; 0; 0]%Z;
   [1; (-1); 0; 0; 0; 0]%Z;
   [(-1); 1; (-1); 0; 0; 0]%Z;
   [0; 0; 0; 0; 0; (-1)]%Z;
   [0; 0; 0; 1; 0; 1]%Z;
   [0; 0; 0; (-1); 1; (-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [2; 6; 8; 14; 15; 16].

Theorem at_most_6 : at_most 16 16 fields (rpoint point) 6%nat.
Proof.
  apply (check_at_most_sound 16 16 fields [(0, 2)%nat; (4, 5)%nat] point free
   [(1, [0; 1; (-1); 0; 6; 1]%Z);
   (3, [0; 1; 1]%Z);
   (4, [0; 3; 1]%Z);
   (5, [(-1)]%Z);
   (7, [1; 0; 1; (-1)]%Z);
   (9, [0; 4; 1]%Z);
   (10, [0; 6; 1; 0; 2; (-1)]%Z);
   (11, [0; 4; (-1); (-1)]%Z);
   (12, [0; 6; (-1); (-1); 0; 1; 1]%Z);
   (13, [0; 9; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_6 : exactly 16 16 fields (rpoint point) 6%nat.
Proof.
  split; [exact at_most_6|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13; 14; 15; 16] 0%nat 2%nat 17 0%nat.

Definition products : list poly :=
  map (product laws) [[0]; [1]; [2]; [3]; [4]; [5]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 16 fields unknowns products [16; 19; 21; 60; 79; 81]%nat
   [[0; 0; 0; 0; 0; (-1)]%Z;
   [0; 0; 0; 0; (-1)]%Z;
   [0; 0; 0; (-1)]%Z;
   [0; 0; (-1)]%Z;
   [0; (-1)]%Z;
   [(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_6, exactly_6, completeness).
Print Assumptions theorems.

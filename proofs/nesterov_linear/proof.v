(* Conservation laws of a flow, from the certificate with sha256
   be7225851270f5c012979f4b33cda789cb0d25044b99de07b0c4530eccac6429.
   Its author calls the model 'linear 2-2-2', which nothing here depends on.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_2_1, 4 = U1_2_2, 5 = U2_1_1, 6 = U2_1_2, 7 = U2_2_1, 8 = U2_2_2, 9 = dU1_1_1, 10 = dU1_1_2, 11 = dU1_2_1, 12 = dU1_2_2, 13 = dU2_1_1, 14 = dU2_1_2, 15 = dU2_2_1, 16 = dU2_2_2, 17 = the clock.
   (theta, v) is any solution of theta' = v, v' = - tau v - J_phi(theta)^T w(t), t > 0,
   w any function: any loss that sees theta only through the phi below.  The clock is t.
   Components of phi, and M, are multiplied by integers; w absorbs the factors.
   Laws are multiplied by integers, so that their coefficients are integers.
   conserved: each of these polynomials is constant along every such solution.
   independent: gradients of these polynomials by coordinates 1..17 are linearly independent at the point.
   at_most_1: no 2 polynomials that the fields annihilate have linearly independent gradients at the point.
   exactly_1: no 2 do, and 1 does.
   completeness: each polynomial with real coefficients in these monomials that the fields annihilate is a combination of these products of laws.
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound Completeness.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1); (10, 1); (17, 3)]); ((-1)%Z, [(2, 1); (9, 1); (17, 3)]); (1%Z, [(3, 1); (12, 1); (17, 3)]); ((-1)%Z, [(4, 1); (11, 1); (17, 3)]); (1%Z, [(5, 1); (15, 1); (17, 3)]); (1%Z, [(6, 1); (16, 1); (17, 3)]); ((-1)%Z, [(7, 1); (13, 1); (17, 3)]); ((-1)%Z, [(8, 1); (14, 1); (17, 3)])]].

Definition phi : list fraction :=
  map whole
  [[(1%Z, [(1, 1); (5, 1)]); (1%Z, [(2, 1); (7, 1)])];
   [(1%Z, [(1, 1); (6, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(3, 1); (5, 1)]); (1%Z, [(4, 1); (7, 1)])];
   [(1%Z, [(3, 1); (6, 1)]); (1%Z, [(4, 1); (8, 1)])]].

Definition tau : damping :=
  over_time 3 1.

Definition metric : matrix :=
  euclidean 8.

Definition fields : list vf :=
  momentum_fields 8 tau metric phi.

Theorem conserved : Forall (momentum_law 8 tau metric phi) laws.
Proof. apply (@check_momentum_sound 17 8 tau metric phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1); 7]%Z.

Theorem independent : independent_at 17 (rpoint point) laws.
Proof.
  apply (check_independent_sound 17 point [1] laws
   [[1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [14].

Theorem at_most_1 : at_most 17 17 fields (rpoint point) 1%nat.
Proof.
  apply (check_at_most_sound 17 17 fields [(0, 4)%nat; (1, 4)%nat; (2, 4)%nat; (3, 4)%nat; (5, 0)%nat; (5, 2)%nat; (5, 4)%nat; (6, 1)%nat; (6, 4)%nat; (7, 4)%nat; (9, 4)%nat] point free
   [(1, [(-3); (-98); (-56); (-98); 0; 1; (-4); 0; 1; 14; 0; 1; 14; (-14); (-1); (-14)]%Z);
   (2, [101; 0; 1; (-42); 98; 0; 1; 4; 0; 1; (-14); 0; 1; (-11); 14; 1; 7; 0; 2; (-1)]%Z);
   (3, [0; 1; (-98); (-59); (-98); 0; 3; 10; 0; 1; 14; (-14); 0; 1; (-14); 0; 1; (-1)]%Z);
   (4, [98; (-3); (-98); 42; 0; 2; (-4); 0; 1; 14; (-11); 14; 0; 1; 7; (-1); 0; 1; (-1)]%Z);
   (5, [(-6); 0; 1; 6; (-14); 0; 1; (-2); 0; 1; 2; 0; 1; 2; (-2); 0; 1; (-1)]%Z);
   (6, [3; 59; 56; 98; 0; 1; 4; (-10); (-14); 0; 1; (-14); 14; 1; 7; 1]%Z);
   (7, [0; 1; 7; 4; 7; 0; 3; (-1); 0; 1; (-1); 1; 0; 1; 1]%Z);
   (8, [98; (-101); (-98); 0; 3; (-4); 0; 2; 3; 0; 2; (-7); (-1); 0; 1; (-1)]%Z);
   (9, [0; 1; (-14); 0; 10; (-1)]%Z);
   (10, [0; 1; 14; 0; 7; (-1); 0; 2; 1]%Z);
   (11, [0; 1; (-7); 0; 1; (-7); 0; 5; 1; (-1); 0; 1; (-1)]%Z);
   (12, [0; 3; 14; 0; 5; (-1); 0; 2; 1]%Z);
   (13, [(-1); 0; 1; 1]%Z);
   (15, [0; 2; (-1)]%Z);
   (16, [0; 9; (-1); 0; 2; 1]%Z);
   (17, [(-98); 3; 98; 98; 14; 14; (-10); (-14); (-14); (-6); 0; 2; (-4); 1; 0; 1; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Theorem exactly_1 : exactly 17 17 fields (rpoint point) 1%nat.
Proof.
  split; [exact at_most_1|]. exists laws.
  split; [reflexivity|]. split; [|exact independent].
  apply killed_by_computation. vm_compute. reflexivity.
Qed.

Definition unknowns : list mono :=
  monomials [1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13; 14; 15; 16] 0%nat 2%nat 17 3%nat.

Definition products : list poly :=
  map (product laws) [[0]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 17 fields unknowns products [222]%nat
   [[(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_1, exactly_1, completeness).
Print Assumptions theorems.

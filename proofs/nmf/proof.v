(* Conservation laws of a flow, from the certificate with sha256
   e4d90581517ac8bc9544665fb8373e97e625dd81aad45ae897288cdb3c6f5c91.
   Its author calls the model 'nmf 3-2-2', which nothing here depends on.

   Coordinates: 1 = U_1_1, 2 = U_1_2, 3 = U_2_1, 4 = U_2_2, 5 = U_3_1, 6 = U_3_2, 7 = V_1_1, 8 = V_1_2, 9 = V_2_1, 10 = V_2_2.
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
  [[(1%Z, [(1, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)]); ((-1)%Z, [(7, 1)]); ((-1)%Z, [(9, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(4, 1)]); (1%Z, [(6, 1)]); ((-1)%Z, [(8, 1)]); ((-1)%Z, [(10, 1)])]].

Definition phi : list fraction :=
  map whole
  [[(1%Z, [(1, 1); (7, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(1, 1); (9, 1)]); (1%Z, [(2, 1); (10, 1)])];
   [(1%Z, [(3, 1); (7, 1)]); (1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(3, 1); (9, 1)]); (1%Z, [(4, 1); (10, 1)])];
   [(1%Z, [(5, 1); (7, 1)]); (1%Z, [(6, 1); (8, 1)])];
   [(1%Z, [(5, 1); (9, 1)]); (1%Z, [(6, 1); (10, 1)])]].

Definition lambda : rate :=
  ([], 1).

Definition metric : matrix :=
  [(1, 1, [(1%Z, [(1, 1)])]);
   (2, 2, [(1%Z, [(2, 1)])]);
   (3, 3, [(1%Z, [(3, 1)])]);
   (4, 4, [(1%Z, [(4, 1)])]);
   (5, 5, [(1%Z, [(5, 1)])]);
   (6, 6, [(1%Z, [(6, 1)])]);
   (7, 7, [(1%Z, [(7, 1)])]);
   (8, 8, [(1%Z, [(8, 1)])]);
   (9, 9, [(1%Z, [(9, 1)])]);
   (10, 10, [(1%Z, [(10, 1)])])].

Definition fields : list vf :=
  metric_fields 10 lambda metric phi.

Theorem conserved : Forall (metric_law 10 lambda metric phi) laws.
Proof. apply (@check_metric_sound 10 10 lambda metric phi laws). vm_compute. reflexivity. Qed.

Definition point : list Z :=
  [(-4); 1; (-2); (-3); (-4); (-7); (-4); 5; (-6); (-6)]%Z.

Theorem independent : independent_at 10 (rpoint point) laws.
Proof.
  apply (check_independent_sound 10 point [1; 2] laws
   [[1; 0]%Z;
   [0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition free : list positive :=
  [9; 10].

Theorem at_most_2 : at_most 10 10 fields (rpoint point) 2%nat.
Proof.
  apply (check_at_most_sound 10 10 fields [(0, 1)%nat; (0, 2)%nat] point free
   [(1, [6; 5; 0; 4; (-1)]%Z);
   (2, [6; (-4); 0; 4; (-1)]%Z);
   (3, [138; (-20); 0; 1; (-45); 0; 2; (-23); (-54)]%Z);
   (4, [(-138); 20; 0; 1; 144; 0; 2; 23; 54]%Z);
   (5, [2208; (-320); (-1056); (-1600); 462; 385; (-357); (-864)]%Z);
   (6, [(-2208); 320; 1056; 1600; (-462); 308; 357; 864]%Z);
   (7, [(-69); 10; 33; 50; 0; 2; 28; 27]%Z);
   (8, [276; (-40); (-132); (-200); 0; 2; (-35); (-108)]%Z)]).
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
  map (product laws) [[0]; [1]; [0; 0]; [0; 1]; [1; 1]]%nat.

Theorem completeness : complete fields unknowns products.
Proof.
  apply (check_complete_sound 10 fields unknowns products [0; 1; 10; 11; 12]%nat
   [[0; (-1)]%Z;
   [(-1)]%Z;
   [0; 0; 0; 0; 1]%Z;
   [0; 0; 0; 1]%Z;
   [0; 0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

(* What the proofs rest on: the axioms of Coq's real numbers. *)
Definition theorems := (conserved, independent, at_most_2, exactly_2, completeness).
Print Assumptions theorems.

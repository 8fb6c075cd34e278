(* linear 2-2-2, momentum flow, damping tau

   Conservation laws of a flow, from the certificate with sha256
   ff5943b0a869c2fa4ad588eb81723901aa5675dd7f548d24c65210a442a5ade0.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_2_1, 4 = U1_2_2, 5 = U2_1_1, 6 = U2_1_2, 7 = U2_2_1, 8 = U2_2_2, 9 = dU1_1_1, 10 = dU1_1_2, 11 = dU1_2_1, 12 = dU1_2_2, 13 = dU2_1_1, 14 = dU2_1_2, 15 = dU2_2_1, 16 = dU2_2_2, 17 = clock, 18 = tau.
   x is any solution of q(x) x' = X0(x) - M(x) J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1); (10, 1); (17, 1)]); ((-1)%Z, [(2, 1); (9, 1); (17, 1)]); (1%Z, [(3, 1); (12, 1); (17, 1)]); ((-1)%Z, [(4, 1); (11, 1); (17, 1)]); (1%Z, [(5, 1); (15, 1); (17, 1)]); (1%Z, [(6, 1); (16, 1); (17, 1)]); ((-1)%Z, [(7, 1); (13, 1); (17, 1)]); ((-1)%Z, [(8, 1); (14, 1); (17, 1)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (5, 1)]); (1%Z, [(2, 1); (7, 1)])];
   [(1%Z, [(1, 1); (6, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(3, 1); (5, 1)]); (1%Z, [(4, 1); (7, 1)])];
   [(1%Z, [(3, 1); (6, 1)]); (1%Z, [(4, 1); (8, 1)])]].

Definition q : poly :=
  [(1%Z, [])].

Definition M : matrix :=
  [(9, 1, [(1%Z, [])]);
   (10, 2, [(1%Z, [])]);
   (11, 3, [(1%Z, [])]);
   (12, 4, [(1%Z, [])]);
   (13, 5, [(1%Z, [])]);
   (14, 6, [(1%Z, [])]);
   (15, 7, [(1%Z, [])]);
   (16, 8, [(1%Z, [])])].

Definition X0 : vf :=
  fun k => lookup k [(1, [(1%Z, [(9, 1)])]);
   (2, [(1%Z, [(10, 1)])]);
   (3, [(1%Z, [(11, 1)])]);
   (4, [(1%Z, [(12, 1)])]);
   (5, [(1%Z, [(13, 1)])]);
   (6, [(1%Z, [(14, 1)])]);
   (7, [(1%Z, [(15, 1)])]);
   (8, [(1%Z, [(16, 1)])]);
   (9, [((-1)%Z, [(9, 1); (18, 1)])]);
   (10, [((-1)%Z, [(10, 1); (18, 1)])]);
   (11, [((-1)%Z, [(11, 1); (18, 1)])]);
   (12, [((-1)%Z, [(12, 1); (18, 1)])]);
   (13, [((-1)%Z, [(13, 1); (18, 1)])]);
   (14, [((-1)%Z, [(14, 1); (18, 1)])]);
   (15, [((-1)%Z, [(15, 1); (18, 1)])]);
   (16, [((-1)%Z, [(16, 1); (18, 1)])]);
   (17, [(1%Z, [(17, 1); (18, 1)])])].

Theorem conserved : Forall (driven_law 18 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1); 7; 3]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1] laws
   [[1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1); 7; 3]%Z.

Definition free : list positive :=
  [14; 18].

Definition fields : list vf :=
  map (mgrad M) phi ++ [X0].

(* 2 free directions, 1 of them parameters: at most 1 independent laws *)
Theorem at_most_1 : law_gradients_determined 18 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 18 fields [(0, 4)%nat; (1, 4)%nat; (2, 4)%nat; (3, 4)%nat; (5, 0)%nat; (5, 2)%nat; (5, 4)%nat; (6, 1)%nat; (6, 4)%nat; (7, 4)%nat; (9, 4)%nat] bound_at_point free
   [(1, [0; (-2); 4; (-2); 0; (-3); 0; 2; 0; 2; (-2); (-1); (-2); 0; 0; 0]%Z);
   (2, [2; 0; (-6); 2; 0; 3; 0; (-2); 0; (-4); 2; 1; 1; 0; 0; (-1)]%Z);
   (3, [0; (-2); 4; (-2); 0; 0; 0; (-1); 0; 2; (-2); 0; (-2); 0; (-1); 0]%Z);
   (4, [2; 0; (-2); 6; 0; 0; (-3); 0; 2; (-4); 2; 0; 1; (-1); 0; (-1)]%Z);
   (5, [(-6); 0; 6; (-2); 0; (-2); 0; 2; 0; 2; (-2); 0; (-1); 0; 0; 0]%Z);
   (6, [0; (-4); (-4); 2; 0; 3; 1; (-2); 0; (-2); 2; 1; 1; 1; 0; 0]%Z);
   (7, [0; 1; (-2); 1; 0; 0; 0; (-1); 0; (-1); 1; 0; 1; 0; 0; 0]%Z);
   (8, [2; (-2); (-2); 0; 0; 0; (-3); 0; 0; (-2); 0; 0; (-1); (-1); 0; (-1)]%Z);
   (9, [0; (-2); 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 0]%Z);
   (10, [0; 2; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (11, [0; (-1); 0; (-1); 0; 0; 0; 0; 0; 1; (-1); 0; (-1); 0; 0; 0]%Z);
   (12, [0; 0; 0; 2; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (13, [(-1); 0; 1; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0]%Z);
   (15, [0; 0; (-1); 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0]%Z);
   (16, [0; 0; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (17, [(-2); 0; 2; 2; 2; 2; 1; (-2); (-2); (-1); 0; 0; 2; 1; 0; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_1.

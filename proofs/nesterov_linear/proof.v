(* linear 2-2-2, momentum flow, damping 3/t

   Conservation laws of a flow, from the certificate with sha256
   7cc72d21e34fca183f267105c5dbe45cd6d6beedd8cfca13c0aaa6dd9a11000d.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_2_1, 4 = U1_2_2, 5 = U2_1_1, 6 = U2_1_2, 7 = U2_2_1, 8 = U2_2_2, 9 = dU1_1_1, 10 = dU1_1_2, 11 = dU1_2_1, 12 = dU1_2_2, 13 = dU2_1_1, 14 = dU2_1_2, 15 = dU2_2_1, 16 = dU2_2_2, 17 = clock.
   x is any solution of q(x) x' = X0(x) - M(x) J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1); (10, 1); (17, 3)]); ((-1)%Z, [(2, 1); (9, 1); (17, 3)]); (1%Z, [(3, 1); (12, 1); (17, 3)]); ((-1)%Z, [(4, 1); (11, 1); (17, 3)]); (1%Z, [(5, 1); (15, 1); (17, 3)]); (1%Z, [(6, 1); (16, 1); (17, 3)]); ((-1)%Z, [(7, 1); (13, 1); (17, 3)]); ((-1)%Z, [(8, 1); (14, 1); (17, 3)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (5, 1)]); (1%Z, [(2, 1); (7, 1)])];
   [(1%Z, [(1, 1); (6, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(3, 1); (5, 1)]); (1%Z, [(4, 1); (7, 1)])];
   [(1%Z, [(3, 1); (6, 1)]); (1%Z, [(4, 1); (8, 1)])]].

Definition q : poly :=
  [(1%Z, [(17, 1)])].

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
  fun k => lookup k [(1, [(1%Z, [(9, 1); (17, 1)])]);
   (2, [(1%Z, [(10, 1); (17, 1)])]);
   (3, [(1%Z, [(11, 1); (17, 1)])]);
   (4, [(1%Z, [(12, 1); (17, 1)])]);
   (5, [(1%Z, [(13, 1); (17, 1)])]);
   (6, [(1%Z, [(14, 1); (17, 1)])]);
   (7, [(1%Z, [(15, 1); (17, 1)])]);
   (8, [(1%Z, [(16, 1); (17, 1)])]);
   (9, [((-3)%Z, [(9, 1)])]);
   (10, [((-3)%Z, [(10, 1)])]);
   (11, [((-3)%Z, [(11, 1)])]);
   (12, [((-3)%Z, [(12, 1)])]);
   (13, [((-3)%Z, [(13, 1)])]);
   (14, [((-3)%Z, [(14, 1)])]);
   (15, [((-3)%Z, [(15, 1)])]);
   (16, [((-3)%Z, [(16, 1)])]);
   (17, [(1%Z, [(17, 1)])])].

Theorem conserved : Forall (driven_law 17 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1); 7]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1] laws
   [[1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1; 1; (-1); 0; (-1); 7]%Z.

Definition free : list positive :=
  [14].

Definition fields : list vf :=
  map (mgrad M) phi ++ [X0].

Theorem at_most_1 : law_gradients_determined 17 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 17 fields [(0, 4)%nat; (1, 4)%nat; (2, 4)%nat; (3, 4)%nat; (5, 0)%nat; (5, 2)%nat; (5, 4)%nat; (6, 1)%nat; (6, 4)%nat; (7, 4)%nat; (9, 4)%nat] bound_at_point free
   [(1, [(-3); (-98); (-56); (-98); 0; (-4); 0; 14; 0; 14; (-14); (-1); (-14); 0; 0; 0]%Z);
   (2, [101; 0; (-42); 98; 0; 4; 0; (-14); 0; (-11); 14; 1; 7; 0; 0; (-1)]%Z);
   (3, [0; (-98); (-59); (-98); 0; 0; 0; 10; 0; 14; (-14); 0; (-14); 0; (-1); 0]%Z);
   (4, [98; (-3); (-98); 42; 0; 0; (-4); 0; 14; (-11); 14; 0; 7; (-1); 0; (-1)]%Z);
   (5, [(-6); 0; 6; (-14); 0; (-2); 0; 2; 0; 2; (-2); 0; (-1); 0; 0; 0]%Z);
   (6, [3; 59; 56; 98; 0; 4; (-10); (-14); 0; (-14); 14; 1; 7; 1; 0; 0]%Z);
   (7, [0; 7; 4; 7; 0; 0; 0; (-1); 0; (-1); 1; 0; 1; 0; 0; 0]%Z);
   (8, [98; (-101); (-98); 0; 0; 0; (-4); 0; 0; 3; 0; 0; (-7); (-1); 0; (-1)]%Z);
   (9, [0; (-14); 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 0]%Z);
   (10, [0; 14; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (11, [0; (-7); 0; (-7); 0; 0; 0; 0; 0; 1; (-1); 0; (-1); 0; 0; 0]%Z);
   (12, [0; 0; 0; 14; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (13, [(-1); 0; 1; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0]%Z);
   (15, [0; 0; (-1); 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0]%Z);
   (16, [0; 0; 0; 0; 0; 0; 0; 0; 0; (-1); 0; 0; 1; 0; 0; 0]%Z);
   (17, [(-98); 3; 98; 98; 14; 14; (-10); (-14); (-14); (-6); 0; 0; (-4); 1; 0; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_1.

(* linear 2-2-2-2, gradient flow, Euclidean

   Conservation laws of a flow, from the certificate with sha256
   ce1b7a7569eb13b1b88b4d6baa332a7787713dc33cc6d088edc223f05b22a2c7.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_2_1, 4 = U1_2_2, 5 = U2_1_1, 6 = U2_1_2, 7 = U2_2_1, 8 = U2_2_2, 9 = U3_1_1, 10 = U3_1_2, 11 = U3_2_1, 12 = U3_2_2.
   x is any solution of x' = - J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(3, 2)]); ((-1)%Z, [(5, 2)]); ((-1)%Z, [(6, 2)])];
   [(1%Z, [(1, 1); (2, 1)]); (1%Z, [(3, 1); (4, 1)]); ((-1)%Z, [(5, 1); (7, 1)]); ((-1)%Z, [(6, 1); (8, 1)])];
   [(1%Z, [(2, 2)]); (1%Z, [(4, 2)]); ((-1)%Z, [(7, 2)]); ((-1)%Z, [(8, 2)])];
   [(1%Z, [(5, 2)]); (1%Z, [(7, 2)]); ((-1)%Z, [(9, 2)]); ((-1)%Z, [(10, 2)])];
   [(1%Z, [(5, 1); (6, 1)]); (1%Z, [(7, 1); (8, 1)]); ((-1)%Z, [(9, 1); (11, 1)]); ((-1)%Z, [(10, 1); (12, 1)])];
   [(1%Z, [(6, 2)]); (1%Z, [(8, 2)]); ((-1)%Z, [(11, 2)]); ((-1)%Z, [(12, 2)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (5, 1); (9, 1)]); (1%Z, [(1, 1); (6, 1); (11, 1)]); (1%Z, [(2, 1); (7, 1); (9, 1)]); (1%Z, [(2, 1); (8, 1); (11, 1)])];
   [(1%Z, [(1, 1); (5, 1); (10, 1)]); (1%Z, [(1, 1); (6, 1); (12, 1)]); (1%Z, [(2, 1); (7, 1); (10, 1)]); (1%Z, [(2, 1); (8, 1); (12, 1)])];
   [(1%Z, [(3, 1); (5, 1); (9, 1)]); (1%Z, [(3, 1); (6, 1); (11, 1)]); (1%Z, [(4, 1); (7, 1); (9, 1)]); (1%Z, [(4, 1); (8, 1); (11, 1)])];
   [(1%Z, [(3, 1); (5, 1); (10, 1)]); (1%Z, [(3, 1); (6, 1); (12, 1)]); (1%Z, [(4, 1); (7, 1); (10, 1)]); (1%Z, [(4, 1); (8, 1); (12, 1)])]].

Theorem conserved : Forall (gradient_law 12 phi) laws.
Proof. apply check_gradient_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2; 3; 7; 8; 10] laws
   [[(-1); 0; 1; 0; 0; 0]%Z;
   [0; 0; (-1); 0; 0; 0]%Z;
   [0; (-1); 1; 0; 0; 0]%Z;
   [0; 0; 0; (-1); 0; (-1)]%Z;
   [0; 0; 0; 1; 0; 0]%Z;
   [0; (-1); 1; 0; 1; 0]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Definition free : list positive :=
  [1; 6; 7; 8; 10; 12].

Definition fields : list vf :=
  map grad phi.

Theorem at_most_6 : law_gradients_determined 12 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 12 fields [(0, 1)%nat; (1, 3)%nat; (4, 0)%nat] bound_at_point free
   [(2, [0; (-2); 0; 0; 0; 0; (-1)]%Z);
   (3, [0; (-6); 0; (-3); 0; (-1); (-3)]%Z);
   (4, [0; 0; 0; 1; 0; 0; 0]%Z);
   (5, [0; (-3); 0; 0; 0; 0; (-1)]%Z);
   (9, [3; 0; 0; 0; (-1); 0; 0]%Z);
   (11, [(-1); 0; 0; 0; 0; 0; 0]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_6.

(* linear 2-3-2, gradient flow, Euclidean

   Conservation laws of a flow, from the certificate with sha256
   bc3bc0801ff30174fb4641408c0a752da2fcc4a1fb6a6740466dff0fc14346df.

   Coordinates: 1 = U1_1_1, 2 = U1_1_2, 3 = U1_1_3, 4 = U1_2_1, 5 = U1_2_2, 6 = U1_2_3, 7 = U2_1_1, 8 = U2_1_2, 9 = U2_2_1, 10 = U2_2_2, 11 = U2_3_1, 12 = U2_3_2.
   x is any solution of x' = - J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); (1%Z, [(4, 2)]); ((-1)%Z, [(7, 2)]); ((-1)%Z, [(8, 2)])];
   [(1%Z, [(1, 1); (2, 1)]); (1%Z, [(4, 1); (5, 1)]); ((-1)%Z, [(7, 1); (9, 1)]); ((-1)%Z, [(8, 1); (10, 1)])];
   [(1%Z, [(1, 1); (3, 1)]); (1%Z, [(4, 1); (6, 1)]); ((-1)%Z, [(7, 1); (11, 1)]); ((-1)%Z, [(8, 1); (12, 1)])];
   [(1%Z, [(2, 2)]); (1%Z, [(5, 2)]); ((-1)%Z, [(9, 2)]); ((-1)%Z, [(10, 2)])];
   [(1%Z, [(2, 1); (3, 1)]); (1%Z, [(5, 1); (6, 1)]); ((-1)%Z, [(9, 1); (11, 1)]); ((-1)%Z, [(10, 1); (12, 1)])];
   [(1%Z, [(3, 2)]); (1%Z, [(6, 2)]); ((-1)%Z, [(11, 2)]); ((-1)%Z, [(12, 2)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (7, 1)]); (1%Z, [(2, 1); (9, 1)]); (1%Z, [(3, 1); (11, 1)])];
   [(1%Z, [(1, 1); (8, 1)]); (1%Z, [(2, 1); (10, 1)]); (1%Z, [(3, 1); (12, 1)])];
   [(1%Z, [(4, 1); (7, 1)]); (1%Z, [(5, 1); (9, 1)]); (1%Z, [(6, 1); (11, 1)])];
   [(1%Z, [(4, 1); (8, 1)]); (1%Z, [(5, 1); (10, 1)]); (1%Z, [(6, 1); (12, 1)])]].

Theorem conserved : Forall (gradient_law 12 phi) laws.
Proof. apply check_gradient_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2; 3; 4; 6; 12] laws
   [[0; 0; 0; (-1); 0; 0]%Z;
   [(-1); 0; 0; 1; 0; 0]%Z;
   [0; 0; 0; 0; (-1); 0]%Z;
   [1; (-1); 0; (-1); 0; 0]%Z;
   [0; 0; (-1); 0; 1; 0]%Z;
   [0; 0; 1; 0; 0; (-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Definition free : list positive :=
  [3; 5; 6; 8; 10; 12].

Definition fields : list vf :=
  map grad phi.

Theorem at_most_6 : law_gradients_determined 12 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 12 fields [(0, 1)%nat; (0, 2)%nat] bound_at_point free
   [(1, [0; 0; 0; 1; 0; 1]%Z);
   (2, [0; 1; 0; (-1); 0; (-1)]%Z);
   (4, [0; 0; 0; 1; 0; 0]%Z);
   (7, [0; 0; (-1); 0; 0; 0]%Z);
   (9, [(-1); 0; 1; 0; 0; 0]%Z);
   (11, [1; 0; 0; 0; (-1); 0]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_6.

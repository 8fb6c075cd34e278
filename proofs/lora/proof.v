(* lora 3-3-2, gradient flow, Euclidean

   Conservation laws of a flow, from the certificate with sha256
   5ae40b3d5bcc1d21dc3f87df57b86cca592ade7201c0a16f4aa3fd4da0042808.

   Coordinates: 1 = U_1_1, 2 = U_1_2, 3 = U_2_1, 4 = U_2_2, 5 = U_3_1, 6 = U_3_2, 7 = V_1_1, 8 = V_1_2, 9 = V_2_1, 10 = V_2_2, 11 = V_3_1, 12 = V_3_2.
   x is any solution of x' = - J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
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

Theorem conserved : Forall (gradient_law 12 phi) laws.
Proof. apply check_gradient_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2; 3] laws
   [[(-1); 0; 1]%Z;
   [0; 0; (-1)]%Z;
   [0; (-1); 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0; 0; 1; 0; 1; 0; 1]%Z.

Definition free : list positive :=
  [1; 11; 12].

Definition fields : list vf :=
  map grad phi.

Theorem at_most_3 : law_gradients_determined 12 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 12 fields [(0, 3)%nat; (0, 6)%nat] bound_at_point free
   [(2, [0; 0; 1; 0; 0; 0; 0; 0; 0; 0; 0]%Z);
   (3, [0; 0; 1; 0; 0; (-1); 0; 0; 0; (-1); 0]%Z);
   (4, [0; 0; 0; 0; 0; 1; 0; 0; 0; 0; 0]%Z);
   (5, [0; 0; 0; 0; 0; 0; (-1); 0; 0; 0; (-1)]%Z);
   (6, [0; 0; 0; 0; 0; 0; 1; 0; 0; 0; 0]%Z);
   (7, [(-1); 0; 1; 1; 0; (-1); 0; 0; 0; 0; 0]%Z);
   (8, [0; 0; 0; (-1); 0; 1; 0; 0; 0; 0; 0]%Z);
   (9, [0; (-1); 1; 0; 1; (-1); 0; 0; 0; 0; 0]%Z);
   (10, [0; 0; 0; 0; (-1); 1; 0; 0; 0; 0; 0]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_3.

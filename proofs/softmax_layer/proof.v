(* softmax 3-2, gradient flow, Euclidean

   Conservation laws of a flow, from the certificate with sha256
   7e17215216547edc6ac58ad35a7bc058be5d172b4eec260319e22d1521f1045c.

   Coordinates: 1 = theta_1_1, 2 = theta_1_2, 3 = theta_2_1, 4 = theta_2_2, 5 = theta_3_1, 6 = theta_3_2.
   x is any solution of x' = - J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(4, 1)]); (1%Z, [(6, 1)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1)]); ((-1)%Z, [(5, 1)])];
   [(1%Z, [(2, 1)]); ((-1)%Z, [(6, 1)])];
   [(1%Z, [(3, 1)]); ((-1)%Z, [(5, 1)])];
   [(1%Z, [(4, 1)]); ((-1)%Z, [(6, 1)])]].

Theorem conserved : Forall (gradient_law 6 phi) laws.
Proof. apply check_gradient_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2] laws
   [[1; 0]%Z;
   [0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 0]%Z.

Definition free : list positive :=
  [5; 6].

Definition fields : list vf :=
  map grad phi.

Theorem at_most_2 : law_gradients_determined 6 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 6 fields [] bound_at_point free
   [(1, [1; 0; 0; 0]%Z);
   (2, [0; 1; 0; 0]%Z);
   (3, [0; 0; 1; 0]%Z);
   (4, [0; 0; 0; 1]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_2.

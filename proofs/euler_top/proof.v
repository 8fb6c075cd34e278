(* euler_top, ODE

   Conservation laws of a flow, from the certificate with sha256
   eabd36be343549c8d025175bf2732cdb62951ad4370bc092ada858f98488fd1f.

   Coordinates: 1 = w1, 2 = w2, 3 = w3.
   x is any solution of q(x) x' = X0(x), for all real values of the parameters.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2)]); ((-3)%Z, [(3, 2)])];
   [(1%Z, [(2, 2)]); (3%Z, [(3, 2)])]].

Definition phi : list poly :=
  [].

Definition q : poly :=
  [(3%Z, [])].

Definition M : matrix :=
  [].

Definition X0 : vf :=
  fun k => lookup k [(1, [((-3)%Z, [(2, 1); (3, 1)])]);
   (2, [(3%Z, [(1, 1); (3, 1)])]);
   (3, [((-1)%Z, [(1, 1); (2, 1)])])].

Theorem conserved : Forall (driven_law 3 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2] laws
   [[(-1); 0]%Z;
   [0; (-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0]%Z.

Definition free : list positive :=
  [1; 2].

Definition fields : list vf :=
  map (mgrad M) phi ++ [X0].

Theorem at_most_2 : law_gradients_determined 3 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 3 fields [] bound_at_point free
   [(3, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_2.

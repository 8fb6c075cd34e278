(* biomodel_629, ODE

   Conservation laws of a flow, from the certificate with sha256
   98b458d494bd7f7a4f07e3721ec57c69b38c3161ed85f3ab163711ef1d39eb1d.

   Coordinates: 1 = x1, 2 = x2, 3 = x3, 4 = x4, 5 = x5, 6 = k2, 7 = k3, 8 = k4, 9 = k5.
   x is any solution of q(x) x' = X0(x), for all real values of the parameters.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1)]); ((-1)%Z, [(3, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)])];
   [(1%Z, [(4, 1)]); (1%Z, [(5, 1)])]].

Definition phi : list poly :=
  [].

Definition q : poly :=
  [(1%Z, [])].

Definition M : matrix :=
  [].

Definition X0 : vf :=
  fun k => lookup k [(1, [((-1)%Z, [(1, 1); (3, 1); (6, 1)]); (1%Z, [(2, 1); (7, 1)])]);
   (2, [(1%Z, [(1, 1); (3, 1); (6, 1)]); ((-1)%Z, [(2, 1); (4, 1); (8, 1)]); ((-1)%Z, [(2, 1); (7, 1)]); (1%Z, [(5, 1); (9, 1)])]);
   (3, [((-1)%Z, [(1, 1); (3, 1); (6, 1)]); (1%Z, [(2, 1); (7, 1)])]);
   (4, [((-1)%Z, [(2, 1); (4, 1); (8, 1)]); (1%Z, [(5, 1); (9, 1)])]);
   (5, [(1%Z, [(2, 1); (4, 1); (8, 1)]); ((-1)%Z, [(5, 1); (9, 1)])])].

Theorem conserved : Forall (driven_law 9 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 2; 8; 3; 2]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2; 4] laws
   [[1; 0; 0]%Z;
   [0; 1; 0]%Z;
   [0; 0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 0; (-1); 0; 2; 8; 3; 2]%Z.

Definition free : list positive :=
  [2; 3; 4; 5; 6; 7; 8; 9].

Definition fields : list vf :=
  map (mgrad M) phi ++ [X0].

(* 8 free directions, 4 of them parameters: at most 4 independent laws *)
Theorem at_most_4 : law_gradients_determined 9 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 9 fields [] bound_at_point free
   [(1, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_4.

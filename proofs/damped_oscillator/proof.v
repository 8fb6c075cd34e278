(* damped_oscillator, ODE, time as exp(2?g?t)

   Conservation laws of a flow, from the certificate with sha256
   8df2eec2747b85ec987cb60b4a0171cefad38029e5c598776a6344bb1c6a7dbe.

   Coordinates: 1 = x, 2 = v, 3 = clock, 4 = g, 5 = w2.
   x is any solution of q(x) x' = X0(x), for all real values of the parameters.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 2); (3, 1); (5, 1)]); (2%Z, [(1, 1); (2, 1); (3, 1); (4, 1)]); (1%Z, [(2, 2); (3, 1)])]].

Definition phi : list poly :=
  [].

Definition q : poly :=
  [(1%Z, [])].

Definition M : matrix :=
  [].

Definition X0 : vf :=
  fun k => lookup k [(1, [(1%Z, [(2, 1)])]);
   (2, [((-1)%Z, [(1, 1); (5, 1)]); ((-2)%Z, [(2, 1); (4, 1)])]);
   (3, [(2%Z, [(3, 1); (4, 1)])])].

Theorem conserved : Forall (driven_law 5 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-1); (-1); 2; 4; 8]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1] laws
   [[(-1)]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-1); (-1); 2; 4; 8]%Z.

Definition free : list positive :=
  [2; 3; 4; 5].

Definition fields : list vf :=
  map (mgrad M) phi ++ [X0].

(* 4 free directions, 2 of them parameters: at most 2 independent laws *)
Theorem at_most_2 : law_gradients_determined 5 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 5 fields [] bound_at_point free
   [(1, [(-1)]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_2.

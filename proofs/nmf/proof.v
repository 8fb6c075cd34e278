(* nmf 3-2-2, gradient flow, metric mirror

   Conservation laws of a flow, from the certificate with sha256
   38b330cddf9bfd1718d3d60e38da1a177a46c7375be2d56b1218ea345f267c59.

   Coordinates: 1 = U_1_1, 2 = U_1_2, 3 = U_2_1, 4 = U_2_2, 5 = U_3_1, 6 = U_3_2, 7 = V_1_1, 8 = V_1_2, 9 = V_2_1, 10 = V_2_2.
   x is any solution of q(x) x' = X0(x) - M(x) J_phi(x)^T w(t), w any function: any loss and any data.
   Not in this file: completeness among polynomials of a degree (the certificate's checker proves it).
*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

Definition laws : list poly :=
  [[(1%Z, [(1, 1)]); (1%Z, [(3, 1)]); (1%Z, [(5, 1)]); ((-1)%Z, [(7, 1)]); ((-1)%Z, [(9, 1)])];
   [(1%Z, [(2, 1)]); (1%Z, [(4, 1)]); (1%Z, [(6, 1)]); ((-1)%Z, [(8, 1)]); ((-1)%Z, [(10, 1)])]].

Definition phi : list poly :=
  [[(1%Z, [(1, 1); (7, 1)]); (1%Z, [(2, 1); (8, 1)])];
   [(1%Z, [(1, 1); (9, 1)]); (1%Z, [(2, 1); (10, 1)])];
   [(1%Z, [(3, 1); (7, 1)]); (1%Z, [(4, 1); (8, 1)])];
   [(1%Z, [(3, 1); (9, 1)]); (1%Z, [(4, 1); (10, 1)])];
   [(1%Z, [(5, 1); (7, 1)]); (1%Z, [(6, 1); (8, 1)])];
   [(1%Z, [(5, 1); (9, 1)]); (1%Z, [(6, 1); (10, 1)])]].

Definition q : poly :=
  [(1%Z, [])].

Definition M : matrix :=
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

Definition X0 : vf :=
  fun k => lookup k [].

Theorem conserved : Forall (driven_law 10 q X0 M phi) laws.
Proof. apply check_driven_sound. vm_compute. reflexivity. Qed.

Definition independent_at_point : list Z :=
  [(-4); 1; (-2); (-3); (-4); (-7); (-4); 5; (-6); (-6)]%Z.

Theorem independent : independent_at (rpoint independent_at_point) laws.
Proof.
  apply (check_independent_sound independent_at_point [1; 2] laws
   [[1; 0]%Z;
   [0; 1]%Z]).
  vm_compute. reflexivity.
Qed.

Definition bound_at_point : list Z :=
  [(-4); 1; (-2); (-3); (-4); (-7); (-4); 5; (-6); (-6)]%Z.

Definition free : list positive :=
  [9; 10].

Definition fields : list vf :=
  map (mgrad M) phi.

Theorem at_most_2 : law_gradients_determined 10 fields (rpoint bound_at_point) free.
Proof.
  apply (check_bound_sound 10 fields [(0, 1)%nat; (0, 2)%nat] bound_at_point free
   [(1, [6; 5; 0; 0; 0; 0; (-1); 0]%Z);
   (2, [6; (-4); 0; 0; 0; 0; (-1); 0]%Z);
   (3, [138; (-20); 0; (-45); 0; 0; (-23); (-54)]%Z);
   (4, [(-138); 20; 0; 144; 0; 0; 23; 54]%Z);
   (5, [2208; (-320); (-1056); (-1600); 462; 385; (-357); (-864)]%Z);
   (6, [(-2208); 320; 1056; 1600; (-462); 308; 357; 864]%Z);
   (7, [(-69); 10; 33; 50; 0; 0; 28; 27]%Z);
   (8, [276; (-40); (-132); (-200); 0; 0; (-35); (-108)]%Z)]).
  vm_compute. reflexivity.
Qed.

Print Assumptions conserved.
Print Assumptions independent.
Print Assumptions at_most_2.

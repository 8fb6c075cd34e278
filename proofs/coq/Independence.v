(** Independence of laws at an integer point.

    To be read by a sceptic: [at_point], [rpoint], [lin], [independent_at].  The theorem is [check_independent_sound]. *)
Require Import Reals Lra ZArith PArith List Bool Lia.
From Polylaw Require Import Polynomials Curves.
Import ListNotations.
Open Scope R_scope.

Fixpoint zmeval (x : positive -> Z) (m : mono) : Z :=
  match m with [] => 1%Z | (v, e) :: r => (Z.pow_pos (x v) e * zmeval x r)%Z end.
Fixpoint zpeval (x : positive -> Z) (p : poly) : Z :=
  match p with [] => 0%Z | (c, m) :: r => (c * zmeval x m + zpeval x r)%Z end.
Lemma meval_IZR : forall x m, meval (fun k => IZR (x k)) m = IZR (zmeval x m).
Proof.
  induction m as [|[v e] m IH]; cbn [meval zmeval]; [reflexivity|].
  rewrite IH, mult_IZR, pow_IZR, positive_nat_Z. reflexivity.
Qed.
Lemma peval_IZR : forall x p, peval (fun k => IZR (x k)) p = IZR (zpeval x p).
Proof.
  induction p as [|[c m] p IH]; cbn [peval zpeval]; [reflexivity|].
  rewrite IH, meval_IZR, plus_IZR, mult_IZR; reflexivity.
Qed.

(** point given by a list of values for coordinates 1, 2, ...; 0 beyond it *)
Definition at_point (l : list Z) (k : positive) : Z := nth (pred (Pos.to_nat k)) l 0%Z.
Definition rpoint (l : list Z) : positive -> R := fun k => IZR (at_point l k).

Fixpoint lin (a : list R) (zs : list R) : R :=
  match a, zs with u :: a', z :: zs' => u * z + lin a' zs' | _, _ => 0 end.
(** gradients of the laws at x by the coordinates 1..m are linearly independent: a combination of them
    with all partial derivatives zero has zero coefficients *)
Definition independent_at (m : positive) (x : positive -> R) (hs : list poly) : Prop :=
  forall a : list R, length a = length hs ->
  (forall k g, (k <= m)%positive -> partials_at hs x k g -> lin a g = 0) -> Forall (fun u => u = 0) a.

Fixpoint zdot (b g : list Z) : Z :=
  match b, g with u :: b', v :: g' => (u * v + zdot b' g')%Z | _, _ => 0%Z end.
Fixpoint unit_row (i : nat) (zs : list Z) : bool :=
  match i, zs with
  | O, z :: r => negb (Z.eqb z 0) && forallb (Z.eqb 0) r
  | S j, z :: r => Z.eqb z 0 && unit_row j r
  | _, [] => false
  end.
Definition check_independent (m : positive) (pt : list Z) (cols : list positive) (hs : list poly)
  (inv : list (list Z)) : bool :=
  let x := at_point pt in
  let G := map (fun h => map (fun c => zpeval x (pderiv c h)) cols) hs in
  forallb (fun c => Pos.leb c m) cols && Nat.eqb (length inv) (length hs) &&
  forallb (fun t => unit_row (fst t) (map (zdot (snd t)) G)) (combine (seq 0 (length hs)) inv).

Lemma lin_zero : forall a zs, forallb (Z.eqb 0) zs = true -> lin a (map IZR zs) = 0.
Proof.
  induction a; destruct zs; cbn [forallb map lin]; auto. intros H. apply andb_true_iff in H.
  destruct H as [H1 H2]. apply Z.eqb_eq in H1. subst z. rewrite IHa by auto. ring.
Qed.
Lemma unit_row_ok : forall i a zs, unit_row i zs = true -> length a = length zs ->
  lin a (map IZR zs) = 0 -> nth i a 0 = 0.
Proof.
  induction i; destruct zs as [|z zs]; cbn [unit_row map]; try discriminate; intros U L E;
  apply andb_true_iff in U; destruct U as [U1 U2]; (destruct a as [|u a]; [discriminate|]);
  cbn [lin nth length] in *.
  - rewrite lin_zero in E by auto. apply negb_true_iff, Z.eqb_neq in U1.
    assert (N : IZR z <> 0) by (intro; apply U1; apply eq_IZR; auto).
    assert (M : u * IZR z = 0) by lra. apply Rmult_integral in M. tauto.
  - apply Z.eqb_eq in U1. subst z. apply (IHi a zs); auto. lra.
Qed.
Lemma lin_add : forall a c f g (l : list poly),
  lin a (map (fun h => c * f h + g h) l) = c * lin a (map f l) + lin a (map g l).
Proof. induction a; destruct l; simpl; try ring. rewrite IHa; ring. Qed.
Lemma lin_const0 : forall a (l : list poly), lin a (map (fun _ => 0) l) = 0.
Proof. induction a; destruct l; simpl; auto. rewrite IHa; ring. Qed.
Lemma lin_zdot : forall m pt hs a cols, forallb (fun c => Pos.leb c m) cols = true ->
  (forall k g, (k <= m)%positive -> partials_at hs (rpoint pt) k g -> lin a g = 0) -> forall b,
  lin a (map (fun h => IZR (zdot b (map (fun c => zpeval (at_point pt) (pderiv c h)) cols))) hs) = 0.
Proof.
  intros m pt hs a cols V H. induction cols as [|c cols IH]; intros [|u b]; cbn [map zdot];
    try apply lin_const0.
  cbn [forallb] in V. apply andb_true_iff in V. destruct V as [V1 V2]. apply Pos.leb_le in V1. specialize (IH V2).
  rewrite (map_ext _ (fun h => IZR u * peval (rpoint pt) (pderiv c h)
     + IZR (zdot b (map (fun c0 => zpeval (at_point pt) (pderiv c0 h)) cols)))).
  - rewrite (lin_add a (IZR u) (fun h => peval (rpoint pt) (pderiv c h))), IH,
      (H c _ V1 (partials_exist hs (rpoint pt) c)). ring.
  - intros h. unfold rpoint. rewrite peval_IZR, plus_IZR, mult_IZR. reflexivity.
Qed.

Theorem check_independent_sound : forall m pt cols hs inv,
  check_independent m pt cols hs inv = true -> independent_at m (rpoint pt) hs.
Proof.
  intros m pt cols hs inv C a La H. unfold check_independent in C.
  apply andb_true_iff in C. destruct C as [C0 C]. apply andb_true_iff in C0. destruct C0 as [CV CL]. apply Nat.eqb_eq in CL.
  rewrite forallb_forall in C.
  apply Forall_forall. intros u Hu. destruct (In_nth a u 0 Hu) as (i & Hi & <-).
  assert (Hc : In (i, nth i inv []) (combine (seq 0 (length hs)) inv)).
  { replace (i, nth i inv []) with (nth i (combine (seq 0 (length hs)) inv) (0%nat, [])).
    - apply nth_In. rewrite combine_length, seq_length. lia.
    - rewrite combine_nth by (rewrite seq_length; auto). rewrite seq_nth by lia. reflexivity. }
  specialize (C _ Hc). cbn [fst snd] in C.
  eapply unit_row_ok; [exact C|..].
  - rewrite !map_length. auto.
  - rewrite !map_map. apply (lin_zdot m); auto.
Qed.

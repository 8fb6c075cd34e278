(** Flows and their laws.

    To be read by a sceptic: [gradient_flow], [gradient_law]; [matrix], [mrow], [driven_flow], [driven_law]; and what
    they are made of, [peval], [partials_at] and [dot].  The theorems are [check_gradient_sound], [check_driven_sound]. *)
Require Import Reals Lra ZArith PArith List Bool Lia.
From Polylaw Require Import Polynomials Curves.
Import ListNotations.
Set Implicit Arguments.
Open Scope R_scope.

(** ** Gradient flow  theta' = - J_phi(theta)^T w(t), for any controls w, hence for any loss and data *)
Definition gradient_flow (D : positive) (phi : list poly)
  (w : R -> nat -> R) (x : R -> positive -> R) (a b : R) : Prop :=
  forall t, a < t < b -> forall k, (k <= D)%positive -> exists g,
    partials_at phi (x t) k g /\
    derivable_pt_lim (fun s => x s k) t (- dot (w t) g 0).
Definition gradient_law (D : positive) (phi : list poly) (h : poly) : Prop :=
  forall w x a b, gradient_flow D phi w x a b ->
  forall s t, a < s < b -> a < t < b -> peval (x s) h = peval (x t) h.
Definition check_gradient (D : positive) (phi hs : list poly) : bool :=
  let Fs := map grad phi in forallb (fun h => vars_le D h && kills Fs h) hs.
Theorem check_gradient_sound : forall D phi hs, check_gradient D phi hs = true ->
  Forall (gradient_law D phi) hs.
Proof.
  intros D phi hs C. apply Forall_forall. intros h I w x a b S.
  unfold check_gradient in C. rewrite forallb_forall in C. specialize (C h I).
  apply andb_true_iff in C. destruct C as [C1 C2].
  apply (@constant_along D h x a b C1). intros t It.
  exists (fun k => 0 + (-1) * controls (w t) (x t) k (map grad phi) 0). split.
  - intros k Hk. destruct (S t It k Hk) as (g & G & H).
    rewrite (partials_controls G) in H.
    replace (0 + -1 * controls (w t) (x t) k (map grad phi) 0)
      with (- controls (w t) (x t) k (map grad phi) 0) by ring. exact H.
  - rewrite dpoly_controls by auto. apply dpoly_zero.
Qed.
(** ** Sparse matrices of polynomials: lists of (row, column, entry) *)
Definition matrix := list (positive * positive * poly).
Fixpoint mrow (M : matrix) (x : positive -> R) (k : positive) (f : positive -> R) : R :=
  match M with
  | [] => 0
  | (i, j, m) :: r => (if Pos.eqb i k then peval x m * f j else 0) + mrow r x k f
  end.
Definition mgrad (M : matrix) (phi : poly) : vf :=
  let G := grad phi in
  let t := map (fun e => match e with (i, j, m) => (i, pmul m (G j)) end) M in
  fun k => psum (map snd (filter (fun e => Pos.eqb (fst e) k) t)).
Lemma mgrad_ok : forall M phi x k, peval x (mgrad M phi k) = mrow M x k (fun j => peval x (grad phi j)).
Proof.
  intros M phi x k. unfold mgrad. rewrite peval_psum.
  induction M as [|[[i j] m] M IH]; simpl; [auto|].
  destruct (Pos.eqb i k); simpl; rewrite IH; [rewrite peval_mul|]; ring.
Qed.
Lemma mrow_lin : forall M x k c f g, mrow M x k (fun j => c * f j + g j) = c * mrow M x k f + mrow M x k g.
Proof.
  induction M as [|[[i j] m] M IH]; simpl; intros; [ring|].
  rewrite IH. destruct (Pos.eqb i k); ring.
Qed.
Lemma mrow_ext : forall M x k f g, (forall j, f j = g j) -> mrow M x k f = mrow M x k g.
Proof.
  intros M x k f g E. induction M as [|[[i j] m] M IH]; simpl; [auto|].
  rewrite IH, E; auto.
Qed.
Lemma metric_controls : forall M x k w phi j,
  mrow M x k (fun l => controls w x l (map grad phi) j) = controls w x k (map (mgrad M) phi) j.
Proof.
  induction phi as [|p phi IH]; intros j; simpl.
  - induction M as [|[[i l] m] M IH]; simpl; [auto|]. rewrite IH. destruct (Pos.eqb i k); ring.
  - rewrite mrow_lin, IH, mgrad_ok; auto.
Qed.

(** ** Driven flow:  q(x) x' = X0(x) - M(x) J_phi(x)^T w(t), on an open interval where q(x) <> 0.

    With parameters as coordinates that do not move (so for all real values of them), and time as a coordinate that does,
    this is: gradient flow in any metric M, with weight decay; momentum with any damping, [x] being place, velocity and
    clock; ordinary differential equations, without M.  [w] is any function of time and index: any loss, any data. *)
Definition driven_flow (N : positive) (q : poly) (X0 : vf) (M : matrix) (phi : list poly)
  (w : R -> nat -> R) (x : R -> positive -> R) (a b : R) : Prop :=
  forall t, a < t < b -> peval (x t) q <> 0 /\
    exists g : positive -> list R, (forall j, partials_at phi (x t) j (g j)) /\
    forall k, (k <= N)%positive -> exists l, derivable_pt_lim (fun s => x s k) t l /\
      peval (x t) q * l = peval (x t) (X0 k) - mrow M (x t) k (fun j => dot (w t) (g j) 0).
(** [h] is constant along every solution of the flow, whatever the controls. *)
Definition driven_law (N : positive) (q : poly) (X0 : vf) (M : matrix) (phi : list poly) (h : poly) : Prop :=
  forall w x a b, driven_flow N q X0 M phi w x a b ->
  forall s t, a < s < b -> a < t < b -> peval (x s) h = peval (x t) h.
Definition check_driven (N : positive) (X0 : vf) (M : matrix) (phi hs : list poly) : bool :=
  let Fs := map (mgrad M) phi in
  forallb (fun h => vars_le N h && is_zero (lie X0 h) && kills Fs h) hs.

Lemma dpoly_scal : forall x c d p, dpoly x (fun k => c * d k) p = c * dpoly x d p.
Proof.
  intros x c d p.
  assert (E := @dpoly_lin x c (fun _ => 0) d p). cbv beta in E. rewrite dpoly_zero in E.
  destruct (all_vars_le p) as [D V].
  rewrite (@dpoly_ext D x _ (fun k => 0 + c * d k) p V) by (intros; ring).
  rewrite E. ring.
Qed.

Theorem check_driven_sound : forall N q X0 M phi hs, check_driven N X0 M phi hs = true ->
  Forall (driven_law N q X0 M phi) hs.
Proof.
  intros N q X0 M phi hs C. apply Forall_forall. intros h I w x a b S.
  unfold check_driven in C. rewrite forallb_forall in C. specialize (C h I).
  apply andb_true_iff in C. destruct C as [C C3]. apply andb_true_iff in C. destruct C as [C1 C2].
  apply (@constant_along N h x a b C1). intros t It.
  destruct (S t It) as (Q & g & G & H).
  exists (fun k => / peval (x t) q *
    (peval (x t) (X0 k) + (-1) * controls (w t) (x t) k (map (mgrad M) phi) 0)). split.
  - intros k Hk. destruct (H k Hk) as (l & Hl & E).
    rewrite (@mrow_ext M (x t) k _ (fun j => controls (w t) (x t) j (map grad phi) 0)) in E
      by (intros; apply partials_controls; auto).
    rewrite metric_controls in E.
    replace (/ peval (x t) q * (peval (x t) (X0 k) + -1 * controls (w t) (x t) k (map (mgrad M) phi) 0)) with l; [exact Hl|].
    replace (peval (x t) (X0 k) + -1 * controls (w t) (x t) k (map (mgrad M) phi) 0) with (peval (x t) q * l) by (rewrite E; ring).
    field. exact Q.
  - rewrite dpoly_scal, dpoly_controls by auto. rewrite <- peval_lie, (is_zero_ok _ C2). simpl. ring.
Qed.

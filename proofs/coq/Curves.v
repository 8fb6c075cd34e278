(** Polynomials along curves: the chain rule, analytic partial derivatives, constancy, laws of fields, tabulated gradients,
    controls; quotients of polynomials; matrices.

    To be read by a sceptic: [upd], [partials_at], [dot]; for maps with denominators [fraction], [whole], [fvalue],
    [defined], [partials_of]; for flows in a metric [matrix], [mrow]; for the number of laws [vars_le], [line], [killed],
    [law_of]. *)
Require Import Reals Lra ZArith PArith List Bool Lia.
From Polylaw Require Import Polynomials.
Import ListNotations.
Set Implicit Arguments.
Open Scope R_scope.

(** ** Analysis: chain rule for polynomials along a curve *)
Lemma deriv_mono : forall ok (th : R -> positive -> R) t d m, mover ok m = true ->
  (forall k, ok k = true -> derivable_pt_lim (fun s => th s k) t (d k)) ->
  derivable_pt_lim (fun s => meval (th s) m) t (dmono (th t) d m).
Proof.
  intros ok th t d m V H. induction m as [|[v e] m IH]; simpl.
  - apply (derivable_pt_lim_const 1).
  - apply andb_true_iff in V as [V1 V2].
    apply (derivable_pt_lim_mult (fun s => th s v ^ Pos.to_nat e) (fun s => meval (th s) m) t); [|auto].
    apply (derivable_pt_lim_comp (fun s => th s v) (fun y => y ^ Pos.to_nat e) t); [auto|].
    apply derivable_pt_lim_pow.
Qed.
Lemma deriv_poly : forall ok (th : R -> positive -> R) t d p, over ok p = true ->
  (forall k, ok k = true -> derivable_pt_lim (fun s => th s k) t (d k)) ->
  derivable_pt_lim (fun s => peval (th s) p) t (dpoly (th t) d p).
Proof.
  intros ok th t d p V H. induction p as [|[c m] p IH]; simpl.
  - apply (derivable_pt_lim_const 0).
  - apply andb_true_iff in V as [V1 V2].
    apply (derivable_pt_lim_plus (fun s => IZR c * meval (th s) m) (fun s => peval (th s) p) t); [|auto].
    apply (derivable_pt_lim_scal (fun s => meval (th s) m)). eapply deriv_mono; eauto.
Qed.
Lemma derivable_ext : forall f g t l, (forall s, f s = g s) -> derivable_pt_lim f t l -> derivable_pt_lim g t l.
Proof.
  intros f g t l E H eps He. destruct (H eps He) as [del Hd]. exists del. intros u Hu Hu2. rewrite <- !E. auto.
Qed.
Lemma deq : forall f t a b, derivable_pt_lim f t a -> a = b -> derivable_pt_lim f t b.
Proof. intros; subst; auto. Qed.

(** [pderiv] is the analytic partial derivative. *)
Definition upd (x : positive -> R) k s : positive -> R := fun j => if Pos.eqb j k then s else x j.
Lemma upd_id : forall x k j, upd x k (x k) j = x j.
Proof. intros. unfold upd. destruct (Pos.eqb_spec j k); subst; auto. Qed.
Lemma upd_same : forall x k p, peval (upd x k (x k)) p = peval x p.
Proof. intros. apply peval_ext, upd_id. Qed.
Theorem pderiv_correct : forall p x k,
  derivable_pt_lim (fun s => peval (upd x k s) p) (x k) (peval x (pderiv k p)).
Proof.
  intros p x k. set (e := fun v => if Pos.eqb v k then 1 else 0).
  replace (peval x (pderiv k p)) with (dpoly (upd x k (x k)) e p).
  - apply (@deriv_poly any (fun s => upd x k s)); [apply over_any|]. intros j _. unfold upd, e. destruct (Pos.eqb j k).
    + apply derivable_pt_lim_id.
    + apply (derivable_pt_lim_const (x j)).
  - unfold pderiv. rewrite peval_lie. apply dpoly_ext; [apply upd_id|]. intros v. unfold e. destruct (Pos.eqb v k); simpl; ring.
Qed.

(** ** Constancy along a curve *)
(** Only the coordinates 1..D occur. *)
Definition vars_le (D : positive) (p : poly) : bool := over (fun k => Pos.leb k D) p.

Theorem constant_along : forall D h (x : R -> positive -> R) a b, vars_le D h = true ->
  (forall t, a < t < b -> exists d : positive -> R,
     (forall k, (k <= D)%positive -> derivable_pt_lim (fun s => x s k) t (d k)) /\
     dpoly (x t) d h = 0) ->
  forall s t, a < s < b -> a < t < b -> peval (x s) h = peval (x t) h.
Proof.
  intros D h x a b V H.
  assert (Z : forall t, a < t < b -> derivable_pt_lim (fun s => peval (x s) h) t 0).
  { intros t I. destruct (H t I) as (d & Hd & E). rewrite <- E. eapply deriv_poly; [exact V|].
    intros k Hk. apply Hd, Pos.leb_le, Hk. }
  assert (W : forall s t, a < s < b -> a < t < b -> s < t -> peval (x s) h = peval (x t) h).
  { intros s t Is It L.
    destruct (MVT_cor2 (fun s => peval (x s) h) (fun _ => 0) s t L) as [c [E _]].
    - intros c Hc. apply Z. lra.
    - lra. }
  intros s t Is It. destruct (Rtotal_order s t) as [L|[->|L]]; auto. symmetry; auto.
Qed.

(** ** Laws of fields: polynomials that they annihilate *)
(** the line through x with velocity d *)
Definition line (x d : positive -> R) (s : R) : positive -> R := fun k => x k + s * d k.
(** Along the field F, h has derivative zero at every point. *)
Definition killed (F : vf) (h : poly) : Prop :=
  forall x, derivable_pt_lim (fun s => peval (line x (fun k => peval x (F k)) s) h) 0 0.
Definition law_of (N : positive) (Fs : list vf) (h : poly) : Prop :=
  vars_le N h = true /\ Forall (fun F => killed F h) Fs.

Lemma line_d : forall x d k t, derivable_pt_lim (fun s => line x d s k) t (d k).
Proof.
  intros. unfold line. eapply deq.
  - apply (derivable_pt_lim_plus (fun _ => x k) (fun s => s * d k)); [apply (derivable_pt_lim_const (x k))|].
    apply (derivable_pt_lim_mult id (fun _ => d k)); [apply derivable_pt_lim_id|apply (derivable_pt_lim_const (d k))].
  - unfold id. ring.
Qed.
Lemma line_0 : forall x d k, line x d 0 k = x k.
Proof. intros. unfold line. ring. Qed.
Lemma along_line : forall x d p, derivable_pt_lim (fun s => peval (line x d s) p) 0 (dpoly x d p).
Proof.
  intros. rewrite <- (dpoly_ext (line x d 0) x d d p (line_0 x d)) by auto.
  apply (@deriv_poly any (line x d)); [apply over_any|]. intros. apply line_d.
Qed.
(** [lie] computes that derivative. *)
Lemma killed_lie : forall F h, killed F h <-> forall x, peval x (lie F h) = 0.
Proof.
  intros F h. split; intros K x.
  - rewrite peval_lie. eapply uniqueness_limite; [apply along_line|apply K].
  - eapply deq; [apply along_line|]. rewrite <- peval_lie. apply K.
Qed.

Definition is_zero (p : poly) : bool := match p with [] => true | _ => false end.
Lemma is_zero_ok : forall p, is_zero p = true -> p = [].
Proof. destruct p; simpl; [auto|discriminate]. Qed.
Definition check_laws (N : positive) (Fs : list vf) (hs : list poly) : bool :=
  forallb (fun h => vars_le N h && forallb (fun F => is_zero (lie F h)) Fs) hs.
Theorem killed_by_computation : forall N Fs hs, check_laws N Fs hs = true -> Forall (law_of N Fs) hs.
Proof.
  intros N Fs hs C. unfold check_laws in C. rewrite forallb_forall in C. apply Forall_forall. intros h I.
  specialize (C h I) as [C1 C2]%andb_true_iff. rewrite forallb_forall in C2. split; [exact C1|].
  apply Forall_forall. intros F IF. apply killed_lie. intros x. rewrite (is_zero_ok _ (C2 F IF)). reflexivity.
Qed.

(** ** Tabulated gradients (computed once for each output component) *)
Definition pvars (p : poly) : list positive :=
  nodup Pos.eq_dec (flat_map (fun t => map fst (snd t)) p).
Fixpoint lookup (k : positive) (l : list (positive * poly)) : poly :=
  match l with [] => [] | (v, p) :: r => if Pos.eqb v k then p else lookup k r end.
Definition grad (phi : poly) : vf :=
  let t := map (fun v => (v, pderiv v phi)) (pvars phi) in fun k => lookup k t.

Lemma pderiv_notin : forall x k p, ~ In k (pvars p) -> peval x (pderiv k p) = 0.
Proof.
  intros x k p N. unfold pderiv. rewrite peval_lie.
  assert (N' : ~ In k (flat_map (fun t => map fst (snd t)) p))
    by (intro H; apply N; apply nodup_In; auto).
  clear N. assert (DM : forall m, ~ In k (map fst m) ->
    dmono x (fun v => peval x (if Pos.eqb v k then [(1%Z, [])] else [])) m = 0).
  { induction m as [|[v e] m IH]; simpl; intros H; [auto|]. rewrite IH by tauto.
    destruct (Pos.eqb_spec v k); [tauto|simpl; ring]. }
  induction p as [|[c m] p IH]; simpl; [auto|]. simpl in N'.
  rewrite DM, IH; [ring|..]; intro H; apply N'; apply in_or_app; auto.
Qed.
Lemma grad_ok : forall x phi k, peval x (grad phi k) = peval x (pderiv k phi).
Proof.
  intros x phi k. unfold grad.
  assert (L : forall l, peval x (lookup k (map (fun v => (v, pderiv v phi)) l))
     = if in_dec Pos.eq_dec k l then peval x (pderiv k phi) else 0).
  { induction l as [|v l IH]; simpl; [auto|]. destruct (Pos.eqb_spec v k) as [->|NE].
    - destruct (Pos.eq_dec k k); [auto|congruence].
    - rewrite IH. destruct (Pos.eq_dec v k); [congruence|]. destruct (in_dec Pos.eq_dec k l); auto. }
  rewrite L. destruct (in_dec Pos.eq_dec k (pvars phi)); [auto|].
  symmetry; apply pderiv_notin; auto.
Qed.

(** ** Gradients and controls, read analytically *)
(** [g] lists the partial derivatives of the components of phi in direction k *)
Definition partials_at (phi : list poly) (x : positive -> R) (k : positive) (g : list R) : Prop :=
  Forall2 (fun p d => derivable_pt_lim (fun s => peval (upd x k s) p) (x k) d) phi g.
(** w_0 g_0 + w_1 g_1 + ... *)
Fixpoint dot (w : nat -> R) (g : list R) (j : nat) : R :=
  match g with [] => 0 | d :: r => w j * d + dot w r (S j) end.

Fixpoint controls (w : nat -> R) (x : positive -> R) (k : positive) (Fs : list vf) (j : nat) : R :=
  match Fs with [] => 0 | F :: r => w j * peval x (F k) + controls w x k r (S j) end.
Lemma partials_controls : forall phi x k g, partials_at phi x k g -> forall w j,
  dot w g j = controls w x k (map grad phi) j.
Proof.
  intros phi x k g H. induction H as [|p d phi g H1 H2 IH]; intros w j; simpl; [auto|].
  rewrite IH, grad_ok. f_equal; f_equal.
  eapply uniqueness_limite; [exact H1|apply pderiv_correct].
Qed.
Lemma partials_exist : forall phi x k, partials_at phi x k (map (fun p => peval x (pderiv k p)) phi).
Proof. intros. induction phi; simpl; constructor; [apply pderiv_correct|auto]. Qed.

(** Controls along fields that annihilate h do not change h. *)
Lemma dpoly_controls : forall w x h c Fs, (forall F, In F Fs -> peval x (lie F h) = 0) -> forall j d,
  dpoly x (fun k => d k + c * controls w x k Fs j) h = dpoly x d h.
Proof.
  intros w x h c Fs. induction Fs as [|F Fs IH]; intros K j d; cbn [controls].
  - rewrite (dpoly_lin x c d (fun _ => 0)), dpoly_zero. ring.
  - rewrite (dpoly_ext x x _ (fun k => (d k + c * w j * peval x (F k)) + c * controls w x k Fs (S j))) by (intros; ring).
    rewrite IH by (intros; apply K; simpl; auto). rewrite dpoly_lin, <- peval_lie, K by (simpl; auto). ring.
Qed.

(** ** Maps with denominators: numerator and denominator *)
Definition fraction := (poly * poly)%type.
Definition one : poly := [(1%Z, [])].
Definition whole (p : poly) : fraction := (p, one).
Definition fvalue (x : positive -> R) (f : fraction) : R := peval x (fst f) / peval x (snd f).
Definition defined (phi : list fraction) (x : positive -> R) : Prop := Forall (fun f => peval x (snd f) <> 0) phi.
(** [g] lists the partial derivatives of the components of phi in direction k *)
Definition partials_of (phi : list fraction) (x : positive -> R) (k : positive) (g : list R) : Prop :=
  Forall2 (fun f d => derivable_pt_lim (fun s => fvalue (upd x k s) f) (x k) d) phi g.

Lemma peval_one : forall x, peval x one = 1.
Proof. intros. simpl. ring. Qed.
Lemma is_one : forall p : poly, {p = one} + {p <> one}.
Proof. repeat decide equality. Defined.

(** ** A multiple of the gradient: that of p/q times q^2 *)
Definition fgrad (f : fraction) : vf :=
  let P := grad (fst f) in
  if is_one (snd f) then P
  else let Q := grad (snd f) in fun k => padd (pmul (snd f) (P k)) (popp (pmul (fst f) (Q k))).
Definition fscale (x : positive -> R) (f : fraction) : R :=
  if is_one (snd f) then 1 else / (peval x (snd f) * peval x (snd f)).

Lemma fgrad_ok : forall x k f, peval x (snd f) <> 0 ->
  derivable_pt_lim (fun s => fvalue (upd x k s) f) (x k) (fscale x f * peval x (fgrad f k)).
Proof.
  intros x k [p q] N. unfold fvalue, fscale, fgrad. cbn [fst snd] in *.
  pose proof (pderiv_correct p x k) as P. pose proof (pderiv_correct q x k) as Q.
  pose proof (derivable_pt_lim_div (fun s => peval (upd x k s) p) (fun s => peval (upd x k s) q) (x k) _ _ P Q) as H.
  cbv beta in H. rewrite !upd_same in H. specialize (H N).
  match goal with |- derivable_pt_lim _ _ ?r => match type of H with derivable_pt_lim _ _ ?l =>
    replace r with l; [exact H|] end end.
  destruct (is_one q) as [->|NE].
  - rewrite grad_ok, peval_one.
    replace (peval x (pderiv k one)) with 0 by (unfold pderiv, lie, one; simpl; ring).
    unfold Rsqr. field.
  - rewrite peval_add, peval_opp, !peval_mul, !grad_ok. unfold Rsqr. field. exact N.
Qed.

Lemma fractions_controls : forall phi x k g, defined phi x -> partials_of phi x k g -> forall w scale j,
  (forall i f, nth_error phi i = Some f -> scale (j + i)%nat = fscale x f) ->
  dot w g j = controls (fun i => w i * scale i) x k (map fgrad phi) j.
Proof.
  intros phi x k g N H. induction H as [|f d phi g H1 H2 IH]; intros w scale j E; cbn [dot map controls]; [auto|].
  inversion N as [|? ? N1 N2]; subst.
  rewrite (IH N2 w scale (S j)).
  - pose proof (E 0%nat f eq_refl) as E0. rewrite Nat.add_0_r in E0. rewrite E0.
    rewrite (uniqueness_limite _ _ _ _ H1 (fgrad_ok x k f N1)). ring.
  - intros i f' I. rewrite <- (E (S i) f' I). f_equal. lia.
Qed.
(** One scaling of the controls makes fields of gradients, for all directions at once. *)
Lemma controls_of : forall phi x, defined phi x -> forall w, exists u, forall k g,
  partials_of phi x k g -> dot w g 0 = controls u x k (map fgrad phi) 0.
Proof.
  intros phi x N w. exists (fun i => w i * match nth_error phi i with Some f => fscale x f | None => 0 end).
  intros k g H. apply fractions_controls with (1 := N) (2 := H).
  intros i f E. cbn [Nat.add]. rewrite E. reflexivity.
Qed.

(** ** Sparse matrices of polynomials: lists of (row, column, entry) *)
Definition matrix := list (positive * positive * poly).
(** entry k of the matrix at x times the vector f *)
Fixpoint mrow (M : matrix) (x : positive -> R) (k : positive) (f : positive -> R) : R :=
  match M with
  | [] => 0
  | (i, j, m) :: r => (if Pos.eqb i k then peval x m * f j else 0) + mrow r x k f
  end.
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

(** ** A matrix times a field *)
Definition mtimes (M : matrix) (G : vf) : vf :=
  let t := map (fun e => match e with (i, j, m) => (i, pmul m (G j)) end) M in
  fun k => psum (map snd (filter (fun e => Pos.eqb (fst e) k) t)).
Lemma mtimes_ok : forall M G x k, peval x (mtimes M G k) = mrow M x k (fun j => peval x (G j)).
Proof.
  intros M G x k. unfold mtimes. rewrite peval_psum.
  induction M as [|[[i j] m] M IH]; simpl; [auto|].
  destruct (Pos.eqb i k); simpl; rewrite IH; [rewrite peval_mul|]; ring.
Qed.
Lemma mrow_zero : forall M x k, mrow M x k (fun _ => 0) = 0.
Proof.
  intros M x k. induction M as [|[[i l] m] M IH]; simpl; [auto|].
  rewrite IH. destruct (Pos.eqb i k); ring.
Qed.
Lemma mtimes_controls : forall M x k u Gs j,
  mrow M x k (fun l => controls u x l Gs j) = controls u x k (map (mtimes M) Gs) j.
Proof.
  induction Gs as [|G Gs IH]; intros j; cbn [controls map]; [apply mrow_zero|].
  rewrite mrow_lin, IH, mtimes_ok; auto.
Qed.

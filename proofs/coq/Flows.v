(** Flows and their laws.

    To be read by a sceptic, besides [peval], [partials_at], [partials_of], [dot] and [mrow]:
      [gradient_flow], [gradient_law]  theta' = - J_phi(theta)^T w(t)
      [rate], [rate_value], [clock], [clock_value], [state], [positive_time]   clock and parameters, in all that follow
      [euclidean], [decay_clock], [metric_flow], [metric_law]
                                       theta' = - lambda theta - M(theta) J_phi(theta)^T w(t)
      [damping], [damping_value], [damping_clock], [mirror_point], [momentum_flow], [momentum_law]
                                       theta'' + tau theta' = - M(tau theta + theta') J_phi(theta)^T w(t)
      [ode_flow], [ode_law]            x' = f(x)
    [w] is any function of time and index, so any loss and any data; [c] gives the parameters any real values.
    What the fields of a flow annihilate is constant along its solutions: [gradient_laws], [metric_laws], [momentum_laws],
    [ode_laws].  By computation: [check_gradient_sound], [check_metric_sound], [check_momentum_sound], [check_ode_sound]. *)
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
Theorem gradient_laws : forall D phi h, law_of D (map grad phi) h -> gradient_law D phi h.
Proof.
  intros D phi h [V K] w x a b S. rewrite Forall_forall in K.
  apply (@constant_along D h x a b V). intros t It.
  exists (fun k => 0 + (-1) * controls (w t) (x t) k (map grad phi) 0). split.
  - intros k Hk. destruct (S t It k Hk) as (g & G & H). rewrite (partials_controls G) in H.
    eapply deq; [exact H|ring].
  - rewrite dpoly_controls by (intros F I; apply killed_lie, K, I). apply dpoly_zero.
Qed.
Definition check_gradient (D : positive) (phi hs : list poly) : bool := check_laws D (map grad phi) hs.
Theorem check_gradient_sound : forall D phi hs, check_gradient D phi hs = true -> Forall (gradient_law D phi) hs.
Proof. intros D phi hs C%killed_by_computation. revert C. apply Forall_impl, gradient_laws. Qed.

(** ** Clocks, and the coordinates of a law: 1..n for the variables, n+1 for the clock if there is one, then parameters *)
Definition rate := (poly * positive)%type.       (* a polynomial in parameters, and a denominator *)
Definition rate_value (c : positive -> R) (r : rate) : R := peval c (fst r) / IZR (Zpos (snd r)).
Inductive clock := no_clock | time | exponential (r : rate) | root_of_time (r : positive).
Definition clock_value (K : clock) (c : positive -> R) (t : R) : R :=
  match K with
  | no_clock => 0
  | time | root_of_time 1 => t
  | exponential r => exp (rate_value c r * t)
  | root_of_time r => Rpower t (/ IZR (Zpos r))
  end.
Definition has_clock (K : clock) : bool := match K with no_clock => false | _ => true end.
Definition state (n : positive) (K : clock) (c : positive -> R) (y : positive -> R) (t : R) (k : positive) : R :=
  if Pos.leb k n then y k
  else if has_clock K && Pos.eqb k (n + 1) then clock_value K c t
  else c k.

(** ** How clocks move: clock_factor * clock' = clock_drift *)
Definition var (k e : positive) : poly := [(1%Z, [(k, e)])].
Definition constant_poly (z : Z) : poly := [(z, [])].
Definition clock_factor (n : positive) (K : clock) : poly :=
  match K with
  | no_clock | time => one
  | exponential r => constant_poly (Zpos (snd r))
  | root_of_time r => [(Zpos r, [((n + 1)%positive, r)])]
  end.
Definition clock_drift (n : positive) (K : clock) : poly :=
  match K with
  | no_clock => []
  | time => one
  | exponential r => pmul (fst r) (var (n + 1) 1)
  | root_of_time _ => var (n + 1) 1
  end.
(** Only coordinates above m occur. *)
Definition vars_gt (m : positive) (p : poly) : bool := over (Pos.ltb m) p.
Definition rate_fits (n : positive) (r : rate) : bool := vars_gt (n + 1) (fst r).
Definition clock_fits (n : positive) (K : clock) : bool :=
  match K with exponential r => rate_fits n r | _ => true end.
Definition positive_time (K : clock) (t : R) : Prop := match K with root_of_time _ => 0 < t | _ => True end.

Lemma state_y : forall n K c y t k, (k <= n)%positive -> state n K c y t k = y k.
Proof. intros. unfold state. destruct (Pos.leb_spec k n); [auto|lia]. Qed.
Lemma state_clock : forall n K c y t, has_clock K = true -> state n K c y t (n + 1) = clock_value K c t.
Proof.
  intros n K c y t H. unfold state. destruct (Pos.leb_spec (n + 1) n); [lia|]. rewrite H, Pos.eqb_refl. reflexivity.
Qed.
Lemma state_c : forall n K c y t k, (n + 1 < k)%positive -> state n K c y t k = c k.
Proof.
  intros. unfold state. destruct (Pos.leb_spec k n); [lia|]. destruct (Pos.eqb_spec k (n + 1)); [lia|].
  rewrite andb_false_r. reflexivity.
Qed.
Lemma state_rate : forall n K c y t r, rate_fits n r = true ->
  peval (state n K c y t) (fst r) = rate_value c r * IZR (Zpos (snd r)).
Proof.
  intros n K c y t r F. unfold rate_value.
  rewrite (@peval_over (Pos.ltb (n + 1)) (state n K c y t) c) with (2 := F) by (intros k L%Pos.ltb_lt; apply state_c, L).
  field. apply not_0_IZR. lia.
Qed.
Lemma peval_var1 : forall x k, peval x (var k 1) = x k.
Proof. intros. unfold var. cbn [peval meval]. change (Pos.to_nat 1) with 1%nat. ring. Qed.
Lemma peval_constant : forall x z, peval x (constant_poly z) = IZR z.
Proof. intros. unfold constant_poly. cbn [peval meval]. ring. Qed.
Lemma IZR_pos : forall p, 0 < IZR (Zpos p).
Proof. intros. apply IZR_lt. lia. Qed.

Lemma root_power : forall r t, 0 < t -> Rpower t (/ IZR (Zpos r)) ^ Pos.to_nat r = t.
Proof.
  intros r t P. rewrite <- Rpower_pow by apply exp_pos. rewrite Rpower_mult.
  rewrite INR_IZR_INZ, positive_nat_Z.
  replace (/ IZR (Zpos r) * IZR (Zpos r)) with 1 by (field; apply Rgt_not_eq, IZR_pos).
  apply Rpower_1. exact P.
Qed.
(** The clock of roots at t > 0: s^r = t *)
Lemma root_clock_power : forall r c t, 0 < t -> clock_value (root_of_time r) c t ^ Pos.to_nat r = t.
Proof.
  intros r c t P. unfold clock_value. destruct r; try (apply root_power; exact P).
  change (Pos.to_nat 1) with 1%nat. simpl. ring.
Qed.
Lemma root_clock_moves : forall r c t, 0 < t -> exists l,
  derivable_pt_lim (clock_value (root_of_time r) c) t l /\
  IZR (Zpos r) * t * l = clock_value (root_of_time r) c t.
Proof.
  intros r c t P.
  assert (G : exists l, derivable_pt_lim (fun u => Rpower u (/ IZR (Zpos r))) t l /\
    IZR (Zpos r) * t * l = Rpower t (/ IZR (Zpos r))).
  { exists (/ IZR (Zpos r) * Rpower t (/ IZR (Zpos r) - 1)). split.
    - apply derivable_pt_lim_power. exact P.
    - unfold Rminus. rewrite Rpower_plus, Rpower_Ropp, Rpower_1 by exact P. field.
      split; apply Rgt_not_eq; [exact P|apply IZR_pos]. }
  unfold clock_value. destruct r; try exact G.
  exists 1. split; [apply derivable_pt_lim_id|ring].
Qed.

Lemma clock_moves : forall n K c y t, has_clock K = true -> clock_fits n K = true -> positive_time K t ->
  exists l, derivable_pt_lim (clock_value K c) t l /\
  peval (state n K c y t) (clock_factor n K) * l = peval (state n K c y t) (clock_drift n K).
Proof.
  intros n K c y t H F P. destruct K as [| |r|r]; [discriminate|..].
  - exists 1. split; [apply derivable_pt_lim_id|]. cbn [clock_factor clock_drift]. rewrite peval_one. ring.
  - exists (exp (rate_value c r * t) * (rate_value c r * 1)). split.
    + apply (derivable_pt_lim_comp (fun s => rate_value c r * s) exp).
      * apply (derivable_pt_lim_scal id (rate_value c r) t 1). apply derivable_pt_lim_id.
      * apply derivable_pt_lim_exp.
    + cbn [clock_factor clock_drift]. rewrite peval_constant, peval_mul, peval_var1, state_clock by auto.
      rewrite state_rate by exact F. cbn [clock_value]. ring.
  - destruct (root_clock_moves r c P) as (l & D & E). exists l. split; [exact D|].
    cbn [clock_factor clock_drift]. rewrite peval_var1, state_clock, <- E by auto.
    cbn [peval meval]. rewrite state_clock, root_clock_power by auto. ring.
Qed.
Lemma factor_nonzero : forall n K c y t, positive_time K t -> peval (state n K c y t) (clock_factor n K) <> 0.
Proof.
  intros n K c y t P. destruct K as [| |r|r]; cbn [clock_factor].
  1-2: rewrite peval_one; lra.
  - rewrite peval_constant. apply not_0_IZR. lia.
  - cbn [peval meval]. rewrite state_clock, root_clock_power by auto.
    pose proof (IZR_pos r). apply Rgt_not_eq. replace (IZR (Z.pos r) * (t * 1) + 0) with (IZR (Z.pos r) * t) by ring.
    apply Rmult_lt_0_compat; auto.
Qed.

(** ** One argument for all flows: the drift of the variables F0, times q; fields Fs with any controls *)
Definition drift (n : positive) (K : clock) (q : poly) (F0 : vf) : vf := fun k =>
  if Pos.leb k n then F0 k
  else if has_clock K && Pos.eqb k (n + 1) then (if is_one q then clock_drift n K else pmul q (clock_drift n K))
  else [].
Lemma dpoly_scal : forall x c d p, dpoly x (fun k => c * d k) p = c * dpoly x d p.
Proof.
  intros. rewrite (dpoly_ext x x _ (fun k => 0 + c * d k)) by (intros; ring). rewrite dpoly_lin, dpoly_zero. ring.
Qed.

Theorem motion_constant : forall N n K q F0 Fs h c (y : R -> positive -> R) a b,
  law_of N (Fs ++ [drift n K q F0]) h -> clock_fits n K = true ->
  (forall F x k, In F Fs -> (n < k)%positive -> peval x (F k) = 0) ->
  (forall t, a < t < b -> let x := state n K c (y t) t in
    positive_time K t /\ peval x q <> 0 /\
    exists u : nat -> R, forall k, (k <= n)%positive -> exists l, derivable_pt_lim (fun s => y s k) t l /\
      peval x q * peval x (clock_factor n K) * l = peval x (F0 k) + (-1) * controls u x k Fs 0) ->
  forall s t, a < s < b -> a < t < b -> peval (state n K c (y s) s) h = peval (state n K c (y t) t) h.
Proof.
  intros N n K q F0 Fs h c y a b [C1 [C3 C2]%Forall_app] CF Z S. rewrite Forall_forall in C3.
  apply Forall_inv in C2. rewrite killed_lie in C2.
  apply (@constant_along N h (fun t => state n K c (y t) t) a b C1). intros t It.
  destruct (S t It) as (P & Q & u & H). set (x := state n K c (y t) t) in *.
  pose proof (factor_nonzero n K c (y t) t P) as Fn. fold x in Fn.
  set (W := peval x q * peval x (clock_factor n K)).
  assert (Wn : W <> 0) by (apply Rmult_integral_contrapositive_currified; auto).
  exists (fun k => / W * (peval x (drift n K q F0 k) + (-1) * controls u x k Fs 0)). split.
  2:{ rewrite dpoly_scal, dpoly_controls by (intros F I; apply killed_lie, C3, I). rewrite <- peval_lie, C2. ring. }
  assert (ZC : forall k j, (n < k)%positive -> controls u x k Fs j = 0).
  { intros k j Hk. clear -Z Hk. revert j. induction Fs as [|F Fs IH]; intros j; cbn [controls]; [auto|].
    rewrite IH, Z by (simpl; auto; intros; apply Z; simpl; auto). ring. }
  intros k _. unfold drift. destruct (Pos.leb_spec k n) as [L|L].
  { destruct (H k L) as (l & D & E). fold W in E. rewrite <- E.
    replace (/ W * (W * l)) with l by (field; exact Wn).
    eapply derivable_ext; [|exact D]. intros s. symmetry. apply state_y. exact L. }
  rewrite ZC by exact L.
  destruct (has_clock K && Pos.eqb k (n + 1)) eqn:B.
  - apply andb_true_iff in B as [B1 ->%Pos.eqb_eq].
    destruct (@clock_moves n K c (y t) t B1 CF P) as (l & D & E). fold x in E.
    replace (peval x (if is_one q then clock_drift n K else pmul q (clock_drift n K)))
      with (peval x q * peval x (clock_drift n K))
      by (destruct (is_one q) as [->|]; [rewrite peval_one; ring|rewrite peval_mul; auto]).
    rewrite <- E. replace (/ W * _) with l by (unfold W; field; auto).
    eapply derivable_ext; [|exact D]. intros s. symmetry. apply state_clock. exact B1.
  - replace (/ W * _) with 0 by (simpl; ring).
    apply (derivable_ext (f := fun _ => c k)); [|apply (derivable_pt_lim_const (c k))].
    intros s. unfold state. destruct (Pos.leb_spec k n); [lia|]. rewrite B. reflexivity.
Qed.

(** ** Forces: a matrix times the gradient of each component of phi *)
Definition forces (M : matrix) (phi : list fraction) : list vf := map (fun f => mtimes M (fgrad f)) phi.
Definition rows_le (n : positive) (M : matrix) : bool := forallb (fun e => Pos.leb (fst (fst e)) n) M.
Lemma mrow_above : forall n M x k f, rows_le n M = true -> (n < k)%positive -> mrow M x k f = 0.
Proof.
  intros n M x k f V L. induction M as [|[[i j] m] M IH]; cbn [mrow rows_le forallb fst] in *; [auto|].
  apply andb_true_iff in V as [V1%Pos.leb_le V2]. rewrite IH by exact V2.
  destruct (Pos.eqb_spec i k); [lia|ring].
Qed.
Lemma forces_above : forall n M phi, rows_le n M = true ->
  forall F x k, In F (forces M phi) -> (n < k)%positive -> peval x (F k) = 0.
Proof.
  intros n M phi V F x k I L. unfold forces in I. apply in_map_iff in I. destruct I as (f & <- & _).
  rewrite mtimes_ok. eapply mrow_above; eauto.
Qed.
Lemma forces_controls : forall M phi u x k,
  mrow M x k (fun j => controls u x j (map fgrad phi) 0) = controls u x k (forces M phi) 0.
Proof. intros. rewrite mtimes_controls, map_map. reflexivity. Qed.

Lemma controls_scale : forall D u x k Fs j, controls (fun i => D * u i) x k Fs j = D * controls u x k Fs j.
Proof. induction Fs as [|F Fs IH]; intros j; cbn [controls]; [ring|rewrite IH; ring]. Qed.

(** ** Gradient flow in a metric, with weight decay:  theta' = - lambda theta - M(theta) J_phi(theta)^T w(t) *)
Definition euclidean (n : positive) : matrix :=
  map (fun i => let k := Pos.of_succ_nat i in (k, k, one)) (seq 0 (Pos.to_nat n)).
(** With decay there is the clock exp(lambda t). *)
Definition decay_clock (lambda : rate) : clock := match fst lambda with [] => no_clock | _ => exponential lambda end.
Definition metric_flow (n : positive) (lambda : rate) (M : matrix) (phi : list fraction)
  (w : R -> nat -> R) (c : positive -> R) (theta : R -> positive -> R) (a b : R) : Prop :=
  forall t, a < t < b -> let x := state n (decay_clock lambda) c (theta t) t in
    defined phi x /\
    exists g : positive -> list R, (forall j, partials_of phi x j (g j)) /\
    forall k, (k <= n)%positive -> derivable_pt_lim (fun s => theta s k) t
      (- rate_value c lambda * theta t k - mrow M x k (fun j => dot (w t) (g j) 0)).
Definition metric_law (n : positive) (lambda : rate) (M : matrix) (phi : list fraction) (h : poly) : Prop :=
  forall w c theta a b, metric_flow n lambda M phi w c theta a b ->
  forall s t, a < s < b -> a < t < b ->
  peval (state n (decay_clock lambda) c (theta s) s) h = peval (state n (decay_clock lambda) c (theta t) t) h.

(** Fields that annihilate a law: one for each component of phi, and the drift if there is decay. *)
Definition decay_terms (lambda : rate) : vf := fun k => pmul (popp (fst lambda)) (var k 1).
Definition metric_fields (n : positive) (lambda : rate) (M : matrix) (phi : list fraction) : list vf :=
  forces M phi ++ match fst lambda with [] => [] | _ => [drift n (decay_clock lambda) one (decay_terms lambda)] end.
Theorem metric_laws : forall N n lambda M phi h, rate_fits n lambda = true -> rows_le n M = true ->
  law_of N (metric_fields n lambda M phi) h -> metric_law n lambda M phi h.
Proof.
  intros N n lambda M phi h C1 C2 LF w c theta a b S.
  apply (@motion_constant N n (decay_clock lambda) one (decay_terms lambda) (forces M phi) h c theta a b).
  - destruct LF as [V K]. split; [exact V|]. unfold metric_fields in K. apply Forall_app in K as [K1 K2].
    apply Forall_app. split; [exact K1|]. unfold decay_clock in *. destruct (fst lambda) eqn:E; [|exact K2].
    constructor; [|constructor]. apply killed_lie. intros x. rewrite peval_lie.
    rewrite (dpoly_ext x x _ (fun _ => 0)); [apply dpoly_zero|auto|].
    intros k. unfold drift, decay_terms. rewrite E. destruct (Pos.leb k n); reflexivity.
  - unfold decay_clock. destruct (fst lambda); [reflexivity|exact C1].
  - apply forces_above. exact C2.
  - intros t It x. destruct (S t It) as (Df & g & G & H). fold x in Df, G, H.
    destruct (controls_of Df (w t)) as (u & U).
    split; [unfold decay_clock; destruct (fst lambda); exact Logic.I|].
    split; [rewrite peval_one; lra|].
    set (D := peval x (clock_factor n (decay_clock lambda))).
    exists (fun j => D * u j). intros k Hk. eexists. split; [exact (H k Hk)|].
    fold D. rewrite peval_one.
    rewrite (@mrow_ext M x k _ (fun j => controls u x j (map fgrad phi) 0)) by (intros; apply U, G).
    rewrite forces_controls, controls_scale. unfold decay_terms. rewrite peval_mul, peval_opp, peval_var1.
    assert (Rt : peval x (fst lambda) = rate_value c lambda * IZR (Z.pos (snd lambda))) by (apply state_rate; exact C1).
    rewrite Rt. assert (E : D * rate_value c lambda = rate_value c lambda * IZR (Z.pos (snd lambda))).
    { unfold D, decay_clock, rate_value. destruct (fst lambda) eqn:F.
      - cbn [clock_factor peval]. unfold Rdiv. ring.
      - cbn [clock_factor]. rewrite peval_constant. ring. }
    rewrite <- E. replace (x k) with (theta t k) by (symmetry; apply state_y; exact Hk). ring.
Qed.
Definition check_metric (N n : positive) (lambda : rate) (M : matrix) (phi : list fraction) (hs : list poly) : bool :=
  rate_fits n lambda && rows_le n M && check_laws N (metric_fields n lambda M phi) hs.
Theorem check_metric_sound : forall N n lambda M phi hs, check_metric N n lambda M phi hs = true ->
  Forall (metric_law n lambda M phi) hs.
Proof.
  intros N n lambda M phi hs [[C1 C2]%andb_true_iff C%killed_by_computation]%andb_true_iff.
  revert C. apply Forall_impl. intros h. apply metric_laws; assumption.
Qed.

(** ** Momentum:  theta' = v,  v' = - tau v - M(tau theta + v) J_phi(theta)^T w(t)

    The variables are theta (1..d), then v (d+1..2d). *)
Inductive damping := constant (tau : rate) | over_time (a r : positive).      (* a/(r t), for t > 0 *)
Definition damping_value (B : damping) (c : positive -> R) (t : R) : R :=
  match B with constant tau => rate_value c tau | over_time a r => IZR (Zpos a) / IZR (Zpos r) / t end.
(** exp(tau t) for constant tau, t without damping, t^(1/r) for tau = a/(r t) *)
Definition damping_clock (B : damping) : clock :=
  match B with
  | constant tau => match fst tau with [] => time | _ => exponential tau end
  | over_time _ r => root_of_time r
  end.
(** tau theta + v, where M is taken *)
Definition mirror_point (d : positive) (B : damping) (c : positive -> R) (y : positive -> R) (t : R) (k : positive) : R :=
  if Pos.leb k d then damping_value B c t * y k + y (d + k)%positive else c k.
Definition momentum_flow (d : positive) (B : damping) (M : matrix) (phi : list fraction)
  (w : R -> nat -> R) (c : positive -> R) (y : R -> positive -> R) (a b : R) : Prop :=
  forall t, a < t < b -> let x := state (2 * d) (damping_clock B) c (y t) t in
    positive_time (damping_clock B) t /\ defined phi x /\
    exists g : positive -> list R, (forall j, partials_of phi x j (g j)) /\
    forall k, (k <= d)%positive ->
      derivable_pt_lim (fun s => y s k) t (y t (d + k)%positive) /\
      derivable_pt_lim (fun s => y s (d + k)%positive) t
        (- damping_value B c t * y t (d + k)%positive
         - mrow M (mirror_point d B c (y t) t) k (fun j => dot (w t) (g j) 0)).
Definition momentum_law (d : positive) (B : damping) (M : matrix) (phi : list fraction) (h : poly) : Prop :=
  forall w c y a b, momentum_flow d B M phi w c y a b ->
  forall s t, a < s < b -> a < t < b ->
  peval (state (2 * d) (damping_clock B) c (y s) s) h = peval (state (2 * d) (damping_clock B) c (y t) t) h.

(** tau = P/Q as polynomials in the coordinates; Q is the factor of the clock *)
Definition damping_numerator (B : damping) : poly :=
  match B with constant tau => fst tau | over_time a _ => constant_poly (Zpos a) end.
Definition momentum_terms (d : positive) (B : damping) : vf := fun k =>
  if Pos.leb k d then pmul (clock_factor (2 * d) (damping_clock B)) (var (d + k) 1)
  else pmul (popp (damping_numerator B)) (var k 1).
(** Q^top * M(P/Q theta + v) *)
Fixpoint ppow (p : poly) (e : nat) : poly := match e with O => one | S e' => pmul p (ppow p e') end.
Definition mirror_image (d : positive) (B : damping) (k : positive) : poly :=
  padd (pmul (damping_numerator B) (var k 1)) (pmul (clock_factor (2 * d) (damping_clock B)) (var (d + k) 1)).
Fixpoint theta_degree (d : positive) (m : mono) : nat :=
  match m with [] => O | (v, e) :: r => ((if Pos.leb v d then Pos.to_nat e else O) + theta_degree d r)%nat end.
Fixpoint lift_mono (d : positive) (B : damping) (m : mono) : poly :=
  match m with
  | [] => one
  | (v, e) :: r => pmul (if Pos.leb v d then ppow (mirror_image d B v) (Pos.to_nat e) else var v e) (lift_mono d B r)
  end.
Definition lift (d : positive) (B : damping) (top : nat) (p : poly) : poly :=
  psum (map (fun t => pmul (constant_poly (fst t)) (pmul (lift_mono d B (snd t))
    (ppow (clock_factor (2 * d) (damping_clock B)) (top - theta_degree d (snd t))))) p).
Definition top_degree (d : positive) (M : matrix) : nat :=
  list_max (flat_map (fun e => map (fun t => theta_degree d (snd t)) (snd e)) M).
Definition lifted (d : positive) (B : damping) (M : matrix) : matrix :=
  let top := top_degree d M in
  map (fun e => match e with (i, j, m) => ((d + i)%positive, j, lift d B top m) end) M.
(** Fields that annihilate a law: one for each component of phi, and the drift. *)
Definition momentum_fields (d : positive) (B : damping) (M : matrix) (phi : list fraction) : list vf :=
  forces (lifted d B M) phi ++ [drift (2 * d) (damping_clock B) one (momentum_terms d B)].
(** An entry of M has no velocities and no clock. *)
Definition entry_fits (d : positive) : poly -> bool := over (fun v => Pos.leb v d || Pos.ltb (2 * d + 1) v).
Definition entries_fit (d : positive) (M : matrix) : bool := forallb (fun e => entry_fits d (snd e)) M.
Definition damping_fits (d : positive) (B : damping) : bool :=
  match B with constant tau => rate_fits (2 * d) tau | over_time _ _ => true end.

Lemma peval_pow : forall x p e, peval x (ppow p e) = peval x p ^ e.
Proof. intros x p. induction e; cbn [ppow pow]; [apply peval_one|rewrite peval_mul, IHe; auto]. Qed.

Lemma damping_fraction : forall d B c y t, damping_fits d B = true -> positive_time (damping_clock B) t ->
  let x := state (2 * d) (damping_clock B) c y t in
  peval x (clock_factor (2 * d) (damping_clock B)) * damping_value B c t = peval x (damping_numerator B).
Proof.
  intros d [tau|a r] c y t F P x; unfold x; cbn [damping_numerator damping_value].
  - rewrite (@state_rate (2 * d) _ c y t tau F). cbn [damping_clock]. unfold rate_value.
    destruct (fst tau) eqn:E; cbn [clock_factor].
    + rewrite peval_one. cbn [peval]. unfold Rdiv. ring.
    + rewrite peval_constant. ring.
  - rewrite peval_constant. cbn [clock_factor damping_clock positive_time peval meval] in *.
    rewrite state_clock, root_clock_power by auto.
    field. split; apply Rgt_not_eq; first [exact P|apply IZR_pos].
Qed.

Section Momentum.
Variables (d : positive) (B : damping) (c y : positive -> R) (t : R).
Let x := state (2 * d) (damping_clock B) c y t.
Let Q := peval x (clock_factor (2 * d) (damping_clock B)).
Hypothesis BF : damping_fits d B = true.
Hypothesis P : positive_time (damping_clock B) t.

Lemma image_value : forall k, (k <= d)%positive -> peval x (mirror_image d B k) = Q * mirror_point d B c y t k.
Proof.
  intros k L. unfold mirror_image, mirror_point. rewrite peval_add, !peval_mul, !peval_var1.
  pose proof (damping_fraction d B c y t BF P) as E. cbv zeta in E. fold x in E. fold Q in E. rewrite <- E. fold Q.
  destruct (Pos.leb_spec k d); [|lia]. unfold x. rewrite !state_y by lia. ring.
Qed.
Lemma lift_mono_value : forall m, mover (fun v => Pos.leb v d || Pos.ltb (2 * d + 1) v) m = true ->
  peval x (lift_mono d B m) = Q ^ theta_degree d m * meval (mirror_point d B c y t) m.
Proof.
  induction m as [|[v e] m IH]; intros V; cbn [lift_mono theta_degree meval] in *.
  - rewrite peval_one. ring.
  - apply andb_true_iff in V as [V1 V2]. cbn [fst] in V1. rewrite peval_mul, IH by exact V2.
    destruct (Pos.leb_spec v d) as [L|L].
    + rewrite peval_pow, image_value, pow_add, Rpow_mult_distr by exact L. ring.
    + cbn [orb] in V1. apply Pos.ltb_lt in V1. cbn [Nat.add].
      unfold var. cbn [peval meval].
      replace (x v) with (c v) by (symmetry; apply state_c; exact V1).
      replace (mirror_point d B c y t v) with (c v) by (unfold mirror_point; destruct (Pos.leb_spec v d); [lia|auto]).
      ring.
Qed.
Lemma lift_value : forall top p, entry_fits d p = true ->
  (forall t, In t p -> (theta_degree d (snd t) <= top)%nat) ->
  peval x (lift d B top p) = Q ^ top * peval (mirror_point d B c y t) p.
Proof.
  intros top p V T. unfold lift. rewrite peval_psum.
  induction p as [|[z m] p IH]; cbn [map sumR fold_right peval snd] in *; [ring|].
  apply andb_true_iff in V as [V1 V2]. unfold sumR in IH.
  rewrite IH by (try exact V2; intros; apply T; right; auto).
  cbn [fst snd]. rewrite !peval_mul, peval_constant, peval_pow, lift_mono_value by exact V1. fold Q.
  specialize (T (z, m) (or_introl eq_refl)). cbn [snd] in T.
  replace (Q ^ top) with (Q ^ theta_degree d m * Q ^ (top - theta_degree d m)) by (rewrite <- pow_add; f_equal; lia).
  ring.
Qed.
Lemma lifted_row : forall M k f, entries_fit d M = true ->
  mrow (lifted d B M) x (d + k) f = Q ^ top_degree d M * mrow M (mirror_point d B c y t) k f.
Proof.
  intros M k f V. unfold lifted.
  assert (T : forall e t, In e M -> In t (snd e) -> (theta_degree d (snd t) <= top_degree d M)%nat).
  { intros e s Ie Is. pose proof (proj1 (list_max_le _ _) (le_n (top_degree d M))) as A. rewrite Forall_forall in A.
    apply A, in_flat_map. exists e. split; [exact Ie|]. apply in_map_iff. exists s. auto. }
  revert T V. generalize (top_degree d M) as top. intros top T V.
  induction M as [|[[i j] m] M IH]; cbn [map mrow entries_fit forallb snd] in *; [ring|].
  apply andb_true_iff in V as [V1 V2].
  rewrite IH; [|intros e s Ie Is; exact (T e s (or_intror Ie) Is)|exact V2].
  assert (E : Pos.eqb (d + i) (d + k) = Pos.eqb i k).
  { destruct (Pos.eqb_spec i k), (Pos.eqb_spec (d + i) (d + k)); auto; lia. }
  rewrite E. destruct (Pos.eqb i k); [|ring].
  rewrite lift_value; [ring|exact V1|]. intros s Is. exact (T (i, j, m) s (or_introl eq_refl) Is).
Qed.
End Momentum.

Lemma lifted_rows : forall d B M, rows_le d M = true -> rows_le (2 * d) (lifted d B M) = true.
Proof.
  intros d B M V. unfold lifted, rows_le in *. generalize (top_degree d M). intros top.
  induction M as [|[[i j] m] M IH]; cbn [map forallb fst] in *; [auto|].
  apply andb_true_iff in V as [V1%Pos.leb_le V2]. rewrite IH by exact V2.
  apply andb_true_iff. split; [apply Pos.leb_le; lia|auto].
Qed.
Lemma lifted_low : forall d B M x k f, (k <= d)%positive -> mrow (lifted d B M) x k f = 0.
Proof.
  intros d B M x k f L. unfold lifted. generalize (top_degree d M). intros top.
  induction M as [|[[i j] m] M IH]; cbn [map mrow]; [auto|].
  rewrite IH. destruct (Pos.eqb_spec (d + i) k); [lia|ring].
Qed.
Theorem momentum_laws : forall N d B M phi h, damping_fits d B = true -> rows_le d M = true -> entries_fit d M = true ->
  law_of N (momentum_fields d B M phi) h -> momentum_law d B M phi h.
Proof.
  intros N d B M phi h C1 C2 C3 LF w c y a b S.
  apply (@motion_constant N (2 * d) (damping_clock B) one (momentum_terms d B) (forces (lifted d B M) phi) h c y a b LF).
  - destruct B as [tau|]; cbn [damping_clock]; [destruct (fst tau); [reflexivity|exact C1]|reflexivity].
  - apply forces_above, lifted_rows. exact C2.
  - intros t It x. destruct (S t It) as (Pt & Df & g & G & H). fold x in Df, G.
    destruct (controls_of Df (w t)) as (u & U).
    split; [exact Pt|]. split; [rewrite peval_one; lra|].
    set (Q := peval x (clock_factor (2 * d) (damping_clock B))).
    assert (Qn : Q <> 0) by (apply factor_nonzero; exact Pt).
    set (top := top_degree d M).
    exists (fun j => Q * / Q ^ top * u j). intros k Hk.
    rewrite controls_scale, <- forces_controls, peval_one. unfold momentum_terms.
    destruct (Pos.leb_spec k d) as [L|L].
    + destruct (H k L) as [H1 _]. eexists. split; [exact H1|].
      rewrite lifted_low, peval_mul, peval_var1 by exact L. fold Q.
      replace (x (d + k)%positive) with (y t (d + k)%positive) by (symmetry; apply state_y; lia). ring.
    + assert (Ek : k = (d + (k - d))%positive) by lia.
      destruct (H (k - d)%positive ltac:(lia)) as [_ H2]. rewrite <- Ek in H2.
      eexists. split; [exact H2|].
      rewrite (@mrow_ext M _ (k - d) _ (fun j => controls u x j (map fgrad phi) 0)) by (intros; apply U, G).
      pose proof (@lifted_row d B c (y t) t C1 Pt M (k - d) (fun j => controls u x j (map fgrad phi) 0) C3) as R.
      rewrite <- Ek in R. fold x in R. fold Q in R. fold top in R. rewrite R.
      rewrite peval_mul, peval_opp, peval_var1.
      pose proof (damping_fraction d B c (y t) t C1 Pt) as E. cbv zeta in E. fold x in E. fold Q in E. rewrite <- E.
      replace (x k) with (y t k) by (symmetry; apply state_y; lia).
      field. apply pow_nonzero. exact Qn.
Qed.
Definition check_momentum (N d : positive) (B : damping) (M : matrix) (phi : list fraction) (hs : list poly) : bool :=
  damping_fits d B && rows_le d M && entries_fit d M && check_laws N (momentum_fields d B M phi) hs.
Theorem check_momentum_sound : forall N d B M phi hs, check_momentum N d B M phi hs = true ->
  Forall (momentum_law d B M phi) hs.
Proof.
  intros N d B M phi hs [[[C1 C2]%andb_true_iff C3]%andb_true_iff C%killed_by_computation]%andb_true_iff.
  revert C. apply Forall_impl. intros h. apply momentum_laws; assumption.
Qed.

(** ** Ordinary differential equations  x' = f(x), f_k a quotient of polynomials, and a clock t or exp(rate t) *)
Definition nth_fraction (fs : list fraction) (k : positive) : fraction := nth (pred (Pos.to_nat k)) fs (whole []).
Definition ode_flow (n : positive) (K : clock) (rhs : list fraction)
  (c : positive -> R) (y : R -> positive -> R) (a b : R) : Prop :=
  forall t, a < t < b -> let x := state n K c (y t) t in
    positive_time K t /\ defined rhs x /\
    forall k, (k <= n)%positive -> derivable_pt_lim (fun s => y s k) t (fvalue x (nth_fraction rhs k)).
Definition ode_law (n : positive) (K : clock) (rhs : list fraction) (h : poly) : Prop :=
  forall c y a b, ode_flow n K rhs c y a b ->
  forall s t, a < s < b -> a < t < b -> peval (state n K c (y s) s) h = peval (state n K c (y t) t) h.

(** Right-hand sides over one denominator, the product of all that differ and are not 1 *)
Lemma same_poly : forall p q : poly, {p = q} + {p <> q}.
Proof. repeat decide equality. Defined.
Definition denominators (rhs : list fraction) : list poly :=
  nodup same_poly (filter (fun q => if is_one q then false else true) (map snd rhs)).
Definition pprod (ps : list poly) : poly :=
  fold_right (fun p r => if is_one p then r else if is_one r then p else pmul p r) one ps.
Definition cofactor (rhs : list fraction) (q : poly) : poly :=
  pprod (filter (fun p => if same_poly p q then false else true) (denominators rhs)).
Definition times (p q : poly) : poly := if is_one q then p else pmul p q.
Definition ode_terms (n : positive) (K : clock) (rhs : list fraction) : vf :=
  let t := map (fun f => times (times (fst f) (cofactor rhs (snd f))) (clock_factor n K)) rhs in
  fun k => nth (pred (Pos.to_nat k)) t [].
Definition ode_fields (n : positive) (K : clock) (rhs : list fraction) : list vf :=
  [drift n K (pprod (denominators rhs)) (ode_terms n K rhs)].
Definition cofactors_fit (rhs : list fraction) : bool :=
  let q := pprod (denominators rhs) in
  forallb (fun f => is_zero (padd (pmul (cofactor rhs (snd f)) (snd f)) (popp q))) rhs.
Lemma peval_times : forall x p q, peval x (times p q) = peval x p * peval x q.
Proof. intros. unfold times. destruct (is_one q) as [->|]; [rewrite peval_one; ring|apply peval_mul]. Qed.
Lemma pprod_nonzero : forall x ps, (forall p, In p ps -> peval x p <> 0) -> peval x (pprod ps) <> 0.
Proof.
  intros x ps H. induction ps as [|p ps IH]; cbn [pprod fold_right]; [rewrite peval_one; lra|].
  fold (pprod ps). assert (R := IH (fun q I => H q (or_intror I))). pose proof (H p (or_introl eq_refl)) as Hp.
  destruct (is_one p); [exact R|]. destruct (is_one (pprod ps)); [exact Hp|].
  rewrite peval_mul. apply Rmult_integral_contrapositive_currified; auto.
Qed.

Theorem ode_laws : forall N n K rhs h, clock_fits n K = true -> length rhs = Pos.to_nat n -> cofactors_fit rhs = true ->
  law_of N (ode_fields n K rhs) h -> ode_law n K rhs h.
Proof.
  intros N n K rhs h C1 C2 C3 LF c y a b S.
  apply (@motion_constant N n K (pprod (denominators rhs)) (ode_terms n K rhs) [] h c y a b LF C1).
  - intros F x k [].
  - intros t It x. destruct (S t It) as (Pt & Df & H). fold x in Df, H.
    unfold defined in Df. rewrite Forall_forall in Df.
    split; [exact Pt|]. split.
    { apply pprod_nonzero. intros p Ip. unfold denominators in Ip. apply nodup_In, filter_In in Ip.
      destruct Ip as [Ip _]. apply in_map_iff in Ip. destruct Ip as (f & <- & If). apply Df. exact If. }
    exists (fun _ => 0). intros k Hk. eexists. split; [exact (H k Hk)|]. cbn [controls].
    assert (L : (pred (Pos.to_nat k) < length rhs)%nat) by (rewrite C2; apply Pos2Nat.inj_le in Hk; lia).
    set (f := nth_fraction rhs k).
    assert (If : In f rhs) by (apply nth_In; exact L).
    unfold ode_terms. set (term := fun f => times (times (fst f) (cofactor rhs (snd f))) (clock_factor n K)).
    rewrite (nth_indep _ [] (term (whole []))) by (rewrite map_length; exact L).
    rewrite (map_nth term). change (nth (pred (Pos.to_nat k)) rhs (whole [])) with f. unfold term. rewrite !peval_times.
    unfold cofactors_fit in C3. rewrite forallb_forall in C3. specialize (C3 f If).
    apply is_zero_ok in C3. assert (E := f_equal (peval x) C3).
    rewrite peval_add, peval_opp, peval_mul in E. cbn [peval] in E.
    replace (peval x (pprod (denominators rhs))) with (peval x (cofactor rhs (snd f)) * peval x (snd f)) by lra.
    unfold fvalue. field. apply Df. exact If.
Qed.
Definition check_ode (N n : positive) (K : clock) (rhs : list fraction) (hs : list poly) : bool :=
  clock_fits n K && Nat.eqb (length rhs) (Pos.to_nat n) && cofactors_fit rhs && check_laws N (ode_fields n K rhs) hs.
Theorem check_ode_sound : forall N n K rhs hs, check_ode N n K rhs hs = true -> Forall (ode_law n K rhs) hs.
Proof.
  intros N n K rhs hs [[[C1 C2%Nat.eqb_eq]%andb_true_iff C3]%andb_true_iff C%killed_by_computation]%andb_true_iff.
  revert C. apply Forall_impl. intros h. apply ode_laws; assumption.
Qed.

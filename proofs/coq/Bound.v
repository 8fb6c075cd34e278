(** How many laws there are at most, by brackets of the fields at an integer point; and how many exactly.

    To be read by a sceptic: [law_of] and [killed] (Curves.v), [at_most], [exactly]; [independent_at]; and the fields, which are
    those of Flows.v: what they annihilate is constant along all solutions.  The laws meant are polynomials with integer
    coefficients (so up to a factor: rational ones) of any degree that all fields annihilate; independent are gradients by the
    coordinates 1..m, so that parameters are no laws.  That the fields annihilate every polynomial which is constant along all
    solutions is true, needs solutions to exist, and is not proved here.  The theorem is [check_at_most_sound]. *)
Require Import Reals Lra ZArith PArith List Bool Lia FinFun.
From Polylaw Require Import Polynomials Curves Independence.
Import ListNotations.
Open Scope R_scope.

(** ** Fields that annihilate, and their brackets *)
Section Second.
Variables (x d e : positive -> R).
Fixpoint ddmono (m : mono) : R :=
  match m with
  | [] => 0
  | (v, n) :: r =>
      let N := Pos.to_nat n in
      INR N * (INR (pred N) * x v ^ pred (pred N)) * d v * e v * meval x r
      + INR N * x v ^ pred N * e v * dmono x d r
      + INR N * x v ^ pred N * d v * dmono x e r
      + x v ^ N * ddmono r
  end.
Fixpoint ddpoly (p : poly) : R :=
  match p with [] => 0 | (c, m) :: r => IZR c * ddmono m + ddpoly r end.
End Second.
Lemma ddmono_sym : forall x d e m, ddmono x d e m = ddmono x e d m.
Proof. induction m as [|[v n] m IH]; simpl; [auto|rewrite IH; ring]. Qed.
Lemma ddpoly_sym : forall x d e p, ddpoly x d e p = ddpoly x e d p.
Proof. induction p as [|[c m] p IH]; simpl; [auto|rewrite IH, ddmono_sym; ring]. Qed.

Section Curve.
Variables (y e : R -> positive -> R) (t : R) (d e' : positive -> R).
Hypothesis Hy : forall k, derivable_pt_lim (fun s => y s k) t (d k).
Hypothesis He : forall k, derivable_pt_lim (fun s => e s k) t (e' k).
Lemma d_pow : forall k n, derivable_pt_lim (fun s => y s k ^ n) t (INR n * y t k ^ pred n * d k).
Proof.
  intros k n. apply (derivable_pt_lim_comp (fun s => y s k) (fun u => u ^ n) t); auto.
  apply derivable_pt_lim_pow.
Qed.
Lemma d_meval : forall m, derivable_pt_lim (fun s => meval (y s) m) t (dmono (y t) d m).
Proof. intros. apply (@deriv_mono any); [apply mover_any|auto]. Qed.
Lemma d_dmono : forall m, derivable_pt_lim (fun s => dmono (y s) (e s) m) t
   (ddmono (y t) d (e t) m + dmono (y t) e' m).
Proof.
  induction m as [|[v n] m IH].
  - simpl. eapply deq; [apply (derivable_pt_lim_const 0)|ring].
  - set (N := Pos.to_nat n).
    change (fun s => dmono (y s) (e s) ((v, n) :: m)) with
      (fun s => INR N * y s v ^ pred N * e s v * meval (y s) m + y s v ^ N * dmono (y s) (e s) m).
    eapply deq.
    + apply (derivable_pt_lim_plus (fun s => INR N * y s v ^ pred N * e s v * meval (y s) m)
        (fun s => y s v ^ N * dmono (y s) (e s) m)).
      * apply (derivable_pt_lim_mult (fun s => INR N * y s v ^ pred N * e s v) (fun s => meval (y s) m));
        [|apply d_meval].
        apply (derivable_pt_lim_mult (fun s => INR N * y s v ^ pred N) (fun s => e s v)); [|apply He].
        apply (derivable_pt_lim_scal (fun s => y s v ^ pred N) (INR N)). apply d_pow.
      * apply (derivable_pt_lim_mult (fun s => y s v ^ N) (fun s => dmono (y s) (e s) m));
        [apply d_pow|apply IH].
    + cbn [ddmono dmono]. fold N. ring.
Qed.
Lemma d_dpoly : forall p, derivable_pt_lim (fun s => dpoly (y s) (e s) p) t
   (ddpoly (y t) d (e t) p + dpoly (y t) e' p).
Proof.
  induction p as [|[c m] p IH].
  - simpl. eapply deq; [apply (derivable_pt_lim_const 0)|ring].
  - cbn [dpoly ddpoly]. eapply deq.
    + apply (derivable_pt_lim_plus (fun s => IZR c * dmono (y s) (e s) m) (fun s => dpoly (y s) (e s) p)).
      * apply (derivable_pt_lim_scal (fun s => dmono (y s) (e s) m)). apply d_dmono.
      * exact IH.
    + ring.
Qed.
Lemma d_peval : forall p, derivable_pt_lim (fun s => peval (y s) p) t (dpoly (y t) d p).
Proof. intros. apply (@deriv_poly any); [apply over_any|auto]. Qed.
End Curve.

Lemma ddmono_ext : forall x y d d' e e' m, (forall k, x k = y k) -> (forall k, d k = d' k) ->
  (forall k, e k = e' k) -> ddmono x d e m = ddmono y d' e' m.
Proof.
  intros x y d d' e e' m X Y Z. induction m as [|[v n] m IH]; simpl; [auto|].
  rewrite IH, X, Y, Z, (@meval_over any x y), (@dmono_over any x y d d'), (@dmono_over any x y e e'); auto using mover_any.
Qed.
Lemma ddpoly_ext : forall x y d d' e e' p, (forall k, x k = y k) -> (forall k, d k = d' k) ->
  (forall k, e k = e' k) -> ddpoly x d e p = ddpoly y d' e' p.
Proof.
  intros. induction p as [|[c m] p IH]; simpl; [auto|]. rewrite IH, (ddmono_ext x y d d' e e' m); auto.
Qed.

Definition bracket (F G : vf) : vf := fun k => padd (lie F (G k)) (popp (lie G (F k))).

(** second derivatives: F (G p) = D^2 p (F, G) + Dp (F G_k) *)
Lemma lie_lie : forall x F G p, peval x (lie F (lie G p)) =
  ddpoly x (fun k => peval x (F k)) (fun k => peval x (G k)) p
  + dpoly x (fun k => peval x (lie F (G k))) p.
Proof.
  intros x F G p. rewrite peval_lie. set (d := fun k => peval x (F k)).
  pose proof (along_line x d (lie G p)) as A.
  assert (B : derivable_pt_lim (fun s => dpoly (line x d s) (fun k => peval (line x d s) (G k)) p) 0
     (ddpoly x d (fun k => peval x (G k)) p + dpoly x (fun k => peval x (lie F (G k))) p)).
  { assert (B := d_dpoly (line x d) (fun s k => peval (line x d s) (G k)) 0 d
      (fun k => dpoly (line x d 0) d (G k)) (fun k => line_d x d k 0)
      (fun k => d_peval (line x d) 0 d (fun k => line_d x d k 0) (G k)) p).
    eapply deq; [exact B|]. f_equal.
    - apply ddpoly_ext; auto using line_0. intros; apply peval_ext, line_0.
    - apply dpoly_ext; auto using line_0. intros k. rewrite peval_lie. apply dpoly_ext; auto using line_0. }
  eapply uniqueness_limite; [exact A|]. eapply derivable_ext; [|exact B].
  intros s. symmetry. apply peval_lie.
Qed.

Theorem bracket_killed : forall F G h, killed F h -> killed G h -> killed (bracket F G) h.
Proof.
  intros F G h KF KG. rewrite killed_lie in *. intros x.
  assert (Z : forall X q, (forall y, peval y q = 0) -> peval x (lie X q) = 0).
  { intros X q Hq. rewrite peval_lie. eapply uniqueness_limite; [apply along_line|].
    eapply derivable_ext; [intros s; symmetry; apply Hq|apply (derivable_pt_lim_const 0)]. }
  pose proof (Z F (lie G h) KG) as E1. pose proof (Z G (lie F h) KF) as E2.
  rewrite lie_lie in E1, E2. rewrite (ddpoly_sym x (fun k => peval x (G k))) in E2.
  rewrite peval_lie, (dpoly_ext x x _ (fun k => peval x (lie F (G k)) + (-1) * peval x (lie G (F k)))); auto.
  - rewrite dpoly_lin. lra.
  - intros k. unfold bracket. rewrite peval_add, peval_opp. ring.
Qed.

(** ** The statements *)
(** No more than n laws have independent gradients at x. *)
Definition at_most (N m : positive) (Fs : list vf) (x : positive -> R) (n : nat) : Prop :=
  forall hs, Forall (law_of N Fs) hs -> independent_at m x hs -> (length hs <= n)%nat.
Definition exactly (N m : positive) (Fs : list vf) (x : positive -> R) (n : nat) : Prop :=
  at_most N m Fs x n /\ exists hs, length hs = n /\ Forall (law_of N Fs) hs /\ independent_at m x hs.

(** ** Tabulated fields *)
Definition idx (D : nat) : list positive := map (fun i => Pos.of_succ_nat i) (seq 0 D).
Lemma idx_NoDup : forall D, NoDup (idx D).
Proof.
  intros. unfold idx. apply Injective_map_NoDup; [|apply seq_NoDup].
  intros a b E. apply SuccNat2Pos.inj in E. auto.
Qed.
Lemma in_idx : forall k D, (0 < D)%nat -> (k <= Pos.of_nat D)%positive -> In k (idx D).
Proof.
  intros k D HD Hk. unfold idx. apply in_map_iff. exists (pred (Pos.to_nat k)). split; [lia|].
  apply in_seq. apply Pos2Nat.inj_le in Hk. rewrite Nat2Pos.id in Hk by lia. lia.
Qed.
Definition tab (D : nat) (F : vf) : vf :=
  let t := map F (idx D) in fun k => nth (pred (Pos.to_nat k)) t [].
Lemma tab_ok : forall D F k, (Pos.to_nat k <= D)%nat -> tab D F k = F k.
Proof.
  intros D F k H. unfold tab, idx. rewrite map_map.
  assert (L : (pred (Pos.to_nat k) < D)%nat) by lia.
  rewrite (nth_indep _ [] (F (Pos.of_succ_nat 0))) by (rewrite map_length, seq_length; auto).
  rewrite (map_nth (fun i => F (Pos.of_succ_nat i))). rewrite seq_nth by auto. simpl.
  f_equal. lia.
Qed.
Lemma tab_killed : forall D F h, (0 < D)%nat -> vars_le (Pos.of_nat D) h = true -> killed F h -> killed (tab D F) h.
Proof.
  intros D F h HD V K. apply killed_lie. intros x. rewrite killed_lie in K. rewrite <- (K x), !peval_lie.
  apply (dpoly_over (fun k => Pos.leb k (Pos.of_nat D))); auto. intros k Hk%Pos.leb_le. rewrite tab_ok; auto.
  apply Pos2Nat.inj_le in Hk. rewrite Nat2Pos.id in Hk by lia. auto.
Qed.

Definition zero_vf : vf := fun _ => [].
Fixpoint closure (D : nat) (els : list vf) (brs : list (nat * nat)) : list vf :=
  match brs with
  | [] => els
  | (i, j) :: r =>
      closure D (els ++ [tab D (bracket (nth i els zero_vf) (nth j els zero_vf))]) r
  end.
Lemma zero_killed : forall h, killed zero_vf h.
Proof.
  intros h. apply killed_lie. intros x. rewrite peval_lie, (dpoly_ext x x _ (fun _ => 0)); auto. apply dpoly_zero.
Qed.
Lemma nth_killed : forall els h i, Forall (fun F => killed F h) els -> killed (nth i els zero_vf) h.
Proof.
  intros els h i H. revert i. induction H as [|F els HF H IH]; intros [|i]; cbn [nth];
  [exact (zero_killed h)..|exact HF|exact (IH i)].
Qed.
Lemma closure_killed : forall D h, (0 < D)%nat -> vars_le (Pos.of_nat D) h = true ->
  forall brs els, Forall (fun F => killed F h) els -> Forall (fun F => killed F h) (closure D els brs).
Proof.
  intros D h HD V. induction brs as [|[i j] brs IH]; intros els H; simpl; auto.
  apply IH. apply Forall_app. split; auto. constructor; auto.
  apply tab_killed; auto. apply bracket_killed; apply nth_killed; auto.
Qed.

(** ** Combinations of rows *)
Fixpoint zsum (l : list Z) : Z := match l with [] => 0%Z | z :: r => (z + zsum r)%Z end.
Definition mem (k : positive) (l : list positive) := existsb (Pos.eqb k) l.
(** one entry of an integer combination of rows *)
Definition comb (els : list (list Z)) (ms : list Z) (j : nat) : Z :=
  zsum (map (fun t => (fst t * nth j (snd t) 0)%Z) (combine ms els)).
(** the same combination for all coordinates at once, skipping zero multipliers *)
Fixpoint vadd (a b : list Z) : list Z :=
  match a, b with u :: a', v :: b' => (u + v)%Z :: vadd a' b' | _, _ => [] end.
Definition vcomb (D : nat) (els : list (list Z)) (ms : list Z) : list Z :=
  fold_right (fun t acc => if Z.eqb (fst t) 0 then acc
                           else vadd (map (Z.mul (fst t)) (snd t)) acc) (repeat 0%Z D) (combine ms els).
Lemma vadd_length : forall a b, length a = length b -> length (vadd a b) = length b.
Proof. induction a; destruct b; simpl; intros; auto; try discriminate. Qed.
Lemma vadd_nth : forall a b j, length a = length b -> nth j (vadd a b) 0%Z = (nth j a 0 + nth j b 0)%Z.
Proof. induction a; destruct b; intros [|j] L; simpl in *; auto; discriminate. Qed.
Lemma vcomb_ok : forall D els ms, Forall (fun r => length r = D) els ->
  vcomb D els ms = map (comb els ms) (seq 0 D).
Proof.
  intros D els ms F.
  assert (H : length (vcomb D els ms) = D /\ forall j, nth j (vcomb D els ms) 0%Z = comb els ms j).
  { revert ms. induction F as [|r els Hr F IH]; intros [|u ms]; unfold vcomb, comb; cbn [combine fold_right map zsum fst snd].
    1-3: split; [apply repeat_length|intros; apply nth_repeat].
    destruct (IH ms) as [L N]. unfold vcomb, comb in L, N. destruct (Z.eqb_spec u 0) as [->|NZ].
    - split; auto.
    - split; [rewrite vadd_length; rewrite ?map_length; congruence|].
      intros j. rewrite vadd_nth, N by (rewrite map_length; congruence). f_equal.
      rewrite <- (Z.mul_0_r u) at 1. apply (map_nth (Z.mul u)). }
  destruct H as [L N]. apply nth_ext with (d := 0%Z) (d' := comb els ms 0).
  - rewrite map_length, seq_length; auto.
  - intros j Hj. rewrite (map_nth (comb els ms)), seq_nth by lia. apply N.
Qed.

(** ** Directional derivatives as finite sums *)
Fixpoint sumk (f : positive -> R) (l : list positive) : R :=
  match l with [] => 0 | k :: r => f k + sumk f r end.
Lemma dpoly_basis : forall D x p, (0 < D)%nat -> vars_le (Pos.of_nat D) p = true -> forall d,
  dpoly x d p = sumk (fun k => d k * peval x (pderiv k p)) (idx D).
Proof.
  intros D x p HD V d.
  assert (S : forall l, NoDup l -> dpoly x (fun k => if in_dec Pos.eq_dec k l then d k else 0) p
     = sumk (fun k => d k * peval x (pderiv k p)) l).
  { induction l as [|v l IH]; intros ND.
    - simpl. apply dpoly_zero.
    - inversion ND as [|? ? N1 N2]; subst. cbn [sumk]. rewrite <- IH by auto.
      unfold pderiv. rewrite peval_lie.
      rewrite (dpoly_ext x x _ (fun k => (if in_dec Pos.eq_dec k l then d k else 0)
          + d v * (peval x (if Pos.eqb k v then [(1%Z, [])] else [])))); auto.
      + rewrite dpoly_lin. ring.
      + intros k. simpl. destruct (Pos.eqb_spec k v) as [->|NE].
        * destruct (Pos.eq_dec v v); [|congruence]. destruct (in_dec Pos.eq_dec v l); [tauto|simpl; ring].
        * destruct (Pos.eq_dec v k); [congruence|]. destruct (in_dec Pos.eq_dec k l); simpl; ring. }
  rewrite <- S.
  - apply (dpoly_over (fun k => Pos.leb k (Pos.of_nat D))); auto. intros k Hk%Pos.leb_le.
    destruct (in_dec Pos.eq_dec k (idx D)) as [|N]; auto. exfalso. apply N, in_idx; auto.
  - apply idx_NoDup.
Qed.

Lemma sumk_ext : forall f g l, (forall k, In k l -> f k = g k) -> sumk f l = sumk g l.
Proof. induction l; simpl; intros H; auto. rewrite H, IHl; auto. Qed.
Lemma sumk_lin : forall c f g l, sumk (fun k => c * f k + g k) l = c * sumk f l + sumk g l.
Proof. induction l; simpl; [ring|rewrite IHl; ring]. Qed.
Lemma sumk_0 : forall l, sumk (fun _ => 0) l = 0.
Proof. induction l; simpl; auto. rewrite IHl; ring. Qed.

(** ** The check

    [wit]: for each bound direction a list of integer multipliers of the elements (fields, then brackets), whose combination
    has at the point a non-zero entry there, and a zero entry in every other direction that is not in [free].
    In a list, 0 and a number n stand for n zeros. *)
Fixpoint spread (ms : list Z) : list Z :=
  match ms with
  | 0%Z :: n :: r => repeat 0%Z (Z.to_nat n) ++ spread r
  | z :: r => z :: spread r
  | [] => []
  end.
Definition check_at_most (N m : positive) (Fs : list vf) (brs : list (nat * nat)) (pt : list Z)
  (free : list positive) (wit : list (positive * list Z)) : bool :=
  let D := Pos.to_nat N in
  let x := at_point pt in
  let els := map (fun F => map (fun k => zpeval x (F k)) (idx D)) (closure D (map (tab D) Fs) brs) in
  Pos.leb m N &&
  forallb (fun k => mem k free || mem k (map fst wit)) (idx (Pos.to_nat m)) &&
  forallb (fun w =>
    let row := vcomb D els (spread (snd w)) in
    forallb (fun t => let '(k, z) := t in
       if Pos.eqb k (fst w) then negb (Z.eqb z 0) else mem k free || Z.eqb z 0) (combine (idx D) row)) wit.

(** A functional G of directions that all elements annihilate, and that vanishes on [free], vanishes. *)
Lemma elements_determine : forall N m Fs brs pt free wit, check_at_most N m Fs brs pt free wit = true ->
  let D := Pos.to_nat N in let x := at_point pt in
  forall G : positive -> R,
  Forall (fun F => sumk (fun k => IZR (zpeval x (F k)) * G k) (idx D) = 0) (closure D (map (tab D) Fs) brs) ->
  (forall k, In k free -> G k = 0) -> forall k, (k <= m)%positive -> G k = 0.
Proof.
  intros N m Fs brs pt free wit C D x G K HF k Hk. unfold check_at_most in C. fold D x in C.
  apply andb_true_iff in C. destruct C as [C C3]. apply andb_true_iff in C. destruct C as [C1 C2].
  apply Pos.leb_le in C1.
  assert (Hin : In k (idx D)) by (apply in_idx; unfold D; [lia|rewrite Pos2Nat.id; lia]).
  assert (Hm : In k (idx (Pos.to_nat m))) by (apply in_idx; [lia|rewrite Pos2Nat.id; lia]).
  rewrite forallb_forall in C2. pose proof (C2 k Hm) as Ck. apply orb_true_iff in Ck.
  assert (ME : forall a l, mem a l = true -> In a l).
  { intros a l E. unfold mem in E. apply existsb_exists in E. destruct E as (b & Hb & E).
    apply Pos.eqb_eq in E. subst; auto. }
  destruct Ck as [Ck|Ck]; [apply HF; auto|].
  apply ME, in_map_iff in Ck. destruct Ck as ([c short] & E & Hw). simpl in E. subst c.
  rewrite forallb_forall in C3. specialize (C3 _ Hw). cbn [fst snd] in C3.
  set (ms := spread short) in *. clearbody ms.
  set (cl := closure D (map (tab D) Fs) brs) in *.
  set (els := map (fun F => map (fun k0 => zpeval x (F k0)) (idx D)) cl) in *.
  assert (LE : Forall (fun r => length r = D) els).
  { apply Forall_forall. intros r Hr. unfold els in Hr. apply in_map_iff in Hr.
    destruct Hr as (F & <- & _). unfold idx. rewrite !map_length, seq_length. auto. }
  rewrite (vcomb_ok D els ms LE) in C3.
  (* the combination of the elements annihilates G *)
  assert (S : forall ms0, sumk (fun k0 => IZR (comb els ms0 (pred (Pos.to_nat k0))) * G k0) (idx D) = 0).
  { subst els. clear -K. induction K as [|F cl KF KC IH]; intros ms0.
    - rewrite (sumk_ext _ (fun _ => 0)); [apply sumk_0|]. intros k0 _. unfold comb.
      destruct ms0; simpl; ring.
    - destruct ms0 as [|u ms0].
      + rewrite (sumk_ext _ (fun _ => 0)); [apply sumk_0|]. intros k0 _. unfold comb. simpl; ring.
      + rewrite (sumk_ext _ (fun k0 => IZR u * (IZR (zpeval x (F k0)) * G k0)
          + IZR (comb (map (fun F0 => map (fun k1 => zpeval x (F0 k1)) (idx D)) cl) ms0 (pred (Pos.to_nat k0))) * G k0)).
        * rewrite sumk_lin, IH, KF. ring.
        * intros k0 I0. unfold comb. cbn [map combine zsum fst snd].
          replace (nth (pred (Pos.to_nat k0)) (map (fun k1 => zpeval x (F k1)) (idx D)) 0%Z) with (zpeval x (F k0)).
          -- rewrite plus_IZR, mult_IZR. ring.
          -- unfold idx in I0. apply in_map_iff in I0. destruct I0 as (i & <- & I0). apply in_seq in I0.
             rewrite SuccNat2Pos.id_succ. simpl pred.
             unfold idx. rewrite map_map.
             rewrite (nth_indep _ 0%Z (zpeval x (F (Pos.of_succ_nat 0)))) by (rewrite map_length, seq_length; lia).
             rewrite (map_nth (fun i => zpeval x (F (Pos.of_succ_nat i)))), seq_nth by lia. reflexivity. }
  specialize (S ms).
  assert (Row : forall k0, In k0 (idx D) -> In (k0, comb els ms (pred (Pos.to_nat k0))) (combine (idx D) (map (comb els ms) (seq 0 D)))).
  { intros k0 I0. unfold idx in *. apply in_map_iff in I0. destruct I0 as (i & <- & I0). apply in_seq in I0.
    rewrite SuccNat2Pos.id_succ. simpl pred.
    assert (L : (i < length (combine (map (fun i => Pos.of_succ_nat i) (seq 0 D)) (map (comb els ms) (seq 0 D))))%nat)
      by (rewrite combine_length, !map_length, seq_length; lia).
    pose proof (nth_In _ (Pos.of_succ_nat 0, comb els ms 0) L) as Q.
    rewrite combine_nth in Q by (rewrite !map_length; auto).
    rewrite (map_nth (fun i => Pos.of_succ_nat i)), (map_nth (comb els ms)), !seq_nth in Q by lia. exact Q. }
  rewrite forallb_forall in C3.
  assert (P : sumk (fun k0 => IZR (comb els ms (pred (Pos.to_nat k0))) * G k0) (idx D)
     = IZR (comb els ms (pred (Pos.to_nat k))) * G k).
  { assert (O : forall k0, In k0 (idx D) -> k0 <> k -> IZR (comb els ms (pred (Pos.to_nat k0))) * G k0 = 0).
    { intros k0 I0 NE. specialize (C3 _ (Row k0 I0)). cbn in C3. apply Pos.eqb_neq in NE. rewrite NE in C3.
      apply orb_true_iff in C3. destruct C3 as [M|M].
      - rewrite HF by auto. ring.
      - apply Z.eqb_eq in M. rewrite M. ring. }
    assert (ND := idx_NoDup D).
    revert Hin O ND. clear. generalize (idx D) as l. induction l as [|v l IH]; intros Hin O ND; [destruct Hin|].
    inversion ND as [|? ? N1 N2]; subst. cbn [sumk]. destruct (Pos.eq_dec v k) as [->|NE].
    - rewrite (sumk_ext _ (fun _ => 0)); [rewrite sumk_0; ring|]. intros k0 I0. apply O; [right; auto|]. intro; subst; auto.
    - rewrite O by (simpl; auto). destruct Hin as [|Hin]; [congruence|]. rewrite IH; auto; [ring|].
      intros; apply O; simpl; auto. }
  rewrite P in S. pose proof (C3 _ (Row k Hin)) as Ck2. cbn in Ck2. rewrite Pos.eqb_refl in Ck2.
  apply negb_true_iff, Z.eqb_neq in Ck2. apply Rmult_integral in S. destruct S as [S|S]; auto.
  exfalso. apply Ck2. apply eq_IZR. auto.
Qed.

(** ** More laws than free directions have dependent gradients *)
Lemma lin_zeros : forall n zs, lin (repeat 0 n) zs = 0.
Proof. induction n; destruct zs; cbn [repeat lin]; auto. rewrite IHn. ring. Qed.
(** A homogeneous system with fewer equations than unknowns has a solution that is not zero. *)
Lemma kernel : forall (hs : list poly) (es : list (poly -> R)), (length es < length hs)%nat ->
  exists a, length a = length hs /\ ~ Forall (fun u => u = 0) a /\ forall e, In e es -> lin a (map e hs) = 0.
Proof.
  induction hs as [|h hs IH]; intros es L; cbn [length] in L; [lia|].
  destruct (Exists_dec (fun p : poly -> R => p h <> 0) es) as [EX|NE].
  { intros p. destruct (Req_EM_T (p h) 0); [right; auto|left; auto]. }
  - apply Exists_exists in EX. destruct EX as (p & Ip & Np).
    destruct (in_split p es Ip) as (l1 & l2 & ->). rewrite app_length in L. cbn [length] in L.
    destruct (IH (map (fun e h' => - (e h / p h) * p h' + e h') (l1 ++ l2))) as (b & Lb & Nb & Hb).
    { rewrite map_length, app_length. lia. }
    exists (- lin b (map p hs) / p h :: b). split; [cbn [length]; lia|]. split.
    + intros F. inversion F. auto.
    + intros e Ie. cbn [map lin]. apply in_elt_inv in Ie. destruct Ie as [->|Ie]; [field; exact Np|].
      specialize (Hb _ (in_map (fun e h' => - (e h / p h) * p h' + e h') _ _ Ie)). cbv beta in Hb.
      rewrite (lin_add b (- (e h / p h)) p e hs) in Hb.
      replace (lin b (map e hs)) with (e h / p h * lin b (map p hs)) by lra. field. exact Np.
  - exists (1 :: repeat 0 (length hs)). split; [cbn [length]; rewrite repeat_length; auto|]. split.
    + intros F. inversion F. lra.
    + intros e Ie. cbn [map lin]. rewrite lin_zeros.
      destruct (Req_EM_T (e h) 0) as [->|Ne]; [ring|]. exfalso. apply NE. apply Exists_exists. exists e. auto.
Qed.
Lemma lin_sumk : forall a (r : positive -> R) (p : positive -> poly -> R) l hs,
  (forall h, In h hs -> sumk (fun k => r k * p k h) l = 0) -> sumk (fun k => r k * lin a (map (p k) hs)) l = 0.
Proof.
  intros a r p l hs H.
  assert (E : sumk (fun k => r k * lin a (map (p k) hs)) l = lin a (map (fun h => sumk (fun k => r k * p k h) l) hs)).
  { clear H. induction l as [|k l IH]; cbn [sumk].
    - rewrite lin_const0. reflexivity.
    - rewrite (lin_add a (r k) (p k) (fun h => sumk (fun k0 => r k0 * p k0 h) l)), IH. ring. }
  rewrite E. clear E. revert a. induction hs as [|h hs IH]; intros [|u a]; cbn [map lin]; auto.
  rewrite H, IH by (simpl; auto; intros; apply H; simpl; auto). ring.
Qed.
Lemma partials_unique : forall hs x k g, partials_at hs x k g -> g = map (fun h => peval x (pderiv k h)) hs.
Proof.
  intros hs x k g H. induction H as [|h d hs g H1 H2 IH]; cbn [map]; [auto|].
  rewrite IH. f_equal. eapply uniqueness_limite; [exact H1|apply pderiv_correct].
Qed.

Theorem check_at_most_sound : forall N m Fs brs pt free wit, check_at_most N m Fs brs pt free wit = true ->
  at_most N m Fs (rpoint pt) (length free).
Proof.
  intros N m Fs brs pt free wit C hs K I. destruct (le_gt_dec (length hs) (length free)) as [L|L]; [exact L|exfalso].
  set (x := rpoint pt). set (D := Pos.to_nat N).
  assert (HD : (0 < D)%nat) by (unfold D; lia).
  destruct (kernel hs (map (fun f h => peval x (pderiv f h)) free)) as (a & La & Na & Ha); [rewrite map_length; lia|].
  apply Na, I; [exact La|]. intros k g Hk G. rewrite (partials_unique hs (rpoint pt) k g G). fold x.
  apply (elements_determine N m Fs brs pt free wit C (fun k => lin a (map (fun h => peval x (pderiv k h)) hs)));
    [|intros f If|exact Hk].
  2:{ exact (Ha _ (in_map (fun f h => peval x (pderiv f h)) _ _ If)). }
  fold D. apply Forall_forall. intros F IF.
  apply (lin_sumk a (fun k => IZR (zpeval (at_point pt) (F k))) (fun k h => peval x (pderiv k h))). intros h Ih.
  rewrite Forall_forall in K. destruct (K h Ih) as [V KF].
  assert (V' : vars_le (Pos.of_nat D) h = true) by (unfold D; rewrite Pos2Nat.id; exact V).
  assert (KC : Forall (fun F => killed F h) (closure D (map (tab D) Fs) brs)).
  { apply closure_killed; auto. apply Forall_forall. intros F0 I0. apply in_map_iff in I0.
    destruct I0 as (F1 & <- & I1). apply tab_killed; auto. rewrite Forall_forall in KF. auto. }
  rewrite Forall_forall in KC. specialize (KC F IF). rewrite killed_lie in KC. specialize (KC x).
  rewrite peval_lie, (dpoly_basis D x h HD V') in KC.
  rewrite <- KC. apply sumk_ext. intros k0 _. unfold x, rpoint. rewrite <- peval_IZR. reflexivity.
Qed.

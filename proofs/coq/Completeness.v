(** Completeness: the polynomials with real coefficients in given monomials that all fields annihilate are the combinations
    of given ones, which are products of laws.

    To be read by a sceptic: [line] and [dot] (Curves.v), [combination], [annihilated], [complete]; [monomials] and [product],
    which make lists shorter to write.  The theorem is [check_complete_sound].

    The derivative of x_0 m_0 + x_1 m_1 + ... along a field is a polynomial whose coefficients are linear in the x_i, and 0
    for all values of the coordinates, so that each of these coefficients is 0.  After a combination of the products is
    subtracted, some chosen x_i are 0; elimination in the linear equations shows that then all are. *)
Require Import Reals Lra ZArith PArith List Bool Lia MSetPositive.
From Polylaw Require Import Polynomials Curves Independence Bound.
Import ListNotations.
Open Scope R_scope.

(** ** The statement *)
(** x_0 m_0(theta) + x_1 m_1(theta) + ... *)
Definition combination (x : nat -> R) (ms : list mono) (theta : positive -> R) : R := dot x (map (meval theta) ms) 0.
(** Along the field F, x_0 m_0 + x_1 m_1 + ... has derivative zero at every point. *)
Definition annihilated (F : vf) (x : nat -> R) (ms : list mono) : Prop :=
  forall theta, derivable_pt_lim (fun s => combination x ms (line theta (fun k => peval theta (F k)) s)) 0 0.
(** The polynomials in the monomials ms that all fields annihilate are the combinations of ps. *)
Definition complete (Fs : list vf) (ms : list mono) (ps : list poly) : Prop :=
  forall x : nat -> R,
  (forall F, In F Fs -> annihilated F x ms) <->
  exists c : nat -> R, forall theta, combination x ms theta = dot c (map (peval theta) ps) 0.

(** the product of the laws with these numbers, counted from 0 *)
Definition product (hs : list poly) (is : list nat) : poly :=
  match map (fun i => nth i hs []) is with [] => one | p :: r => fold_left pmul r p end.

(** All monomials, except 1, whose degree in the variables [vs] is between [least] and [top], times a power of the variable
    [tick] up to [most]. *)
Definition times_power (m : mono) (v : positive) (e : nat) : mono :=
  match e with O => m | S i => m ++ [(v, Pos.of_succ_nat i)] end.
Fixpoint of_degree (d : nat) (m : mono) (vs : list positive) : list mono :=
  match vs with
  | [] => match d with O => [m] | S _ => [] end
  | v :: r => flat_map (fun e => of_degree (d - e) (times_power m v e) r) (seq 0 (S d))
  end.
Definition monomials (vs : list positive) (least top : nat) (tick : positive) (most : nat) : list mono :=
  filter (fun m => match m with [] => false | _ => true end)
    (flat_map (fun d => flat_map (fun m => map (times_power m tick) (seq 0 (S most))) (of_degree d [] vs))
       (seq least (S top - least))).

(** ** Sums *)
Lemma dot_ext : forall g w u j, (forall i, w i = u i) -> dot w g j = dot u g j.
Proof. induction g; intros w u j E; cbn [dot]; [auto|]. rewrite E, (IHg w u) by exact E. auto. Qed.
Lemma dot_lin : forall g a w u j, dot (fun i => w i + a * u i) g j = dot w g j + a * dot u g j.
Proof. induction g; intros; cbn [dot]; [ring|]. rewrite IHg. ring. Qed.

(** the sum of the coefficients times f of the monomials *)
Fixpoint terms_sum (f : mono -> R) (p : poly) : R :=
  match p with [] => 0 | (c, m) :: r => IZR c * f m + terms_sum f r end.
Lemma peval_terms : forall x p, peval x p = terms_sum (meval x) p.
Proof. induction p as [|[c m] p IH]; cbn [peval terms_sum]; [auto|rewrite IH; auto]. Qed.
Lemma dpoly_terms : forall x d p, dpoly x d p = terms_sum (dmono x d) p.
Proof. induction p as [|[c m] p IH]; cbn [dpoly terms_sum]; [auto|rewrite IH; auto]. Qed.

(** ** Coefficients of a polynomial in a list of monomials *)
Definition same (a b : mono) : bool := match mcmp a b with Eq => true | _ => false end.
Lemma same_ok : forall a b, same a b = true <-> a = b.
Proof.
  unfold same. split.
  - destruct (mcmp a b) eqn:E; try discriminate. intros _. apply mcmp_eq, E.
  - intros <-. replace (mcmp a a) with Eq; [auto|].
    induction a as [|[v e] a IH]; cbn [mcmp]; [auto|]. rewrite !Pos.compare_refl. exact IH.
Qed.
Definition among (ms : list mono) (m : mono) : bool := existsb (same m) ms.
Lemma among_ok : forall ms m, among ms m = true <-> In m ms.
Proof.
  intros. unfold among. rewrite existsb_exists. split.
  - intros (n & I & ->%same_ok). exact I.
  - intros I. exists m. split; [exact I|apply same_ok; auto].
Qed.
Fixpoint distinct (ms : list mono) : bool :=
  match ms with [] => true | m :: r => negb (among r m) && distinct r end.
Fixpoint coefficient (p : poly) (m : mono) : Z :=
  match p with [] => 0%Z | (c, n) :: r => ((if same n m then c else 0) + coefficient r m)%Z end.
Definition nth_coefficient (ms : list mono) (p : poly) (i : nat) : Z := coefficient p (nth i ms []).

Section Spread.
Variable f : mono -> R.
Fixpoint monos_sum (u : mono -> R) (ms : list mono) : R :=
  match ms with [] => 0 | m :: r => u m * f m + monos_sum u r end.
Lemma dot_monos : forall u ms pre, dot (fun i => u (nth i (pre ++ ms) [])) (map f ms) (length pre) = monos_sum u ms.
Proof.
  induction ms as [|m ms IH]; intros pre; cbn [map dot monos_sum]; [auto|].
  rewrite nth_middle. f_equal. specialize (IH (pre ++ [m])). rewrite app_length, Nat.add_1_r, <- app_assoc in IH. exact IH.
Qed.
Lemma one_mono_absent : forall c m ms, among ms m = false ->
  monos_sum (fun n => IZR (if same m n then c else 0)) ms = 0.
Proof.
  induction ms as [|n ms IH]; cbn [monos_sum among existsb]; [auto|]. fold (among ms m).
  intros [E N]%orb_false_iff. rewrite E, IH by exact N. ring.
Qed.
Lemma one_mono : forall c m ms, distinct ms = true -> among ms m = true ->
  monos_sum (fun n => IZR (if same m n then c else 0)) ms = IZR c * f m.
Proof.
  induction ms as [|n ms IH]; cbn [monos_sum distinct among existsb]; [discriminate|]. fold (among ms m).
  intros [N%negb_true_iff D]%andb_true_iff I. destruct (same m n) eqn:E.
  - apply same_ok in E. subst n. rewrite one_mono_absent by exact N. ring.
  - rewrite IH by auto. ring.
Qed.
Lemma monos_sum_add : forall u v ms, monos_sum (fun m => u m + v m) ms = monos_sum u ms + monos_sum v ms.
Proof. induction ms as [|m ms IH]; cbn [monos_sum]; [ring|]. rewrite IH. ring. Qed.
Lemma monos_sum_ext : forall u v ms, (forall m, u m = v m) -> monos_sum u ms = monos_sum v ms.
Proof. intros u v ms E. induction ms as [|m ms IH]; cbn [monos_sum]; [auto|]. rewrite IH, E. auto. Qed.
Lemma monos_sum_zero : forall ms, monos_sum (fun _ => 0) ms = 0.
Proof. induction ms as [|m ms IH]; cbn [monos_sum]; [auto|]. rewrite IH. ring. Qed.
Lemma spread : forall ms p, distinct ms = true -> forallb (fun t => among ms (snd t)) p = true ->
  dot (fun i => IZR (nth_coefficient ms p i)) (map f ms) 0 = terms_sum f p.
Proof.
  intros ms p D A. transitivity (monos_sum (fun m => IZR (coefficient p m)) ms).
  { apply (dot_monos (fun m => IZR (coefficient p m)) ms []). }
  induction p as [|[c m] p IH]; cbn [coefficient terms_sum forallb snd] in *; [apply monos_sum_zero|].
  apply andb_true_iff in A as [A1 A2]. rewrite <- IH, <- (one_mono c m ms) by auto.
  rewrite <- monos_sum_add. apply monos_sum_ext. intros n. apply plus_IZR.
Qed.
End Spread.

(** ** A polynomial in one variable that is 0 everywhere has no coefficients *)
Fixpoint powers_sum (l : list (R * nat)) (s : R) : R :=
  match l with [] => 0 | (a, n) :: r => a * s ^ n + powers_sum r s end.
Fixpoint at_power (n : nat) (l : list (R * nat)) : R :=
  match l with [] => 0 | (a, k) :: r => (if Nat.eqb k n then a else 0) + at_power n r end.
Lemma powers_vanish : forall n l, (forall s, powers_sum l s = 0) -> at_power n l = 0.
Proof.
  induction n as [|n IH]; intros l H.
  - rewrite <- (H 0). clear H. induction l as [|[a k] l IH]; cbn [at_power powers_sum]; [auto|].
    rewrite IH. destruct k; cbn [Nat.eqb pow]; ring.
  - set (l' := map (fun t => (fst t * INR (snd t), pred (snd t))) l).
    assert (E : at_power n l' = INR (S n) * at_power (S n) l).
    { clear H IH. subst l'. induction l as [|[a k] l IH]; cbn [map at_power fst snd]; [ring|]. rewrite IH.
      destruct k as [|k]; cbn [pred Nat.eqb]; [change (INR 0) with 0; destruct n; ring|].
      destruct (Nat.eqb_spec k n) as [->|]; ring. }
    assert (Z : at_power n l' = 0).
    { apply IH. intros s. apply (uniqueness_limite (powers_sum l) s).
      - clear H E IH. subst l'. induction l as [|[a k] l IH]; cbn [map powers_sum fst snd].
        + apply (derivable_pt_lim_const 0).
        + apply (derivable_pt_lim_plus (fun s => a * s ^ k) (powers_sum l)); [|exact IH].
          rewrite Rmult_assoc. apply (derivable_pt_lim_scal (fun s => s ^ k)). apply derivable_pt_lim_pow.
      - apply (derivable_ext (f := fun _ => 0)); [intros; symmetry; apply H|apply (derivable_pt_lim_const 0)]. }
    rewrite Z in E. symmetry in E. apply Rmult_integral in E as [E|E]; [|exact E].
    exfalso. revert E. apply not_0_INR. discriminate.
Qed.

(** ** Coefficients by powers of one variable *)
Fixpoint exponent (v : positive) (m : mono) : nat :=
  match m with [] => O | (u, e) :: r => if Pos.eqb u v then (Pos.to_nat e + exponent v r)%nat else exponent v r end.
Fixpoint without (v : positive) (m : mono) : mono :=
  match m with [] => [] | (u, e) :: r => if Pos.eqb u v then without v r else (u, e) :: without v r end.
Fixpoint slice (v : positive) (n : nat) (p : poly) : poly :=
  match p with
  | [] => []
  | (c, m) :: r => if Nat.eqb (exponent v m) n then (c, without v m) :: slice v n r else slice v n r
  end.
Lemma meval_upd : forall x v s m, meval (upd x v s) m = s ^ exponent v m * meval x (without v m).
Proof.
  induction m as [|[u e] m IH]; cbn [meval exponent without]; [simpl; ring|]. rewrite IH. unfold upd.
  destruct (Pos.eqb u v); [rewrite pow_add|cbn [meval]]; ring.
Qed.
Lemma slice_vanishes : forall x v n p, (forall s, peval (upd x v s) p = 0) -> peval x (slice v n p) = 0.
Proof.
  intros x v n p H. set (l := map (fun t => (IZR (fst t) * meval x (without v (snd t)), exponent v (snd t))) p).
  replace (peval x (slice v n p)) with (at_power n l).
  - apply powers_vanish. intros s. rewrite <- (H s). subst l. clear H.
    induction p as [|[c m] p IH]; cbn [map powers_sum peval fst snd]; [auto|]. rewrite IH, meval_upd. ring.
  - subst l. clear H. induction p as [|[c m] p IH]; cbn [map at_power slice fst snd]; [auto|].
    destruct (Nat.eqb (exponent v m) n); cbn [peval]; rewrite IH; ring.
Qed.

(** ** Coordinates 1..D are points, those after them unknowns *)
Definition unknown (D : positive) (i : nat) : positive := (D + Pos.of_succ_nat i)%positive.
Definition mixed (D : positive) (y : nat -> R) (theta : positive -> R) : positive -> R :=
  fun k => if Pos.leb k D then theta k else y (pred (Pos.to_nat (k - D))).
Lemma mixed_unknown : forall D y theta i, mixed D y theta (unknown D i) = y i.
Proof.
  intros. unfold mixed, unknown. destruct (Pos.leb_spec (D + Pos.of_succ_nat i) D); [lia|].
  f_equal. rewrite Pos2Nat.inj_sub, Pos2Nat.inj_add, SuccNat2Pos.id_succ by lia. lia.
Qed.
Lemma unknown_succ : forall D i, unknown D (S i) = Pos.succ (unknown D i).
Proof. intros. unfold unknown. simpl. lia. Qed.

(** the derivative of sum_i x_i m_i, where x_i is the variable k + i *)
Fixpoint derivative (F : vf) (k : positive) (ms : list mono) : poly :=
  match ms with
  | [] => []
  | m :: r => map (fun t => (fst t, snd t ++ [(k, 1%positive)])) (lie F [(1%Z, m)]) ++ derivative F (Pos.succ k) r
  end.
Lemma peval_app : forall x p q, peval x (p ++ q) = peval x p + peval x q.
Proof. induction p as [|[c m] p IH]; intros q; cbn [app peval]; [ring|]. rewrite IH. ring. Qed.
Lemma peval_tagged : forall x k p, peval x (map (fun t => (fst t, snd t ++ [(k, 1%positive)])) p) = x k * peval x p.
Proof.
  induction p as [|[c m] p IH]; cbn [map peval fst snd]; [ring|]. rewrite IH, meval_app. cbn [meval].
  change (Pos.to_nat 1) with 1%nat. simpl. ring.
Qed.
Lemma peval_derivative : forall D y theta F ms j,
  let z := mixed D y theta in
  peval z (derivative F (unknown D j) ms) = dot y (map (dmono z (fun k => peval z (F k))) ms) j.
Proof.
  intros D y theta F ms j z. revert j.
  induction ms as [|m ms IH]; intros j; cbn [derivative map dot]; [auto|].
  rewrite peval_app, peval_tagged, <- unknown_succ, IH, peval_lie. unfold z at 1. rewrite mixed_unknown.
  cbn [dpoly]. ring.
Qed.

(** the coefficients of a polynomial by the monomials in some variables *)
Fixpoint equations (vs : list positive) (p : poly) : list poly :=
  match p with
  | [] => []
  | _ => match vs with
         | [] => [psum (map (fun t => [t]) p)]
         | v :: r => flat_map (fun n => equations r (slice v n p)) (seq 0 (S (list_max (map (fun t => exponent v (snd t)) p))))
         end
  end.

(** ** Linear equations: elimination *)
Definition scaled (c : Z) (p : poly) : poly := map (fun t => ((c * fst t)%Z, snd t)) p.
Definition content (p : poly) : Z := fold_right (fun t g => Z.gcd (fst t) g) 0%Z p.
Definition primitive (p : poly) : poly :=
  let g := content p in if Z.leb g 1 then p else map (fun t => ((fst t / g)%Z, snd t)) p.
(** without the last unknown of p *)
Definition cancel (p q : poly) : poly :=
  let (c, m) := last p (0%Z, []) in
  match coefficient q m with
  | Z0 => q
  | d => let g := Z.gcd c d in primitive (padd (scaled (c / g) q) (scaled (- (d / g)) p))
  end.
(** a shortest one *)
Fixpoint shortest (p : poly) (n : nat) (ps : list poly) : poly :=
  match ps with
  | [] => p
  | q :: r => let k := length q in if Nat.ltb k n then shortest q k r else shortest p n r
  end.
Definition nonempty (p : poly) : bool := match p with [] => false | _ => true end.
(** triangular equations, the last one first *)
Fixpoint triangular (n : nat) (ps found : list poly) : list poly :=
  match n, ps with
  | S i, p :: r => let q := shortest p (length p) r in triangular i (filter nonempty (map (cancel q) ps)) (q :: found)
  | _, _ => found
  end.

(** without the unknowns that are known to be 0 *)
Definition known (s : PositiveSet.t) (m : mono) : bool :=
  match m with (v, _) :: _ => PositiveSet.mem v s | [] => false end.
Definition reduced (s : PositiveSet.t) (p : poly) : poly := filter (fun t => negb (known s (snd t))) p.
(** an equation with one unknown: it is 0 *)
Fixpoint sweep (s : PositiveSet.t) (ps rest : list poly) : PositiveSet.t * list poly :=
  match ps with
  | [] => (s, rest)
  | p :: r =>
      match reduced s p with
      | [] => sweep s r rest
      | [(c, [(v, _)])] => sweep (if Z.eqb c 0 then s else PositiveSet.add v s) r rest
      | q => sweep s r (q :: rest)
      end
  end.
Fixpoint sweeps (n : nat) (s : PositiveSet.t) (ps : list poly) : PositiveSet.t * list poly :=
  match n with
  | O => (s, ps)
  | S i => let (t, rest) := sweep s ps [] in if Nat.ltb (length rest) (length ps) then sweeps i t rest else (t, rest)
  end.
(** the unknowns that are 0 *)
Definition solved (s : PositiveSet.t) (ps : list poly) : PositiveSet.t :=
  let (t, rest) := sweeps (length ps) s ps in fst (sweep t (triangular (length rest) rest []) []).

Section Equations.
Variables (D : positive) (y : nat -> R).
Definition holds (p : poly) : Prop := forall theta, peval (mixed D y theta) p = 0.
Definition zeros (s : PositiveSet.t) : Prop := forall k, PositiveSet.mem k s = true -> forall theta, mixed D y theta k = 0.

Lemma holds_slice : forall v n p, (v <= D)%positive -> holds p -> holds (slice v n p).
Proof.
  intros v n p V H theta. apply slice_vanishes. intros s. rewrite <- (H (upd theta v s)). apply peval_ext.
  intros k. unfold upd, mixed. destruct (Pos.eqb_spec k v) as [->|]; [|auto].
  destruct (Pos.leb_spec v D); [auto|lia].
Qed.
Lemma sum_single : forall x p, sumR x (map (fun t => [t]) p) = peval x p.
Proof. induction p as [|[c m] p IH]; [auto|]. cbn [map sumR fold_right peval]. unfold sumR in IH. rewrite IH. ring. Qed.
Lemma holds_equations : forall vs p, Forall (fun v => (v <= D)%positive) vs -> holds p -> Forall holds (equations vs p).
Proof.
  induction vs as [|v vs IH]; intros p V H; destruct p as [|t p]; cbn [equations]; [constructor..| |constructor|].
  - constructor; [|constructor]. intros theta. rewrite peval_psum, sum_single. apply H.
  - inversion V. apply Forall_flat_map, Forall_forall. intros n _. apply IH; [auto|]. apply holds_slice; auto.
Qed.

Lemma peval_scaled : forall x c p, peval x (scaled c p) = IZR c * peval x p.
Proof.
  intros. unfold scaled. induction p as [|[a m] p IH]; cbn [map peval fst snd]; [ring|]. rewrite IH, mult_IZR. ring.
Qed.
Lemma holds_primitive : forall p, holds p -> holds (primitive p).
Proof.
  intros p H theta. unfold primitive. destruct (Z.leb_spec (content p) 1) as [L|L]; [apply H|].
  assert (E : forall g q, (forall t, In t q -> (g | fst t)%Z) -> g <> 0%Z -> forall x,
    IZR g * peval x (map (fun t => ((fst t / g)%Z, snd t)) q) = peval x q).
  { clear. intros g q I N x. induction q as [|[c m] q IH]; cbn [map peval fst snd]; [ring|].
    rewrite Rmult_plus_distr_l, IH by (intros; apply I; right; auto).
    destruct (I (c, m) (or_introl eq_refl)) as [k K]. cbn [fst] in K. subst c.
    rewrite Z.div_mul by exact N. rewrite mult_IZR. ring. }
  assert (G : forall t, In t p -> (content p | fst t)%Z).
  { clear. intros t. induction p as [|[c m] p IH]; [intros []|]. unfold content in *. cbn [fold_right fst]. intros [<-|I].
    - apply Z.gcd_divide_l.
    - eapply Z.divide_trans; [apply Z.gcd_divide_r|exact (IH I)]. }
  specialize (E (content p) p G ltac:(lia) (mixed D y theta)). rewrite H in E.
  apply Rmult_integral in E as [E|E]; [|exact E]. apply (eq_IZR _ 0) in E. lia.
Qed.
Lemma holds_cancel : forall p q, holds p -> holds q -> holds (cancel p q).
Proof.
  intros p q P Q. unfold cancel. destruct (last p (0%Z, [])) as [c m]. destruct (coefficient q m); [exact Q|..];
  apply holds_primitive; intros theta; rewrite peval_add, !peval_scaled, P, Q; ring.
Qed.
Lemma shortest_in : forall ps p n, In (shortest p n ps) (p :: ps).
Proof.
  induction ps as [|q ps IH]; intros p n; cbn [shortest]; [left; auto|].
  destruct (Nat.ltb (length q) n); [right; apply IH|]. destruct (IH p n) as [E|I]; [left; exact E|right; right; auto].
Qed.
Lemma holds_triangular : forall n ps found, Forall holds ps -> Forall holds found -> Forall holds (triangular n ps found).
Proof.
  induction n as [|n IH]; intros [|p ps] found P Q; cbn [triangular]; auto.
  assert (S : holds (shortest p (length p) ps)) by (rewrite Forall_forall in P; apply P, shortest_in).
  apply IH; [|constructor; auto]. apply Forall_forall. intros q (I & _)%filter_In.
  apply in_map_iff in I. destruct I as (r & <- & I). apply holds_cancel; [exact S|]. rewrite Forall_forall in P. apply P, I.
Qed.

Lemma holds_reduced : forall s p, zeros s -> holds p -> holds (reduced s p).
Proof.
  intros s p Z H theta. rewrite <- (H theta). clear H. unfold reduced.
  induction p as [|[c m] p IH]; cbn [filter peval snd]; [auto|]. rewrite <- IH.
  destruct (known s m) eqn:K; cbn [negb peval]; [|auto].
  destruct m as [|[v e] m]; cbn [known meval] in *; [discriminate|].
  rewrite (Z v K theta), pow_i by lia. ring.
Qed.
Lemma zeros_add : forall s c v e, zeros s -> holds [(c, [(v, e)])] -> zeros (if Z.eqb c 0 then s else PositiveSet.add v s).
Proof.
  intros s c v e Z H. destruct (Z.eqb_spec c 0) as [->|N]; [exact Z|]. intros k K theta.
  apply PositiveSet.mem_spec, PositiveSet.add_spec in K. destruct K as [->|K]; [|apply Z, PositiveSet.mem_spec, K].
  specialize (H theta). cbn [peval meval] in H. rewrite Rplus_0_r, Rmult_1_r in H.
  apply Rmult_integral in H as [H|H]; [apply eq_IZR in H; contradiction|].
  destruct (Req_dec (mixed D y theta v) 0) as [E|E]; [exact E|]. exfalso. revert H. apply pow_nonzero, E.
Qed.
Lemma holds_sweep : forall ps s rest, zeros s -> Forall holds ps -> Forall holds rest ->
  zeros (fst (sweep s ps rest)) /\ Forall holds (snd (sweep s ps rest)).
Proof.
  induction ps as [|p ps IH]; intros s rest Z P Q; cbn [sweep fst snd]; [auto|].
  inversion P as [|? ? P1 P2]. subst. pose proof (holds_reduced s p Z P1) as H.
  destruct (reduced s p) as [|[c m] [|u q]]; [auto|..].
  - destruct m as [|[v e] [|f m]]; [|apply IH; auto; eapply zeros_add; eauto|]; apply IH; auto.
  - destruct m as [|[v e] [|f m]]; apply IH; auto.
Qed.
Lemma holds_sweeps : forall n s ps, zeros s -> Forall holds ps ->
  zeros (fst (sweeps n s ps)) /\ Forall holds (snd (sweeps n s ps)).
Proof.
  induction n as [|n IH]; intros s ps Z P; cbn [sweeps fst snd]; [auto|].
  destruct (holds_sweep ps s [] Z P ltac:(constructor)) as [A B]. destruct (sweep s ps []) as [t rest]. cbn [fst snd] in *.
  destruct (Nat.ltb (length rest) (length ps)); [apply IH|]; auto.
Qed.
Lemma solved_zeros : forall s ps, zeros s -> Forall holds ps -> zeros (solved s ps).
Proof.
  intros s ps Z P. unfold solved. destruct (holds_sweeps (length ps) s ps Z P) as [A B].
  destruct (sweeps (length ps) s ps) as [t rest]. cbn [fst snd] in *.
  apply holds_sweep; auto. apply holds_triangular; auto.
Qed.
End Equations.

(** ** Coefficients of the products so that chosen unknowns vanish *)
Lemma unit_row_values : forall zs i, unit_row i zs = true ->
  nth i zs 0%Z <> 0%Z /\ forall l, l <> i -> nth l zs 0%Z = 0%Z.
Proof.
  assert (A : forall zs l, forallb (Z.eqb 0) zs = true -> nth l zs 0%Z = 0%Z).
  { induction zs as [|z zs IH]; intros [|l]; cbn [forallb nth]; auto; intros [E%Z.eqb_eq H]%andb_true_iff; auto. }
  induction zs as [|z zs IH]; intros [|i]; cbn [unit_row]; try discriminate; intros [U V]%andb_true_iff.
  - split; [apply Z.eqb_neq, negb_true_iff, U|]. intros [|l] L; [contradiction|]. exact (A zs l V).
  - apply Z.eqb_eq in U. destruct (IH i V) as [B C]. split; [exact B|]. intros [|l] L; [exact U|]. apply C. lia.
Qed.
Lemma dot_zdot : forall g b j, dot (fun i => IZR (nth (i - j) b 0%Z)) (map IZR g) j = IZR (zdot b g).
Proof.
  induction g as [|u g IH]; intros b j; cbn [map dot]; [destruct b; auto|].
  rewrite Nat.sub_diag. destruct b as [|v b]; cbn [nth zdot].
  - specialize (IH [] (S j)). destruct g; cbn [zdot] in IH; rewrite <- IH at 2.
    + simpl. ring.
    + rewrite Rmult_0_l, Rplus_0_l. apply dot_ext. intros i. destruct (i - j)%nat, (i - S j)%nat; auto.
  - rewrite plus_IZR, mult_IZR, <- (IH b (S j)). f_equal.
    assert (E : forall g w u j, (forall i, (j <= i)%nat -> w i = u i) -> dot w g j = dot u g j).
    { clear. induction g as [|a g IH]; intros w u j E; cbn [dot]; [auto|].
      rewrite E, (IH w u) by (auto; intros; apply E; lia). auto. }
    apply E. intros i L. replace (i - j)%nat with (S (i - S j)) by lia. reflexivity.
Qed.
Lemma solvable : forall (columns inverse : list (list Z)),
  (forall k, (k < length columns)%nat -> unit_row k (map (zdot (nth k inverse [])) columns) = true) ->
  forall b : nat -> R, exists c : nat -> R, forall l, (l < length columns)%nat ->
  dot c (map IZR (nth l columns [])) 0 = b l.
Proof.
  intros columns inverse U b. set (n := length columns) in *.
  assert (G : forall m, (m <= n)%nat -> exists c : nat -> R, forall l, (l < n)%nat ->
    dot c (map IZR (nth l columns [])) 0 = if Nat.ltb l m then b l else 0).
  { induction m as [|m IH]; intros M.
    - exists (fun _ => 0). intros l _. cbn [Nat.ltb Nat.leb].
      generalize (map IZR (nth l columns [])) as g. intros g. generalize 0%nat as j.
      induction g as [|a g IH]; intros j; cbn [dot]; [auto|]. rewrite IH. ring.
    - destruct (IH ltac:(lia)) as (c & C). set (e := nth m inverse []).
      destruct (unit_row_values _ _ (U m ltac:(lia))) as [N Z]. fold e in N, Z.
      exists (fun i => c i + b m / IZR (nth m (map (zdot e) columns) 0%Z) * IZR (nth (i - 0) e 0%Z)). intros l L.
      rewrite dot_lin, dot_zdot, C by exact L.
      assert (V : zdot e (nth l columns []) = nth l (map (zdot e) columns) 0%Z).
      { rewrite (nth_indep _ 0%Z (zdot e [])) by (rewrite map_length; exact L). symmetry. apply map_nth. }
      rewrite V. destruct (Nat.eq_dec l m) as [->|Q].
      + destruct (Nat.ltb_spec m m); [lia|]. destruct (Nat.ltb_spec m (S m)); [|lia]. field. apply not_0_IZR. exact N.
      + rewrite (Z l Q). destruct (Nat.ltb_spec l m), (Nat.ltb_spec l (S m)); try lia; ring. }
  destruct (G n ltac:(lia)) as (c & C). exists c. intros l L. rewrite C by exact L.
  destruct (Nat.ltb_spec l n); [auto|lia].
Qed.

(** ** The theorem *)
Definition inverted (columns inverse : list (list Z)) : bool :=
  forallb (fun k => unit_row k (map (zdot (nth k inverse [])) columns)) (seq 0 (length columns)).
(** [D]: the number of coordinates; [free]: numbers of unknowns, as many as products; [inverse]: the inverse of the matrix of
    the coefficients that the products have there, its rows multiplied by integers. *)
Definition check_complete (D : nat) (Fs : list vf) (ms : list mono) (ps : list poly) (free : list nat)
  (inverse : list (list Z)) : bool :=
  let d := Pos.of_nat D in
  let columns := map (fun i => map (fun p => nth_coefficient ms p i) ps) free in
  let start := fold_right (fun i => PositiveSet.add (unknown d i)) PositiveSet.empty free in
  let system := flat_map (fun F => equations (idx D) (derivative (tab D F) (unknown d 0) ms)) Fs in
  let zero := solved start system in
  Nat.ltb 0 D && forallb (fun m => mover (fun k => Pos.leb k d) m) ms && distinct ms &&
  forallb (fun p => forallb (fun t => among ms (snd t)) p && forallb (fun F => is_zero (lie F p)) (map (tab D) Fs)) ps &&
  inverted columns inverse && forallb (fun i => PositiveSet.mem (unknown d i) zero) (seq 0 (length ms)).

Lemma derivative_zero : forall x ms F, annihilated F x ms -> forall theta, dot x (map (dmono theta (fun k => peval theta (F k))) ms) 0 = 0.
Proof.
  intros x ms F H theta. set (d := fun k => peval theta (F k)).
  eapply uniqueness_limite; [|exact (H theta)]. fold d. unfold combination. clear H. generalize 0%nat as j.
  induction ms as [|m ms IH]; intros j; cbn [map dot]; [apply (derivable_pt_lim_const 0)|].
  apply (derivable_pt_lim_plus (fun s => x j * meval (line theta d s) m)); [|apply IH].
  apply (derivable_pt_lim_scal (fun s => meval (line theta d s) m)).
  pose proof (along_line theta d [(1%Z, m)]) as A. cbn [dpoly] in A.
  eapply derivable_ext; [|eapply deq; [exact A|]]; [intros s; cbn [peval]; ring|ring].
Qed.
Lemma combinations_annihilated : forall F x ms c ps, Forall (killed F) ps ->
  (forall theta, combination x ms theta = dot c (map (peval theta) ps) 0) -> annihilated F x ms.
Proof.
  intros F x ms c ps K E theta. eapply derivable_ext; [intros s; symmetry; apply E|]. clear E. generalize 0%nat as j.
  induction K as [|p ps K1 K2 IH]; intros j; cbn [map dot]; [apply (derivable_pt_lim_const 0)|].
  eapply deq; [|apply (Rplus_0_r 0)]. eapply derivable_pt_lim_plus; [|apply IH].
  eapply deq; [apply (derivable_pt_lim_scal (fun s => peval _ p)), K1|ring].
Qed.
Lemma dot_minus : forall (f : mono -> R) ms ps x c,
  (forall p, In p ps -> dot (fun i => IZR (nth_coefficient ms p i)) (map f ms) 0 = terms_sum f p) -> forall j,
  dot (fun i => x i - dot c (map (fun p => IZR (nth_coefficient ms p i)) ps) j) (map f ms) 0
  = dot x (map f ms) 0 - dot c (map (terms_sum f) ps) j.
Proof.
  intros f ms ps x c. revert x. induction ps as [|p ps IH]; intros x H j; cbn [map dot].
  - rewrite (dot_ext _ _ x) by (intros; ring). ring.
  - rewrite (dot_ext _ _ (fun i => (x i + - c j * IZR (nth_coefficient ms p i))
      - dot c (map (fun p => IZR (nth_coefficient ms p i)) ps) (S j))) by (intros; ring).
    rewrite IH by (intros; apply H; right; auto). rewrite dot_lin, H by (left; auto). ring.
Qed.

Theorem check_complete_sound : forall D Fs ms ps free inverse,
  check_complete D Fs ms ps free inverse = true -> complete Fs ms ps.
Proof.
  intros D Fs ms ps free inverse C. unfold check_complete in C.
  apply andb_true_iff in C as [C AllZero]. apply andb_true_iff in C as [C Inv]. apply andb_true_iff in C as [C Ps].
  apply andb_true_iff in C as [C Ds]. apply andb_true_iff in C as [D0%Nat.ltb_lt Ms].
  set (d := Pos.of_nat D) in *. rewrite forallb_forall in Ps, Ms.
  assert (Spread : forall f p, In p ps -> dot (fun i => IZR (nth_coefficient ms p i)) (map f ms) 0 = terms_sum f p).
  { intros f p I. specialize (Ps p I) as [P1 _]%andb_true_iff. apply spread; auto. }
  assert (Over : forall F x, map (dmono x (fun k => peval x (tab D F k))) ms = map (dmono x (fun k => peval x (F k))) ms).
  { intros F x. apply map_ext_in. intros m I. apply (dmono_over (fun k => Pos.leb k d)); auto.
    intros k K%Pos.leb_le%Pos2Nat.inj_le. unfold d in K. rewrite Nat2Pos.id in K by lia. rewrite tab_ok; auto. }
  assert (Laws : forall F p, In F Fs -> In p ps -> forall x, terms_sum (dmono x (fun k => peval x (F k))) p = 0).
  { intros F p I P x. rewrite <- Spread, <- Over, Spread by exact P. rewrite <- dpoly_terms, <- peval_lie.
    specialize (Ps p P) as [_ K]%andb_true_iff. rewrite forallb_forall in K.
    rewrite (is_zero_ok _ (K _ (in_map _ _ _ I))). reflexivity. }
  intros x. split.
  2:{ intros (c & E) F I. apply (combinations_annihilated F x ms c ps); [|exact E]. apply Forall_forall. intros p P.
      apply killed_lie. intros z. rewrite peval_lie, dpoly_terms. apply Laws; auto. }
  intros H. set (columns := map (fun i => map (fun p => nth_coefficient ms p i) ps) free) in *.
  destruct (solvable columns inverse) with (b := fun l => x (nth l free O)) as (c & S).
  { unfold inverted in Inv. rewrite forallb_forall in Inv. intros k K. apply Inv, in_seq. lia. }
  exists c. set (y := fun i => x i - dot c (map (fun p => IZR (nth_coefficient ms p i)) ps) 0).
  assert (Minus : forall f, dot y (map f ms) 0 = dot x (map f ms) 0 - dot c (map (terms_sum f) ps) 0).
  { intros f. apply dot_minus. apply Spread. }
  assert (Zero : zeros d y (solved (fold_right (fun i => PositiveSet.add (unknown d i)) PositiveSet.empty free)
    (flat_map (fun F => equations (idx D) (derivative (tab D F) (unknown d 0) ms)) Fs))).
  { apply solved_zeros.
    - assert (Free : forall i, In i free -> y i = 0).
      { intros i I. destruct (In_nth _ _ O I) as (l & L & <-). unfold y.
        rewrite <- (S l) by (unfold columns; rewrite map_length; exact L). unfold columns.
        rewrite (nth_indep _ [] (map (fun p => nth_coefficient ms p O) ps)) by (rewrite map_length; exact L).
        rewrite (map_nth (fun i => map (fun p => nth_coefficient ms p i) ps)), map_map. ring. }
      clear -Free. induction free as [|i free IH]; cbn [fold_right].
      + intros k K. rewrite PositiveSet.mem_spec in K. exfalso. revert K. apply PositiveSet.empty_spec.
      + intros k K theta. apply PositiveSet.mem_spec, PositiveSet.add_spec in K. destruct K as [->|K].
        * rewrite mixed_unknown. apply Free. left. auto.
        * apply IH; [intros; apply Free; right; auto|]. apply PositiveSet.mem_spec, K.
    - apply Forall_flat_map, Forall_forall. intros F I. apply holds_equations.
      + apply Forall_forall. intros v V. unfold idx in V. apply in_map_iff in V. destruct V as (i & <- & V%in_seq).
        unfold d. lia.
      + intros theta. rewrite peval_derivative. set (z := mixed d y theta).
        rewrite Over, Minus, (derivative_zero x ms F (H F I)).
        pose proof (fun p P => Laws F p I P z) as Q. clearbody z. replace (dot c _ 0) with 0; [ring|].
        clear -Q. generalize 0%nat as j. induction ps as [|p ps IH]; intros j; cbn [map dot]; [auto|].
        rewrite Q, <- IH by (try (left; auto); intros; apply Q; right; auto). ring. }
  intros theta. unfold combination.
  rewrite (map_ext _ _ (peval_terms theta)).
  assert (E : dot y (map (meval theta) ms) 0 = 0).
  { assert (Y : forall i, (i < length ms)%nat -> y i = 0).
    { intros i L. rewrite forallb_forall in AllZero. rewrite <- (mixed_unknown d y theta i).
      apply Zero, AllZero, in_seq. lia. }
    assert (G : forall l j, (forall i, (j <= i < j + length l)%nat -> y i = 0) -> dot y l j = 0).
    { clear. induction l as [|a l IH]; intros j A; cbn [dot length] in *; [auto|].
      rewrite A, IH by (intros; try apply A; lia). ring. }
    apply G. rewrite map_length. intros i L. apply Y. lia. }
  rewrite Minus in E. lra.
Qed.

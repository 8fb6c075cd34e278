(** Laws for all widths and any depth: matrices are functions of two indices, products are finite sums.

    To be read by a sceptic: [sum], [mul], [tr], [chain], [balanced], [skewed], and the flows: [gradient_step],
    [momentum_step], [deep_gradient_flow], [attention_flow], [neuron_flow], [mirror_flow], [softmax_flow].
    [slope_of_product] and [pairing] say why the gradient of a loss L(W_0 W_1 ... W_(q-1)) by W_i is
    (W_0 ... W_(i-1))^T G (W_(i+1) ... W_(q-1))^T, with G = dL/dproduct, which may be any matrix at any time. *)
Require Import Reals Lra Lia Arith.
Open Scope R_scope.

(** ** Finite sums and matrices *)
Definition mat := nat -> nat -> R.
Fixpoint sum (n : nat) (f : nat -> R) : R := match n with O => 0 | S k => sum k f + f k end.
Definition mul (n : nat) (A B : mat) : mat := fun i j => sum n (fun k => A i k * B k j).
Definition tr (A : mat) : mat := fun i j => A j i.
Definition id : mat := fun i j => if Nat.eqb i j then 1 else 0.

Lemma sum_ext : forall n f g, (forall k, (k < n)%nat -> f k = g k) -> sum n f = sum n g.
Proof. induction n; intros; simpl; [reflexivity|]. rewrite (IHn f g), H; auto. Qed.
Lemma sum_plus : forall n f g, sum n (fun k => f k + g k) = sum n f + sum n g.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn. lra. Qed.
Lemma sum_scal : forall n c f, sum n (fun k => c * f k) = c * sum n f.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn. lra. Qed.
Lemma sum_scal_r : forall n c f, sum n (fun k => f k * c) = sum n f * c.
Proof. intros. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. lra. Qed.
Lemma sum_opp : forall n f, sum n (fun k => - f k) = - sum n f.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn. lra. Qed.
Lemma sum_zero : forall n, sum n (fun _ => 0) = 0.
Proof. induction n; simpl; lra. Qed.
Lemma sum_exchange : forall n m f, sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
  induction n; intros; simpl; [symmetry; apply sum_zero|]. rewrite IHn, <- sum_plus. reflexivity.
Qed.
Lemma sum_one : forall n j f, (j < n)%nat -> sum n (fun k => f k * id k j) = f j.
Proof.
  unfold id. induction n; intros j f H; [lia|]. simpl. destruct (Nat.eq_dec n j) as [->|N].
  - rewrite Nat.eqb_refl. rewrite (sum_ext j _ (fun _ => 0)); [rewrite sum_zero; lra|].
    intros k K. replace (Nat.eqb k j) with false by (symmetry; apply Nat.eqb_neq; lia). lra.
  - replace (Nat.eqb n j) with false by (symmetry; apply Nat.eqb_neq; lia). rewrite IHn by lia. lra.
Qed.
Lemma mul_ext : forall n A A' B B' i j, (forall k, (k < n)%nat -> A i k = A' i k) -> (forall k, (k < n)%nat -> B k j = B' k j) ->
  mul n A B i j = mul n A' B' i j.
Proof. intros. apply sum_ext. intros k K. rewrite H, H0; auto. Qed.
Lemma mul_assoc : forall n m A B C i j, mul n (mul m A B) C i j = mul m A (mul n B C) i j.
Proof.
  intros. unfold mul. rewrite (sum_ext n _ (fun k => sum m (fun l => A i l * B l k * C k j))).
  - rewrite sum_exchange. apply sum_ext. intros l _. rewrite <- sum_scal. apply sum_ext. intros. lra.
  - intros k _. rewrite <- sum_scal_r. reflexivity.
Qed.
Lemma tr_mul : forall n A B i j, tr (mul n A B) i j = mul n (tr B) (tr A) i j.
Proof. intros. unfold tr, mul. apply sum_ext. intros. lra. Qed.

(** ** Derivatives *)
Lemma deriv_eq : forall f t a b, derivable_pt_lim f t a -> a = b -> derivable_pt_lim f t b.
Proof. intros; subst; auto. Qed.
Lemma deriv_sum : forall n (f : nat -> R -> R) t d, (forall k, (k < n)%nat -> derivable_pt_lim (f k) t (d k)) ->
  derivable_pt_lim (fun s => sum n (fun k => f k s)) t (sum n d).
Proof.
  induction n; intros; simpl; [apply (derivable_pt_lim_const 0)|].
  apply (derivable_pt_lim_plus (fun s => sum n (fun k => f k s)) (f n)); auto.
Qed.
Lemma deriv_mult : forall f g t a b, derivable_pt_lim f t a -> derivable_pt_lim g t b ->
  derivable_pt_lim (fun s => f s * g s) t (a * g t + f t * b).
Proof. intros. apply (derivable_pt_lim_mult f g); auto. Qed.
Lemma constant : forall f a b, (forall t, a < t < b -> derivable_pt_lim f t 0) ->
  forall s t, a < s < b -> a < t < b -> f s = f t.
Proof.
  intros f a b H.
  assert (W : forall s t, a < s < b -> a < t < b -> s < t -> f s = f t).
  { intros s t Is It L. destruct (MVT_cor2 f (fun _ => 0) s t L) as [c [E _]]; [intros c Hc; apply H; lra|lra]. }
  intros s t Is It. destruct (Rtotal_order s t) as [L|[->|L]]; auto. symmetry; auto.
Qed.

(** ** Two neighbouring layers: U of shape l x n, V of shape n x r, moved by the same matrix E *)
Section Neighbours.
Variables l n r : nat.
Variables U V P Q : R -> mat.
Variables a b : R.

(** Entry (k, k') of U^T U - V V^T. *)
Definition balanced (k k' : nat) (t : R) : R :=
  sum l (fun i => U t i k * U t i k') - sum r (fun j => V t k j * V t k' j).

(** U' = -E V^T, V' = -U^T E, at each time for some E. *)
Definition gradient_step : Prop := forall t, a < t < b -> exists E : mat,
  (forall i k, (i < l)%nat -> (k < n)%nat -> derivable_pt_lim (fun s => U s i k) t (- mul r E (tr (V t)) i k)) /\
  (forall k j, (k < n)%nat -> (j < r)%nat -> derivable_pt_lim (fun s => V s k j) t (- mul l (tr (U t)) E k j)).

Theorem balanced_is_constant : gradient_step -> forall k k', (k < n)%nat -> (k' < n)%nat ->
  forall s t, a < s < b -> a < t < b -> balanced k k' s = balanced k k' t.
Proof.
  intros F k k' K K'. apply constant. intros t I. destruct (F t I) as (E & HU & HV). unfold balanced.
  eapply deriv_eq.
  - apply (derivable_pt_lim_minus (fun s => sum l (fun i => U s i k * U s i k')) (fun s => sum r (fun j => V s k j * V s k' j)));
      apply deriv_sum; intros; apply deriv_mult; eauto.
  - simpl. rewrite !sum_plus. unfold mul, tr.
    rewrite (sum_ext l _ (fun i => - sum r (fun j => E i j * V t k j * U t i k'))).
    2: { intros. rewrite <- Ropp_mult_distr_l, <- sum_scal_r. reflexivity. }
    rewrite (sum_ext l (fun i => U t i k * _) (fun i => - sum r (fun j => E i j * V t k' j * U t i k))).
    2: { intros. rewrite <- Ropp_mult_distr_r, <- sum_scal. f_equal. apply sum_ext. intros. lra. }
    rewrite (sum_ext r (fun j => - _ * _) (fun j => - sum l (fun i => E i j * V t k' j * U t i k))).
    2: { intros. rewrite <- Ropp_mult_distr_l, <- sum_scal_r. f_equal. apply sum_ext. intros. lra. }
    rewrite (sum_ext r (fun j => V t k j * _) (fun j => - sum l (fun i => E i j * V t k j * U t i k'))).
    2: { intros. rewrite <- Ropp_mult_distr_r, <- sum_scal. f_equal. apply sum_ext. intros. lra. }
    rewrite !sum_opp, (sum_exchange l r (fun i j => E i j * V t k j * U t i k')),
      (sum_exchange l r (fun i j => E i j * V t k' j * U t i k)). lra.
Qed.

(** Momentum: U' = P, P' = -tau P - E V^T, and so for V; S = e^(int tau), any function with S' = tau S. *)
Variables tau S : R -> R.
Definition skewed (k k' : nat) (t : R) : R :=
  S t * (sum l (fun i => U t i k * P t i k' - P t i k * U t i k') + sum r (fun j => V t k j * Q t k' j - Q t k j * V t k' j)).
Definition momentum_step : Prop := forall t, a < t < b -> derivable_pt_lim S t (tau t * S t) /\ exists E : mat,
  (forall i k, (i < l)%nat -> (k < n)%nat -> derivable_pt_lim (fun s => U s i k) t (P t i k) /\
     derivable_pt_lim (fun s => P s i k) t (- tau t * P t i k - mul r E (tr (V t)) i k)) /\
  (forall k j, (k < n)%nat -> (j < r)%nat -> derivable_pt_lim (fun s => V s k j) t (Q t k j) /\
     derivable_pt_lim (fun s => Q s k j) t (- tau t * Q t k j - mul l (tr (U t)) E k j)).

Lemma deriv_skew : forall f p g q t df dp dg dq, derivable_pt_lim f t df -> derivable_pt_lim p t dp ->
  derivable_pt_lim g t dg -> derivable_pt_lim q t dq ->
  derivable_pt_lim (fun s => f s * q s - p s * g s) t (df * q t + f t * dq - (dp * g t + p t * dg)).
Proof.
  intros. apply (derivable_pt_lim_minus (fun s => f s * q s) (fun s => p s * g s)); apply deriv_mult; auto.
Qed.

Theorem skewed_is_constant : momentum_step -> forall k k', (k < n)%nat -> (k' < n)%nat ->
  forall s t, a < s < b -> a < t < b -> skewed k k' s = skewed k k' t.
Proof.
  intros F k k' K K'. apply constant. intros t I. destruct (F t I) as (HS & E & HU & HV). unfold skewed.
  eapply deriv_eq.
  - apply deriv_mult; [exact HS|].
    apply (derivable_pt_lim_plus (fun s => sum l (fun i => U s i k * P s i k' - P s i k * U s i k'))
      (fun s => sum r (fun j => V s k j * Q s k' j - Q s k j * V s k' j))); apply deriv_sum; intros x X;
      apply deriv_skew; solve [apply HU; auto | apply HV; auto].
  - simpl. unfold mul, tr.
    rewrite (sum_ext l (fun i => P t i k * P t i k' + _ - _) (fun i => - tau t * (U t i k * P t i k' - P t i k * U t i k')
      + (- sum r (fun j => E i j * V t k' j * U t i k) + sum r (fun j => E i j * V t k j * U t i k')))).
    2: { intros. rewrite (sum_ext r (fun j => E k0 j * V t k' j * U t k0 k) (fun j => U t k0 k * (E k0 j * V t k' j))),
           (sum_ext r (fun j => E k0 j * V t k j * U t k0 k') (fun j => U t k0 k' * (E k0 j * V t k j))), !sum_scal;
           intros; lra. }
    rewrite (sum_ext r (fun j => Q t k j * Q t k' j + _ - _) (fun j => - tau t * (V t k j * Q t k' j - Q t k j * V t k' j)
      + (- sum l (fun i => E i j * V t k j * U t i k') + sum l (fun i => E i j * V t k' j * U t i k)))).
    2: { intros. rewrite (sum_ext l (fun i => E i k0 * V t k k0 * U t i k') (fun i => V t k k0 * (U t i k' * E i k0))),
           (sum_ext l (fun i => E i k0 * V t k' k0 * U t i k) (fun i => V t k' k0 * (U t i k * E i k0))), !sum_scal;
           intros; lra. }
    rewrite !sum_plus, !sum_opp, !sum_scal, (sum_exchange l r (fun i j => E i j * V t k' j * U t i k)),
      (sum_exchange l r (fun i j => E i j * V t k j * U t i k')). ring.
Qed.
End Neighbours.

(** ** Deep linear networks: W_i of shape w i x w (i + 1), i < q *)
Section Deep.
Variable w : nat -> nat.
Variable q : nat.

(** W_i W_(i+1) ... W_(i+c-1), of shape w i x w (i + c). *)
Fixpoint chain (W : nat -> mat) (i c : nat) : mat :=
  match c with O => id | S c' => mul (w (S i)) (W i) (chain W (S i) c') end.
(** W_0 ... W_(i-1), of shape w 0 x w i. *)
Fixpoint before (W : nat -> mat) (i : nat) : mat := match i with O => id | S i' => mul (w i') (before W i') (W i') end.
Definition after (W : nat -> mat) (i : nat) : mat := chain W (S i) (q - S i).

(** The gradient by W_i of a loss L(W_0 ... W_(q-1)) with derivative G by the product. *)
Definition loss_gradient (W : nat -> mat) (G : mat) (i : nat) : mat :=
  mul (w 0%nat) (tr (before W i)) (mul (w q) G (tr (after W i))).

(** Why: the product is before * W_i * after, which is linear in W_i with this slope, ... *)
Theorem slope_of_product : forall i c (A B X D : mat) p o t,
  derivable_pt_lim (fun s => mul (w i) A (mul c (fun x y => X x y + s * D x y) B) p o) t (mul (w i) A (mul c D B) p o).
Proof.
  intros. unfold mul. apply deriv_sum. intros x _.
  apply (derivable_pt_lim_scal (fun s => sum c (fun y => (X x y + s * D x y) * B y o)) (A p x)).
  apply deriv_sum. intros y _. eapply deriv_eq.
  - apply deriv_mult; [|apply (derivable_pt_lim_const (B y o))].
    apply (derivable_pt_lim_plus (fun _ => X x y) (fun s => s * D x y)); [apply derivable_pt_lim_const|].
    apply deriv_mult; [apply derivable_pt_lim_id|apply (derivable_pt_lim_const (D x y))].
  - simpl. unfold Ranalysis1.id. ring.
Qed.
(** ... and <G, A D B> = <A^T G B^T, D> for every direction D. *)
Theorem pairing : forall n0 n1 n2 n3 (G A D B : mat),
  sum n0 (fun p => sum n3 (fun o => G p o * mul n1 A (mul n2 D B) p o)) =
  sum n1 (fun x => sum n2 (fun y => mul n0 (tr A) (mul n3 G (tr B)) x y * D x y)).
Proof.
  intros. unfold mul, tr.
  rewrite (sum_ext n0 _ (fun p => sum n1 (fun x => sum n2 (fun y => sum n3 (fun o => A p x * (G p o * B y o) * D x y))))).
  - rewrite sum_exchange. apply sum_ext. intros x _. rewrite sum_exchange. apply sum_ext. intros y _.
    rewrite <- sum_scal_r. apply sum_ext. intros p _. rewrite <- sum_scal, <- sum_scal_r. reflexivity.
  - intros p _. rewrite (sum_ext n3 _ (fun o => sum n1 (fun x => sum n2 (fun y => A p x * (G p o * B y o) * D x y)))).
    + rewrite sum_exchange. apply sum_ext. intros x _. apply sum_exchange.
    + intros o _. rewrite <- sum_scal. apply sum_ext. intros x _. rewrite <- !sum_scal. apply sum_ext. intros. ring.
Qed.
Lemma chain_split : forall W c i p o, (o < w (i + c))%nat ->
  before W (i + c) p o = mul (w i) (before W i) (chain W i c) p o.
Proof.
  induction c; intros i p o H; simpl.
  - rewrite Nat.add_0_r in *. symmetry. apply sum_one. exact H.
  - replace (i + S c)%nat with (S i + c)%nat in * by lia. rewrite IHc by exact H. simpl. apply mul_assoc.
Qed.
(** The product is before * W_i * after. *)
Theorem product_at : forall W i p o, (i < q)%nat -> (o < w q)%nat ->
  before W q p o = mul (w i) (before W i) (mul (w (S i)) (W i) (after W i)) p o.
Proof.
  intros W i p o I O. unfold after. replace q with (i + S (q - S i))%nat at 1 by lia.
  rewrite chain_split; [reflexivity|]. replace (i + S (q - S i))%nat with q by lia. exact O.
Qed.

Variable W : nat -> R -> mat.
Variables a b : R.
Definition at_time (t : R) : nat -> mat := fun i => W i t.
Definition deep_gradient_flow : Prop := forall t, a < t < b -> exists G : mat, forall i x y, (i < q)%nat -> (x < w i)%nat ->
  (y < w (S i))%nat -> derivable_pt_lim (fun s => W i s x y) t (- loss_gradient (at_time t) G i x y).

Lemma gradient_left : forall X G i x y, (S i < q)%nat -> loss_gradient X G i x y =
  mul (w (S (S i))) (mul (w 0%nat) (tr (before X i)) (mul (w q) G (tr (after X (S i))))) (tr (X (S i))) x y.
Proof.
  intros. unfold loss_gradient. rewrite mul_assoc. apply sum_ext. intros p _. f_equal. rewrite mul_assoc. apply sum_ext. intros o _.
  f_equal. unfold after. replace (q - S i)%nat with (S (q - S (S i))) by lia. simpl. apply tr_mul.
Qed.
Lemma gradient_right : forall X G i x y, loss_gradient X G (S i) x y =
  mul (w i) (tr (X i)) (mul (w 0%nat) (tr (before X i)) (mul (w q) G (tr (after X (S i))))) x y.
Proof.
  intros. unfold loss_gradient. etransitivity; [|apply (mul_assoc (w 0%nat) (w i))].
  apply mul_ext; [intros; apply tr_mul|reflexivity].
Qed.

(** Balancedness of every pair of neighbouring layers, for all widths and any depth. *)
Theorem deep_linear_is_balanced : deep_gradient_flow -> forall i k k', (S i < q)%nat -> (k < w (S i))%nat -> (k' < w (S i))%nat ->
  forall s t, a < s < b -> a < t < b ->
  balanced (w i) (w (S (S i))) (W i) (W (S i)) k k' s = balanced (w i) (w (S (S i))) (W i) (W (S i)) k k' t.
Proof.
  intros F i k k' I K K'. apply (balanced_is_constant (w i) (w (S i)) (w (S (S i))) (W i) (W (S i)) a b); auto.
  intros t It. destruct (F t It) as [G H].
  exists (mul (w 0%nat) (tr (before (at_time t) i)) (mul (w q) G (tr (after (at_time t) (S i))))). split; intros.
  - eapply deriv_eq; [apply H; auto; lia|]. rewrite gradient_left by exact I. reflexivity.
  - eapply deriv_eq; [apply H; auto|]. rewrite gradient_right. reflexivity.
Qed.
End Deep.

(** ** Attention: any number of heads, Q h and K h of shape a x n; the loss sees the products (Q h)^T (K h), with
    gradients G h.  The same for values and outputs. *)
Section Heads.
Variables heads a n : nat.
Variables Q K : nat -> R -> mat.
Variables t0 t1 : R.
Definition attention_flow : Prop := forall t, t0 < t < t1 -> exists G : nat -> mat, forall h k i, (h < heads)%nat -> (k < a)%nat ->
  (i < n)%nat -> derivable_pt_lim (fun s => Q h s k i) t (- mul n (K h t) (tr (G h)) k i) /\
                derivable_pt_lim (fun s => K h s k i) t (- mul n (Q h t) (G h) k i).

Theorem heads_are_balanced : attention_flow -> forall h k k', (h < heads)%nat -> (k < a)%nat -> (k' < a)%nat ->
  forall s t, t0 < s < t1 -> t0 < t < t1 ->
  mul n (Q h s) (tr (Q h s)) k k' - mul n (K h s) (tr (K h s)) k k' =
  mul n (Q h t) (tr (Q h t)) k k' - mul n (K h t) (tr (K h t)) k k'.
Proof.
  intros F h k k' Hh Hk Hk'. apply (balanced_is_constant n a n (fun s => tr (Q h s)) (K h) t0 t1); auto.
  intros t It. destruct (F t It) as [G H]. exists (G h). unfold tr at 1. split; intros; (eapply deriv_eq; [apply H; auto|]); [|reflexivity].
  f_equal. apply sum_ext. intros. unfold tr. apply Rmult_comm.
Qed.
End Heads.

(** ** One ReLU neuron (or channel), whatever the masks: weights in u i, i < l, bias u l, weights out v j.  The loss sees
    the products u i * v j along paths, with gradients E i j. *)
Section Neuron.
Variables l r : nat.
Variables u v : nat -> R -> R.
Variables t0 t1 : R.
Definition neuron_flow : Prop := forall t, t0 < t < t1 -> exists E : mat,
  (forall i, (i <= l)%nat -> derivable_pt_lim (u i) t (- sum r (fun j => E i j * v j t))) /\
  (forall j, (j < r)%nat -> derivable_pt_lim (v j) t (- sum (S l) (fun i => u i t * E i j))).

Theorem neuron_is_balanced : neuron_flow -> forall s t, t0 < s < t1 -> t0 < t < t1 ->
  sum l (fun i => u i s * u i s) + u l s * u l s - sum r (fun j => v j s * v j s) =
  sum l (fun i => u i t * u i t) + u l t * u l t - sum r (fun j => v j t * v j t).
Proof.
  intros F. apply (balanced_is_constant (S l) 1 r (fun s i _ => u i s) (fun s _ j => v j s) t0 t1) with (k := 0%nat) (k' := 0%nat); auto.
  intros t It. destruct (F t It) as (E & U & V). exists E. split; intros; [apply (U i); lia|apply (V j); auto].
Qed.
End Neuron.

(** ** Mirror flow of a product U V^T (non-negative factorisation): differences of column sums *)
Section Mirror.
Variables n m r : nat.
Variables U V : R -> mat.
Variables t0 t1 : R.
Definition mirror_flow : Prop := forall t, t0 < t < t1 -> exists G : mat,
  (forall i k, (i < n)%nat -> (k < r)%nat -> derivable_pt_lim (fun s => U s i k) t (- (U t i k * mul m G (V t) i k))) /\
  (forall j k, (j < m)%nat -> (k < r)%nat -> derivable_pt_lim (fun s => V s j k) t (- (V t j k * mul n (tr G) (U t) j k))).

Theorem column_sums_differ_by_constants : mirror_flow -> forall k, (k < r)%nat -> forall s t, t0 < s < t1 -> t0 < t < t1 ->
  sum n (fun i => U s i k) - sum m (fun j => V s j k) = sum n (fun i => U t i k) - sum m (fun j => V t j k).
Proof.
  intros F k K. apply (constant (fun s => sum n (fun i => U s i k) - sum m (fun j => V s j k))). intros t It.
  destruct (F t It) as (G & HU & HV). eapply deriv_eq.
  - apply (derivable_pt_lim_minus (fun s => sum n (fun i => U s i k)) (fun s => sum m (fun j => V s j k)));
      apply (deriv_sum _ (fun x s => _ s x k)); intros; [apply HU|apply HV]; auto.
  - unfold mul, tr. rewrite !sum_opp.
    rewrite (sum_ext n _ (fun i => sum m (fun j => U t i k * G i j * V t j k))).
    2: { intros. rewrite <- sum_scal. apply sum_ext. intros. ring. }
    rewrite (sum_ext m _ (fun j => sum n (fun i => U t i k * G i j * V t j k))).
    2: { intros. rewrite <- sum_scal. apply sum_ext. intros. ring. }
    rewrite sum_exchange. ring.
Qed.
End Mirror.

(** ** A last layer seen through differences of its rows (softmax): column sums, with gradients G i i' k *)
Section Softmax.
Variables n m : nat.
Variable W : R -> mat.
Variables t0 t1 : R.
Definition softmax_flow : Prop := forall t, t0 < t < t1 -> exists G : nat -> nat -> nat -> R, forall i k, (i < n)%nat -> (k < m)%nat ->
  derivable_pt_lim (fun s => W s i k) t (- (sum n (fun j => G i j k) - sum n (fun j => G j i k))).

Theorem column_sums_are_constant : softmax_flow -> forall k, (k < m)%nat -> forall s t, t0 < s < t1 -> t0 < t < t1 ->
  sum n (fun i => W s i k) = sum n (fun i => W t i k).
Proof.
  intros F k K. apply (constant (fun s => sum n (fun i => W s i k))). intros t It. destruct (F t It) as [G H]. eapply deriv_eq.
  - apply (deriv_sum n (fun i s => W s i k)). intros. apply H; auto.
  - rewrite sum_opp. unfold Rminus. rewrite sum_plus, sum_opp, (sum_exchange n n (fun i j => G j i k)). ring.
Qed.
End Softmax.

Definition theorems := (deep_linear_is_balanced, skewed_is_constant, heads_are_balanced, neuron_is_balanced,
  column_sums_differ_by_constants, column_sums_are_constant).
Print Assumptions theorems.

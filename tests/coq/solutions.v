(** The flows of the library have solutions that move, so that no law is one for want of solutions; and a polynomial that
    changes along one of them is no law. *)
Require Import Reals Lra ZArith PArith List Lia.
From Polylaw Require Import Polynomials Curves Flows.
Import ListNotations.
Open Scope R_scope.

Definition x1 : poly := [(1%Z, [(1, 1)%positive])].
Definition x1_x2 : poly := [(1%Z, [(1, 1); (2, 1)]%positive)].
Lemma exp_moves : exp 0 <> exp 1.
Proof. apply Rlt_not_eq, exp_increasing. lra. Qed.

(** ** theta' = - J^T w for phi = theta_1 theta_2 and w = -1: both are exp(t). *)
Lemma gradient_solution : forall a b, gradient_flow 2 [x1_x2] (fun _ _ => -1) (fun t _ => exp t) a b.
Proof.
  intros a b t _ k Hk. eexists. split; [apply partials_exist|].
  eapply deq; [apply derivable_pt_lim_exp|].
  assert (E : k = 1%positive \/ k = 2%positive) by lia. destruct E; subst; cbn [map dot].
  - change (pderiv 1 x1_x2) with [(1%Z, [(2, 1)%positive])]. simpl. ring.
  - change (pderiv 2 x1_x2) with [(1%Z, [(1, 1)%positive])]. simpl. ring.
Qed.
Theorem not_a_gradient_law : ~ gradient_law 2 [x1_x2] x1.
Proof.
  intros L. pose proof (L _ _ _ _ (gradient_solution (-1) 2) 0 1 ltac:(lra) ltac:(lra)) as E.
  apply exp_moves. simpl in E. lra.
Qed.

(** ** theta' = - theta, weight decay without a loss: exp(-t) *)
Lemma decay_solution : forall a b,
  metric_flow 1 (one, 1%positive) (euclidean 1) [whole x1] (fun _ _ => 0) (fun _ => 0) (fun t _ => exp (- t)) a b.
Proof.
  intros a b t _ x. split; [repeat constructor; simpl; lra|].
  exists (fun j => map (fun f => fscale x f * peval x (fgrad f j)) [whole x1]). split.
  - intros j. constructor; [apply fgrad_ok; simpl; lra|constructor].
  - intros k Hk. eapply deq.
    + apply (derivable_pt_lim_comp Ropp exp); [apply derivable_pt_lim_opp, derivable_pt_lim_id|apply derivable_pt_lim_exp].
    + rewrite (@mrow_ext _ _ k _ (fun _ => 0)), mrow_zero by (intros; simpl; ring). unfold rate_value. simpl. field.
Qed.
Theorem not_a_metric_law : ~ metric_law 1 (one, 1%positive) (euclidean 1) [whole x1] x1.
Proof.
  intros L. pose proof (L _ _ _ _ _ (decay_solution (-2) 1) 0 (-1) ltac:(lra) ltac:(lra)) as E.
  apply exp_moves. unfold state in E. simpl in E. rewrite Ropp_0 in E. replace (- (-1)) with 1 in E by ring. lra.
Qed.

(** ** theta'' + 3/t theta' = - w for t > 0 and w = -8: t^2 *)
Lemma momentum_solution : forall b,
  momentum_flow 1 (over_time 3 1) (euclidean 1) [whole x1] (fun _ _ => -8) (fun _ => 0)
    (fun t k => if Pos.eqb k 1 then t ^ 2 else 2 * t) 0 b.
Proof.
  intros b t [P _] x. split; [exact P|]. split; [repeat constructor; simpl; lra|].
  exists (fun j => map (fun f => fscale x f * peval x (fgrad f j)) [whole x1]). split.
  - intros j. constructor; [apply fgrad_ok; simpl; lra|constructor].
  - intros k Hk. assert (k = 1%positive) by lia. subst. split; eapply deq.
    + apply (derivable_pt_lim_pow t 2).
    + simpl. ring.
    + apply (derivable_pt_lim_scal id 2), derivable_pt_lim_id.
    + simpl. change (fscale x (whole x1)) with 1. field. lra.
Qed.
Theorem not_a_momentum_law : ~ momentum_law 1 (over_time 3 1) (euclidean 1) [whole x1] x1.
Proof.
  intros L. pose proof (L _ _ _ _ _ (momentum_solution 3) 1 2 ltac:(lra) ltac:(lra)) as E. unfold state in E. simpl in E. lra.
Qed.

(** ** x' = - x with the clock exp(t): exp(-t) *)
Lemma ode_solution : forall a b,
  ode_flow 1 (exponential (one, 1%positive)) [whole [((-1)%Z, [(1, 1)%positive])]] (fun _ => 0) (fun t _ => exp (- t)) a b.
Proof.
  intros a b t _ x. split; [exact I|]. split; [repeat constructor; simpl; lra|].
  intros k Hk. assert (k = 1%positive) by lia. subst. eapply deq.
  - apply (derivable_pt_lim_comp Ropp exp); [apply derivable_pt_lim_opp, derivable_pt_lim_id|apply derivable_pt_lim_exp].
  - unfold fvalue. simpl. unfold x, state. simpl. field.
Qed.
Theorem not_an_ode_law : ~ ode_law 1 (exponential (one, 1%positive)) [whole [((-1)%Z, [(1, 1)%positive])]] x1.
Proof.
  intros L. pose proof (L _ _ _ _ (ode_solution (-2) 1) 0 (-1) ltac:(lra) ltac:(lra)) as E.
  apply exp_moves. unfold state in E. simpl in E. rewrite Ropp_0 in E. replace (- (-1)) with 1 in E by ring. lra.
Qed.

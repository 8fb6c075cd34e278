(** Sparse polynomials with integer coefficients: arithmetic, derivatives, and their soundness.

    To be read by a sceptic: [mono], [poly], [vf], [meval], [peval].  All else is proved sound: an operation that
    were wrong would make a theorem below fail. *)
Require Import Reals Lra ZArith PArith List Bool Lia.
Import ListNotations.
Set Implicit Arguments.

(** ** Sparse polynomials with integer coefficients *)
Definition mono := list (positive * positive).       (* (variable, exponent) *)
Definition poly := list (Z * mono).
Definition vf   := positive -> poly.                 (* polynomial vector field *)

Open Scope R_scope.
Fixpoint meval (x : positive -> R) (m : mono) : R :=
  match m with
  | [] => 1
  | (v, e) :: r => x v ^ Pos.to_nat e * meval x r
  end.
Fixpoint peval (x : positive -> R) (p : poly) : R :=
  match p with
  | [] => 0
  | (c, m) :: r => IZR c * meval x m + peval x r
  end.

(** ** Arithmetic on sorted sparse polynomials (lexicographic order) *)
Fixpoint mcmp (a b : mono) : comparison :=
  match a, b with
  | [], [] => Eq
  | [], _ => Lt
  | _, [] => Gt
  | (v, e) :: a', (u, f) :: b' =>
      match Pos.compare v u with
      | Lt => Gt
      | Gt => Lt
      | Eq => match Pos.compare e f with Eq => mcmp a' b' | c => c end
      end
  end.

Fixpoint mmul (a : mono) : mono -> mono :=
  match a with
  | [] => fun b => b
  | (v, e) :: a' =>
      fix mmul_a (b : mono) : mono :=
        match b with
        | [] => (v, e) :: a'
        | (u, f) :: b' =>
            match Pos.compare v u with
            | Lt => (v, e) :: mmul a' b
            | Eq => (v, (e + f)%positive) :: mmul a' b'
            | Gt => (u, f) :: mmul_a b'
            end
        end
  end.

Fixpoint padd (p : poly) : poly -> poly :=
  match p with
  | [] => fun q => q
  | (c, m) :: p' =>
      fix padd_p (q : poly) : poly :=
        match q with
        | [] => (c, m) :: p'
        | (d, n) :: q' =>
            match mcmp m n with
            | Gt => (c, m) :: padd p' q
            | Lt => (d, n) :: padd_p q'
            | Eq => match (c + d)%Z with
                    | Z0 => padd p' q'
                    | s => (s, m) :: padd p' q'
                    end
            end
        end
  end.

Definition tmul (c : Z) (m : mono) (q : poly) : poly :=
  map (fun t => ((c * fst t)%Z, mmul m (snd t))) q.

(** balanced sum of a list of polynomials *)
Fixpoint pairs (l : list poly) : list poly :=
  match l with
  | p :: q :: r => padd p q :: pairs r
  | _ => l
  end.
Fixpoint psum_n (n : nat) (l : list poly) : poly :=
  match l with
  | [] => []
  | [p] => p
  | _ => match n with
         | O => fold_right padd [] l
         | S k => psum_n k (pairs l)
         end
  end.
Definition psum := psum_n 64.
Definition pmul (p q : poly) : poly := psum (map (fun t => tmul (fst t) (snd t) q) p).
Definition popp (p : poly) : poly := map (fun t => ((- fst t)%Z, snd t)) p.

(** ** Lie derivative of a polynomial along a vector field *)
Definition cons_pow (v e : positive) (r : mono) : mono :=     (* v^(e-1) * r *)
  match e with xH => r | _ => (v, Pos.pred e) :: r end.
Fixpoint lie_mono (X : vf) (c : Z) (pre m : mono) : list poly :=
  match m with
  | [] => []
  | (v, e) :: r =>
      tmul (c * Zpos e) (rev_append pre (cons_pow v e r)) (X v)
      :: lie_mono X c ((v, e) :: pre) r
  end.
Definition lie (X : vf) (p : poly) : poly :=
  psum (flat_map (fun t => lie_mono X (fst t) [] (snd t)) p).
Definition pderiv (k : positive) (p : poly) : poly :=
  lie (fun v => if Pos.eqb v k then [(1%Z, [])] else []) p.

(** ** Soundness of the arithmetic *)
Section Sound.
Variable x : positive -> R.

Lemma mcmp_eq : forall a b, mcmp a b = Eq -> a = b.
Proof.
  induction a as [|[v e] a IH]; destruct b as [|[u f] b]; simpl; try discriminate; auto.
  destruct (Pos.compare_spec v u); try discriminate.
  destruct (Pos.compare_spec e f); try discriminate.
  intros E; subst; f_equal; auto.
Qed.

Lemma meval_mul : forall a b, meval x (mmul a b) = meval x a * meval x b.
Proof.
  induction a as [|[v e] a IHa]; intros b; [simpl; ring|].
  induction b as [|[u f] b IHb]; [simpl; ring|].
  simpl in *. destruct (Pos.compare_spec v u).
  - subst; simpl; rewrite IHa, Pos2Nat.inj_add, pow_add; ring.
  - simpl; rewrite IHa; simpl; ring.
  - simpl; rewrite IHb; ring.
Qed.

Lemma peval_add : forall p q, peval x (padd p q) = peval x p + peval x q.
Proof.
  induction p as [|[c m] p IHp]; intros q; [simpl; ring|].
  induction q as [|[d n] q IHq]; [simpl; ring|].
  simpl in *. destruct (mcmp m n) eqn:E.
  - apply mcmp_eq in E; subst n.
    assert (H : IZR c * meval x m + peval x p + (IZR d * meval x m + peval x q)
                = IZR (c + d) * meval x m + (peval x p + peval x q))
      by (rewrite plus_IZR; ring).
    rewrite H; destruct (c + d)%Z; simpl; rewrite IHp; ring.
  - simpl; rewrite IHq; ring.
  - simpl; rewrite IHp; simpl; ring.
Qed.

Lemma peval_tmul : forall c m q, peval x (tmul c m q) = IZR c * meval x m * peval x q.
Proof.
  induction q as [|[d n] q IH]; simpl; [ring|].
  change (map (fun t : Z * mono => ((c * fst t)%Z, mmul m (snd t))) q) with (tmul c m q).
  rewrite IH, mult_IZR, meval_mul; ring.
Qed.

Definition sumR (l : list poly) : R := fold_right (fun p s => peval x p + s) 0 l.
Lemma sumR_app : forall a b, sumR (a ++ b) = sumR a + sumR b.
Proof. induction a; simpl; intros; [ring|rewrite IHa; ring]. Qed.

Lemma pairs_sum : forall l, sumR (pairs l) = sumR l.
Proof.
  fix IH 1. destruct l as [|p [|q r]]; [reflexivity..|].
  simpl; rewrite IH, peval_add; ring.
Qed.
Lemma psum_n_sum : forall n l, peval x (psum_n n l) = sumR l.
Proof.
  assert (F : forall l, peval x (fold_right padd [] l) = sumR l)
    by (induction l; simpl; [reflexivity|rewrite peval_add, IHl; reflexivity]).
  induction n; intros [|p [|q l]]; simpl; try ring.
  - rewrite !peval_add, F; ring.
  - rewrite IHn; simpl; rewrite peval_add, pairs_sum; ring.
Qed.
Lemma peval_psum : forall l, peval x (psum l) = sumR l.
Proof. intros; apply psum_n_sum. Qed.

Lemma peval_mul : forall p q, peval x (pmul p q) = peval x p * peval x q.
Proof.
  intros p q; unfold pmul; rewrite peval_psum.
  induction p as [|[c m] p IH]; simpl; [ring|rewrite peval_tmul, IH; ring].
Qed.
Lemma peval_opp : forall p, peval x (popp p) = - peval x p.
Proof. induction p as [|[c m] p IH]; simpl; [ring|]. fold (popp p); rewrite IH, opp_IZR; ring. Qed.

Lemma meval_app : forall a b, meval x (a ++ b) = meval x a * meval x b.
Proof. induction a as [|[v e] a IH]; simpl; intros; [ring|rewrite IH; ring]. Qed.
Lemma meval_rev : forall a, meval x (rev a) = meval x a.
Proof. induction a as [|[v e] a IH]; simpl; [ring|rewrite meval_app, IH; simpl; ring]. Qed.

(** real-valued derivative of a polynomial at [x] for coordinate velocities [d] *)
Fixpoint dmono (d : positive -> R) (m : mono) : R :=
  match m with
  | [] => 0
  | (v, e) :: r => INR (Pos.to_nat e) * x v ^ pred (Pos.to_nat e) * d v * meval x r
                   + x v ^ Pos.to_nat e * dmono d r
  end.
Fixpoint dpoly (d : positive -> R) (p : poly) : R :=
  match p with [] => 0 | (c, m) :: r => IZR c * dmono d m + dpoly d r end.

Lemma meval_cons_pow : forall v e r,
  meval x (cons_pow v e r) = x v ^ pred (Pos.to_nat e) * meval x r.
Proof.
  intros v [e|e|] r; [..|simpl; ring]; cbn [cons_pow meval];
  rewrite Pos2Nat.inj_pred by lia; reflexivity.
Qed.

Lemma lie_mono_sum : forall X c m pre,
  sumR (lie_mono X c pre m) = IZR c * meval x pre * dmono (fun v => peval x (X v)) m.
Proof.
  induction m as [|[v e] m IH]; intros pre; [simpl; ring|].
  cbn [lie_mono sumR fold_right]. fold (sumR (lie_mono X c ((v, e) :: pre) m)).
  rewrite IH, peval_tmul, rev_append_rev, meval_app, meval_rev, meval_cons_pow, mult_IZR.
  cbn [meval dmono]. rewrite INR_IZR_INZ, positive_nat_Z. ring.
Qed.

Lemma peval_lie : forall X p, peval x (lie X p) = dpoly (fun v => peval x (X v)) p.
Proof.
  intros X p; unfold lie; rewrite peval_psum.
  induction p as [|[c m] p IH]; simpl; [reflexivity|].
  rewrite sumR_app, lie_mono_sum, IH; simpl; ring.
Qed.

Lemma dmono_lin : forall a d e m, dmono (fun v => d v + a * e v) m = dmono d m + a * dmono e m.
Proof. induction m as [|[v k] m IH]; simpl; [ring|rewrite IH; ring]. Qed.
Lemma dpoly_lin : forall a d e p, dpoly (fun v => d v + a * e v) p = dpoly d p + a * dpoly e p.
Proof. induction p as [|[c m] p IH]; simpl; [ring|rewrite dmono_lin, IH; ring]. Qed.
Lemma dmono_zero : forall m, dmono (fun _ => 0) m = 0.
Proof. induction m as [|[v k] m IH]; simpl; [ring|rewrite IH; ring]. Qed.
Lemma dpoly_zero : forall p, dpoly (fun _ => 0) p = 0.
Proof. induction p as [|[c m] p IH]; simpl; [ring|rewrite dmono_zero, IH; ring]. Qed.
End Sound.

(** ** Which variables occur; values and derivatives depend on no others *)
Definition mover (ok : positive -> bool) (m : mono) : bool := forallb (fun t => ok (fst t)) m.
Definition over (ok : positive -> bool) (p : poly) : bool := forallb (fun t => mover ok (snd t)) p.

Section Agree.
Variables (ok : positive -> bool) (x y d e : positive -> R).
Hypothesis X : forall k, ok k = true -> x k = y k.
Hypothesis D : forall k, ok k = true -> d k = e k.
Lemma meval_over : forall m, mover ok m = true -> meval x m = meval y m.
Proof. induction m as [|[v n] m IH]; [auto|]. intros [V W]%andb_true_iff. simpl. rewrite IH, X; auto. Qed.
Lemma peval_over : forall p, over ok p = true -> peval x p = peval y p.
Proof. induction p as [|[c m] p IH]; [auto|]. intros [V W]%andb_true_iff. simpl. rewrite IH, meval_over; auto. Qed.
Lemma dmono_over : forall m, mover ok m = true -> dmono x d m = dmono y e m.
Proof. induction m as [|[v n] m IH]; [auto|]. intros [V W]%andb_true_iff. simpl. rewrite IH, X, D, meval_over; auto. Qed.
Lemma dpoly_over : forall p, over ok p = true -> dpoly x d p = dpoly y e p.
Proof. induction p as [|[c m] p IH]; [auto|]. intros [V W]%andb_true_iff. simpl. rewrite IH, dmono_over; auto. Qed.
End Agree.

Definition any : positive -> bool := fun _ => true.
Lemma mover_any : forall m, mover any m = true.
Proof. induction m; auto. Qed.
Lemma over_any : forall p, over any p = true.
Proof. induction p; [auto|]. simpl. rewrite mover_any. auto. Qed.
Lemma peval_ext : forall x y p, (forall k, x k = y k) -> peval x p = peval y p.
Proof. intros. apply (peval_over any); auto using over_any. Qed.
Lemma dpoly_ext : forall x y d e p, (forall k, x k = y k) -> (forall k, d k = e k) -> dpoly x d p = dpoly y e p.
Proof. intros. apply (dpoly_over any); auto using over_any. Qed.

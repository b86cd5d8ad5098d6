//! The laws of decisions (D.2, D.11): joins commute, associate and repeat without effect, and never make anything milder.

use activitypub_policy::{
    Admission, Decision, Disclosure, Effect, FederationPolicy, Message, Obligation, Open, Stage, Why,
};
use proptest::prelude::*;

use crate::decide::decide;

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(Effect::WithholdMedia),
        Just(Effect::MarkSensitive),
        Just(Effect::HideFromPublic),
        Just(Effect::FollowNeedsApproval),
        "[ab]".prop_map(Effect::Warn),
    ]
}

fn decision() -> impl Strategy<Value = Decision> {
    let why = ("[a-c]", "[x-z]").prop_map(|(rule, code)| Why::new(rule, code));
    let admission = (0..4, why).prop_map(|(admission, why)| match admission {
        0 => Decision::pass(),
        1 => Decision::hold(why),
        2 => Decision::defer(why),
        _ => Decision::refuse(why),
    });
    let disclosure =
        prop_oneof![Just(Disclosure::Explain), Just(Disclosure::Generic), Just(Disclosure::Silent)];
    let effects = proptest::collection::vec(effect(), 0..4);
    (admission, disclosure, effects, proptest::option::of("[a-c]"), any::<bool>()).prop_map(
        |(admission, disclosure, effects, label, notify)| {
            let decision = effects.into_iter().fold(admission.disclose(disclosure), Decision::with);
            let decision = label.into_iter().fold(decision, Decision::label);
            if notify { decision.oblige(Obligation::NotifyModerators) } else { decision }
        },
    )
}

/// Whether `a` is at least as strict as `b` in every part.
fn covers(a: &Decision, b: &Decision) -> bool {
    a.clone().join(b.clone()) == *a
}

/// A policy that always decides the same.
#[derive(Clone, Debug)]
struct Always(Decision);

#[async_trait::async_trait]
impl FederationPolicy for Always {
    async fn decide(&self, _: &Message<'_>) -> Decision {
        self.0.clone()
    }
}

proptest! {
    #[test]
    fn joins_commute_associate_and_repeat_without_effect(a in decision(), b in decision(), c in decision()) {
        let join = |a: &Decision, b: &Decision| a.clone().join(b.clone());
        prop_assert_eq!(join(&a, &b), join(&b, &a));
        prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
        prop_assert_eq!(&join(&a, &a), &a);
        prop_assert_eq!(&join(&a, &Decision::pass()), &a);
    }

    #[test]
    fn a_join_is_the_least_that_is_as_strict_as_both(a in decision(), b in decision(), c in decision()) {
        let joined = a.clone().join(b.clone());
        prop_assert!(covers(&joined, &a) && covers(&joined, &b));
        prop_assert!(joined.admission() == a.admission().max(b.admission()));
        prop_assert!(joined.disclosure() == a.disclosure().max(b.disclosure()));
        prop_assert!(a.effects().chain(b.effects()).all(|effect| joined.has(effect)));
        if covers(&c, &a) && covers(&c, &b) {
            prop_assert!(covers(&c, &joined));
        }
    }

    #[test]
    fn one_more_policy_never_makes_it_milder_and_order_does_not_matter(
        decisions in proptest::collection::vec(decision(), 0..5), more in decision(), seed in any::<prop::sample::Index>(),
    ) {
        let message = Message::new(Stage::Receive);
        let policies: Vec<_> = decisions.into_iter().map(Always).collect();
        let before = decide(&policies, &message);

        let mut with_more = policies.clone();
        with_more.insert(seed.index(policies.len() + 1), Always(more.clone()));
        let after = decide(&with_more, &message);
        prop_assert!(covers(&after, &before));
        prop_assert_eq!(&decide(&(Always(more), policies.clone()), &message), &after);

        with_more.rotate_left(seed.index(policies.len() + 1));
        prop_assert_eq!(&decide(&with_more, &message), &after);
        with_more.extend(policies);
        prop_assert_eq!(&decide(&with_more, &message), &after, "a rule that is listed twice");
    }
}

#[test]
fn the_open_policy_changes_nothing() {
    let message = Message::new(Stage::Receive);
    assert_eq!(decide(&Open::new(), &message), Decision::pass());
    assert!(decide(&(Open::new(), Open::new()), &message).passes());
}

#[test]
fn only_decisive_reasons_are_told_and_only_to_whom_they_may_be() {
    let decision = Decision::refuse(Why::new("hosts", "suspended").on("spam.example").saying("Spam."))
        .join(Decision::hold(Why::new("first-contact", "stranger").saying("Hello.")));
    assert_eq!(decision.admission(), Admission::Refuse);
    assert_eq!(decision.public_reasons().collect::<Vec<_>>(), [("suspended", Some("Spam."))]);
    assert_eq!(decision.reason(), "hosts: suspended spam.example: Spam.");
    assert_eq!(decision.trace().count(), 2, "the operator sees both");

    for closed in [Disclosure::Generic, Disclosure::Silent] {
        let decision = decision.clone().disclose(closed);
        assert_eq!(decision.public_reasons().count(), 0);
        assert_eq!(
            decision.disclose(Disclosure::Explain).public_reasons().count(),
            0,
            "what was closed stays closed"
        );
    }
}

//! Rules about hosts: what they match (D.11 13, 14), and what they never turn away (D.11 10, 11).

use std::collections::BTreeMap;

use activitypub_core::{Iri, Origin};
use activitypub_policy::{
    Admission, Disclosure, Effect, HostError, HostRule, Hosts, Live, Message, Role, Severity, Stage,
};
use proptest::prelude::*;

use crate::decide::{decide, deliver, object, receive};

fn blocked(host: &str) -> Hosts {
    let mut hosts = Hosts::new();
    hosts.block(host, "").unwrap();
    hosts
}

fn with(host: &str, rule: HostRule) -> Hosts {
    let mut hosts = Hosts::new();
    hosts.insert(host, rule).unwrap();
    hosts
}

fn refuses(hosts: &Hosts, host: &str) -> bool {
    deliver(hosts, host).admission() == Admission::Refuse
}

#[test]
fn a_rule_matches_its_host_and_what_is_below_it_label_by_label() {
    let hosts = blocked("example.org");
    for host in [
        "example.org",
        "www.example.org",
        "a.b.c.example.org",
        "EXAMPLE.org.",
        "example.org:8443",
        "example。org",
    ] {
        assert!(refuses(&hosts, host), "{host}");
    }
    for host in [
        "notexample.org",
        "xexample.org",
        "example.org.evil.example",
        "example.or",
        "org",
        "exampleXorg.example",
    ] {
        assert!(!refuses(&hosts, host), "{host}");
    }
    let hosts = with("example.org", HostRule::exact(Severity::Suspend));
    assert!(refuses(&hosts, "example.org"));
    assert!(!refuses(&hosts, "www.example.org"));
}

#[test]
fn a_dot_in_a_rule_is_a_dot() {
    assert!(!refuses(&blocked("a.example"), "axexample"));
    assert!(!refuses(&blocked("a.example.org"), "axexample.org"));
}

#[test]
fn the_spelling_of_a_rule_does_not_matter() {
    for host in ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example.", "bu\u{308}cher.example"] {
        assert_eq!(blocked(host), blocked("xn--bcher-kva.example"), "{host}");
    }
}

#[test]
fn the_longest_name_counts() {
    let mut hosts = blocked("example.org");
    hosts.insert("good.example.org", HostRule::new(Severity::Noop)).unwrap();
    hosts.insert("bad.good.example.org", HostRule::new(Severity::Suspend)).unwrap();
    hosts.insert("exact.example.org", HostRule::exact(Severity::Noop)).unwrap();
    assert!(refuses(&hosts, "example.org"));
    assert!(refuses(&hosts, "other.example.org"));
    assert!(!refuses(&hosts, "good.example.org"));
    assert!(!refuses(&hosts, "www.good.example.org"));
    assert!(refuses(&hosts, "x.bad.good.example.org"));
    assert!(!refuses(&hosts, "exact.example.org"));
    assert!(refuses(&hosts, "www.exact.example.org"));
}

#[test]
fn what_is_no_host_makes_no_rule() {
    for host in [
        "",
        "*.example.org",
        "https://example.org",
        "example.org/x",
        "@ada@example.org",
        "exa mple.org",
        "example.org@evil",
    ] {
        assert!(matches!(Hosts::new().block(host, ""), Err(HostError::Host(_))), "{host}");
    }
    for host in ["example.org:8443", "example.org:443"] {
        assert_eq!(Hosts::new().block(host, ""), Err(HostError::Port), "{host}");
    }
}

#[test]
fn a_rule_is_kept_listed_and_taken_away() {
    let mut hosts = blocked("b.example");
    hosts.block("a.example", "first").unwrap();
    hosts.block("A.example.", "second").unwrap();
    assert_eq!(hosts.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["a.example", "b.example"]);
    assert_eq!(hosts.get("A.EXAMPLE").unwrap().public_comment, "second");
    assert_eq!(hosts.remove("a.example").unwrap().public_comment, "second");
    assert_eq!(hosts.remove("a.example"), None);
    assert_eq!((hosts.len(), hosts.is_empty()), (1, false));
}

#[test]
fn whoever_has_a_part_in_a_message_is_looked_at() {
    let hosts = blocked("bad.example");
    let here = Origin::parse("https://here.example").unwrap();
    let bad = Iri::new("https://bad.example/x");
    let good = Iri::new("https://good.example/x");
    for role in [
        Role::Signer,
        Role::KeyOwner,
        Role::Actor,
        Role::ActivityId,
        Role::ObjectId,
        Role::ObjectAuthor,
        Role::Target,
        Role::TargetInbox,
        Role::Requester,
    ] {
        let message = Message::new(Stage::Receive).at(&here).party(Role::Actor, good).party(role, bad);
        assert_eq!(decide(&hosts, &message).admission(), Admission::Refuse, "{role:?}");
    }
    // Boosts of what is not wanted, and answers by somebody else's hand.
    let announce =
        r#"{"type": "Announce", "actor": "https://good.example/a", "object": "https://bad.example/1"}"#;
    assert_eq!(receive(&hosts, announce).admission(), Admission::Refuse);
    let create = r#"{"type": "Create", "actor": "https://good.example/a",
        "object": {"type": "Note", "attributedTo": ["https://good.example/a", "https://bad.example/b"]}}"#;
    assert_eq!(receive(&hosts, create).admission(), Admission::Refuse);
    let like = r#"{"type": "Like", "actor": "https://good.example/a", "object": "https://good.example/1"}"#;
    assert!(receive(&hosts, like).passes());
}

#[test]
fn every_stage_refuses_a_suspended_host_and_says_why_to_the_operator() {
    let hosts = blocked("bad.example");
    let bad = Origin::parse("https://www.bad.example:8443").unwrap();
    for (stage, role) in
        [(Stage::Fetch, Role::Target), (Stage::Deliver, Role::TargetInbox), (Stage::Serve, Role::Requester)]
    {
        let decision = decide(&hosts, &Message::new(stage).origin(role, &bad));
        assert_eq!(decision.admission(), Admission::Refuse, "{stage:?}");
        assert_eq!(decision.reason(), format!("hosts: suspended bad.example ({role:?})"));
    }
}

#[test]
fn before_verification_a_host_is_refused_by_what_the_body_claims() {
    let hosts = blocked("bad.example");
    let signer = Iri::new("https://bad.example/a#main-key");
    let claim = |activity: &str| {
        let activity = object(activity);
        decide(&hosts, &Message::new(Stage::Preauth).party(Role::Signer, signer).about(&activity)).admission()
    };
    assert_eq!(claim(r#"{"type": "Create", "actor": "https://bad.example/a"}"#), Admission::Refuse);
    assert_eq!(claim(r#"{"type": "Delete", "actor": "https://bad.example/a"}"#), Admission::Pass);
    // Without a body nobody knows yet whether something is being taken back.
    assert!(decide(&hosts, &Message::new(Stage::Preauth).party(Role::Signer, signer)).passes());
}

#[test]
fn our_own_host_is_never_matched() {
    for host in ["here.example", "example"] {
        let hosts = blocked(host);
        let follow =
            r#"{"type": "Follow", "actor": "https://good.test/a", "object": "https://here.example/greeter"}"#;
        assert!(receive(&hosts, follow).passes(), "{host}");
    }
    // Only our own host, not what looks like it.
    let hosts = blocked("here.example.evil.test");
    let follow = r#"{"type": "Follow", "actor": "https://here.example.evil.test/a", "object": "https://here.example/greeter"}"#;
    assert_eq!(receive(&hosts, follow).admission(), Admission::Refuse);
}

#[test]
fn what_only_takes_back_is_heard_from_anybody() {
    let hosts = blocked("bad.example");
    let admission = |kind: &str, object: &str| {
        let activity = format!(
            r#"{{"type": {kind}, "id": "https://bad.example/1", "actor": "https://bad.example/a", "object": {object}}}"#
        );
        receive(&hosts, &activity).admission()
    };
    for (kind, object) in [
        (r#""Delete""#, r#""https://bad.example/notes/1""#),
        (r#""Delete""#, r#"{"type": "Tombstone", "id": "https://bad.example/notes/1"}"#),
        (
            r#""Undo""#,
            r#"{"type": "Follow", "actor": "https://bad.example/a", "object": "https://here.example/greeter"}"#,
        ),
        (
            r#""Undo""#,
            r#"{"type": "Block", "actor": "https://bad.example/a", "object": "https://here.example/greeter"}"#,
        ),
        (r#""Undo""#, r#""https://bad.example/follows/1""#),
        (r#""Reject""#, r#""https://here.example/follows/1""#),
        (r#""Block""#, r#""https://here.example/greeter""#),
        (r#""Remove""#, r#""https://here.example/notes/1""#),
        (r#""Update""#, r#"{"type": "Tombstone", "id": "https://bad.example/notes/1"}"#),
    ] {
        assert_eq!(admission(kind, object), Admission::Pass, "{kind} {object}");
    }
    for (kind, object) in [
        (r#""Create""#, r#""https://bad.example/notes/1""#),
        (r#""Follow""#, r#""https://here.example/greeter""#),
        (r#""Accept""#, r#""https://here.example/follows/1""#),
        (r#""Update""#, r#"{"type": "Note", "id": "https://bad.example/notes/1"}"#),
        (r#""Move""#, r#""https://bad.example/a""#),
        (r#""Undo""#, r#"{"type": "Delete", "object": "https://bad.example/notes/1"}"#),
        (r#""Undo""#, r#"{"type": "Undo", "object": {"type": "Follow"}}"#),
        (r#"["Delete", "Create"]"#, r#""https://bad.example/notes/1""#),
        ("[]", r#""https://bad.example/notes/1""#),
    ] {
        assert_eq!(admission(kind, object), Admission::Refuse, "{kind} {object}");
    }
}

#[test]
fn taking_back_is_done_in_ones_own_name() {
    let hosts = blocked("bad.example");
    let delete = object(
        r#"{"type": "Delete", "actor": "https://good.example/a", "object": "https://good.example/1"}"#,
    );
    let forwarded = Message::new(Stage::Receive)
        .party(Role::Signer, Iri::new("https://bad.example/relay#key"))
        .about(&delete);
    assert_eq!(decide(&hosts, &forwarded).admission(), Admission::Refuse);
}

#[test]
fn a_report_about_a_refused_host_is_taken_and_one_from_it_is_not() {
    let hosts = blocked("bad.example");
    let flag = |actor: &str, object: &str| {
        receive(
            &hosts,
            &format!(
                r#"{{"type": "Flag", "actor": "https://{actor}/actor", "object": ["https://{object}/a", "https://{object}/1"]}}"#
            ),
        )
    };
    assert!(flag("good.example", "bad.example").passes());
    assert_eq!(flag("bad.example", "here.example").admission(), Admission::Refuse);
}

#[test]
fn silence_hides_and_flags_withhold() {
    let note = r#"{"type": "Create", "actor": "https://loud.example/a", "object": {"type": "Note"}}"#;
    let decision = receive(&with("loud.example", HostRule::new(Severity::Silence)), note);
    assert!(decision.passes());
    for effect in [Effect::HideFromPublic, Effect::NotifyFollowersOnly, Effect::FollowNeedsApproval] {
        assert!(decision.has(&effect), "{effect:?}");
    }
    assert!(!decision.has(&Effect::WithholdMedia));
    assert_eq!(
        decision.reason(),
        "hosts: silenced loud.example (KeyOwner); hosts: silenced loud.example (Actor)"
    );

    let mut rule = HostRule::new(Severity::Noop);
    rule.reject_media = true;
    rule.reject_reports = true;
    let decision = receive(&with("loud.example", rule), note);
    assert_eq!(decision.effects().collect::<Vec<_>>(), [&Effect::WithholdMedia, &Effect::IgnoreReports]);

    assert_eq!(receive(&with("loud.example", HostRule::new(Severity::Noop)), note).trace().count(), 0);
    assert_eq!(
        deliver(&with("loud.example", HostRule::new(Severity::Silence)), "loud.example").effects().count(),
        0
    );
}

#[test]
fn a_reason_is_told_when_it_was_published_and_not_masked() {
    let rule = |comment: &str, obfuscate| {
        let mut rule = HostRule::new(Severity::Suspend);
        rule.public_comment = comment.into();
        rule.obfuscate = obfuscate;
        deliver(&with("bad.example", rule), "bad.example")
    };
    assert_eq!(rule("spam", false).disclosure(), Disclosure::Explain);
    assert_eq!(rule("spam", false).public_reasons().collect::<Vec<_>>(), [("suspended", Some("spam"))]);
    for closed in [rule("spam", true), rule("", false)] {
        assert_eq!((closed.disclosure(), closed.public_reasons().count()), (Disclosure::Generic, 0));
    }
}

#[test]
fn a_live_policy_changes_for_everybody_who_holds_it() {
    let live = Live::new(Hosts::new());
    let held = live.clone();
    assert!(deliver(&held, "bad.example").passes());
    live.update(|hosts| hosts.block("bad.example", "")).unwrap();
    assert!(!deliver(&held, "bad.example").passes());
    // What fails changes nothing.
    live.update(|hosts| {
        hosts.remove("bad.example");
        hosts.block("*", "")
    })
    .unwrap_err();
    assert!(!deliver(&held, "bad.example").passes());
    live.replace(Hosts::new());
    assert!(deliver(&held, "bad.example").passes());
}

#[test]
fn an_address_is_a_host_without_a_parent() {
    let hosts = blocked("192.0.2.1");
    assert!(refuses(&hosts, "192.0.2.1"));
    assert!(refuses(&hosts, "192.0.513"), "another spelling");
    assert!(!refuses(&hosts, "1.192.0.2.1.example"));
    assert!(refuses(&blocked("[2001:db8::1]"), "[2001:db8:0::1]:8443"));
}

/// Few labels, so that names are often above or below each other.
fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec("[ab]|aa|xn--mller-kva", 1..5).prop_map(|labels| labels.join("."))
}

fn rule() -> impl Strategy<Value = HostRule> {
    let severity = prop_oneof![Just(Severity::Noop), Just(Severity::Silence), Just(Severity::Suspend)];
    (severity, any::<bool>())
        .prop_map(|(severity, exact)| if exact { HostRule::exact(severity) } else { HostRule::new(severity) })
}

proptest! {
    #[test]
    fn a_lookup_agrees_with_a_search_through_all_rules(rules in proptest::collection::btree_map(name(), rule(), 0..12), host in name()) {
        let mut hosts = Hosts::new();
        for (name, rule) in &rules {
            hosts.insert(name, rule.clone()).unwrap();
        }
        let matches = |name: &str, rule: &HostRule| {
            host == name || rule.matching == activitypub_policy::Matching::Suffix && host.ends_with(&format!(".{name}"))
        };
        let naive = rules.iter().filter(|(name, rule)| matches(name, rule)).max_by_key(|(name, _)| name.len());
        prop_assert_eq!(hosts.rule_for(&host), naive.map(|(name, rule)| (name.as_str(), rule)));
    }

    #[test]
    fn a_stricter_rule_never_makes_a_decision_milder(
        rules in proptest::collection::btree_map(name(), rule(), 1..8), which in any::<prop::sample::Index>(), host in name(),
    ) {
        let build = |rules: &BTreeMap<String, HostRule>| {
            let mut hosts = Hosts::new();
            for (name, rule) in rules {
                hosts.insert(name, rule.clone()).unwrap();
            }
            hosts
        };
        let note = format!(r#"{{"type": "Create", "actor": "https://{host}/a"}}"#);
        let mut stricter = rules.clone();
        let (name, _) = rules.iter().nth(which.index(rules.len())).unwrap();
        stricter.get_mut(name).unwrap().severity = Severity::Suspend;
        let (before, after) = (receive(&build(&rules), &note), receive(&build(&stricter), &note));
        prop_assert!(after.admission() >= before.admission());
    }

    #[test]
    fn no_text_makes_a_rule_that_panics_or_matches_another_host(host in "\\PC{0,20}") {
        let mut hosts = Hosts::new();
        if hosts.block(&host, "").is_ok() {
            prop_assert!(hosts.get(&host).is_some());
            prop_assert!(hosts.rule_for("unlikely.test").is_none_or(|(name, _)| name == "test"));
            prop_assert!(hosts.remove(&host).is_some() && hosts.is_empty());
        }
    }
}

//! The actor's side of a handle (WF-11, T25): who agrees with whom.

use activitypub_webfinger::{Acct, AcctError, ConfirmError, Handle};

use crate::network::{Network, object};

fn acct(text: &str) -> Acct {
    Acct::parse(text).unwrap()
}

/// Looks a handle up and confirms it with an actor, asking the actor's host too where that is what it takes.
fn confirm(network: &Network, handle: &str, actor: &str) -> Result<Handle, ConfirmError> {
    let actor = object(actor);
    match network.find(handle).unwrap().confirm(&actor) {
        Err(ConfirmError::Ask(claim)) => {
            let (found, _) = network.look_up(&claim);
            found.map_err(|_| ConfirmError::Ask(claim))?.confirm(&actor)
        }
        outcome => outcome,
    }
}

#[test]
fn a_handle_is_confirmed_by_the_user_name_at_the_host_of_the_id() {
    let network =
        Network::default().account("ada@example.org", "acct:ada@example.org", "https://example.org/users/1");
    let handle = confirm(
        &network,
        "ada@example.org",
        r#"{"id": "https://example.org/users/1", "preferredUsername": "Ada"}"#,
    )
    .unwrap();
    assert_eq!(handle.acct(), &acct("ada@example.org"));
    assert_eq!(handle.actor(), "https://example.org/users/1");
}

#[test]
fn another_id_is_another_actor() {
    let network = Network::default().account(
        "ada@example.org",
        "acct:ada@example.org",
        "https://example.org/users/ada",
    );
    for id in [
        r#""https://example.org/users/eve""#,
        r#""https://EXAMPLE.org/users/ada""#,
        r#""https://example.org/users/ada/""#,
        r#""https://example.org:443/users/ada""#,
        r#""https://example.org/users/%61da""#,
        r#"["https://example.org/users/ada"]"#,
        "null",
    ] {
        let actor = format!(r#"{{"id": {id}, "preferredUsername": "ada"}}"#);
        assert_eq!(confirm(&network, "ada@example.org", &actor), Err(ConfirmError::OtherActor), "{id}");
    }
}

#[test]
fn another_name_is_another_handle() {
    let network = Network::default().account(
        "eve@example.org",
        "acct:eve@example.org",
        "https://example.org/users/ada",
    );
    let outcome = confirm(
        &network,
        "eve@example.org",
        r#"{"id": "https://example.org/users/ada", "preferredUsername": "ada"}"#,
    );
    assert_eq!(outcome, Err(ConfirmError::OtherHandle(Box::new(acct("ada@example.org")))));

    for (actor, error) in [
        (r#"{"id": "https://example.org/users/ada"}"#, AcctError::NoClaim),
        (r#"{"id": "https://example.org/users/ada", "preferredUsername": 7}"#, AcctError::NoClaim),
        (
            r#"{"id": "https://example.org/users/ada", "preferredUsername": "eve@example.org"}"#,
            AcctError::UserCharacter('@'),
        ),
        (
            r#"{"id": "https://example.org/users/ada", "preferredUsername": "eve\u202e"}"#,
            AcctError::UserCharacter('\u{202e}'),
        ),
        (
            r#"{"id": "https://example.org/users/ada", "webfinger": "eve", "preferredUsername": "eve"}"#,
            AcctError::NoHost,
        ),
    ] {
        assert_eq!(
            confirm(&network, "eve@example.org", actor),
            Err(ConfirmError::NoHandle(error)),
            "{actor}"
        );
    }
}

#[test]
fn an_actor_on_another_host_may_name_its_handle_itself() {
    let network = Network::default().account(
        "ada@example.org",
        "acct:ada@example.org",
        "https://social.example.org/users/ada",
    );
    for claim in ["ada@example.org", "acct:ada@example.org", "@ada@example.org"] {
        let actor = format!(
            r#"{{"id": "https://social.example.org/users/ada", "preferredUsername": "1", "webfinger": "{claim}"}}"#
        );
        assert!(confirm(&network, "ada@example.org", &actor).is_ok(), "{claim}");
    }
    let actor = r#"{"id": "https://social.example.org/users/ada", "preferredUsername": "ada", "webfinger": "ada@social.example.org"}"#;
    let outcome = confirm(&network, "ada@example.org", actor);
    assert_eq!(outcome, Err(ConfirmError::OtherHandle(Box::new(acct("ada@social.example.org")))));
}

#[test]
fn the_host_of_the_actor_may_name_the_handle_for_it() {
    let actor = r#"{"id": "https://social.example.org/users/ada", "preferredUsername": "ada"}"#;
    let network = Network::default()
        .account("ada@example.org", "acct:ada@example.org", "https://social.example.org/users/ada")
        .account("ada@social.example.org", "acct:ada@example.org", "https://social.example.org/users/ada");
    // From either end.
    for start in ["ada@example.org", "ada@social.example.org"] {
        assert_eq!(confirm(&network, start, actor).unwrap().acct(), &acct("ada@example.org"), "{start}");
    }
}

#[test]
fn a_handle_without_the_actors_consent_is_no_handle() {
    let actor = r#"{"id": "https://victim.test/users/a", "preferredUsername": "a"}"#;
    // evil.test gives a victim a handle; the victim's host does not know of it.
    let network =
        Network::default().account("fool@evil.test", "acct:fool@evil.test", "https://victim.test/users/a");
    assert!(confirm(&network, "fool@evil.test", actor).is_err());
    // The victim's host has its own idea of the handle.
    let network = network.account("a@victim.test", "acct:a@victim.test", "https://victim.test/users/a");
    let handle = confirm(&network, "fool@evil.test", actor).unwrap();
    assert_eq!(
        handle.acct(),
        &acct("a@victim.test"),
        "confirmed is what the two agree on, never what was asked"
    );

    // evil.test's actor poses as the victim's handle.
    let network = Network::default()
        .account("a@victim.test", "acct:a@victim.test", "https://victim.test/users/a")
        .account("a@evil.test", "acct:a@victim.test", "https://evil.test/users/a");
    let pose =
        r#"{"id": "https://evil.test/users/a", "preferredUsername": "a", "webfinger": "a@victim.test"}"#;
    assert_eq!(confirm(&network, "a@victim.test", pose), Err(ConfirmError::OtherActor));
    assert_eq!(confirm(&network, "a@evil.test", pose), Err(ConfirmError::OtherActor));
}

#[test]
fn on_loopback_the_claim_is_of_the_scheme_of_the_id() {
    let actor = object(r#"{"id": "http://127.0.0.1:8080/users/ada", "preferredUsername": "ada"}"#);
    assert_eq!(Acct::claimed_by(&actor).unwrap().origin().to_string(), "http://127.0.0.1:8080");
    let actor = object(r#"{"id": "http://127.0.0.1:8080/users/ada", "webfinger": "ada@127.0.0.1:9090"}"#);
    assert_eq!(Acct::claimed_by(&actor).unwrap().origin().to_string(), "http://127.0.0.1:9090");
}

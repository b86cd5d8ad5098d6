//! Handles: what is one, and what only looks like one (T26, T27, T37).

use std::collections::HashSet;

use activitypub_core::{Origin, OriginError};
use activitypub_webfinger::{Acct, AcctError};

#[test]
fn a_handle_is_read_in_its_three_forms() {
    for text in [
        "ada@example.org",
        "@ada@example.org",
        "acct:ada@example.org",
        "ACCT:Ada@EXAMPLE.org.",
        "ada@example.org:443",
    ] {
        let acct = Acct::parse(text).unwrap();
        assert_eq!(acct, Acct::parse("ada@example.org").unwrap(), "{text}");
        assert_eq!(acct.origin().to_string(), "https://example.org");
    }
    let acct = Acct::parse("Ada@example.org").unwrap();
    assert_eq!(
        (acct.user(), acct.to_string().as_str(), acct.handle().as_str()),
        ("Ada", "acct:Ada@example.org", "@Ada@example.org")
    );
}

#[test]
fn users_of_every_server_and_bridge_are_read() {
    for user in [
        "a",
        "_",
        "ada.lovelace",
        "ada-lovelace",
        "-ada-",
        "ada_",
        "example.com",
        "x~y",
        "1",
        &"a".repeat(128),
    ] {
        assert_eq!(Acct::parse(&format!("{user}@example.org")).unwrap().user(), user);
    }
}

#[test]
fn the_case_of_a_user_is_kept_and_not_compared() {
    let both = HashSet::from(["Ada@example.org", "aDA@example.org"].map(|text| Acct::parse(text).unwrap()));
    assert_eq!(both.len(), 1);
    assert_ne!(Acct::parse("ada@example.org").unwrap(), Acct::parse("ada@example.org:8443").unwrap());
    assert_ne!(Acct::parse("ada@example.org").unwrap(), Acct::parse("ada@www.example.org").unwrap());
}

#[test]
fn an_internationalized_host_is_ascii() {
    let acct = Acct::parse("ada@bücher.example").unwrap();
    assert_eq!(acct.handle(), "@ada@xn--bcher-kva.example");
    assert_eq!(acct, Acct::parse("ada@XN--BCHER-KVA。example").unwrap());
}

#[test]
fn a_port_is_digits() {
    assert_eq!(Acct::parse("ada@127.0.0.1:8080").unwrap().to_string(), "acct:ada@127.0.0.1:8080");
    let http = Acct::new("ada", Origin::parse("http://127.0.0.1:8080").unwrap()).unwrap();
    assert_eq!(http.to_string(), "acct:ada@127.0.0.1:8080");
    assert_eq!(
        Acct::parse("ada@example.org:"),
        Acct::parse("ada@example.org"),
        "RFC 3986 lets a port be empty"
    );
    assert_ne!(http, Acct::parse("ada@127.0.0.1:8080").unwrap(), "another scheme is another origin");
}

#[test]
fn what_is_no_handle_is_refused_by_name() {
    for (text, error) in [
        ("", AcctError::NoHost),
        ("ada", AcctError::NoHost),
        ("@ada", AcctError::NoHost),
        ("acct:ada", AcctError::NoHost),
        ("@example.org", AcctError::NoHost),
        ("@@example.org", AcctError::NoUser),
        ("acct:@example.org", AcctError::NoUser),
        ("ada@", AcctError::Host(OriginError::NoHost)),
        ("@user@host@evil", AcctError::Host(OriginError::UserInfo)),
        ("x@localh.st:1234/secret.txt?something=1#", AcctError::Host(OriginError::Character('/'))),
        ("a@localhost:22/x?#", AcctError::Host(OriginError::Character('/'))),
        ("a@b?c", AcctError::Host(OriginError::Character('?'))),
        ("a@b#c", AcctError::Host(OriginError::Character('#'))),
        ("a@b/../", AcctError::Host(OriginError::Character('/'))),
        ("a@b\\c", AcctError::Host(OriginError::Character('\\'))),
        ("a@b\r\nHost: c", AcctError::Host(OriginError::Character('\r'))),
        ("a@b%0d%0a", AcctError::Host(OriginError::Character('%'))),
        ("a@b c", AcctError::Host(OriginError::Character(' '))),
        ("a@b:x", AcctError::Host(OriginError::Port)),
        ("a@b:99999", AcctError::Host(OriginError::Port)),
        ("a@[::1", AcctError::Host(OriginError::IpAddress)),
        ("a b@example.org", AcctError::UserCharacter(' ')),
        ("a/b@example.org", AcctError::UserCharacter('/')),
        ("a?b@example.org", AcctError::UserCharacter('?')),
        ("a%2fb@example.org", AcctError::UserCharacter('%')),
        ("a:b@example.org", AcctError::UserCharacter(':')),
        ("https://example.org/@ada", AcctError::UserCharacter(':')),
        ("\u{430}dmin@example.org", AcctError::UserCharacter('\u{430}')),
        ("admin\u{202e}@example.org", AcctError::UserCharacter('\u{202e}')),
        ("a\0@example.org", AcctError::UserCharacter('\0')),
        ("..@example.org", AcctError::UserEdge('.')),
        ("ada.@example.org", AcctError::UserEdge('.')),
    ] {
        assert_eq!(Acct::parse(text), Err(error), "{text:?}");
    }
    assert_eq!(Acct::parse(&format!("{}@example.org", "a".repeat(129))), Err(AcctError::UserTooLong));
    assert_eq!(Acct::parse(&format!("{}@example.org", "a".repeat(10_000_000))), Err(AcctError::UserTooLong));
    assert_eq!(Acct::parse(&"@".repeat(1_000_000)), Err(AcctError::NoUser));
}

proptest::proptest! {
    #[test]
    fn whatever_is_read_is_written_and_read_again(text in "(acct:)?@?\\PC{0,12}@\\PC{0,24}") {
        if let Ok(acct) = Acct::parse(&text) {
            proptest::prop_assert!(acct.to_string().is_ascii());
            proptest::prop_assert_eq!(&Acct::parse(&acct.to_string()).unwrap(), &acct);
            proptest::prop_assert_eq!(&Acct::parse(&acct.handle()).unwrap(), &acct);
        }
    }
}

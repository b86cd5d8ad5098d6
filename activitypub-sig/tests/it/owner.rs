//! Whose key it is: both must say so (T1).

use activitypub_core::Iri;
use activitypub_sig::{KeyError, OwnedKey, PrivateKey, PublicKey, Refusal};
use serde_json::{Value, json};

use crate::scene::{ADA, ED25519, KEY_ID, RSA_OF_ANOTHER, RSA_PUBLIC, ada, document};

fn confirm(key: &Value, owner: &Value, id: &str) -> Result<OwnedKey, Refusal> {
    OwnedKey::confirm(&document(key), &document(owner), Iri::new(id))
}

fn of_another() -> String {
    PrivateKey::from_pem(RSA_OF_ANOTHER).unwrap().public_key().to_pem().unwrap()
}

fn multikey(id: &str) -> Value {
    let key = PrivateKey::from_pem(ED25519).unwrap().public_key().to_multibase().unwrap();
    json!({"id": id, "type": "Multikey", "controller": ADA, "publicKeyMultibase": key})
}

/// Ada, with this as her `publicKey`.
fn ada_with(key: Value) -> Value {
    let mut ada = ada();
    ada["publicKey"] = key;
    ada
}

#[test]
fn an_actor_with_a_key_inside_owns_it() {
    let key = confirm(&ada(), &ada(), KEY_ID).unwrap();
    assert_eq!((key.id(), key.owner()), (KEY_ID.into(), ADA.into()));
    assert_eq!(key.public(), &PublicKey::from_pem(RSA_PUBLIC).unwrap());
}

#[test]
fn a_key_may_have_a_document_of_its_own() {
    let id = "https://peer.example/users/ada/main-key";
    let key = json!({"id": id, "owner": ADA, "publicKeyPem": RSA_PUBLIC});
    let owner = ada_with(key.clone());
    confirm(&key, &owner, id).unwrap();
    // GoToSocial serves a stub of the actor there.
    let stub = json!({"id": ADA, "type": "Person", "preferredUsername": "ada", "publicKey": key});
    confirm(&stub, &owner, id).unwrap();
}

#[test]
fn an_actor_may_have_many_keys_in_two_lists() {
    let id = format!("{ADA}#ed25519-key");
    let mut owner =
        ada_with(json!([{"id": "https://peer.example/broken"}, ada()["publicKey"], "a string", null]));
    owner["assertionMethod"] = json!([multikey(&id), {"id": 7}, "https://peer.example/elsewhere", {
        "id": KEY_ID,
        "type": "Multikey",
        "controller": ADA,
        "publicKeyMultibase": PublicKey::from_pem(RSA_PUBLIC).unwrap().to_multibase().unwrap(),
    }]);
    confirm(&owner, &owner, KEY_ID).unwrap();
    confirm(&owner, &owner, &id).unwrap();
    confirm(&multikey(&id), &owner, &id).unwrap();
}

#[test]
fn a_key_that_names_a_victim_is_not_the_victims() {
    let id = "https://evil.example/key";
    let key = json!({"id": id, "owner": ADA, "publicKeyPem": of_another()});
    assert!(matches!(confirm(&key, &ada(), id), Err(Refusal::ForeignKey { .. })));
    let in_actor = json!({"id": "https://evil.example/users/eve", "type": "Person", "publicKey": key});
    assert!(matches!(confirm(&in_actor, &ada(), id), Err(Refusal::ForeignKey { .. })));
    // Without the victim's own document, there is only the word of the key.
    assert!(matches!(confirm(&in_actor, &in_actor, id), Err(Refusal::OtherOwner { .. })));
    let mut multikey = multikey(id);
    multikey["publicKeyMultibase"] =
        PublicKey::from_pem(&of_another()).unwrap().to_multibase().unwrap().into();
    assert!(matches!(confirm(&multikey, &ada(), id), Err(Refusal::ForeignKey { .. })));
}

#[test]
fn an_actor_that_lists_a_foreign_key_does_not_own_it() {
    let id = "https://other.example/users/bob#main-key";
    let key = json!({"id": id, "owner": ADA, "publicKeyPem": RSA_PUBLIC});
    let owner = ada_with(key.clone());
    assert!(matches!(confirm(&key, &owner, id), Err(Refusal::ForeignKey { .. })));
    let key = json!({"id": id, "owner": "https://other.example/users/bob", "publicKeyPem": RSA_PUBLIC});
    assert!(matches!(confirm(&key, &owner, id), Err(Refusal::OtherOwner { .. })));
}

#[test]
fn the_owner_must_list_the_key_under_its_id() {
    let id = "https://peer.example/users/mallory/key";
    let key = json!({"id": id, "owner": ADA, "publicKeyPem": of_another()});
    assert!(matches!(confirm(&key, &ada(), id), Err(Refusal::NotListed { .. })));
    // By name alone is not enough: the name is the liar's.
    assert!(matches!(confirm(&key, &ada_with(json!(id)), id), Err(Refusal::NotListed { .. })));
    let standalone = json!({"id": KEY_ID, "owner": ADA, "publicKeyPem": of_another()});
    assert!(matches!(confirm(&standalone, &ada(), KEY_ID), Err(Refusal::OtherMaterial { .. })));
    // The owner's document being a key document that names itself lists nothing.
    let itself = json!({"id": KEY_ID, "owner": KEY_ID, "publicKeyPem": RSA_PUBLIC});
    assert!(matches!(confirm(&itself, &itself, KEY_ID), Err(Refusal::NotListed { .. })));
}

#[test]
fn the_owner_is_exactly_one_and_exactly_the_same() {
    for owner in [json!(null), json!([]), json!([ADA, "https://evil.example/users/eve"]), json!(7), json!("")]
    {
        let key = json!({"id": KEY_ID, "owner": owner, "publicKeyPem": RSA_PUBLIC});
        assert!(matches!(confirm(&key, &ada(), KEY_ID), Err(Refusal::NoOwner(_))), "{owner}");
        assert!(matches!(confirm(&ada(), &ada_with(key), KEY_ID), Err(Refusal::NoOwner(_))), "{owner}");
    }
    for owner in [
        "https://PEER.example/users/ada",
        "https://peer.example/users/ada/",
        "https://peer.example/users/Ada",
    ] {
        let key = json!({"id": KEY_ID, "owner": owner, "publicKeyPem": RSA_PUBLIC});
        assert!(matches!(confirm(&key, &ada(), KEY_ID), Err(Refusal::OtherOwner { .. })), "{owner}");
        let listed = confirm(&ada(), &ada_with(key), KEY_ID);
        assert!(matches!(listed, Err(Refusal::OtherOwner { .. })), "{owner}");
    }
    for owner in [json!([ADA]), json!({"id": ADA}), json!([{"id": ADA, "type": "Person"}])] {
        let key = json!({"id": KEY_ID, "owner": owner, "publicKeyPem": RSA_PUBLIC});
        confirm(&key, &ada(), KEY_ID).unwrap();
    }
}

#[test]
fn an_owner_without_an_id_owns_nothing() {
    let mut nobody = ada();
    nobody.as_object_mut().unwrap().remove("id");
    assert!(matches!(confirm(&ada(), &nobody, KEY_ID), Err(Refusal::NoOwnerId(_))));
}

#[test]
fn a_key_under_another_id_is_another_key() {
    for id in [&format!("{KEY_ID}x"), ADA, &KEY_ID.to_uppercase(), "", "main-key"] {
        assert!(matches!(confirm(&ada(), &ada(), id), Err(Refusal::NoKey(_))), "{id}");
    }
}

#[test]
fn one_id_stands_for_one_key() {
    let two = json!([ada()["publicKey"], {"id": KEY_ID, "owner": ADA, "publicKeyPem": of_another()}]);
    assert!(matches!(confirm(&ada(), &ada_with(two), KEY_ID), Err(Refusal::AmbiguousKey(_))));
    let mut both = multikey(KEY_ID);
    both["owner"] = ADA.into();
    both["publicKeyPem"] = RSA_PUBLIC.into();
    assert!(matches!(confirm(&both, &ada(), KEY_ID), Err(Refusal::AmbiguousKey(_))));
    let mut owner = ada();
    owner["assertionMethod"] = multikey(KEY_ID);
    assert!(matches!(confirm(&owner, &owner, KEY_ID), Err(Refusal::AmbiguousKey(_))));
}

#[test]
fn a_key_must_be_usable() {
    for (pem, error) in [
        (json!("garbage"), KeyError::Pem("it does not begin with -----BEGIN")),
        (json!(include_str!("../../testdata/rsa-1024-public.pem")), KeyError::TooSmall { bits: 1024 }),
        (json!(7), KeyError::Malformed),
    ] {
        let owner = ada_with(json!({"id": KEY_ID, "owner": ADA, "publicKeyPem": pem}));
        let Err(Refusal::Key { source, .. }) = confirm(&owner, &owner, KEY_ID) else { panic!("{pem}") };
        assert_eq!(source, error);
    }
    let none = ada_with(json!({"id": KEY_ID, "owner": ADA}));
    assert!(matches!(confirm(&none, &none, KEY_ID), Err(Refusal::NoKey(_))));
}

#[test]
fn a_list_of_keys_is_bounded() {
    let many: Vec<_> = (0..40).map(|n| json!({"id": format!("https://peer.example/{n}")})).collect();
    let owner = ada_with(json!(many));
    assert!(matches!(confirm(&owner, &owner, KEY_ID), Err(Refusal::TooMany(_))));
}

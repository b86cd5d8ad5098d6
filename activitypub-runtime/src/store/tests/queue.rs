//! The delivery queue, without a worker.

use super::*;
use crate::delivery::lanes::Lane;

/// Claims as the worker does, and settles everything as delivered.
async fn deliver_all(store: &Sqlite, now: SystemTime) -> Vec<String> {
    let mut delivered = Vec::new();
    loop {
        let claims = store.claim(now, HashMap::new(), 100, 100).await.unwrap();
        if claims.items.is_empty() && claims.settlement.is_empty() {
            return delivered;
        }
        let mut settlement = claims.settlement;
        for claim in claims.items {
            let (Recipient::Inbox(to) | Recipient::Actor(to)) = claim.to;
            delivered.push(to.to_string());
            settlement.items.push((claim.item, Settled::Done));
        }
        store.settle(now, settlement).await.unwrap();
    }
}

#[tokio::test]
async fn a_post_to_thirty_thousand_hosts_is_one_body_and_an_item_each() {
    let store = Sqlite::in_memory().unwrap();
    let mut post = delivery("notes/1", Class::Post, &[]);
    post.body = vec![b'x'; 2000].into();
    post.to =
        (0..30_000).map(|n| Recipient::Inbox(format!("https://host-{n}.example/inbox").into())).collect();
    post.to.extend(post.to.clone().into_iter().take(1000));
    apply(&store, |unit| unit.deliver(post)).await;
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_body").await, 1);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_item").await, 30_000, "each host once");
    let pages = "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'ap_item%' OR name = 'ap_body'";
    if let Ok(bytes) =
        store.with(move |connection| connection.query_row(pages, [], |row| row.get::<_, i64>(0))).await
    {
        assert!(bytes < 3_000_000, "{bytes} bytes");
    }
    let claims = store.claim(now(), HashMap::new(), 256, 64).await.unwrap();
    assert_eq!(claims.items.len(), 256, "the rest stays where it is");
    assert_eq!(deliver_all(&store, now()).await.len(), 30_000);
    for rows in
        ["SELECT COUNT(*) FROM ap_item", "SELECT COUNT(*) FROM ap_body", "SELECT SUM(pending) FROM ap_lane"]
    {
        assert_eq!(count(&store, rows).await, 0, "{rows}");
    }
}

#[tokio::test]
async fn what_is_said_to_few_goes_before_what_is_said_to_all() {
    let store = Sqlite::in_memory().unwrap();
    let all: Vec<String> = (0..100).map(|n| format!("https://host-{n}.example/inbox")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &all));
        unit.deliver(delivery("notes/2", Class::Post, &["https://friend.example/inbox"]));
    })
    .await;
    assert_eq!(deliver_all(&store, now()).await.first().unwrap(), "https://friend.example/inbox");
}

#[tokio::test]
async fn a_retraction_takes_back_what_still_waits() {
    let store = Sqlite::in_memory().unwrap();
    let inbox = ["https://a.example/inbox"];
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &inbox));
        unit.deliver(delivery("notes/2", Class::Post, &inbox));
        unit.deliver(Delivery { body: "delete".into(), ..delivery("notes/1", Class::Retraction, &inbox) });
    })
    .await;
    let claims = store.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    let bodies: Vec<_> = claims.items.iter().map(|claim| &*claim.bytes).collect();
    assert_eq!(bodies, [&b"{}"[..], b"delete"], "the second note, and the delete of the first");
    assert_eq!(deliver_all(&store, now()).await.len(), 2);
    assert!(store.undelivered(None, 10).await.unwrap().items.is_empty(), "nobody misses it");
}

#[tokio::test]
async fn what_expires_is_given_up_by_its_class() {
    for (class, days) in
        [(Class::Reaction, 2), (Class::Post, 7), (Class::Retraction, 30), (Class::Lasting, 30)]
    {
        let store = Sqlite::in_memory().unwrap();
        apply(&store, |unit| unit.deliver(delivery("notes/1", class, &["https://a.example/inbox"]))).await;
        let claims =
            store.claim(now() + days * DAY - Duration::from_secs(1), HashMap::new(), 10, 10).await.unwrap();
        assert_eq!(claims.items.len(), 1, "{class:?}");
        assert_eq!(deliver_all(&store, now() + days * DAY).await.len(), 0, "{class:?}");
        let given_up = store.undelivered(None, 10).await.unwrap().items;
        assert_eq!(given_up.first().unwrap().origin, "https://a.example", "{class:?}");
        assert_eq!(store.waiting().await.unwrap(), 0, "{class:?}");
    }
}

#[tokio::test]
async fn an_address_nobody_can_have_is_set_aside_and_the_rest_goes_out() {
    let store = Sqlite::in_memory().unwrap();
    let long = format!("https://h.example/{}", "x".repeat(64 * 1024));
    let poison = [
        "https://h.example/'); DROP TABLE ap_item;--",
        "https://h.example/\u{0}",
        "https://h.example/\r\nX: y",
        "javascript:alert(1)",
        "https://user@h.example/inbox",
        "",
        &long,
        "https://sound.example/inbox",
    ];
    apply(&store, |unit| unit.deliver(delivery("notes/1", Class::Post, &poison))).await;
    assert_eq!(store.waiting().await.unwrap(), 1);
    assert_eq!(deliver_all(&store, now()).await, ["https://sound.example/inbox"]);
    let set_aside = store.undelivered(None, 20).await.unwrap().items;
    assert_eq!(set_aside.len(), poison.len() - 1);
    assert!(set_aside.iter().all(|undelivered| undelivered.address.as_str().len() <= 2048));
}

#[tokio::test]
async fn a_damaged_row_does_not_hold_up_its_lane() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/one"]));
        unit.deliver(delivery("notes/2", Class::Post, &["https://a.example/two"]));
    })
    .await;
    apply(&store, |unit| {
        unit.write(|tx| {
            tx.execute("DELETE FROM ap_address WHERE url = ?1", ["https://a.example/one"]).map(drop)
        });
    })
    .await;
    assert_eq!(deliver_all(&store, now()).await, ["https://a.example/two"]);
    assert_eq!(store.waiting().await.unwrap(), 0);
}

#[tokio::test]
async fn a_dormant_host_keeps_one_item_as_a_probe_and_what_takes_something_back() {
    let store = Sqlite::in_memory().unwrap();
    let inbox = ["https://dead.example/inbox"];
    apply(&store, |unit| unit.deliver(delivery("notes/0", Class::Lasting, &inbox))).await;
    let claims = store.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    let down = Lane {
        failures: 9,
        down_since: Some(now() - 8 * DAY),
        retry_at: Some(now() + DAY / 2),
        ..Lane::default()
    };
    let lanes = claims.lanes.keys().map(|lane| (*lane, down.clone())).collect();
    store.settle(now(), Settlement { lanes, ..Settlement::default() }).await.unwrap();
    for n in 1..10 {
        let order = format!("notes/{n}");
        apply(&store, |unit| unit.deliver(delivery(&order, Class::Post, &inbox))).await;
    }
    apply(&store, |unit| unit.deliver(delivery("notes/-1", Class::Retraction, &inbox))).await;
    assert_eq!(store.waiting().await.unwrap(), 2);
    let trouble = store.lanes_in_trouble(10).await.unwrap();
    let trouble = trouble.first().unwrap();
    assert_eq!((trouble.origin.as_str(), trouble.waiting, trouble.failures), ("https://dead.example", 2, 9));
    assert_eq!(trouble.next_attempt, Some(now() + DAY / 2));
}

#[tokio::test]
async fn a_clock_that_was_wrong_does_not_park_a_lane() {
    let store = Sqlite::in_memory().unwrap();
    let mut unit = Unit::at(now() + 400 * DAY);
    unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/inbox"]));
    let _ = store.commit(unit).await.unwrap();
    assert!(store.claim(now(), HashMap::new(), 10, 10).await.unwrap().items.is_empty());
    store.sweep(now()).await.unwrap();
    assert_eq!(store.claim(now(), HashMap::new(), 10, 10).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn lanes_and_addresses_that_nothing_waits_for_are_forgotten() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/inbox"]))).await;
    deliver_all(&store, now()).await;
    store.sweep(now() + 2 * DAY).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_address").await, 0);
    assert_eq!(
        count(&store, "SELECT COUNT(*) FROM ap_lane").await,
        1,
        "which dialect it speaks is worth a month"
    );
    store.sweep(now() + 31 * DAY).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_lane").await, 0);
}

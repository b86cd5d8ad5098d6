//! The worker among hosts that fail in every way, on a clock that the test moves.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use activitypub_core::{Iri, Origin};
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::delivery::{Class, Delivery};
use crate::store::{Committed, Unit};

type Answer = Box<dyn Fn(&str, Dialect, u32) -> Outcome + Send + Sync>;

/// A network of hosts that answer as the test says.
struct Network {
    /// Of an inbox, a dialect, and how many posts that inbox has had before.
    answer: Answer,
    /// What each actor's inbox is.
    inboxes: HashMap<&'static str, &'static str>,
    /// Inboxes that take a post and answer when the test lets them.
    hanging: Option<(&'static str, Semaphore)>,
    posts: Mutex<Vec<(String, String, Dialect)>>,
    under_way: Mutex<(usize, usize)>,
}

impl Network {
    fn that(answer: impl Fn(&str, Dialect, u32) -> Outcome + Send + Sync + 'static) -> Self {
        Self {
            answer: Box::new(answer),
            inboxes: HashMap::new(),
            hanging: None,
            posts: Mutex::default(),
            under_way: Mutex::default(),
        }
    }

    fn posts(&self) -> Vec<(String, String, Dialect)> {
        self.posts.lock().unwrap().clone()
    }

    /// To this inbox, their bodies.
    fn bodies(&self, inbox: &str) -> Vec<String> {
        self.posts().into_iter().filter(|(to, ..)| to == inbox).map(|(_, body, _)| body).collect()
    }

    fn most_at_once(&self) -> usize {
        self.under_way.lock().unwrap().1
    }
}

#[async_trait]
impl Courier for Network {
    async fn post(&self, inbox: &Iri, local: &str, body: &Bytes, dialect: Dialect) -> Outcome {
        assert_eq!(local, "greeter");
        let (inbox, body) = (inbox.as_str().to_owned(), String::from_utf8_lossy(body).into_owned());
        let before = {
            let mut posts = self.posts.lock().unwrap();
            posts.push((inbox.clone(), body, dialect));
            posts.iter().filter(|(to, ..)| *to == inbox).count() - 1
        };
        {
            let mut under_way = self.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        if let Some((_, answers)) = self.hanging.as_ref().filter(|(part, _)| inbox.contains(part)) {
            answers.acquire().await.unwrap().forget();
        }
        self.under_way.lock().unwrap().0 -= 1;
        (self.answer)(&inbox, dialect, u32::try_from(before).unwrap())
    }

    async fn inbox_of(&self, actor: &Iri, _: &str) -> Result<IriBuf, Outcome> {
        let inbox = self.inboxes.get(actor.as_str());
        inbox.map(|inbox| (*inbox).into()).ok_or_else(|| Outcome::Refused("no such actor".into()))
    }
}

/// A store, a worker on it, and the clock they share.
struct Office {
    store: Sqlite,
    network: Arc<Network>,
    seconds: Arc<AtomicU64>,
    worker: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
}

impl Office {
    fn new(network: Network) -> Self {
        Self {
            store: Sqlite::in_memory().unwrap(),
            network: Arc::new(network),
            seconds: Arc::new(AtomicU64::new(1_800_000_000)),
            worker: None,
        }
    }

    fn open(network: Network) -> Self {
        let mut office = Self::new(network);
        office.start();
        office
    }

    fn start(&mut self) {
        let clock = {
            let seconds = Arc::clone(&self.seconds);
            Arc::new(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst)))
        };
        let worker = Worker::new(self.store.clone(), Arc::clone(&self.network) as _, clock, Dialect::Cavage);
        let (stop, stopped) = oneshot::channel();
        let run = worker.run(async { drop(stopped.await) });
        self.worker = Some((tokio::spawn(run), stop));
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.seconds.load(Ordering::SeqCst))
    }

    async fn advance(&self, by: Duration) {
        self.seconds.fetch_add(by.as_secs(), Ordering::SeqCst);
        // A delivery to nobody rings the bell.
        self.deliver("", "", Class::Post, vec![]).await;
    }

    async fn deliver(&self, body: &str, order: &str, class: Class, to: Vec<Recipient>) {
        let mut unit = Unit::at(self.now());
        unit.deliver(Delivery {
            activity: format!("https://here.example/{body}").into(),
            body: body.to_owned().into(),
            local: "greeter".into(),
            order: order.into(),
            class,
            to,
        });
        assert_eq!(self.store.commit(unit).await.unwrap(), Committed::Done);
    }

    async fn send(&self, body: &str, to: &[&str]) {
        let to = to.iter().map(|inbox| Recipient::Inbox((*inbox).into())).collect();
        self.deliver(body, body, Class::Post, to).await;
    }

    /// Waits for what the worker does by itself.
    async fn until(&self, what: &str, mut happened: impl AsyncFnMut() -> bool) {
        for _ in 0..2000 {
            if happened().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it never happened that {what}: {:?}", self.network.posts());
    }

    async fn until_empty(&self) {
        self.until("nothing waits", async || self.store.waiting().await.unwrap() == 0).await;
    }

    /// Lets up to six days pass, in steps, until nothing waits.
    async fn pass_time(&self, step: Duration) {
        for _ in 0..6 * 24 * 60 * 60 / step.as_secs() {
            if self.store.waiting().await.unwrap() == 0 {
                return;
            }
            self.advance(step).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("something waits after six days: {:?}", self.network.posts());
    }

    async fn until_failures(&self, failures: u32) {
        self.until("a host failed so often", async || {
            let trouble = self.store.lanes_in_trouble(1).await.unwrap();
            trouble.first().is_some_and(|lane| lane.failures == failures)
        })
        .await;
    }

    async fn until_posts(&self, posts: usize) {
        self.until("so many were posted", async || self.network.posts().len() >= posts).await;
    }
}

#[tokio::test]
async fn everything_is_delivered_once_when_hosts_are_well() {
    let office = Office::open(Network::that(|_, _, _| Outcome::Delivered));
    let inboxes: Vec<String> =
        (0..500).map(|n| format!("https://host-{}.example/inbox/{n}", n % 100)).collect();
    let inboxes: Vec<&str> = inboxes.iter().map(String::as_str).collect();
    office.send("hello", &inboxes).await;
    office.until_empty().await;
    let mut posted: Vec<_> = office.network.posts().into_iter().map(|(to, ..)| to).collect();
    posted.sort_unstable();
    posted.dedup();
    assert_eq!(posted.len(), 500);
    assert_eq!(office.network.posts().len(), 500);
    assert!(office.network.most_at_once() <= UNDER_WAY);
}

#[tokio::test]
async fn hosts_that_fail_for_a_while_get_everything_in_the_end() {
    // Host n fails its first n posts, each in its own way.
    let office = Office::open(Network::that(|inbox, _, before| {
        let n: u32 = inbox.split(['-', '.']).nth(1).unwrap().parse().unwrap();
        match (before < n % 6, n % 3) {
            (false, _) => Outcome::Delivered,
            (true, 0) => Outcome::Unreachable("refused".into()),
            (true, 1) => Outcome::Failed(502),
            (true, _) => Outcome::Slow { retry_after: Some(Duration::from_secs(120)) },
        }
    }));
    let inboxes: Vec<String> = (0..60).map(|n| format!("https://host-{n}.example/inbox")).collect();
    let inboxes: Vec<&str> = inboxes.iter().map(String::as_str).collect();
    for body in ["one", "two", "three"] {
        office.send(body, &inboxes).await;
    }
    office.pass_time(Duration::from_secs(30 * 60)).await;
    assert!(office.store.undelivered(None, 10).await.unwrap().items.is_empty());
    assert!(office.store.lanes_in_trouble(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_signature_is_given_once_more_in_the_other_dialect_and_the_host_remembered() {
    let office = Office::open(Network::that(|_, dialect, _| match dialect {
        Dialect::Rfc9421 => Outcome::Delivered,
        _ => Outcome::Rejected(401),
    }));
    for body in ["one", "two"] {
        office.send(body, &["https://modern.example/inbox"]).await;
        office.until_empty().await;
    }
    let posted: Vec<_> =
        office.network.posts().into_iter().map(|(_, body, dialect)| (body, dialect)).collect();
    let expected = [("one", Dialect::Cavage), ("one", Dialect::Rfc9421), ("two", Dialect::Rfc9421)];
    assert_eq!(posted, expected.map(|(body, dialect)| (body.to_owned(), dialect)));
}

#[tokio::test]
async fn what_both_dialects_are_refused_for_is_given_up_and_the_lane_goes_on() {
    let office = Office::open(Network::that(|_, _, before| match before {
        0 | 1 => Outcome::Rejected(403),
        _ => Outcome::Delivered,
    }));
    office.send("unwanted", &["https://a.example/inbox"]).await;
    office.send("wanted", &["https://a.example/inbox"]).await;
    office.until_empty().await;
    assert_eq!(office.network.bodies("https://a.example/inbox").last().unwrap(), "wanted");
    let given_up = office.store.undelivered(None, 10).await.unwrap().items;
    assert_eq!(given_up.len(), 1);
    let given_up = given_up.first().unwrap();
    assert_eq!(given_up.activity, "https://here.example/unwanted");
    assert_eq!(given_up.error, "the activity was rejected with status 403");
}

#[tokio::test]
async fn a_host_that_hangs_takes_four_places_and_nobody_elses_time() {
    let mut network = Network::that(|_, _, _| Outcome::Delivered);
    network.hanging = Some(("hanging", Semaphore::new(0)));
    let office = Office::open(network);
    for n in 0..50 {
        office.send(&format!("hang {n}"), &["https://hanging.example/inbox"]).await;
        office.send(&format!("flow {n}"), &["https://flowing.example/inbox"]).await;
    }
    office
        .until("all flowed", async || office.network.bodies("https://flowing.example/inbox").len() == 50)
        .await;
    assert_eq!(office.network.bodies("https://hanging.example/inbox").len(), 4);
    office.network.hanging.as_ref().unwrap().1.add_permits(50);
    office.until_empty().await;
    assert_eq!(office.network.posts().len(), 100);
}

#[tokio::test]
async fn only_so_much_is_under_way_at_once() {
    let mut network = Network::that(|_, _, _| Outcome::Delivered);
    network.hanging = Some(("", Semaphore::new(0)));
    let office = Office::open(network);
    let inboxes: Vec<String> = (0..400).map(|n| format!("https://host-{n}.example/inbox")).collect();
    let inboxes: Vec<&str> = inboxes.iter().map(String::as_str).collect();
    office.send("hello", &inboxes).await;
    office.until_posts(UNDER_WAY).await;
    office.network.hanging.as_ref().unwrap().1.add_permits(400);
    office.until_empty().await;
    assert_eq!(office.network.most_at_once(), UNDER_WAY);
}

#[tokio::test]
async fn hosts_that_were_down_never_take_more_than_their_share() {
    let mut network = Network::that(|_, _, before| match before {
        0 => Outcome::Unreachable("refused".into()),
        _ => Outcome::Delivered,
    });
    network.hanging = Some(("dead", Semaphore::new(200)));
    let office = Office::open(network);
    let inboxes: Vec<String> = (0..200).map(|n| format!("https://dead-{n}.example/inbox")).collect();
    let inboxes: Vec<&str> = inboxes.iter().map(String::as_str).collect();
    office.send("hello", &inboxes).await;
    office.until("all failed", async || office.store.lanes_in_trouble(500).await.unwrap().len() == 200).await;
    office.advance(Duration::from_secs(30)).await;
    office.until_posts(200 + PROBES).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(office.network.posts().len(), 200 + PROBES);
    office.network.hanging.as_ref().unwrap().1.add_permits(1000);
    office.until_empty().await;
}

#[tokio::test]
async fn what_is_about_the_same_arrives_in_order() {
    let office = Office::open(Network::that(|_, _, before| match before % 3 {
        0 => Outcome::Slow { retry_after: Some(Duration::from_secs(1)) },
        _ => Outcome::Delivered,
    }));
    let inbox = "https://a.example/inbox";
    for n in 0..20 {
        let to = vec![Recipient::Inbox(inbox.into())];
        office.deliver(&format!("{n:02}"), "https://here.example/notes/1", Class::Post, to).await;
    }
    office.pass_time(Duration::from_secs(30 * 60)).await;
    let bodies = office.network.bodies(inbox);
    assert!(bodies.is_sorted(), "{bodies:?}");
    assert!(bodies.len() > 20, "some were sent twice, none out of turn");
}

#[tokio::test]
async fn a_body_that_makes_the_courier_panic_is_given_up_and_nothing_else() {
    let office = Office::open(Network::that(|inbox, _, _| {
        assert!(!inbox.ends_with("poison"), "as a bug might");
        Outcome::Delivered
    }));
    office
        .send("hello", &["https://a.example/poison", "https://a.example/inbox", "https://b.example/inbox"])
        .await;
    office.pass_time(Duration::from_secs(30 * 60)).await;
    assert_eq!(office.network.bodies("https://a.example/poison").len(), 3);
    assert_eq!(office.network.bodies("https://a.example/inbox").len(), 1);
    let given_up = office.store.undelivered(None, 10).await.unwrap().items;
    assert_eq!(given_up.first().unwrap().address, "https://a.example/poison");
    assert_eq!(given_up.len(), 1);
}

#[tokio::test]
async fn an_actors_inbox_is_looked_up_when_it_is_due() {
    let mut network = Network::that(|_, _, _| Outcome::Delivered);
    network.inboxes.insert("https://vanity.example/ada", "https://hosting.example/inboxes/7");
    network.inboxes.insert("https://vanity.example/eve", "file:///etc/passwd");
    let office = Office::open(network);
    let actors = ["ada", "eve", "nobody"]
        .map(|name| Recipient::Actor(format!("https://vanity.example/{name}").into()));
    office.deliver("hello", "hello", Class::Post, actors.to_vec()).await;
    office.until_empty().await;
    let posted: Vec<_> = office.network.posts().into_iter().map(|(to, ..)| to).collect();
    assert_eq!(posted, ["https://hosting.example/inboxes/7"]);
    let mut given_up = office.store.undelivered(None, 10).await.unwrap().items;
    given_up.sort_by(|a, b| a.address.cmp(&b.address));
    let errors: Vec<_> = given_up.iter().map(|undelivered| undelivered.error.as_str()).collect();
    assert_eq!(errors, ["the actor's inbox is not one that can be delivered to", "not sent: no such actor"]);
}

#[tokio::test]
async fn a_sign_of_life_from_a_host_is_worth_an_attempt() {
    let office = Office::open(Network::that(|_, _, before| match before {
        0..=4 => Outcome::Unreachable("refused".into()),
        _ => Outcome::Delivered,
    }));
    let origin = Origin::parse("https://a.example").unwrap();
    assert!(!office.store.wake(&origin, office.now()).await.unwrap(), "nothing is known of it");
    office.send("hello", &["https://a.example/inbox"]).await;
    for failures in 1..=5 {
        office.until_failures(failures).await;
        office.advance(Duration::from_secs(if failures < 5 { 60 * 60 } else { 61 })).await;
    }
    assert!(office.store.wake(&origin, office.now()).await.unwrap());
    office.until_empty().await;
    assert!(!office.store.wake(&origin, office.now()).await.unwrap(), "it is well");
}

#[tokio::test]
async fn stopping_waits_for_what_is_under_way_and_starts_nothing() {
    let mut network = Network::that(|_, _, _| Outcome::Delivered);
    network.hanging = Some(("hanging", Semaphore::new(0)));
    let mut office = Office::open(network);
    for n in 0..10 {
        office.send(&format!("{n}"), &["https://hanging.example/inbox"]).await;
    }
    office.until_posts(4).await;
    let (worker, stop) = office.worker.take().unwrap();
    stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!worker.is_finished());
    office.network.hanging.as_ref().unwrap().1.add_permits(100);
    worker.await.unwrap();
    assert_eq!(office.network.posts().len(), 4);
    assert_eq!(office.store.waiting().await.unwrap(), 6, "the four are written down");
    office.start();
    office.until_empty().await;
    assert_eq!(office.network.posts().len(), 10);
}

#[tokio::test]
async fn what_was_under_way_when_the_process_died_is_sent_again() {
    let mut network = Network::that(|_, _, _| Outcome::Delivered);
    network.hanging = Some(("hanging", Semaphore::new(0)));
    let mut office = Office::open(network);
    office.send("hello", &["https://hanging.example/inbox", "https://a.example/inbox"]).await;
    office.until("one is left", async || office.store.waiting().await.unwrap() == 1).await;
    let (worker, _stop) = office.worker.take().unwrap();
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    office.network.hanging.as_ref().unwrap().1.add_permits(100);
    office.start();
    office.until_empty().await;
    assert_eq!(office.network.bodies("https://hanging.example/inbox"), ["hello", "hello"]);
    assert_eq!(office.network.bodies("https://a.example/inbox"), ["hello"], "what was written down is not");
}

#[tokio::test]
async fn a_retraction_stops_what_it_takes_back_from_reaching_those_it_has_not_reached() {
    let office = Office::open(Network::that(|_, _, before| match before {
        0 => Outcome::Unreachable("refused".into()),
        _ => Outcome::Delivered,
    }));
    let to = || vec![Recipient::Inbox("https://a.example/inbox".into())];
    office.deliver("create", "https://here.example/notes/1", Class::Post, to()).await;
    office.until_posts(1).await;
    office.deliver("delete", "https://here.example/notes/1", Class::Retraction, to()).await;
    office
        .until("it is in backoff", async || !office.store.lanes_in_trouble(1).await.unwrap().is_empty())
        .await;
    office.advance(Duration::from_secs(60)).await;
    office.until_empty().await;
    assert_eq!(office.network.bodies("https://a.example/inbox"), ["create", "delete"]);
}

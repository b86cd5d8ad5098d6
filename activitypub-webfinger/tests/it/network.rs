//! A network of a few pages, which writes down what it was asked for.

use std::collections::BTreeMap;

use activitypub_core::{Object, Parsed};
use activitypub_webfinger::{Acct, Found, Lookup, LookupError, Step};
use bytes::Bytes;
use http::Response;

#[derive(Default)]
pub(crate) struct Network {
    pages: BTreeMap<String, Response<Bytes>>,
}

impl Network {
    /// A descriptor served at a URL.
    pub(crate) fn jrd(self, url: &str, body: impl Into<String>) -> Self {
        self.page(url, 200, &[("content-type", "application/jrd+json; charset=utf-8")], body)
    }

    /// The descriptor of a handle that names an actor, where WebFinger has it.
    pub(crate) fn account(self, handle: &str, subject: &str, actor: &str) -> Self {
        let link = format!(r#"{{"rel": "self", "type": "application/activity+json", "href": "{actor}"}}"#);
        self.jrd(&webfinger(handle), format!(r#"{{"subject": "{subject}", "links": [{link}]}}"#))
    }

    pub(crate) fn redirect(self, url: &str, status: u16, location: &str) -> Self {
        self.page(url, status, &[("location", location)], "")
    }

    pub(crate) fn page(
        mut self,
        url: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Self {
        let response = headers
            .iter()
            .fold(Response::builder().status(status), |builder, (name, value)| builder.header(*name, *value));
        self.pages.insert(url.to_owned(), response.body(Bytes::from(body.into())).unwrap());
        self
    }

    /// The outcome of a lookup, and the URLs it asked for.
    pub(crate) fn look_up(&self, acct: &Acct) -> (Result<Found, LookupError>, Vec<String>) {
        let mut asked = Vec::new();
        let mut lookup = Lookup::of(acct);
        loop {
            match lookup.step() {
                Err(error) => return (Err(error), asked),
                Ok(Step::Found(found)) => return (Ok(found), asked),
                Ok(Step::Send(request)) => {
                    assert_eq!(request.method(), http::Method::GET);
                    let url = request.uri().to_string();
                    let response = self.pages.get(&url).cloned();
                    asked.push(url);
                    assert!(asked.len() < 20, "a lookup is bounded: {asked:#?}");
                    lookup.receive(
                        response
                            .unwrap_or_else(|| Response::builder().status(404).body(Bytes::new()).unwrap()),
                    );
                }
            }
        }
    }

    pub(crate) fn find(&self, handle: &str) -> Result<Found, LookupError> {
        self.look_up(&Acct::parse(handle).unwrap()).0
    }
}

/// Where the descriptor of a handle is.
pub(crate) fn webfinger(handle: &str) -> String {
    let (user, host) = handle.split_once('@').unwrap();
    let resource = format!("acct%3A{user}%40{}", host.replace(':', "%3A"));
    format!("https://{host}/.well-known/webfinger?resource={resource}")
}

pub(crate) fn object(json: &str) -> Object {
    Parsed::parse(json.to_owned()).unwrap().into_object()
}

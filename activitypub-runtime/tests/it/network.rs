//! A network in memory, for what takes hours.

use std::fmt;
use std::sync::{Arc, Mutex};

use activitypub::client::{ClientError, HttpClient, Limits};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;

type Answer = dyn Fn(&str) -> Result<Response<Bytes>, ClientError> + Send + Sync;

/// Answers by URL, and keeps what was asked.
#[derive(Clone)]
pub(crate) struct Network {
    answer: Arc<Answer>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Network {
    pub(crate) fn new(
        answer: impl Fn(&str) -> Result<Response<Bytes>, ClientError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Arc::new(answer), asked: Arc::default() }
    }

    /// How many requests were made.
    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[async_trait]
impl HttpClient for Network {
    async fn send(&self, request: Request<Bytes>, _: &Limits) -> Result<Response<Bytes>, ClientError> {
        let url = request.uri().to_string();
        self.asked.lock().unwrap().push(url.clone());
        // Others may come in between, as they do on a real one.
        tokio::task::yield_now().await;
        (self.answer)(&url)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

/// An ActivityPub document.
pub(crate) fn document(body: &Value) -> Response<Bytes> {
    let body = Bytes::from(body.to_string());
    Response::builder().header("content-type", "application/activity+json").body(body).unwrap()
}

pub(crate) fn status(status: StatusCode) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::new()).unwrap()
}

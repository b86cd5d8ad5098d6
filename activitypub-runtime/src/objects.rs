//! Objects that come from the application's own data, under its own URL templates.

use std::future::Future;
use std::pin::Pin;

use activitypub_core::{As, Builder, Object, Typed};

use crate::error::Result;
use crate::template::{Params, Template};

/// What the application has at a URL.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it is there, it was, or it never was")]
pub enum Served {
    /// This object. Its `id` should be the URL; only what is addressed to Public is served.
    Found(Object),
    /// Nothing any more.
    Gone,
    /// Nothing.
    Missing,
}

impl<K: 'static> From<Builder<K>> for Served {
    fn from(object: Builder<K>) -> Self {
        Self::from(object.build())
    }
}

impl<K: 'static> From<As<K>> for Served {
    fn from(object: As<K>) -> Self {
        Self::Found(Typed::into_object(object))
    }
}

impl<T: Into<Self>> From<Option<T>> for Served {
    fn from(object: Option<T>) -> Self {
        object.map_or(Self::Missing, Into::into)
    }
}

/// Finds an object of the application's own.
type Source = Box<dyn Fn(Params) -> Pin<Box<dyn Future<Output = Result<Served>> + Send>> + Send + Sync>;

/// Where the application has objects, and how to get them.
#[derive(Default)]
pub(crate) struct Objects(Vec<(Template, Source)>);

impl Objects {
    pub(crate) fn add<F, S>(
        &mut self,
        template: Template,
        source: impl Fn(Params) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<S>> + Send + 'static,
        S: Into<Served>,
    {
        let source: Source = Box::new(move |params| {
            let found = source(params);
            Box::pin(async move { found.await.map(Into::into) })
        });
        self.0.push((template, source));
    }

    /// Whether the application has objects of this form of path.
    pub(crate) fn serves(&self, path: &str) -> bool {
        self.0.iter().any(|(template, _)| template.matches(path).is_some_and(|(_, rest)| rest.is_none()))
    }

    /// What the application has at a path; `None` where no template fits.
    pub(crate) async fn find(&self, path: &str) -> Option<Result<Served>> {
        for (template, source) in &self.0 {
            if let Some((params, None)) = template.matches(path) {
                return Some(source(params).await);
            }
        }
        None
    }
}

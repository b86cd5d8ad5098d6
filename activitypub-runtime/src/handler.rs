//! Handlers: what an application does about an activity, and which handler gets which.

use std::future::Future;
use std::pin::Pin;

use activitypub_core::{Activity, Kind, Typed};
use activitypub_sig::Verified;

use crate::context::Context;
use crate::error::Result;

/// What an application does about a verified activity: any `async fn(Context, Verified<V>) -> Result<()>`.
///
/// A handler is a unit of work. What it stages with its [`Context`] happens after it returns `Ok`, all of it or
/// nothing, together with the note that this activity is done with; after `Err` nothing of it is left.
pub trait Handler<V>: Send + Sync + 'static {
    /// Handles one activity.
    fn handle(&self, context: Context, activity: Verified<V>) -> impl Future<Output = Result<()>> + Send;
}

impl<V, F, R> Handler<V> for F
where
    F: Fn(Context, Verified<V>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send,
{
    fn handle(&self, context: Context, activity: Verified<V>) -> impl Future<Output = Result<()>> + Send {
        self(context, activity)
    }
}

type Call = dyn Fn(Context, &Verified<Activity>) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send>>>
    + Send
    + Sync;

/// The handlers of a federation, the most specific first.
#[derive(Default)]
pub(crate) struct Handlers(Vec<Registered>);

struct Registered {
    /// The type it asked for.
    name: &'static str,
    /// How far down the type stands in its vocabulary: a Create is more specific than an Activity.
    depth: usize,
    call: Box<Call>,
}

impl Handlers {
    pub(crate) fn add<V: Typed<Kind: Kind> + Send + Sync>(&mut self, handler: impl Handler<V>) {
        let handler = std::sync::Arc::new(handler);
        let kind = <V::Kind as Kind>::VOCABULARY.types.iter().find(|of| of.name == <V::Kind as Kind>::NAME);
        let depth = kind.map_or(0, |kind| kind.ancestors.len());
        let registered = Registered {
            name: <V::Kind as Kind>::NAME,
            depth,
            call: Box::new(move |context, activity| {
                let activity = activity.cast::<V>()?;
                let handler = handler.clone();
                Some(Box::pin(async move { handler.handle(context, activity).await }))
            }),
        };
        let at = self.0.partition_point(|other| other.depth >= depth);
        self.0.insert(at, registered);
    }

    /// Whether somebody asked for exactly this type.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|handler| handler.name == name)
    }

    /// Runs the most specific handler there is for an activity, if there is one.
    pub(crate) async fn dispatch(&self, context: Context, activity: &Verified<Activity>) -> Result<()> {
        match self.0.iter().find_map(|handler| (handler.call)(context.clone(), activity)) {
            Some(handled) => handled.await,
            None => Ok(()),
        }
    }
}

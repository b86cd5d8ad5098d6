//! The federation as part of an [axum](::axum) application.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use bytes::BytesMut;
use http::header::VARY;
use http::{HeaderValue, Method};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

use crate::error::{Error, NetworkFault, PeerFault};
use crate::federation::Federation;
use crate::inbox::MAX_BODY;
use crate::router::problem;

impl Federation {
    /// The federation as an application of its own, without any pages.
    pub fn router(&self) -> Router {
        self.mounted(Router::new(), true)
    }

    /// The federation within an application that has pages of its own.
    ///
    /// What only federation knows (inboxes, WebFinger and so on) goes to the federation. At any other URL the client
    /// gets what it asks for: who wants ActivityPub gets the object, everybody else the page.
    ///
    /// ```
    /// use activitypub::{Federation, Served, Sqlite};
    /// use activitypub::as2::{Article, PUBLIC, Person};
    /// use axum::{Router, extract::Path, response::Html, routing::get};
    ///
    /// # async fn example() -> activitypub::Result<Router> {
    /// let federation = Federation::builder("https://blog.example")
    ///     .store(Sqlite::in_memory()?)
    ///     .actor("ada", Person::builder().name("Ada"))
    ///     .objects("/posts/{slug}", async |params| {
    ///         let slug = params.get("slug");
    ///         let id = format!("https://blog.example/posts/{slug}");
    ///         Ok((slug == "hello").then(|| Article::builder().id(id).name("Hello").to(PUBLIC)))
    ///     })
    ///     .build()?;
    ///
    /// let pages = Router::new()
    ///     .route("/posts/{slug}", get(async |Path(slug): Path<String>| Html(format!("<h1>{slug}</h1>"))))
    ///     .route("/users/{name}", get(async || Html("<h1>Ada</h1>")));
    /// let application = federation.mount(pages);
    /// # Ok(application)
    /// # }
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let application = example().await.unwrap();
    /// # for (accept, url, starts) in [
    /// #     ("text/html", "/posts/hello", "<h1>hello"), ("application/activity+json", "/posts/hello", "{\"@context\""),
    /// #     ("text/html", "/users/ada", "<h1>Ada"), ("application/activity+json", "/users/ada", "{\"@context\""),
    /// # ] {
    /// #     let request = axum::extract::Request::get(url).header("accept", accept).body(axum::body::Body::empty()).unwrap();
    /// #     let response = application.clone().oneshot(request).await.unwrap();
    /// #     assert_eq!(response.headers()["vary"], "Accept");
    /// #     let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    /// #     assert!(body.starts_with(starts.as_bytes()), "{url} {accept} {body:?}");
    /// # }
    /// # });
    /// ```
    ///
    /// Deliveries are made while [`run`](Self::run) runs.
    pub fn mount(&self, pages: Router) -> Router {
        self.mounted(pages, false)
    }

    fn mounted(&self, pages: Router, alone: bool) -> Router {
        // A layer sees what no route matches only where there is a fallback to put it on; every router has one.
        pages.layer(from_fn_with_state((self.clone(), alone), between))
    }
}

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

async fn between(
    State((federation, alone)): State<(Federation, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    if !federation.is_asked(&parts, alone) {
        let is_shared = federation.is_shared(parts.uri.path());
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if is_shared {
            // The same URL has something else for those who ask differently.
            response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
        }
        return response;
    }
    // Only what is posted has a body that anybody reads.
    let read = if parts.method == Method::POST { read(&federation, body).await } else { Ok(Held::default()) };
    match read {
        Ok(held) => federation.answer(parts, held.bytes.freeze()).await.map(Body::from),
        Err(error) => problem(&error).map(Body::from),
    }
}

/// A body, and the memory it was given.
#[derive(Default)]
struct Held<'f> {
    bytes: BytesMut,
    _room: Option<SemaphorePermit<'f>>,
}

/// Reads a body that is no longer, and takes no longer, than one may. It is given memory as it arrives, so that those
/// who promise much and send little keep nobody out.
async fn read(federation: &Federation, body: Body) -> Result<Held<'_>, Error> {
    let mut held = Held::default();
    let arrive = async {
        let mut body = Limited::new(body, MAX_BODY);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match error.is::<LengthLimitError>() {
                true => PeerFault::TooLarge { limit: MAX_BODY },
                false => PeerFault::Unreadable,
            })?;
            let Ok(data) = frame.into_data() else { continue };
            let room = u32::try_from(data.len()).unwrap_or(u32::MAX);
            let room = federation.inner().room.try_acquire_many(room).map_err(|_| NetworkFault::Busy)?;
            match &mut held._room {
                Some(held) => held.merge(room),
                none => *none = Some(room),
            }
            held.bytes.extend_from_slice(&data);
        }
        Ok(held)
    };
    timeout(PATIENCE, arrive).await.unwrap_or_else(|_| Err(PeerFault::Slow.into()))
}

impl Federation {
    /// Whether a page at this path may share it with an actor or object.
    fn is_shared(&self, path: &str) -> bool {
        let inner = self.inner();
        inner.objects.serves(path) || inner.locals.name_of_path(path).is_some_and(|(_, rest)| rest.is_none())
    }
}

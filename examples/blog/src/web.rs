//! The blog over HTTP: which address shows what.

mod admin;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::Markup;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::article::picture_kind;
use crate::db::responses;
use crate::error::Error;
use crate::feed;
use crate::pages::{self, lists, post};

/// Every page and form of the blog, and the federation at the same addresses.
pub fn router(app: App) -> Router {
    let federation = app.federation.clone();
    let pages = Router::new()
        .route("/", get(first))
        .route("/page/{number}", get(page))
        .route("/posts/{slug}", get(show_post))
        .route("/tags", get(tags))
        .route("/tags/{key}", get(tag))
        .route("/feed.atom", get(atom))
        .route("/media/{name}", get(media))
        // Where people land who follow the actor's own address.
        .route("/users/blog", get(async || Redirect::to("/")))
        .route("/@blog", get(async || Redirect::to("/")))
        .route("/style.css", get(async || asset("text/css; charset=utf-8", pages::STYLE)))
        .route("/icon.svg", get(async || asset("image/svg+xml", pages::ICON)))
        .route(
            "/robots.txt",
            get(async || asset("text/plain; charset=utf-8", "User-agent: *\nDisallow: /admin\n")),
        )
        .merge(admin::router())
        .fallback(unknown)
        .layer(map_response(guard))
        .with_state(app);
    federation.mount(pages)
}

/// Why a page is not made.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something broke. The reader is told that it did; the log is told what.
    Broken(Error),
    /// The form does not belong to the session that sends it.
    Forged(Box<Response>),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Broken(error) => {
                tracing::error!(%error, "a page could not be made");
                (StatusCode::INTERNAL_SERVER_ERROR, "Something is broken here. The log says what.\n")
                    .into_response()
            }
            Self::Forged(response) => *response,
        }
    }
}

/// Headers of every answer.
///
/// The pages carry text of strangers. It is sanitised; should that ever fail, nothing in it can run, load or send.
async fn guard(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

async fn first(State(app): State<App>) -> Result<Response, Failure> {
    list(&app, 1).await
}

async fn page(State(app): State<App>, Path(number): Path<String>) -> Result<Response, Failure> {
    list(&app, number.parse().unwrap_or(0)).await
}

async fn list(app: &App, number: usize) -> Result<Response, Failure> {
    let counts = counts(app).await?;
    let followers = app.followers().await?;
    match lists::index(
        &app.shelves.settings,
        &app.shelves.site,
        &app.shelves.shelf(),
        &counts,
        followers,
        number,
    ) {
        Some(page) => Ok(page.into_response()),
        None => Ok(not_found(app)),
    }
}

async fn show_post(State(app): State<App>, Path(slug): Path<String>) -> Result<Response, Failure> {
    let shelf = app.shelves.shelf();
    let Some(entry) = shelf.post(&slug) else {
        return Ok(if shelf.is_grave(&slug) {
            (StatusCode::GONE, notice(&app, "Deleted", "The author took this post back.")).into_response()
        } else {
            not_found(&app)
        });
    };
    let answers = app.answers(slug).await?;
    let followers = app.followers().await?;
    Ok(post::page(&app.shelves.settings, &app.shelves.site, entry, &answers, followers).into_response())
}

async fn tags(State(app): State<App>) -> Markup {
    lists::tags(&app.shelves.settings, &app.shelves.site, &app.shelves.shelf())
}

async fn tag(State(app): State<App>, Path(key): Path<String>) -> Result<Response, Failure> {
    let counts = counts(&app).await?;
    match lists::tag(&app.shelves.settings, &app.shelves.site, &app.shelves.shelf(), &counts, &key) {
        Some(page) => Ok(page.into_response()),
        None => Ok(not_found(&app)),
    }
}

async fn atom(State(app): State<App>, headers: HeaderMap) -> Response {
    let feed = feed::atom(&app.shelves.settings, &app.shelves.site, &app.shelves.shelf());
    // Readers ask every hour for years; most of the time nothing has changed.
    let digest = Sha256::digest(&feed);
    let tag = format!("\"{}\"", digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged =
        known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let body = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { feed.into_response() };
    ([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8".to_owned()), (header::ETAG, tag)], body)
        .into_response()
}

async fn media(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failure> {
    let plain =
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) && !name.starts_with('.');
    let Some(kind) = picture_kind(&name).filter(|_| plain) else { return Ok(not_found(&app)) };
    let path = app.media.join(name);
    let file = tokio::task::spawn_blocking(move || std::fs::read(path)).await.map_err(|_| Error::Stopped)?;
    Ok(match file {
        Ok(bytes) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=86400")], bytes)
                .into_response()
        }
        Err(_) => not_found(&app),
    })
}

async fn unknown(State(app): State<App>) -> Response {
    not_found(&app)
}

fn not_found(app: &App) -> Response {
    (StatusCode::NOT_FOUND, notice(app, "Not here", "There is no page at this address.")).into_response()
}

fn notice(app: &App, title: &str, says: &str) -> Markup {
    pages::notice(&app.shelves.settings, &app.shelves.site, title, says)
}

async fn counts(app: &App) -> Result<HashMap<String, responses::Counts>, Error> {
    Ok(app.shelves.db.read(responses::counts).await?.into_iter().collect())
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=604800")], text).into_response()
}

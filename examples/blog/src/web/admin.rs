//! The author's pages over HTTP: login, and forms that only the author's own pages can send.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Failure, notice};
use crate::app::App;
use crate::auth::{self, Door, Fresh, Session};
use crate::db::blocks::{self, Block};
use crate::db::responses;
use crate::pages::admin;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/admin", get(overview))
        .route("/admin/login", get(login_page).post(log_in))
        .route("/admin/logout", post(log_out))
        .route("/admin/hide", post(hide))
        .route("/admin/show", post(show))
        .route("/admin/servers", get(servers))
        .route("/admin/block", post(block))
        .route("/admin/unblock", post(unblock))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(map_response(private))
}

/// Nothing of it stays in a cache.
async fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The author, logged in.
struct Author(Session);

impl FromRequestParts<App> for Author {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie =
            cookies.into_iter().find_map(|header| auth::cookie(&app.site, header)).map(str::to_owned);
        let Some(cookie) = cookie else { return Err(Redirect::to("/admin/login").into_response()) };
        match app.db.read(move |c| auth::session(c, &cookie, Timestamp::now())).await {
            Ok(Some(session)) => Ok(Self(session)),
            Ok(None) => Err(Redirect::to("/admin/login").into_response()),
            Err(error) => Err(Failure::from(error).into_response()),
        }
    }
}

impl Author {
    /// Refuses a form that no page of this session made. The cookie's `SameSite` already keeps other sites out; this holds
    /// where a browser does not, and against neighbours that count as the same site.
    fn check(&self, app: &App, form: &str) -> Result<(), Box<Response>> {
        if self.0.made(form) {
            return Ok(());
        }
        Err(Box::new(
            (
                StatusCode::FORBIDDEN,
                notice(
                    app,
                    "Not from here",
                    "This form does not belong to your session. Go back, reload, and send it again.",
                ),
            )
                .into_response(),
        ))
    }
}

async fn login_page(State(app): State<App>) -> Response {
    admin::login(&app.settings, &app.site, None).into_response()
}

#[derive(Deserialize)]
struct Login {
    password: String,
}

async fn log_in(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Form(login): Form<Login>,
) -> Result<Response, Failure> {
    let again = |status: StatusCode, says: &str| {
        (status, admin::login(&app.settings, &app.site, Some(says))).into_response()
    };
    if !app.door.admits(from.ip(), Instant::now()) {
        let mut response = again(StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords. Wait a minute.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(Door::WINDOW.as_secs()));
        return Ok(response);
    }
    let fresh = Fresh::new()?;
    let cookie = auth::set_cookie(&app.site, &fresh.cookie);
    if app.db.write(move |tx| auth::log_in(tx, &login.password, &fresh, Timestamp::now())).await? {
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/admin")).into_response());
    }
    app.door.count(from.ip(), Instant::now());
    Ok(again(StatusCode::UNAUTHORIZED, "That is not the password."))
}

#[derive(Deserialize)]
struct Plain {
    form: String,
}

async fn log_out(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Plain>,
) -> Result<Response, Failure> {
    if let Err(refused) = author.check(&app, &sent.form) {
        return Ok(*refused);
    }
    app.db.write(move |tx| author.0.end(tx)).await?;
    Ok(([(header::SET_COOKIE, auth::set_cookie(&app.site, ""))], Redirect::to("/")).into_response())
}

async fn overview(State(app): State<App>, Author(session): Author) -> Result<Response, Failure> {
    let replies = app.db.read(|c| responses::latest_replies(c, 50)).await?;
    let all = admin::Overview {
        session: &session,
        desk: &app.desk(),
        shelf: &app.shelf(),
        replies: &replies,
        followers: app.followers().await?,
    };
    Ok(admin::overview(&app.settings, &app.site, &all).into_response())
}

#[derive(Deserialize)]
struct OneReply {
    form: String,
    id: String,
}

async fn hide(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<OneReply>,
) -> Result<Response, Failure> {
    set_hidden(&app, &author, sent, true).await
}

async fn show(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<OneReply>,
) -> Result<Response, Failure> {
    set_hidden(&app, &author, sent, false).await
}

async fn set_hidden(app: &App, author: &Author, sent: OneReply, hidden: bool) -> Result<Response, Failure> {
    if let Err(refused) = author.check(app, &sent.form) {
        return Ok(*refused);
    }
    app.db.write(move |tx| responses::hide_reply(tx, &sent.id, hidden)).await?;
    Ok(Redirect::to("/admin").into_response())
}

async fn servers(State(app): State<App>, Author(session): Author) -> Result<Response, Failure> {
    servers_page(&app, &session, None).await
}

async fn servers_page(app: &App, session: &Session, trouble: Option<&str>) -> Result<Response, Failure> {
    let blocks = app.db.read(blocks::all).await?;
    let all = admin::Servers { session, trouble, blocks: &blocks };
    Ok(admin::servers(&app.settings, &app.site, &all).into_response())
}

#[derive(Deserialize)]
struct NewBlock {
    form: String,
    host: String,
    #[serde(default)]
    reason: String,
}

async fn block(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<NewBlock>,
) -> Result<Response, Failure> {
    if let Err(refused) = author.check(&app, &sent.form) {
        return Ok(*refused);
    }
    let Some(host) = host(&sent.host) else {
        let page =
            servers_page(&app, &author.0, Some("That is not the name of a server, such as loud.example."))
                .await?;
        return Ok((StatusCode::BAD_REQUEST, page).into_response());
    };
    let reason = crate::html::one_line(&sent.reason, 200);
    app.block(Block { host, reason, since: Timestamp::now() }).await?;
    Ok(Redirect::to("/admin/servers").into_response())
}

#[derive(Deserialize)]
struct OldBlock {
    form: String,
    host: String,
}

async fn unblock(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<OldBlock>,
) -> Result<Response, Failure> {
    if let Err(refused) = author.check(&app, &sent.form) {
        return Ok(*refused);
    }
    app.unblock(sent.host).await?;
    Ok(Redirect::to("/admin/servers").into_response())
}

/// A host as people write it: `loud.example`, `https://loud.example/about`, `@someone@loud.example`.
fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let url = if text.contains("://") {
        url::Url::parse(text)
    } else {
        url::Url::parse(&format!("https://{text}"))
    };
    let host = url.ok()?.host_str()?.trim_end_matches('.').to_owned();
    (!host.is_empty()).then_some(host)
}

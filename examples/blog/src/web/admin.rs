//! The author's pages over HTTP: login, and forms that only the author's own pages can send.

use std::net::SocketAddr;
use std::time::Instant;

use activitypub::as2::one_line;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, FromRequestParts, Multipart, State};
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
use crate::db::{reading, responses};
use crate::pages::admin::{self, Told};

/// The longest form, in bytes.
const FORM_LIMIT: usize = 64 * 1024;

/// The longest block list: those that are handed around have some ten thousand rows.
const LIST_LIMIT: usize = 16 * 1024 * 1024;

pub(super) fn router() -> Router<App> {
    let forms = Router::new()
        .route("/admin/logout", post(log_out))
        .route("/admin/reply", post(reply))
        .route("/admin/delete", post(delete))
        .route("/admin/hide", post(hide))
        .route("/admin/show", post(show))
        .route("/admin/follow", post(follow))
        .route("/admin/unfollow", post(unfollow))
        .route("/admin/block", post(block))
        .route("/admin/unblock", post(unblock))
        .layer(DefaultBodyLimit::max(FORM_LIMIT));
    Router::new()
        .route("/admin", get(overview))
        .route("/admin/reading", get(reading))
        .route("/admin/servers", get(servers))
        .route("/admin/list", post(list).layer(DefaultBodyLimit::max(LIST_LIMIT)))
        .route("/admin/login", get(login).post(log_in).layer(DefaultBodyLimit::max(FORM_LIMIT)))
        .merge(forms)
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
        let login = || Redirect::to("/admin/login").into_response();
        let mut headers =
            parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = headers
            .find_map(|header| auth::cookie(&app.shelves.site, header))
            .map(str::to_owned)
            .ok_or_else(login)?;
        match app.shelves.db.read(move |c| auth::session(c, &cookie, Timestamp::now())).await {
            Ok(session) => session.map(Self).ok_or_else(login),
            Err(error) => Err(Failure::from(error).into_response()),
        }
    }
}

/// What a form sends. The cookie's `SameSite` keeps other sites from sending one in the author's name; `form` holds where a
/// browser does not know that, and against neighbours that count as the same site.
#[derive(Deserialize)]
struct Sent<T> {
    form: String,
    #[serde(flatten)]
    fields: T,
}

impl Author {
    /// The fields of a form, if a page of this session made it.
    fn check<T>(&self, app: &App, sent: Sent<T>) -> Result<T, Failure> {
        if self.0.made(&sent.form) { Ok(sent.fields) } else { Err(Failure::Forged(Box::new(forged(app)))) }
    }
}

fn forged(app: &App) -> Response {
    let says = "This form does not belong to your session. Go back, reload the page, and send it again.";
    (StatusCode::FORBIDDEN, notice(app, "Not from here", says)).into_response()
}

async fn login(State(app): State<App>) -> Response {
    admin::login(&app.shelves, None).into_response()
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
    let again =
        |status: StatusCode, says: &str| (status, admin::login(&app.shelves, Some(says))).into_response();
    if !app.door.admits(from.ip(), Instant::now()) {
        let mut response = again(StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords. Wait a minute.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(Door::WINDOW.as_secs()));
        return Ok(response);
    }
    let fresh = Fresh::new()?;
    let cookie = auth::set_cookie(&app.shelves.site, &fresh.cookie);
    if app.shelves.db.write(move |tx| auth::log_in(tx, &login.password, &fresh, Timestamp::now())).await? {
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/admin")).into_response());
    }
    app.door.count(from.ip(), Instant::now());
    Ok(again(StatusCode::UNAUTHORIZED, "That is not the password."))
}

/// A form without fields of its own.
#[derive(Deserialize)]
struct Nothing {}

async fn log_out(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<Nothing>>,
) -> Result<Response, Failure> {
    author.check(&app, sent)?;
    app.shelves.db.write(move |tx| author.0.end(tx)).await?;
    Ok(([(header::SET_COOKIE, auth::set_cookie(&app.shelves.site, ""))], Redirect::to("/")).into_response())
}

async fn overview(State(app): State<App>, Author(session): Author) -> Result<Response, Failure> {
    let replies = app.shelves.db.read(|c| responses::latest_replies(c, 50)).await?;
    let all = admin::Overview {
        session: &session,
        desk: &app.desk(),
        shelf: &app.shelves.shelf(),
        replies: &replies,
        followers: app.followers().await?,
        waiting: app.federation.waiting().await?,
        lanes: &app.federation.lanes_in_trouble(20).await?,
        undelivered: &app.federation.undelivered(None, 20).await?.items,
    };
    Ok(admin::overview(&app.shelves, &all).into_response())
}

#[derive(Deserialize)]
struct NewReply {
    to: String,
    text: String,
}

async fn reply(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<NewReply>>,
) -> Result<Response, Failure> {
    let NewReply { to, text } = author.check(&app, sent)?;
    if text.trim().is_empty() {
        return Ok(Redirect::to("/admin").into_response());
    }
    Ok(if app.reply(to, &text).await? {
        Redirect::to("/admin").into_response()
    } else {
        let says = "What you answer is gone, or your answer is too long.";
        (StatusCode::NOT_FOUND, notice(&app, "Not sent", says)).into_response()
    })
}

#[derive(Deserialize)]
struct OneReply {
    id: String,
}

async fn delete(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<OneReply>>,
) -> Result<Redirect, Failure> {
    let OneReply { id } = author.check(&app, sent)?;
    app.take_back(id).await?;
    Ok(Redirect::to("/admin"))
}

async fn hide(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<OneReply>>,
) -> Result<Redirect, Failure> {
    let OneReply { id } = author.check(&app, sent)?;
    app.shelves.db.write(move |tx| responses::hide_reply(tx, &id, true)).await?;
    Ok(Redirect::to("/admin"))
}

async fn show(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<OneReply>>,
) -> Result<Redirect, Failure> {
    let OneReply { id } = author.check(&app, sent)?;
    app.shelves.db.write(move |tx| responses::hide_reply(tx, &id, false)).await?;
    Ok(Redirect::to("/admin"))
}

async fn reading(State(app): State<App>, Author(session): Author) -> Result<Response, Failure> {
    reading_page(&app, &session, None).await
}

async fn reading_page(app: &App, session: &Session, trouble: Option<&str>) -> Result<Response, Failure> {
    let (following, received) =
        app.shelves.db.read(|c| Ok((reading::following(c)?, reading::latest(c, 50)?))).await?;
    let all = admin::Reading { session, trouble, following: &following, received: &received };
    Ok(admin::reading(&app.shelves, &all).into_response())
}

#[derive(Deserialize)]
struct Whom {
    handle: String,
}

async fn follow(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<Whom>>,
) -> Result<Response, Failure> {
    let Whom { handle } = author.check(&app, sent)?;
    match app.follow(&handle).await {
        Ok(()) => Ok(Redirect::to("/admin/reading").into_response()),
        // Mostly a typing mistake, or a server that is away: the author's to see.
        Err(error) => {
            let page = reading_page(&app, &author.0, Some(&error.to_string())).await?;
            Ok((StatusCode::BAD_GATEWAY, page).into_response())
        }
    }
}

#[derive(Deserialize)]
struct OneActor {
    actor: String,
}

async fn unfollow(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<OneActor>>,
) -> Result<Redirect, Failure> {
    let OneActor { actor } = author.check(&app, sent)?;
    app.unfollow(actor).await?;
    Ok(Redirect::to("/admin/reading"))
}

async fn servers(State(app): State<App>, Author(session): Author) -> Result<Response, Failure> {
    servers_page(&app, &session, None).await
}

async fn servers_page(app: &App, session: &Session, told: Option<Told>) -> Result<Response, Failure> {
    let blocks = app.shelves.db.read(blocks::all).await?;
    let rules = app.shelves.hosts.load().len();
    let all = admin::Servers { session, told, blocks: &blocks, rules };
    Ok(admin::servers(&app.shelves, &all).into_response())
}

#[derive(Deserialize)]
struct NewBlock {
    host: String,
    #[serde(default)]
    reason: String,
}

async fn block(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<NewBlock>>,
) -> Result<Response, Failure> {
    let NewBlock { host, reason } = author.check(&app, sent)?;
    let Some(host) = host_of(&host) else {
        let told = Told::Refused("That is not the name of a server, such as loud.example.".to_owned());
        return Ok(
            (StatusCode::BAD_REQUEST, servers_page(&app, &author.0, Some(told)).await?).into_response()
        );
    };
    let reason = one_line(&reason, 200);
    app.block(Block { host, reason, since: Timestamp::now() }).await?;
    Ok(Redirect::to("/admin/servers").into_response())
}

#[derive(Deserialize)]
struct OneHost {
    host: String,
}

async fn unblock(
    State(app): State<App>,
    author: Author,
    Form(sent): Form<Sent<OneHost>>,
) -> Result<Redirect, Failure> {
    let OneHost { host } = author.check(&app, sent)?;
    app.unblock(host).await?;
    Ok(Redirect::to("/admin/servers"))
}

/// A block list, as a file.
async fn list(State(app): State<App>, author: Author, mut sent: Multipart) -> Result<Response, Failure> {
    let (mut form, mut file) = (String::new(), None);
    loop {
        let field = match sent.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return Ok(error.into_response()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        match (name.as_str(), field.bytes().await) {
            ("form", Ok(value)) => form = String::from_utf8_lossy(&value).into_owned(),
            ("list", Ok(value)) => file = Some(value),
            (_, Ok(_)) => {}
            (_, Err(error)) => return Ok(error.into_response()),
        }
    }
    author.check(&app, Sent { form, fields: () })?;
    let refused = |why: String| Told::Refused(why);
    let told = match file.map(|file| String::from_utf8(file.to_vec())) {
        None => refused("No file was sent.".to_owned()),
        Some(Err(_)) => refused("The file is not UTF-8 text.".to_owned()),
        Some(Ok(list)) => match app.set_list(list).await? {
            Ok(oddities) => Told::Listed(oddities),
            Err(why) => refused(format!("The list is not taken: {why}.")),
        },
    };
    let status = if matches!(told, Told::Refused(_)) { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok((status, servers_page(&app, &author.0, Some(told)).await?).into_response())
}

/// A host as people write it: `loud.example`, `https://loud.example/about`, `@someone@loud.example`.
fn host_of(text: &str) -> Option<String> {
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

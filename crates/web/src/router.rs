//! Which address leads where, and the layers that every request passes.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use rand::rngs::StdRng;
use service::Service;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::app::{App, Settings};
use crate::page::{
    about, about_you, also, answer, call, check, contribution, draft, feed, file, health, home, look, receipt,
};
use crate::page::{before, help, hide, learn};
use crate::page::{cite, examples, heard, model, newsletter, places};
use crate::page::{copy, letter, own_mail, replying};
use crate::page::{helping, later, questions, reading, register, release, start, verify, who};
use crate::page::{picture, sitemap};
use crate::{asset, error, exit, forgery, headers, measure, trace};

/// Beyond this level brotli costs more time on our side than it saves on a slow line.
const BROTLI: i32 = 5;

/// Everything that the binary serves.
pub fn router(service: Service, settings: Settings) -> Router {
    measure::recorder();
    let app = App::new(service, settings, rand::make_rng::<StdRng>());
    let inner = routes()
        .fallback(|| async { error::Failure::NotFound })
        .layer(from_fn(measure::request))
        .layer(from_fn_with_state(app.clone(), exit::keep_nothing))
        .with_state(app.clone());
    // From the outside in. The language is read before the address is routed, so these stand around the router.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), trace::log))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(BROTLI)))
        .layer(from_fn(trace::locale))
        .layer(from_fn_with_state(app.clone(), error::render))
        .layer(CatchPanicLayer::custom(trace::panicked))
        .layer(from_fn(trace::in_time))
        // Before the limit: another site must not be able to use up how many forms its visitor may send.
        .layer(from_fn_with_state(app.clone(), forgery::refuse))
        .layer(from_fn_with_state(app, trace::limit));
    Router::new().fallback_service(layers.service(inner))
}

/// Every address. They are not nested: a nested page would not see the beginning of its own address.
fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start::show))
        .merge(reading_routes())
        .merge(giving_routes())
        .merge(support_routes())
        .merge(receipt_routes())
        .merge(newsletter_routes())
        .merge(register_routes())
        .route("/assets/{file}", get(asset::serve))
        .route("/favicon.ico", get(asset::favicon))
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::all))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(measure::show))
}

/// What everybody may read.
fn reading_routes() -> Router<App> {
    Router::new()
        .route("/r/{review}", get(home::show))
        .route("/r/{review}/about", get(about::show))
        .route("/r/{review}/privacy", get(about::privacy))
        .route("/r/{review}/accessibility", get(about::accessibility))
        .route("/r/{review}/calls", get(call::list))
        .route("/r/{review}/calls/{call}", get(call::show))
        .route("/r/{review}/contributions", get(reading::list))
        .route("/r/{review}/contributions.atom", get(feed::show))
        .route("/r/{review}/contributions/{reference}", get(contribution::show))
        .route("/r/{review}/contributions/{reference}/cite", get(cite::show))
        .route("/r/{review}/contributions/{reference}/files/{file}", get(file::published))
        .route("/r/{review}/examples", get(examples::list))
        .route("/r/{review}/models/{reference}/{question}", get(model::show).post(model::say))
        .route("/r/{review}/heard", get(heard::show))
        .route("/r/{review}/heard.csv", get(heard::table))
        .route("/r/{review}/heard/{call}", get(heard::call))
        .route("/r/{review}/places", get(places::show))
        .route("/r/{review}/brand.css", get(look::colours))
        .route("/r/{review}/logo/{digest}", get(look::logo))
        .route("/r/{review}/picture.png", get(picture::of_review))
        .route("/r/{review}/calls/{call}/picture.png", get(picture::of_call))
        .route("/r/{review}/sitemap.xml", get(sitemap::of_review))
}

/// Giving evidence.
fn giving_routes() -> Router<App> {
    Router::new()
        .route("/r/{review}/calls/{call}/start", post(draft::start))
        .route("/r/{review}/calls/{call}/delete", get(draft::ask_delete).post(draft::delete))
        .route("/r/{review}/calls/{call}/answer/{question}", get(answer::show).post(answer::save))
        .route("/r/{review}/calls/{call}/files/{file}", get(file::own))
        .route("/r/{review}/calls/{call}/helping", get(helping::show).post(helping::start))
        .route("/r/{review}/calls/{call}/questions", get(questions::show))
        .route("/r/{review}/calls/{call}/later", get(later::show))
        .route("/r/{review}/calls/{call}/later/mail", get(own_mail::ask_later).post(own_mail::send_later))
        .route("/r/{review}/calls/{call}/who", get(who::show).post(who::save))
        .route("/r/{review}/calls/{call}/release", get(release::show).post(release::save))
        .route("/r/{review}/calls/{call}/also", get(also::show).post(also::save))
        .route("/r/{review}/calls/{call}/read-back", get(helping::ask).post(helping::agree))
        .route("/r/{review}/calls/{call}/about-you", get(about_you::show))
        .route("/r/{review}/calls/{call}/check", get(check::show))
        .route("/r/{review}/calls/{call}/send", post(check::send))
}

/// What helps to give evidence.
fn support_routes() -> Router<App> {
    Router::new()
        .route("/r/{review}/calls/{call}/before", get(before::show))
        .route("/r/{review}/calls/{call}/questionnaire", get(before::questionnaire))
        .route("/r/{review}/help", get(help::show).post(help::offer))
        .route("/r/{review}/help/withdraw", get(help::ask_withdraw).post(help::withdraw))
        .route("/r/{review}/learn", get(learn::list))
        .route("/r/{review}/learn/{page}", get(learn::show))
        .route("/r/{review}/hide", get(hide::show))
        .route("/r/{review}/leave", get(hide::leave))
}

/// The receipt.
fn receipt_routes() -> Router<App> {
    Router::new()
        .route("/r/{review}/receipt", get(receipt::show).post(receipt::open))
        .route("/r/{review}/receipt/release", get(receipt::ask_release).post(receipt::change_release))
        .route("/r/{review}/receipt/withdraw", get(receipt::ask_withdraw).post(receipt::withdraw))
        .route("/r/{review}/receipt/download", get(receipt::download))
        .route("/r/{review}/receipt/register", get(register::receipt))
        .route("/r/{review}/receipt/proof", get(register::proof))
        .route("/r/{review}/receipt/letter", get(letter::show))
        .route("/r/{review}/receipt/letter.pdf", get(letter::pdf))
        .route("/r/{review}/receipt/copy", get(copy::show))
        .route("/r/{review}/receipt/copy.pdf", get(copy::pdf))
        .route("/r/{review}/receipt/mail", get(own_mail::ask).post(own_mail::send))
        .route("/r/{review}/receipt/reply", post(replying::send))
        .route("/r/{review}/receipt/close", post(receipt::close))
}

/// The register, for everybody and their programs.
fn register_routes() -> Router<App> {
    Router::new()
        .route("/register", get(register::show))
        .route("/register/checkpoint", get(register::checkpoint))
        .route("/register/policy", get(register::policy))
        .route("/register/documentation", get(register::documentation))
        .route("/register/tile/{*path}", get(register::tile))
        .route("/register/statement/{digest}", get(register::statement))
        .route("/register/verify", get(verify::show))
}

/// Following a review.
fn newsletter_routes() -> Router<App> {
    Router::new()
        .route("/r/{review}/newsletter", get(newsletter::show).post(newsletter::subscribe))
        .route("/r/{review}/newsletter/asked", get(newsletter::asked))
        .route("/r/{review}/newsletter/confirm", get(newsletter::ask_confirm).post(newsletter::confirm))
        .route("/r/{review}/newsletter/confirmed", get(newsletter::confirmed))
        .route("/r/{review}/newsletter/leave", get(newsletter::ask_leave).post(newsletter::leave))
}

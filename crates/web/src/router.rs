//! Which address leads where, and the layers that every request passes.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use rand::rngs::StdRng;
use service::Service;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::{App, Settings};
use crate::page::{about, about_you, answer, call, check, contribution, draft, feed, health, home, look, receipt};
use crate::page::{reading, release, start};
use crate::{asset, error, forgery, headers, measure, trace};

/// No request takes longer than this.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Beyond this level brotli costs more time on our side than it saves on a slow line.
const BROTLI: i32 = 4;

/// Everything that the binary serves.
pub fn router(service: Service, settings: Settings) -> Router {
    measure::recorder();
    let app = App::new(service, settings, rand::make_rng::<StdRng>());
    let inner = routes()
        .fallback(|| async { error::Failure::NotFound })
        .layer(from_fn(measure::request))
        .with_state(app.clone());
    // From the outside in. The language is read before the address is routed, so these stand around the router.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), trace::log))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(BROTLI)))
        .layer(from_fn(trace::locale))
        .layer(from_fn_with_state(app.clone(), error::render))
        .layer(CatchPanicLayer::custom(trace::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn_with_state(app.clone(), trace::limit))
        .layer(from_fn_with_state(app, forgery::refuse));
    Router::new().fallback_service(layers.service(inner))
}

fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start::show))
        .route("/r/{review}", get(home::show))
        .nest("/r/{review}", review())
        .nest("/r/{review}/calls/{call}", giving())
        .nest("/r/{review}/receipt", receipts())
        .route("/assets/{file}", get(asset::serve))
        .route("/favicon.ico", get(asset::favicon))
        .route("/robots.txt", get(health::robots))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(measure::show))
}

/// What everybody may read.
fn review() -> Router<App> {
    Router::new()
        .route("/about", get(about::show))
        .route("/privacy", get(about::privacy))
        .route("/accessibility", get(about::accessibility))
        .route("/calls", get(call::list))
        .route("/calls/{call}", get(call::show))
        .route("/contributions", get(reading::list))
        .route("/contributions.atom", get(feed::show))
        .route("/contributions/{reference}", get(contribution::show))
        .route("/brand.css", get(look::colours))
        .route("/logo/{digest}", get(look::logo))
}

/// Giving evidence.
fn giving() -> Router<App> {
    Router::new()
        .route("/start", post(draft::start))
        .route("/delete", get(draft::ask_delete).post(draft::delete))
        .route("/answer/{question}", get(answer::show).post(answer::save))
        .route("/about-you", get(about_you::show).post(about_you::save))
        .route("/release", get(release::show).post(release::save))
        .route("/check", get(check::show))
        .route("/send", post(check::send))
}

/// The receipt.
fn receipts() -> Router<App> {
    Router::new()
        .route("/", get(receipt::show).post(receipt::open))
        .route("/release", get(receipt::ask_release).post(receipt::change_release))
        .route("/withdraw", get(receipt::ask_withdraw).post(receipt::withdraw))
        .route("/download", get(receipt::download))
        .route("/close", post(receipt::close))
}

//! The register: its files, byte for byte as everybody may copy them; a page that says how it stands; and its proofs, for whoever
//! gave evidence.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Zone;
use jiff::Timestamp;
use service::ReceiptView;
use service::register::{Entered, Evidence, PublicFile, Registered, Standing};

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, public};
use crate::page::receipt::view;
use crate::visit::Visit;

/// What never changes may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What grows is asked for again each time.
const ANEW: &str = "no-cache";
const TEXT: &str = "text/plain; charset=utf-8";
/// The documentation of the register, of the version that runs.
const DOCUMENTATION: &str = include_str!("../../../../docs/register.md");

#[derive(Template)]
#[template(path = "register.html")]
pub(crate) struct RegisterPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) standing: Standing,
    pub(super) keys: Vec<String>,
    /// The name of each witness, and the moment at which it confirmed, for programs and for people.
    pub(super) witnesses: Vec<(String, String, String)>,
    pub(super) size: i64,
}

/// `GET /register`
pub(crate) async fn show(visit: Visit) -> Outcome {
    let service = &visit.app.service;
    let standing = service.register().ok_or(Failure::NotFound)?.standing();
    let keys = service.register_keys()?.iter().map(ToString::to_string).collect();
    public(&page(visit.frame(None), standing, keys))
}

pub(super) fn page(frame: Frame<'_>, standing: Standing, keys: Vec<String>) -> RegisterPage<'_> {
    let title = frame.t("register");
    let zone = Zone::utc();
    let witness = |(name, at): &(String, Timestamp)| {
        (name.clone(), at.to_string(), format!("{} UTC", frame.locale.moment(*at, &zone)))
    };
    let witnesses = standing.witnesses.iter().map(witness).collect();
    let size = i64::try_from(standing.size).unwrap_or(i64::MAX);
    RegisterPage { frame: frame.titled(&[title], Section::None), standing, keys, witnesses, size }
}

/// `GET /register/checkpoint`
pub(crate) async fn checkpoint(visit: Visit) -> Outcome {
    Ok(file(visit.app.service.register_file(PublicFile::Checkpoint).await?, TEXT, ANEW))
}

/// `GET /register/documentation`: how it is made, and how it is verified by hand.
pub(crate) async fn documentation() -> Response {
    file(DOCUMENTATION.as_bytes().to_vec(), TEXT, ANEW)
}

/// `GET /register/policy`
pub(crate) async fn policy(visit: Visit) -> Outcome {
    Ok(file(visit.app.service.register_file(PublicFile::Policy).await?, TEXT, ANEW))
}

/// `GET /register/tile/{path}`
pub(crate) async fn tile(visit: Visit, Path(path): Path<String>) -> Outcome {
    let tile = visit.app.service.register_file(PublicFile::Tile(&format!("tile/{path}"))).await?;
    Ok(file(tile, "application/octet-stream", FOR_EVER))
}

/// `GET /register/statement/{digest}`
pub(crate) async fn statement(visit: Visit, Path(digest): Path<String>) -> Outcome {
    Ok(file(visit.app.service.register_file(PublicFile::Statement(&digest)).await?, TEXT, FOR_EVER))
}

/// Whether that is the address of a file of the register, which programs of other sites may ask for; it may not be there.
pub(crate) fn is_file(path: &str) -> bool {
    let below = path.strip_prefix("/register/").unwrap_or_default();
    ["checkpoint", "policy", "documentation"].contains(&below)
        || below.starts_with("tile/")
        || below.starts_with("statement/")
}

/// Anybody may read it from anywhere: mirrors, witnesses, verifiers on other sites.
fn file(bytes: Vec<u8>, kind: &'static str, keep: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, bytes).into_response()
}

/// What the receipt page says of the register, sentence by sentence; nothing where none is kept.
pub(super) fn sentences(frame: &Frame<'_>, view: &ReceiptView) -> Vec<String> {
    let number = |number: u64| frame.locale.number(i64::try_from(number).unwrap_or(i64::MAX));
    match &view.registered {
        None => vec![],
        Some(Registered::Promised(None)) => vec![frame.t("registered-soon").to_owned()],
        Some(Registered::Promised(Some(by))) => vec![frame.with("registered-promised", "date", frame.moment(by))],
        Some(Registered::Entered(Entered { number: at, of, since, witnesses })) => {
            let day = frame.day(since);
            let arguments = [("number", number(*at).into()), ("of", number(*of).into()), ("date", day.into())];
            let witnessed = match witnesses.as_slice() {
                [] => frame.t("registered-unwitnessed").to_owned(),
                some => frame.with("registered-witnessed", "witnesses", some.join(", ")),
            };
            vec![frame.locale.t_with("registered-entered", &arguments), witnessed]
        }
    }
}

/// `GET /r/{review}/receipt/register`: the whole receipt, with what was given and what opens its commitment.
pub(crate) async fn receipt(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let service = &visit.app.service;
    let receipt = service.register_receipt(&review, &view.contribution, view.code.as_ref()).await?;
    download(&receipt.to_string(), &format!("{}-receipt.txt", view.contribution.reference))
}

/// `GET /r/{review}/receipt/proof`: what can be shown to others, and says nothing of what was given.
pub(crate) async fn proof(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let (text, ending) = match visit.app.service.evidence(&review, &view.contribution).await? {
        Evidence::Proof(proof) => (proof.to_string(), "tlog-proof"),
        Evidence::Promise(promise) => (promise.to_string(), "promise.txt"),
    };
    download(&text, &format!("{}.{ending}", view.contribution.reference))
}

fn download(text: &str, name: &str) -> Outcome {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(|_| Failure::Broken)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(TEXT)),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text.to_owned()).into_response())
}

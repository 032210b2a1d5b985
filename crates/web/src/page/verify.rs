//! Verifying a receipt in the browser. The page is the same for everybody; what is verified never leaves the reader's device.

use askama::Template;
use service::register::PublicFile;

use crate::error::Outcome;
use crate::frame::{Frame, Section, public};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "verify.html")]
pub(crate) struct VerifyPage<'a> {
    pub(super) frame: Frame<'a>,
    /// The policy to begin with; whoever verifies may put another in its place.
    pub(super) policy: String,
    /// The verifier as one file, in the reader's language where there is one.
    pub(super) offline: &'static str,
}

/// `GET /register/verify`
pub(crate) async fn show(visit: Visit) -> Outcome {
    // What the register says of itself, to begin with; without a register other receipts can be verified as well.
    let policy = visit.app.service.register_file(PublicFile::Policy).await.unwrap_or_default();
    public(&page(visit.frame(None), String::from_utf8_lossy(&policy).into_owned()))
}

pub(super) fn page(frame: Frame<'_>, policy: String) -> VerifyPage<'_> {
    let offline = if frame.locale.tag() == "cy" { "verify.cy.html" } else { "verify.en.html" };
    let title = frame.t("verify");
    VerifyPage { frame: frame.titled(&[title], Section::None), policy, offline }
}

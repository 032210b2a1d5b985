//! The pages of a review: translates between HTTP and [`service`], and does nothing else.
//!
//! [`router`] makes everything that the binary serves; [`serve`] serves it until it is told to stop. A request passes
//! the layers of [`router::router`] from the outside in, reaches a function in [`page`], and leaves as a page, a redirect
//! or an [`error::Failure`].

#![warn(missing_docs)]

mod app;
mod asset;
mod error;
mod exit;
mod figure;
mod forgery;
mod form;
mod frame;
mod headers;
mod learning;
mod locale;
mod markdown;
mod measure;
mod page;
mod paper;
mod passage;
mod preview;
mod rate;
mod router;
mod serve;
mod shown;
mod trace;
mod upload;
mod visit;

pub use app::Settings;
pub use locale::{Added, add_languages};
pub use router::router;
pub use serve::serve;
pub use shown::Shown;

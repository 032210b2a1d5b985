//! The pages, one module each: what stands on them, and what their forms do.

pub(crate) mod about;
pub(crate) mod about_you;
pub(crate) mod also;
pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod cite;
pub(crate) mod contribution;
pub(crate) mod copy;
pub(crate) mod draft;
pub(crate) mod examples;
pub(crate) mod feed;
pub(crate) mod file;
pub(crate) mod health;
pub(crate) mod heard;
pub(crate) mod helping;
pub(crate) mod home;
pub(crate) mod later;
pub(crate) mod letter;
pub(crate) mod look;
pub(crate) mod mistake;
pub(crate) mod model;
pub(crate) mod narrowing;
pub(crate) mod newsletter;
pub(crate) mod offer;
pub(crate) mod own_mail;
pub(crate) mod places;
pub(crate) mod questions;
pub(crate) mod reading;
pub(crate) mod receipt;
pub(crate) mod release;
pub(crate) mod replying;
pub(crate) mod start;
#[cfg(test)]
mod tests;
pub(crate) mod who;

//! Writes out what may be shown: feeds and tables. Data in, bytes out; of contributions it takes nothing but
//! [`domain::Publishable`] ones.

#![warn(missing_docs)]

pub mod feed;
pub mod table;

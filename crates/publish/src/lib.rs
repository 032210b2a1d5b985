//! Writes out what may be shown: feeds, tables, mail, paper and pictures. Data in, bytes out; of contributions it takes nothing but
//! [`domain::Publishable`] ones.

#![warn(missing_docs)]

pub mod feed;
pub mod mail;
pub mod pdf;
pub mod picture;
pub mod table;

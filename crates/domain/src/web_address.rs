//! Addresses of web pages elsewhere, as the team gives them.

use std::str::FromStr;

use crate::text::TextError;

/// An address that a link can lead to: `https://…`, or `http://…`, and nothing that a browser would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// The most characters.
    const MAX: usize = 500;

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What people read in its place: without the scheme, and without a slash at the end.
    pub fn shown(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest).trim_end_matches('/')
    }
}

impl FromStr for WebAddress {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        const FORM: TextError = TextError::Form("is not an address such as https://example.org/help");
        let text = text.trim();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(FORM)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Whoever is named before an @ is not where the link leads.
        let tame = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'));
        if !tame || host.is_empty() || host.contains('@') || text.len() > Self::MAX {
            return Err(FORM);
        }
        Ok(Self(text.to_owned()))
    }
}

crate::text_newtype!(WebAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_where_it_says() -> Result<(), TextError> {
        let address: WebAddress = " https://example.org/a/ ".parse()?;
        assert_eq!((address.as_str(), address.shown()), ("https://example.org/a/", "example.org/a"));
        for wrong in
            ["", "example.org", "javascript:alert(1)", "https://", "https://a b", "https://bank@evil.example", "//a"]
        {
            assert!(wrong.parse::<WebAddress>().is_err(), "{wrong}");
        }
        Ok(())
    }
}

//! Addresses of e-mail, read strictly: what gets through can stand in a header or an SMTP command as it is.

use std::str::FromStr;

use crate::text::TextError;

/// The longest address that an SMTP path can hold (RFC 5321, section 4.5.3.1.3), less its angle brackets.
const MAX: usize = 254;
/// The longest part before the @ (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// An address of e-mail: a dot-atom (RFC 5322, section 3.2.3) before the @, and behind it a domain name of at least two
/// labels. A domain in other letters is kept in its ASCII form (RFC 5891), so that any mail server takes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the @.
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands behind the @, in small letters.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// What two addresses have in common that reach the same person nearly everywhere: the address in small letters.
    pub fn key(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// The same address with `+tag` before the @ (RFC 5233), as variable return paths are made; `None` if that is too long.
    pub fn tagged(&self, tag: &str) -> Option<Self> {
        format!("{}+{tag}@{}", self.local(), self.domain()).parse().ok()
    }
}

/// Addresses are of people: they are not to get into a log by way of a debug format.
impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl FromStr for EmailAddress {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        const FORM: TextError = TextError::Form("is not an e-mail address such as name@example.org");
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        // Before anything looks at every character of it; a domain of other letters is longer in ASCII, rarely shorter.
        if text.len() > 4 * MAX {
            return Err(TextError::TooLong { max: MAX, by: text.chars().count().saturating_sub(MAX) });
        }
        let (local, domain) = text.rsplit_once('@').ok_or(FORM)?;
        if local.is_empty() || local.len() > MAX_LOCAL || !local.split('.').all(is_atom) {
            return Err(FORM);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| FORM)?;
        let labels = domain.split('.').collect::<Vec<_>>();
        let named = labels.len() >= 2 && labels.iter().all(|label| is_label(label));
        // The last label of a name is never a number: what ends in one is an address of IPv4.
        if !named || labels.last().is_none_or(|last| last.bytes().all(|b| b.is_ascii_digit())) {
            return Err(FORM);
        }
        if local.len() + 1 + domain.len() > MAX {
            return Err(TextError::TooLong { max: MAX, by: local.len() + 1 + domain.len() - MAX });
        }
        Ok(Self { text: format!("{local}@{domain}"), at: local.len() })
    }
}

fn is_atom(atom: &str) -> bool {
    !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

crate::text_newtype!(EmailAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_people_are_read() -> Result<(), TextError> {
        for (typed, read) in [
            ("ada@example.org", "ada@example.org"),
            (" Ada.Tully+review@Example.ORG ", "Ada.Tully+review@example.org"),
            ("siân@example.org", ""),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("o'neill@mail.example.co.uk", "o'neill@mail.example.co.uk"),
        ] {
            let address = typed.parse::<EmailAddress>();
            assert_eq!(address.as_ref().map_or("", EmailAddress::as_str), read, "{typed}");
        }
        let address: EmailAddress = "Ada@example.org".parse()?;
        assert_eq!(
            (address.local(), address.domain(), address.key().as_str()),
            ("Ada", "example.org", "ada@example.org")
        );
        assert_eq!(address.tagged("x1").map(|tagged| tagged.to_string()).as_deref(), Some("Ada+x1@example.org"));
        assert!(address.tagged(&"x".repeat(70)).is_none());
        assert_eq!(format!("{address:?}"), "EmailAddress(…)");
        Ok(())
    }

    #[test]
    fn what_could_break_a_header_or_a_command_is_refused() {
        for wrong in [
            "",
            "@",
            "ada",
            "ada@",
            "@example.org",
            "ada@localhost",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "a b@example.org",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada\n@example.org",
            "ada@exam\u{0}ple.org",
            "<ada@example.org>",
            "ada@example.org, eve@example.org",
            "\"ada\"@example.org",
            "ada..t@example.org",
            ".ada@example.org",
            "ada@-example.org",
            "ada@example..org",
            "ada@example.org>",
            "a\u{202e}da@example.org",
            "ada@exa mple.org",
            "ada;eve@example.org",
            "ada(comment)@example.org",
            "ada@example.123",
        ] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong:?}");
        }
        assert!(matches!("a".repeat(1_000_000).parse::<EmailAddress>(), Err(TextError::TooLong { .. })));
        let long = format!("{}@example.org", "a".repeat(65));
        assert!(long.parse::<EmailAddress>().is_err());
    }
}

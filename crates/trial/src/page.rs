//! What came back for a request.

use bytes::Bytes;
use hyper::HeaderMap;

/// An answer, as it was sent: no redirect followed, nothing decompressed.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its status, as a number.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Page {
    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }

    /// The value of a field of the page, such as `csrf`.
    pub fn field(&self, name: &str) -> Option<String> {
        field(std::str::from_utf8(&self.body).ok()?, name)
    }
}

/// The value of the first `<input>` of that name.
pub fn field(html: &str, name: &str) -> Option<String> {
    let mut inputs = html.split("<input").skip(1).filter_map(|rest| rest.split_once('>')).map(|(input, _)| input);
    let input = inputs.find(|input| attribute(input, "name") == Some(name))?;
    let mut value = attribute(input, "value").unwrap_or_default().to_owned();
    for (escaped, character) in ESCAPES {
        value = value.replace(escaped, character);
    }
    Some(value)
}

/// As templates write them; the ampersand last, for it begins all the others.
const ESCAPES: [(&str, &str); 9] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&lt;", "<"),
    ("&#60;", "<"),
    ("&gt;", ">"),
    ("&#62;", ">"),
    ("&amp;", "&"),
    ("&#38;", "&"),
];

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if before.trim_start() == name || before.ends_with(&format!(" {name}")) {
            return Some(value);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_name() {
        let html = r#"<form><input type="hidden" value="1" name="other"><input class="a b" name="csrf" value="x&amp;&quot;y"><input name="bare"></form>"#;
        assert_eq!(field(html, "csrf").as_deref(), Some("x&\"y"));
        assert_eq!(field(html, "other").as_deref(), Some("1"));
        assert_eq!(field(html, "bare").as_deref(), Some(""));
        assert_eq!(field(html, "none"), None);
    }
}

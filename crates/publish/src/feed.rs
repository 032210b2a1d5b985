//! The Atom feed (RFC 4287) of published contributions. It takes nothing but what may be shown.

use atom_syndication::{Entry as AtomEntry, Feed as Document, FixedDateTime, Generator, Link, Person, Text};
use domain::{Contribution, Publishable};

/// What a feed says of itself.
#[derive(Debug)]
pub struct Feed<'a> {
    /// Its title.
    pub title: &'a str,
    /// The language of its own words.
    pub language: &'a str,
    /// Who publishes it.
    pub author: &'a str,
    /// Under what licence.
    pub rights: Option<&'a str>,
    /// Its own address, absolute. It is its id as well, so it must not change from day to day.
    pub own_address: String,
    /// The page that shows the same.
    pub page_address: String,
    /// When it was last changed if it has no entry, as in RFC 3339.
    pub otherwise_updated: String,
}

/// A contribution in a feed.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The contribution.
    pub contribution: &'a Publishable<Contribution>,
    /// Its title.
    pub title: &'a str,
    /// What its author is called if no name may be given.
    pub author: &'a str,
    /// The page that shows it, absolute. It is its id as well.
    pub address: String,
    /// Whether it was said to a sensitive call: then its text is read on its page alone, which has a way out.
    pub sensitive: bool,
}

/// Why a feed cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library refused.
    #[error("the feed cannot be written: {0}")]
    Written(#[from] atom_syndication::Error),
    /// A moment before or beyond what the format knows.
    #[error("`{0}` is no moment as in RFC 3339")]
    Moment(String),
}

/// The feed as a document.
pub fn atom<'a>(feed: &Feed<'_>, entries: impl IntoIterator<Item = Entry<'a>>) -> Result<String, Error> {
    let entries: Vec<AtomEntry> = entries.into_iter().map(|entry| entry_of(&entry)).collect::<Result<_, _>>()?;
    let latest = entries.iter().map(|entry| entry.updated).max();
    let document = Document {
        title: Text::plain(feed.title),
        id: tag(&feed.own_address),
        updated: latest.map_or_else(|| moment(&feed.otherwise_updated), Ok)?,
        authors: vec![person(feed.author)],
        generator: Some(Generator { value: "Folkmoot".to_owned(), ..Generator::default() }),
        links: vec![
            link("self", &feed.own_address, "application/atom+xml"),
            link("alternate", &feed.page_address, "text/html"),
        ],
        rights: feed.rights.map(Text::plain),
        entries,
        lang: Some(feed.language.to_owned()),
        ..Document::default()
    };
    let bytes = document.write_to(Vec::new())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn entry_of(entry: &Entry<'_>) -> Result<AtomEntry, Error> {
    let given = entry.contribution;
    let published = moment(&given.published_at.unwrap_or(given.received_at).to_string())?;
    // What is struck out afterwards changes what everybody has fetched already.
    let changed = given.content.redactions.iter().map(|redaction| redaction.at).max();
    let updated = changed.map(|at| moment(&at.to_string())).transpose()?.map_or(published, |at| at.max(published));
    let who = given.content.respondent.who();
    let words = if entry.sensitive { vec![] } else { given.own_words() };
    // The language is known of the contribution only; "und" is a tag that says so (ISO 639-2).
    let language = given.language.as_str();
    let summary =
        (!words.is_empty()).then(|| Text { lang: Some(language.to_owned()), ..Text::plain(cut(&words.join("\n\n"))) });
    Ok(AtomEntry {
        title: Text::plain(entry.title),
        id: tag(&entry.address),
        updated,
        published: Some(published),
        authors: vec![person(who.as_deref().unwrap_or(entry.author))],
        links: vec![link("alternate", &entry.address, "text/html")],
        summary,
        ..AtomEntry::default()
    })
}

/// The first 1,000 code points.
fn cut(text: &str) -> String {
    match text.char_indices().nth(1_000) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// A tag URI (RFC 4151): it stays when the installation changes from HTTP to HTTPS, and says nothing of when somebody
/// wrote.
fn tag(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(':').next().unwrap_or_default();
    format!("tag:{host},2026:/{path}")
}

fn moment(written: &str) -> Result<FixedDateTime, Error> {
    written.parse().map_err(|_| Error::Moment(written.to_owned()))
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}

fn link(rel: &str, href: &str, kind: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), mime_type: Some(kind.to_owned()), ..Link::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Feed<'static> {
        Feed {
            title: "What we <have> heard",
            language: "en",
            author: "The review",
            rights: None,
            own_address: "https://review.example.org:8443/r/a/contributions.atom?kind=union".to_owned(),
            page_address: "https://review.example.org:8443/r/a/contributions?kind=union".to_owned(),
            otherwise_updated: "2026-10-05T00:00:00Z".to_owned(),
        }
    }

    #[test]
    fn an_empty_feed_has_all_that_the_standard_asks_for() -> Result<(), Error> {
        let text = atom(&empty(), [])?;
        assert!(text.contains("<id>tag:review.example.org,2026:/r/a/contributions.atom?kind=union</id>"), "{text}");
        assert!(text.contains("<updated>2026-10-05T00:00:00+00:00</updated>"), "{text}");
        assert!(text.contains("What we &lt;have&gt; heard") && text.contains("rel=\"self\""), "{text}");
        Ok(())
    }

    #[test]
    fn ids_outlive_a_change_of_port_and_scheme() {
        assert_eq!(tag("http://a.example:80/r/x"), tag("https://a.example/r/x"));
    }
}

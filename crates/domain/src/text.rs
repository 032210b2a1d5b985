//! Rules for text that people type: what is refused, and what is only tidied.

use std::str::FromStr;

/// Why a text was refused. Lengths are in Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// Longer than allowed.
    #[error("is {by} characters too long: {max} are allowed")]
    TooLong {
        /// The most that is allowed.
        max: usize,
        /// How many too many.
        by: usize,
    },
    /// A control character that no text needs (NUL, escape, …).
    #[error("contains the control character U+{0:04X}")]
    Control(u32),
    /// Characters outside the allowed set.
    #[error("{0}")]
    Form(&'static str),
    /// Not one of a fixed list of words.
    #[error("is not one of: {}", .0.join(", "))]
    NotOneOf(&'static [&'static str]),
}

/// Checks a text against `max` code points and for control characters; line feed, carriage return and tab may stay.
pub fn check(text: &str, max: usize) -> Result<(), TextError> {
    // U+FFFE and U+FFFF are no characters, and XML, in which feeds are written, has no place for them.
    let unwanted =
        |c: &char| matches!(c, '\u{fffe}' | '\u{ffff}') || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if let Some(control) = text.chars().find(unwanted) {
        return Err(TextError::Control(control.into()));
    }
    // Bytes bound code points from above, so the count is skipped for nearly every text.
    if text.len() > max {
        let length = text.chars().count();
        if length > max {
            return Err(TextError::TooLong { max, by: length - max });
        }
    }
    Ok(())
}

/// What a browser sends, tidied: line ends become `\n`, white space around the text goes.
pub fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// The first sentence or line of a text, cut at a word to at most `max` code points; a cut is marked with an ellipsis.
pub fn first_words(text: &str, max: usize) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let end = line
        .char_indices()
        .zip(line.chars().skip(1).map(Some).chain([None]))
        .find(|((at, c), next)| *at > 12 && matches!(c, '.' | '?' | '!') && next.is_none_or(char::is_whitespace))
        .map_or(line.len(), |((at, c), _)| if c == '.' { at } else { at + c.len_utf8() });
    let sentence = &line[..end];
    if sentence.chars().count() <= max {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(max).collect();
    let at = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..at].trim_end_matches([',', ';', ':', ' ', '–', '-']))
}

/// Whether one letter was changed, left out, added, or swapped with its neighbour.
pub fn one_slip(typed: &str, known: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    matches!((a, b), ([_] | [], [_]) | ([_], [])) || matches!((a, b), ([p, q], [r, s]) if p == s && q == r)
}

/// One line of text, 1 to 200 code points, without white space around it: a name, a title, a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(String);

impl Line {
    /// The most code points that a line may have.
    pub const MAX: usize = 200;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Line {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.contains(['\n', '\r']) {
            return Err(TextError::Form("must be one line"));
        }
        check(text, Self::MAX)?;
        Ok(Self(text.to_owned()))
    }
}

crate::text_newtype!(Line);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!("  Ada ".parse::<Line>().map(|line| line.to_string()), Ok("Ada".to_owned()));
        assert_eq!(" ".parse::<Line>(), Err(TextError::Empty));
        assert_eq!("é".repeat(201).parse::<Line>(), Err(TextError::TooLong { max: 200, by: 1 }));
        assert_eq!("a\0b".parse::<Line>(), Err(TextError::Control(0)));
    }

    #[test]
    fn first_words_end_at_a_sentence_or_a_word() {
        assert_eq!(first_words("The form would not save. I gave up.", 80), "The form would not save");
        assert_eq!(first_words("Version 2.1 of the form lost it all", 80), "Version 2.1 of the form lost it all");
        assert_eq!(first_words("one two three four five six", 12), "one two…");
        assert_eq!(first_words("", 80), "");
    }
}

//! The file that defines a review: TOML, read into [`domain::Review`], with a line number for everything that is wrong.

use domain::Review;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A commented file to begin with: what `folkmoot init` writes.
pub const TEMPLATE: &str = include_str!("template.toml");

/// What is wrong with a definition, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError(pub Vec<Fault>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}line {}: {}", fault.line, fault.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for DefinitionError {}

/// Reads and checks a definition.
///
/// # Errors
/// The first thing that cannot be read at all; or else everything that breaks a rule, in the order of the lines.
pub fn parse(text: &str) -> Result<Review, DefinitionError> {
    let unreadable = |error: toml::de::Error| {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        let written = text.lines().nth(line - 1).unwrap_or_default().split('#').next().unwrap_or_default().trim();
        let written: String = written.chars().take(60).collect();
        DefinitionError(vec![Fault { line, message: format!("{written}: {}", error.message()) }])
    };
    let tree = DeTable::parse(text).map_err(unreadable)?;
    let mut review: Review = toml::from_str(text).map_err(unreadable)?;
    match review.settle() {
        Ok(()) => {
            let line = line_of(text, start_of(tree.get_ref(), &["about_you".to_owned()]));
            crate::about_you::fill_in(&mut review)
                .map_err(|message| DefinitionError(vec![Fault { line, message: format!("`about_you`: {message}") }]))?;
            Ok(review)
        }
        Err(problems) => {
            let fault = |problem: domain::review::Problem| Fault {
                line: line_of(text, start_of(tree.get_ref(), &problem.path)),
                message: format!("{} {}", name_of(&problem.path), problem.message),
            };
            let mut faults: Vec<Fault> = problems.into_iter().map(fault).collect();
            faults.sort_by_key(|fault| fault.line);
            Err(DefinitionError(faults))
        }
    }
}

/// The line on which a place in a text stands, from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// The last key of a path, which is what people look for.
fn name_of(path: &[String]) -> String {
    let key = path.iter().rev().find(|part| part.parse::<usize>().is_err());
    format!("`{}`", key.map_or("review", String::as_str))
}

/// Where the value that a path leads to begins, or the innermost value that is there.
fn start_of(table: &DeTable<'_>, path: &[String]) -> usize {
    let Some((key, rest)) = path.split_first() else { return 0 };
    let found: Option<&Spanned<DeValue<'_>>> = table.get(key.as_str());
    let Some(mut value) = found else { return 0 };
    for part in rest {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get(part.as_str()),
            DeValue::Array(array) => part.parse::<usize>().ok().and_then(|at| array.get(at)),
            _ => None,
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    value.span().start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_a_definition() {
        let review = parse(TEMPLATE).expect("the template");
        assert_eq!(review.languages.len(), 2);
        assert!(!review.calls.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let at = |wrong: &str, right: &str| {
            assert!(TEMPLATE.contains(right), "{right}");
            let text = TEMPLATE.replacen(right, wrong, 1);
            let line = 1 + TEMPLATE[..TEMPLATE.find(right).unwrap_or(0)].matches('\n').count();
            (parse(&text).expect_err(wrong).0, line)
        };
        let (faults, line) = at("slug = \"My Review\"", "slug = \"my-review\"");
        assert_eq!(faults[0].line, line, "{faults:?}");
        assert!(faults[0].message.contains("small letters"), "{faults:?}");

        let (faults, line) = at("opens = 2027-13-11", "opens = 2027-01-11");
        assert_eq!(faults[0].line, line, "{faults:?}");

        let (faults, line) = at("closes = 2026-01-01", "closes = 2027-04-05");
        assert_eq!((faults[0].line, faults[0].message.as_str()), (line, "`closes` is before the call opens"));

        let (faults, line) = at("colour = \"red\"", "reference = \"MR\"");
        assert_eq!(faults[0].line, line, "an unknown key: {faults:?}");
    }

    #[test]
    fn a_missing_language_is_a_fault() {
        let text = TEMPLATE.replacen("cy = \"Ein hadolygiad\"", "", 1).replacen(
            "en = \"Our review\", ",
            "en = \"Our review\"",
            1,
        );
        let faults = parse(&text).expect_err("no Welsh").0;
        assert!(faults[0].message.contains("has no text in `cy`"), "{faults:?}");
    }
}

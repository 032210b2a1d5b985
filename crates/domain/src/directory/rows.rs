//! The directory of help as a table: a CSV file beside the definition.

use std::str::FromStr;

use super::{HelpPlace, Language, Localised, Places, RowError};
use crate::text::check;

/// The most places of help.
const MOST: usize = 5_000;
/// The most code points of hours or a note.
const LONGEST: usize = 1_000;
/// The columns that there must be.
const NEEDED: [&str; 2] = ["name", "help"];
/// The columns that there may be; those with texts also with a language behind them, as in `hours_cy`.
const KNOWN: [&str; 11] =
    ["name", "address", "place", "hours", "help", "note", "languages", "access", "telephone", "email", "web"];

/// Reads a directory: a CSV file (RFC 4180) in UTF-8 with a header. Where a column holds several words, semicolons stand between
/// them. Texts are in the first of `languages`, those in others in columns such as `hours_cy`. Lines that begin with `#` are
/// remarks.
///
/// # Errors
/// Every row that is wrong, with its line.
pub fn read(text: &str, languages: &[Language], places: &Places) -> Result<Vec<HelpPlace>, Vec<RowError>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|_| vec![row(1, "the header cannot be read as CSV in UTF-8")])?.clone();
    let header_line = header.position().map_or(1, csv::Position::line);
    if let Some(message) = wrong_header(&header, languages) {
        return Err(vec![row(header_line, &message)]);
    }
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                errors.push(row(error.position().map_or(0, csv::Position::line), "cannot be read as CSV in UTF-8"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells = Cells { header: &header, record: &record, languages, problems: vec![] };
        if let Some(place) = cells.place() {
            cells.problems.extend(place.problems(places).into_iter().map(|(key, wrong)| format!("`{key}` {wrong}")));
            found.push(place);
        }
        errors.extend(cells.problems.iter().map(|problem| row(line, problem)));
    }
    if found.len() > MOST {
        errors.push(row(1, &format!("there are {} places of help; {MOST} are possible", found.len())));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn row(line: u64, message: &str) -> RowError {
    RowError { line, message: message.to_owned() }
}

fn wrong_header(header: &csv::StringRecord, languages: &[Language]) -> Option<String> {
    let known = |column: &str| {
        let text = |name: &str| {
            let mut others = languages.iter().skip(1);
            others.any(|language| column == format!("{name}_{language}"))
        };
        KNOWN.contains(&column) || text("hours") || text("note")
    };
    if let Some(missing) = NEEDED.iter().find(|name| !header.iter().any(|column| column == **name)) {
        return Some(format!("there is no column `{missing}`; the columns are {}", KNOWN.join(", ")));
    }
    let stranger = header.iter().find(|column| !known(column))?;
    Some(format!("nobody knows the column `{stranger}`; the columns are {}, hours_cy, note_cy", KNOWN.join(", ")))
}

/// The cells of one row, with what is wrong with them.
struct Cells<'a> {
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
    languages: &'a [Language],
    problems: Vec<String>,
}

impl Cells<'_> {
    fn place(&mut self) -> Option<HelpPlace> {
        if self.cell("name").is_none() {
            self.problems.push("`name` is empty".to_owned());
        }
        let place = HelpPlace {
            address: self.one("address"),
            place: self.cell("place").map(str::to_owned),
            hours: self.text("hours"),
            help: self.several("help"),
            note: self.text("note"),
            languages: self.several("languages"),
            access: self.several("access"),
            telephone: self.one("telephone"),
            email: self.one("email"),
            web: self.one("web"),
            name: self.one("name")?,
        };
        Some(place)
    }

    fn cell(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|name| name == column)?;
        self.record.get(at).filter(|cell| !cell.is_empty())
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str, text: &str) -> Option<T> {
        text.parse().map_err(|error| self.problems.push(format!("`{column}` {text:?} {error}"))).ok()
    }

    fn one<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str) -> Option<T> {
        let text = self.cell(column)?.to_owned();
        self.parsed(column, &text)
    }

    fn several<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str) -> Vec<T> {
        let words = self.cell(column).unwrap_or_default().to_owned();
        let words = words.split(';').map(str::trim).filter(|word| !word.is_empty());
        words.filter_map(|word| self.parsed(column, word)).collect()
    }

    /// A text in every language of the review, or in none.
    fn text(&mut self, column: &str) -> Option<Localised> {
        let (first, others) = self.languages.split_first()?;
        let text = self.cell(column)?.to_owned();
        let mut all = vec![(first.clone(), text)];
        for language in others {
            match self.cell(&format!("{column}_{language}")) {
                Some(text) => all.push((language.clone(), text.to_owned())),
                None => {
                    self.problems.push(format!("`{column}` has no text in `{language}`: write `{column}_{language}`"));
                }
            }
        }
        for (_, text) in &all {
            if let Err(error) = check(text, LONGEST) {
                self.problems.push(format!("`{column}` {error}"));
            }
        }
        Some(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Vec<Language> {
        ["en", "cy"].map(|tag| tag.parse().expect("a language")).to_vec()
    }

    #[test]
    fn a_directory_is_read_with_its_languages() {
        let text = "name,help,place,hours,hours_cy,languages,access,telephone\n\
            Library,online; writing,E08000035,\"Mondays, 9 to 5\",\"Dydd Llun, 9 i 5\",en;ur,step-free,0113 496 0000\n\
            # a remark\n\
            Helpline,telephone,,,,,,0808 157 0000\n";
        let found = read(text, &both(), Places::uk()).expect("a directory");
        assert_eq!(found.len(), 2);
        let hours = found[0].hours.as_ref().expect("hours");
        assert_eq!(hours.text(&both()[1]), "Dydd Llun, 9 i 5");
        assert_eq!((found[0].help.len(), found[0].languages.len(), found[1].place.as_deref()), (2, 2, None));
    }

    #[test]
    fn every_wrong_row_is_told_with_its_line() {
        let wrong = |text: &str| -> Vec<(u64, String)> {
            let errors = read(text, &both(), Places::uk()).expect_err(text);
            errors.into_iter().map(|error| (error.line, error.message)).collect()
        };
        assert!(wrong("name,place\n")[0].1.contains("no column `help`"));
        assert!(wrong("name,help,hours_fr\n")[0].1.contains("hours_fr"));
        let rows = "name,help,place,hours,hours_cy,web,telephone\n\
            ,online,,,,,1\n\
            A,dancing,,,,,1\n\
            B,online,X99,,,,1\n\
            C,online,,Mondays,,,1\n\
            D,online,,,,javascript:1,1\n\
            E,online,,,,,\n";
        let told = wrong(rows);
        let lines: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
        // A kind that nobody knows leaves the row without any kind.
        assert_eq!(lines, [2, 3, 3, 4, 5, 6, 7], "{told:?}");
        assert!(told[5].1.contains("`web`") && told[3].1.contains("X99"), "{told:?}");
    }
}

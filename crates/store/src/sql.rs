//! Every statement of the program, written once in the dialect that `SQLite` ≥ 3.38 and `PostgreSQL` ≥ 15 share.

/// A statement. Only `statements!` makes one, so [`all`] knows every text that is ever sent to a database.
#[derive(Debug, Clone, Copy)]
pub struct Statement(&'static str);

impl Statement {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// Its text.
    pub const fn text(&self) -> &'static str {
        self.0
    }
}

/// Declares the statements of a module, and lists them for [`all`].
macro_rules! statements {
    ($($visibility:vis $name:ident = $text:expr;)+) => {
        $($visibility const $name: $crate::sql::Statement = $crate::sql::Statement::new($text);)+
        pub(crate) const STATEMENTS: &[$crate::sql::Statement] = &[$($name),+];
    };
}
pub(crate) use statements;

/// Every statement of the program.
pub fn all() -> impl Iterator<Item = &'static Statement> {
    [
        crate::about_you::STATEMENTS,
        crate::consumer::STATEMENTS,
        crate::contribution::STATEMENTS,
        crate::db::STATEMENTS,
        crate::draft::STATEMENTS,
        crate::event::STATEMENTS,
        crate::figures::STATEMENTS,
        crate::file::STATEMENTS,
        crate::help_offer::STATEMENTS,
        crate::job::STATEMENTS,
        crate::lease::STATEMENTS,
        crate::mail::STATEMENTS,
        crate::migration::STATEMENTS,
        crate::newsletter::STATEMENTS,
        crate::own_mail::STATEMENTS,
        crate::reading::STATEMENTS,
        crate::register::STATEMENTS,
        crate::review::STATEMENTS,
        crate::session::STATEMENTS,
        crate::sign::STATEMENTS,
        crate::subscriber::STATEMENTS,
        crate::take_up::STATEMENTS,
        crate::tally::STATEMENTS,
    ]
    .into_iter()
    .chain(crate::register::PARTS)
    .flatten()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_module_with_statements_is_listed() {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let listed = include_str!("sql.rs");
        for file in std::fs::read_dir(source).expect("src") {
            let path = file.expect("file").path();
            if path.is_dir() {
                continue;
            }
            let module = path.file_stem().and_then(|stem| stem.to_str()).expect("module").to_owned();
            let text = std::fs::read_to_string(&path).expect("text");
            if module != "sql" && text.contains("statements! {") {
                assert!(listed.contains(&format!("crate::{module}::STATEMENTS")), "{module} is not listed");
            }
        }
    }
}

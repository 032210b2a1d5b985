//! Values that go into statements and rows that come out, the same for both engines.

use sqlx::{ColumnIndex, Decode, Postgres, Sqlite, Type};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A value for a placeholder. An absent value keeps its type, because `PostgreSQL` asks for it.
#[derive(Debug, Clone)]
pub enum Value {
    /// `bigint`
    Int(Option<i64>),
    /// `boolean`
    Bool(bool),
    /// `text`
    Text(Option<String>),
    /// `bytea`
    Bytes(Option<Vec<u8>>),
    /// `uuid`
    Uuid(Option<Uuid>),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $to:expr),+ $(,)?) => {
        $(impl From<$from> for Value { fn from($value: $from) -> Self { $to } })+
    };
}

values! {
    i64 => |v| Self::Int(Some(v)),
    Option<i64> => |v| Self::Int(v),
    bool => |v| Self::Bool(v),
    &str => |v| Self::Text(Some(v.to_owned())),
    String => |v| Self::Text(Some(v)),
    Option<String> => |v| Self::Text(v),
    &[u8] => |v| Self::Bytes(Some(v.to_vec())),
    [u8; 32] => |v| Self::Bytes(Some(v.to_vec())),
    Option<[u8; 32]> => |v| Self::Bytes(v.map(|bytes| bytes.to_vec())),
    Uuid => |v| Self::Uuid(Some(v)),
    Option<Uuid> => |v| Self::Uuid(v),
    domain::ReviewId => |v| Self::Uuid(Some(v.0)),
    domain::ContributionId => |v| Self::Uuid(Some(v.0)),
    domain::DraftId => |v| Self::Uuid(Some(v.0)),
    &domain::Slug => |v| Self::Text(Some(v.as_str().to_owned())),
}

/// The values of one statement, in the order of its placeholders.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::row::Value::from($value)),*] };
}
pub(crate) use args;

/// A row, read by the place of its columns.
pub enum Row {
    /// From `SQLite`.
    Sqlite(sqlx::sqlite::SqliteRow),
    /// From `PostgreSQL`.
    Postgres(sqlx::postgres::PgRow),
}

/// A type that both engines can give.
pub trait Column: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}
impl<T> Column for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

impl Row {
    /// The value of a column, counted from zero.
    pub fn get<T: Column>(&self, column: usize) -> Result<T> {
        fn read<'r, R, T>(row: &'r R, column: usize) -> Result<T>
        where
            R: sqlx::Row,
            usize: ColumnIndex<R>,
            T: Decode<'r, R::Database> + Type<R::Database>,
        {
            row.try_get_unchecked(column).map_err(Error::from)
        }
        match self {
            Self::Sqlite(row) => read(row, column),
            Self::Postgres(row) => read(row, column),
        }
    }

    /// A text column, read as one of the words or names of the review.
    pub fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(&self, column: usize) -> Result<T> {
        let text: String = self.get(column)?;
        text.parse().map_err(|error| Error::Broken(format!("column {column}, {text:?}: {error}")))
    }

    /// A text column that holds a document.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T> {
        Ok(serde_json::from_str(&self.get::<String>(column)?)?)
    }

    /// A moment, kept as microseconds since 1970.
    pub fn moment(&self, column: usize) -> Result<jiff::Timestamp> {
        moment(self.get(column)?)
    }
}

/// The moment that a number of microseconds since 1970 stands for.
pub(crate) fn moment(micros: i64) -> Result<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(micros).map_err(|error| Error::Broken(error.to_string()))
}

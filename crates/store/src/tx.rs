//! A connection that statements can be sent over: inside a command's transaction, or for reading.

use futures_util::TryStreamExt;
use sqlx::{PgConnection, SqliteConnection};

use crate::error::{Error, Result};
use crate::row::{Row, Value};
use crate::sql::Statement;

/// The transaction that a [`crate::Command`] runs in.
pub enum Tx<'c> {
    /// On `SQLite`: a savepoint in the transaction that many commands share.
    Sqlite(&'c mut SqliteConnection),
    /// On `PostgreSQL`: a transaction of its own.
    Postgres(&'c mut PgConnection),
}

fn bind<'q, DB>(statement: Statement, values: Vec<Value>) -> sqlx::query::Query<'q, DB, DB::Arguments>
where
    DB: sqlx::Database,
    DB::Arguments: sqlx::IntoArguments<DB>,
    for<'a> Option<i64>: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> Option<String>: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> Option<Vec<u8>>: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> Option<uuid::Uuid>: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> bool: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
{
    let query = sqlx::query::<DB>(statement.text());
    values.into_iter().fold(query, |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Bool(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
        Value::Uuid(value) => query.bind(value),
    })
}

impl Tx<'_> {
    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, statement: Statement, values: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(connection) => {
                bind::<sqlx::Sqlite>(statement, values).execute(&mut **connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                bind::<sqlx::Postgres>(statement, values).execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// The first row, if there is any.
    pub async fn optional(&mut self, statement: Statement, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(match self {
            Self::Sqlite(connection) => {
                bind::<sqlx::Sqlite>(statement, values).fetch_optional(&mut **connection).await?.map(Row::Sqlite)
            }
            Self::Postgres(connection) => {
                bind::<sqlx::Postgres>(statement, values).fetch_optional(&mut **connection).await?.map(Row::Postgres)
            }
        })
    }

    /// The first row, which must be there.
    pub async fn one(&mut self, statement: Statement, values: Vec<Value>) -> Result<Row> {
        let row = self.optional(statement, values).await?;
        row.ok_or_else(|| Error::Broken(format!("no row from: {}", statement.text())))
    }

    /// Every row, held in memory.
    pub async fn all(&mut self, statement: Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(statement, values, |row| {
            rows.push(row);
            Ok::<(), Error>(())
        })
        .await?;
        Ok(rows)
    }

    /// Shows every row to `visit`, one at a time; memory does not grow with their number.
    pub async fn each<E: From<Error>>(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
        mut visit: impl FnMut(Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        match self {
            Self::Sqlite(connection) => {
                let mut rows = bind::<sqlx::Sqlite>(statement, values).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(Error::from)? {
                    visit(Row::Sqlite(row))?;
                }
            }
            Self::Postgres(connection) => {
                let mut rows = bind::<sqlx::Postgres>(statement, values).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(Error::from)? {
                    visit(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// Sends text that takes no values: transaction control and migrations.
    pub(crate) async fn control(&mut self, text: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::Executor::execute(&mut **connection, sqlx::raw_sql(text)).await.map(drop)?;
            }
            Self::Postgres(connection) => {
                sqlx::Executor::execute(&mut **connection, sqlx::raw_sql(text)).await.map(drop)?;
            }
        }
        Ok(())
    }

    /// Lets the engine read a statement without running it.
    pub async fn prepare(&mut self, statement: Statement) -> Result<()> {
        use sqlx::{Executor, SqlSafeStr};
        let text = statement.text().into_sql_str();
        match self {
            Self::Sqlite(connection) => connection.prepare(text).await.map(drop)?,
            Self::Postgres(connection) => connection.prepare(text).await.map(drop)?,
        }
        Ok(())
    }
}

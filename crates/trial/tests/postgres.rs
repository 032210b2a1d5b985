//! A database server that is stopped and started again keeps what it was given.

use std::net::TcpStream;

use trial::Postgres;

#[test]
fn a_postgres_is_one_s_own_and_keeps_what_was_committed() {
    let mut postgres = Postgres::start();
    let (first, second) = (postgres.create_database(), postgres.create_database());
    assert_ne!(first, second);
    let psql = |url: &str, sql: &str| {
        let output = trial::run("psql", &["--no-psqlrc", "--tuples-only", "--no-align", url, "--command", sql]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(psql(&first, "create table t (a text); insert into t values ('x'), ('Y')"), "CREATE TABLE\nINSERT 0 2");
    assert_eq!(psql(&second, "show fsync"), "on");
    let port: u16 = first.split([':', '/']).find_map(|part| part.parse().ok()).expect("the address holds a port");

    postgres.stop();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());

    postgres.start_again();
    assert_eq!(psql(&first, "select string_agg(a, '' order by a) from t"), "xY", "{}", postgres.log());
    assert!(postgres.cpu_seconds() > 0.0);

    drop(postgres);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

//! Where mail goes: a server that speaks SMTP, or a folder for trying things out.

use std::path::PathBuf;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// How long the server may take over one command (RFC 5321, section 4.5.3.2, allows minutes; nobody needs them).
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to look at a message and take it.
const LONG_PATIENCE: Duration = Duration::from_mins(1);

/// Where mail goes.
#[derive(Debug)]
pub enum Route {
    /// To a server.
    Smtp(Box<SmtpServer>),
    /// Into a folder, one file for each message.
    Folder(PathBuf),
}

/// A server that takes mail for everywhere.
pub struct SmtpServer {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// From the first byte (RFC 8314).
    Implicit,
    /// After asking for it (RFC 3207), and not otherwise.
    Upgrade,
    /// Never.
    None,
}

impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpServer({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

impl Route {
    /// Reads `smtps://user@host:465`, `smtp://user@host:587` or `file:/folder`. The password may stand in the address, or
    /// come by itself.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(address: &str, password: Option<&str>) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|error| format!("it is not an address: {error}"))?;
        if url.scheme() == "file" {
            return url
                .to_file_path()
                .map(Self::Folder)
                .map_err(|()| "it does not name a folder of this machine".to_owned());
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no server")?;
        let tls = match (url.scheme(), url.query()) {
            ("smtps", None) => Tls::Implicit,
            ("smtp", Some("tls=none")) => Tls::None,
            // Nothing leaves this machine.
            ("smtp", None) if matches!(host, "localhost" | "127.0.0.1" | "[::1]") => Tls::None,
            ("smtp", None) => Tls::Upgrade,
            ("smtp" | "smtps", Some(_)) => return Err("behind the question mark only tls=none is known".to_owned()),
            _ => return Err("it begins with neither smtps:// nor smtp:// nor file:/".to_owned()),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = decoded(url.username());
        let password = password.map(str::to_owned).or_else(|| url.password().map(decoded));
        let credentials = match (user.is_empty(), password) {
            (true, None) => None,
            (false, Some(password)) => Some(Credentials::new(user, password)),
            (false, None) => return Err("there is a user and no password".to_owned()),
            (true, Some(_)) => return Err("there is a password and no user: smtps://USER@host".to_owned()),
        };
        let port = url.port().unwrap_or(match tls {
            Tls::Implicit => 465,
            Tls::Upgrade => 587,
            Tls::None => 25,
        });
        Ok(Self::Smtp(Box::new(SmtpServer { host: host.trim_matches(['[', ']']).to_owned(), port, tls, credentials })))
    }
}

/// Why the server did not take a message.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It will never take this one; its code.
    Forever(u16),
    /// It will not take this one now; its code.
    ForNow(u16),
    /// It does not take anything just now, or cannot be reached. Holds no address.
    Trouble(String),
}

/// A connection that messages can be handed over on.
pub(super) struct Connection(AsyncSmtpConnection);

impl Connection {
    /// Connects, and says who we are.
    pub async fn open(server: &SmtpServer, hello: &str) -> Result<Self, Refusal> {
        let opened = timeout(PATIENCE, Self::connect(server, hello)).await;
        opened.map_err(|_| late())?.map(Self)
    }

    async fn connect(server: &SmtpServer, hello: &str) -> Result<AsyncSmtpConnection, Refusal> {
        let hello = ClientId::Domain(hello.to_owned());
        let tls = || TlsParameters::new(server.host.clone()).map_err(trouble);
        let place = (server.host.as_str(), server.port);
        let mut connection = if server.tls == Tls::Implicit {
            AsyncSmtpConnection::connect_tokio1(place, Some(PATIENCE), &hello, Some(tls()?), None)
                .await
                .map_err(trouble)?
        } else {
            let stream = TcpStream::connect(place).await.map_err(|error| Refusal::Trouble(error.to_string()))?;
            // The end of a message is a small packet of its own: it is not to wait until the rest is acknowledged.
            drop(stream.set_nodelay(true));
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await.map_err(trouble)?
        };
        if server.tls == Tls::Upgrade {
            connection.starttls(tls()?, &hello).await.map_err(trouble)?;
        }
        if let Some(credentials) = &server.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await.map_err(trouble)?;
        }
        Ok(connection)
    }

    /// Everything before the message itself. What is wrong with the sender is wrong with every message, so it is trouble.
    pub async fn announce(&mut self, from: Address, to: Address) -> Result<(), Refusal> {
        let said = timeout(PATIENCE, self.0.command(Mail::new(Some(from), vec![]))).await.map_err(|_| late())?;
        said.map_err(trouble)?;
        let said = timeout(PATIENCE, self.0.command(Rcpt::new(to, vec![]))).await.map_err(|_| late())?;
        said.map_err(refused)?;
        let said = timeout(PATIENCE, self.0.command(Data)).await.map_err(|_| late())?;
        said.map_err(refused).map(drop)
    }

    /// Hands the message over. `at_last` is done when all of it is on its way but the line that ends it.
    pub async fn hand_over(&mut self, message: &[u8], at_last: impl FnOnce() + Send) -> Result<(), Refusal> {
        // The next part is asked for when the one before it has been written.
        let nothing = std::iter::once_with(|| {
            at_last();
            &b""[..]
        });
        let parts = std::iter::once(message).chain(nothing);
        let said = timeout(LONG_PATIENCE, self.0.message_iter(parts)).await.map_err(|_| late())?;
        said.map_err(refused).map(drop)
    }

    /// Lets the server forget a message that it refused.
    pub async fn reset(&mut self) -> Result<(), Refusal> {
        let said = timeout(PATIENCE, self.0.command(Rset)).await.map_err(|_| late())?;
        said.map_err(trouble).map(drop)
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        drop(timeout(Duration::from_secs(2), self.0.quit()).await);
    }
}

fn late() -> Refusal {
    Refusal::Trouble("the mail server does not answer in time".to_owned())
}

/// What servers say may name the recipient: only the code is kept.
fn trouble(error: lettre::transport::smtp::Error) -> Refusal {
    Refusal::Trouble(match error.status() {
        Some(code) => format!("the mail server answers {code}"),
        None => format!("the mail server cannot be used: {}", kind(&error)),
    })
}

fn refused(error: lettre::transport::smtp::Error) -> Refusal {
    let code = error.status().map(u16::from);
    match code {
        Some(code) if error.is_permanent() => Refusal::Forever(code),
        // 421: it closes the connection, which is not about this message.
        Some(code) if error.is_transient() && code != 421 => Refusal::ForNow(code),
        _ => trouble(error),
    }
}

fn kind(error: &lettre::transport::smtp::Error) -> String {
    use std::error::Error;
    // Errors without a code are about the connection or about TLS; their sources never quote what was sent.
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(address: &str, password: Option<&str>) -> String {
        match Route::parse(address, password) {
            Ok(Route::Smtp(server)) => {
                let signed_in = if server.credentials.is_some() { " signed in" } else { "" };
                format!("{}:{} {:?}{signed_in}", server.host, server.port, server.tls)
            }
            Ok(Route::Folder(folder)) => format!("folder {}", folder.display()),
            Err(why) => why,
        }
    }

    #[test]
    fn addresses_of_servers_are_read() {
        assert_eq!(said("smtps://ada:p%40ss@mail.example.org", None), "mail.example.org:465 Implicit signed in");
        assert_eq!(said("smtp://ada@mail.example.org", Some("x")), "mail.example.org:587 Upgrade signed in");
        assert_eq!(said("smtp://localhost", None), "localhost:25 None");
        assert_eq!(said("smtp://127.0.0.1:2525", None), "127.0.0.1:2525 None");
        assert_eq!(said("smtp://mailpit:1025?tls=none", None), "mailpit:1025 None");
        assert_eq!(said("file:/tmp/mail", None), "folder /tmp/mail");
        assert!(said("smtp://ada@mail.example.org", None).contains("no password"));
        assert!(said("http://mail.example.org", None).contains("neither"));
        assert!(said("mail.example.org", None).contains("not an address"));
        let server = Route::parse("smtps://ada:secret@mail.example.org", None);
        assert!(!format!("{server:?}").contains("secret"));
    }
}

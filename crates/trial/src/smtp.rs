//! A mail server in this process: it takes messages and keeps them to be looked at. It can refuse, be slow, and break off.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The return path.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// All of it, as it came.
    pub message: Vec<u8>,
}

impl Delivered {
    /// What it says, its quoted-printable taken off; letters outside ASCII stay as they came.
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.message).replace("=\r\n", "").replace("\r\n", "\n");
        text.replace("=3D", "=")
    }
}

/// What the server does out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whim {
    /// Answers the next recipient with this line, as in `550 5.1.1 unknown`.
    RefuseRecipient(String),
    /// Answers the next message with this line.
    RefuseMessage(String),
    /// Breaks off in the middle of the next message, and does not keep it.
    BreakOff,
    /// Answers the next connection with this line and closes it.
    RefuseConnection(String),
}

/// A mail server that ends when it is dropped.
pub struct Smtp {
    address: SocketAddr,
    kept: Arc<Kept>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    delivered: Mutex<Vec<Delivered>>,
    whims: Mutex<VecDeque<Whim>>,
    pause: Mutex<Duration>,
}

impl Smtp {
    /// Starts on a free port of this machine.
    ///
    /// # Errors
    /// If there is none.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, kept) = (listener.local_addr()?, Arc::<Kept>::default());
        let task = tokio::spawn(serve(listener, Arc::clone(&kept)));
        Ok(Self { address, kept, task })
    }

    /// Where it listens, as in `smtp://127.0.0.1:2525`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Everything that it took so far.
    pub fn delivered(&self) -> Vec<Delivered> {
        lock(&self.kept.delivered).clone()
    }

    /// How many messages it took so far.
    pub fn count(&self) -> usize {
        lock(&self.kept.delivered).len()
    }

    /// Has it do something out of order, once, after what it was told before.
    pub fn whim(&self, whim: Whim) {
        lock(&self.kept.whims).push_back(whim);
    }

    /// How long it takes over every message from now on.
    pub fn pause(&self, pause: Duration) {
        *lock(&self.kept.pause) = pause;
    }

    /// Waits until it has taken so many messages; for as long as more come within a minute.
    ///
    /// # Errors
    /// If they stay away.
    pub async fn wait_for(&self, count: usize) -> io::Result<Vec<Delivered>> {
        let (mut tries, mut before) = (0, self.count());
        while before < count && tries < 1_200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let now = self.count();
            tries = if now > before { 0 } else { tries + 1 };
            before = now;
        }
        if before >= count {
            return Ok(self.delivered());
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, format!("{before} of {count} messages came")))
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// Takes the next whim if it is of this kind.
    fn indulge<T>(&self, kind: impl Fn(&Whim) -> Option<T>) -> Option<T> {
        let mut whims = lock(&self.whims);
        let found = whims.front().and_then(kind)?;
        whims.pop_front();
        Some(found)
    }
}

async fn serve(listener: TcpListener, kept: Arc<Kept>) {
    while let Ok((stream, _)) = listener.accept().await {
        let kept = Arc::clone(&kept);
        // A client that goes away in the middle is no fault of the server.
        tokio::spawn(async move { converse(stream, &kept).await.ok() });
    }
}

async fn converse(stream: TcpStream, kept: &Kept) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let refused = kept.indulge(|whim| match whim {
        Whim::RefuseConnection(line) => Some(line.clone()),
        _ => None,
    });
    if let Some(line) = refused {
        return say(&mut writer, &line).await;
    }
    say(&mut writer, "220 trial.example ESMTP").await?;
    let (mut from, mut to, mut line) = (String::new(), String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let verb = command.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-trial.example\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES".to_owned(),
            "MAIL" => {
                from = path(&command);
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" => {
                to = path(&command);
                let refused = kept.indulge(|whim| match whim {
                    Whim::RefuseRecipient(line) => Some(line.clone()),
                    _ => None,
                });
                refused.unwrap_or_else(|| "250 2.1.5 ok".to_owned())
            }
            "DATA" => {
                say(&mut writer, "354 go on").await?;
                match take(&mut reader, kept, &from, &to).await? {
                    Some(answer) => answer,
                    None => return Ok(()),
                }
            }
            "RSET" | "NOOP" => "250 2.0.0 ok".to_owned(),
            "QUIT" => return say(&mut writer, "221 2.0.0 bye").await,
            _ => "502 5.5.1 what?".to_owned(),
        };
        say(&mut writer, &answer).await?;
    }
}

/// Reads a message; what is answered, or nothing if it breaks off.
async fn take<R: AsyncReadExt + AsyncBufReadExt + Unpin>(
    reader: &mut R,
    kept: &Kept,
    from: &str,
    to: &str,
) -> io::Result<Option<String>> {
    if kept.indulge(|whim| (*whim == Whim::BreakOff).then_some(())).is_some() {
        return Ok(None);
    }
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).await? == 0 {
            // Without its end it is no message.
            return Ok(None);
        }
        if line == b".\r\n" {
            break;
        }
        // What was stuffed (RFC 5321, section 4.5.2).
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
    let refused = kept.indulge(|whim| match whim {
        Whim::RefuseMessage(line) => Some(line.clone()),
        _ => None,
    });
    if let Some(line) = refused {
        return Ok(Some(line));
    }
    lock(&kept.delivered).push(Delivered { from: from.to_owned(), to: to.to_owned(), message });
    let pause = *lock(&kept.pause);
    tokio::time::sleep(pause).await;
    Ok(Some("250 2.0.0 kept".to_owned()))
}

async fn say<W: AsyncWrite + Unpin>(writer: &mut W, line: &str) -> io::Result<()> {
    writer.write_all(format!("{line}\r\n").as_bytes()).await
}

/// What stands between angle brackets.
fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

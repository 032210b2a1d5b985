//! A running `folkmoot serve`, to be visited, killed and started again.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::process::{Process, free_port};
use crate::{run, usage};

/// How long it may take to be ready.
const START: Duration = Duration::from_mins(2);
/// How long it may take to stop after it was asked to: longer than it gives to requests that are under way.
const STOP: Duration = Duration::from_mins(1);
/// How often another port is tried.
const PORTS: u32 = 5;

/// A server. Dropping it kills it.
pub struct Server {
    binary: PathBuf,
    /// Everything behind `serve --listen ADDRESS`.
    arguments: Vec<String>,
    address: SocketAddr,
    process: Option<Process>,
    started_in: Duration,
    log: TempDir,
}

impl Server {
    /// Runs `binary serve --listen 127.0.0.1:PORT --data DATA [--database DATABASE] EXTRA…` on a free port and waits
    /// until `/readyz` says yes. `binary` is `env!("CARGO_BIN_EXE_folkmoot")` in the tests of that package.
    ///
    /// # Panics
    /// If it is not ready within half a minute; the message holds what it said.
    pub fn start(binary: impl AsRef<Path>, data: &Path, database: Option<&str>, extra: &[&str]) -> Self {
        let mut arguments = vec!["--data".to_owned(), data.display().to_string()];
        if let Some(url) = database {
            arguments.extend(["--database", url].map(str::to_owned));
        }
        arguments.extend(extra.iter().map(|&argument| argument.to_owned()));
        let mut server = Self {
            binary: binary.as_ref().to_owned(),
            arguments,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            process: None,
            started_in: Duration::ZERO,
            log: tempfile::tempdir().expect("a temporary folder for what the server says"),
        };
        for attempt in 1..=PORTS {
            server.address.set_port(free_port());
            match server.launch() {
                Ok(()) => return server,
                // Somebody else was quicker to take the port.
                Err(_) if attempt < PORTS && server.log().contains("in use") => {}
                // A script that was just written is still open in a process that is being started beside it.
                Err(why) if attempt < PORTS && why.contains("Text file busy") => {}
                Err(why) => panic!("{why}:\n{}", server.log()),
            }
        }
        server
    }

    /// Starts it again at the same address with the same arguments, after it was killed or terminated.
    ///
    /// # Panics
    /// If it is not ready within two minutes.
    pub fn start_again(&mut self) {
        self.process = None;
        self.launch().unwrap_or_else(|why| panic!("{why}:\n{}", self.log()));
    }

    /// Ends it at once, as a power cut would end it.
    pub fn kill9(&mut self) {
        self.process = None;
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    ///
    /// # Panics
    /// If it runs on.
    pub fn terminate(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("a server that is running can be terminated");
        process.signal(Signal::TERM).expect("a signal can be sent");
        let ended = process.wait(STOP).expect("it can be waited for");
        ended.unwrap_or_else(|| panic!("the server does not stop:\n{}", self.log()))
    }

    /// A visitor.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The whole address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The number of its process.
    ///
    /// # Panics
    /// If it does not run.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("the server runs").pid()
    }

    /// From its last start until `/readyz` said yes.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// Seconds of one processor that it has used since its last start.
    pub fn cpu_seconds(&self) -> f64 {
        usage::cpu_seconds(self.pid()).unwrap_or_default()
    }

    /// The memory that it holds now, in MiB (`VmRSS`).
    pub fn memory_mb(&self) -> f64 {
        usage::memory_mb(self.pid(), "VmRSS").unwrap_or_default()
    }

    /// The most memory that it has held since its last start, in MiB (`VmHWM`).
    pub fn peak_memory_mb(&self) -> f64 {
        usage::memory_mb(self.pid(), "VmHWM").unwrap_or_default()
    }

    /// What it has said since its last start, errors included.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.log.path().join("log")
    }

    fn launch(&mut self) -> Result<(), String> {
        let why = |error: io::Error| format!("{} cannot be started: {error}", self.binary.display());
        let log = fs::File::create(self.log_file()).map_err(why)?;
        let mut command = run::command(&self.binary);
        command.args(["serve", "--listen", &self.address.to_string()]).args(&self.arguments);
        command.stdout(log.try_clone().map_err(why)?).stderr(log);
        let began = Instant::now();
        let mut process = Process::start(&mut command, Signal::KILL, Some(self.log.path())).map_err(why)?;
        while began.elapsed() < START {
            if is_ready(self.address).unwrap_or(false) {
                self.started_in = began.elapsed();
                self.process = Some(process);
                return Ok(());
            }
            if let Some(status) = process.ended().map_err(why)? {
                return Err(format!("the server ended before it was ready ({status})"));
            }
            // Often at first, so that a start of a few milliseconds is measured as one.
            let pause = if began.elapsed() < Duration::from_secs(1) { 1 } else { 50 };
            std::thread::sleep(Duration::from_millis(pause));
        }
        Err(format!("the server is not ready after {} s", START.as_secs()))
    }
}

fn is_ready(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}

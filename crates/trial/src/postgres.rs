//! A `PostgreSQL` of one's own: Debian's programs over a temporary folder, reachable from this machine only, and durable
//! like one that people rely on.

use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{Process, free_port};
use crate::usage;

/// How long it may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often another port is tried.
const PORTS: u32 = 5;

/// A running `PostgreSQL`. Dropping it stops it and removes everything in it.
pub struct Postgres {
    process: Option<Process>,
    port: u16,
    programs: PathBuf,
    user: Option<User>,
    databases: AtomicU32,
    // Last, so that the server has ended when its folder goes.
    folder: TempDir,
}

impl Postgres {
    /// Starts it. Tests in one process may share it through a `OnceLock` and take a database each.
    ///
    /// # Panics
    /// If `PostgreSQL` is not installed, or does not start; the message says what to do.
    pub fn start() -> Self {
        let programs = programs().unwrap_or_else(|| {
            panic!("PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin or on the PATH. Run: apt-get install postgresql")
        });
        // PostgreSQL refuses to run as root.
        let user = rustix::process::geteuid().is_root().then(User::unprivileged);
        let folder = tempfile::Builder::new().prefix("folkmoot-postgres-").tempdir().expect("a temporary folder");
        if let Some(user) = &user {
            chown(folder.path(), Some(user.id), Some(user.group)).expect("root may give a folder away");
        }
        let mut postgres = Self { process: None, port: 0, programs, user, databases: AtomicU32::new(0), folder };
        postgres.initialise();
        postgres.start_on_some_port();
        postgres
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database that nobody else knows; its address.
    ///
    /// # Panics
    /// If that fails.
    pub fn create_database(&self) -> String {
        let name = format!("trial_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.admin("createdb", &[&name]);
        self.url(&name)
    }

    /// Makes a copy of the database of that address, to which nobody may be connected, for [`Postgres::restore`].
    ///
    /// # Panics
    /// If that fails.
    pub fn copy(&self, url: &str, name: &str) {
        let database = url.rsplit('/').next().unwrap_or_default();
        self.admin("createdb", &["--template", database, &format!("{database}_{name}")]);
    }

    /// Puts a copy in the place of the database of that address.
    ///
    /// # Panics
    /// If that fails.
    pub fn restore(&self, url: &str, name: &str) {
        let database = url.rsplit('/').next().unwrap_or_default();
        self.admin("dropdb", &["--force", database]);
        self.admin("createdb", &["--template", &format!("{database}_{name}"), database]);
    }

    fn admin(&self, program: &str, arguments: &[&str]) {
        let port = self.port.to_string();
        let mut command = self.command(program);
        command.args(["--host", "127.0.0.1", "--port", &port, "--username", "postgres", "--no-password"]);
        finish(command.args(arguments));
    }

    /// Everything that stands in the database of that address, as text.
    ///
    /// # Panics
    /// If that fails.
    pub fn dump(&self, url: &str) -> String {
        let output = finish(self.command("pg_dump").args(["--no-password", "--dbname", url]));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Stops it at once, as a crash would: connections break, and what was committed is there when it starts again.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn stop(&mut self) {
        let stopped = self.try_stop().expect("it can be stopped");
        assert!(stopped, "PostgreSQL does not stop:\n{}", self.log());
    }

    /// Starts it again after [`Postgres::stop`], at the same address with the same data.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&mut self) {
        self.stop();
        assert!(self.launch(), "PostgreSQL does not start again:\n{}", self.log());
    }

    /// Seconds of one processor that it has used so far, with all its processes.
    pub fn cpu_seconds(&self) -> f64 {
        self.process.as_ref().and_then(|process| usage::cpu_seconds_of_family(process.pid())).unwrap_or_default()
    }

    /// What it has said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Whether it has stopped. All its processes end with the first, which must not be killed for that.
    fn try_stop(&mut self) -> io::Result<bool> {
        let Some(mut process) = self.process.take() else { return Ok(true) };
        process.signal(Signal::QUIT)?;
        Ok(process.wait(PATIENCE)?.is_some())
    }

    fn initialise(&self) {
        let mut command = self.command("initdb");
        command.arg("--pgdata").arg(self.data());
        command.args([
            "--username",
            "postgres",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--no-instructions",
            "--no-sync",
        ]);
        // Sorts as people do, not by bytes, as most installations do: code that relies on the order of bytes is found.
        finish(command.args(["--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en"]));
    }

    fn start_on_some_port(&mut self) {
        for _ in 0..PORTS {
            self.port = free_port();
            if self.launch() {
                return;
            }
        }
        panic!("PostgreSQL does not start:\n{}", self.log());
    }

    /// Starts it on its port; whether it takes connections.
    fn launch(&mut self) -> bool {
        let log = fs::File::options().create(true).append(true).open(self.log_file()).expect("a file for the log");
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).stdout(Stdio::null()).stderr(log);
        let sockets = format!("unix_socket_directories={}", self.folder.path().display());
        let port = format!("port={}", self.port);
        for setting in [
            &port,
            &sockets,
            "listen_addresses=127.0.0.1",
            "max_connections=200",
            // The defaults, said aloud: what is measured and tested here is durable.
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
        ] {
            command.args(["-c", setting]);
        }
        let mut process =
            Process::start(&mut command, Signal::QUIT, Some(self.folder.path())).expect("postgres starts");
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.takes_connections(process.pid()) {
                self.process = Some(process);
                return true;
            }
            if process.ended().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// What `pg_ctl` looks at, too: the first line of this file is the number of the process, the eighth its state.
    fn takes_connections(&self, pid: u32) -> bool {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines();
        lines.next() == Some(pid.to_string().as_str()) && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    /// One of its programs, as a user that it agrees to run as, and without settings of whoever runs the tests.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        if let Some(user) = &self.user {
            command.uid(user.id).gid(user.group);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // If it does not stop, it is killed with its process.
        drop(self.try_stop());
    }
}

fn finish(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    assert!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The folder with the programs of the newest version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version =
        |entry: fs::DirEntry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")));
    let debian = versions.filter_map(version).filter(|(_, bin)| complete(bin)).max().map(|(_, bin)| bin);
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.or_else(|| std::env::split_paths(&path).find(|folder| complete(folder)))
}

fn complete(folder: &Path) -> bool {
    ["initdb", "postgres", "createdb"].iter().all(|program| folder.join(program).is_file())
}

/// Whom to be instead of root.
struct User {
    id: u32,
    group: u32,
}

impl User {
    fn unprivileged() -> Self {
        let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let user = ["postgres", "nobody"].iter().find_map(|name| Self::named(&known, name));
        user.expect("there is a user postgres or nobody, for PostgreSQL does not run as root")
    }

    /// From `/etc/passwd`: name, password, id, group.
    fn named(known: &str, name: &str) -> Option<Self> {
        let line = known.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1).map(str::parse);
        Some(Self { id: fields.next()?.ok()?, group: fields.next()?.ok()? })
    }
}

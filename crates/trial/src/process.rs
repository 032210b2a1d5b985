//! A process that ends with the one that started it.
//!
//! `Drop` is not enough for that: statics are never dropped, and a test that is killed drops nothing. So each process has
//! a keeper, a shell that waits for the end of its standard input. The other end of that pipe lives in this process, and
//! closes with it; then the keeper sends the signal and removes the folder.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// What the keeper does: `$0` the process, `$1` the signal, `$2` the folder or nothing.
const KEEPER: &str = r#"
trap '' INT TERM HUP QUIT
read -r _
kill "-$1" "$0" 2>/dev/null
tries=50
while [ $tries -gt 0 ] && kill -0 "$0" 2>/dev/null; do sleep 0.1; tries=$((tries - 1)); done
[ -z "$2" ] || rm -rf "$2"
"#;

/// A process with its keeper. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    keeper: Child,
}

impl Process {
    /// Starts `command`. If this process dies, the new one gets `signal`, and `folder` is removed.
    pub fn start(command: &mut Command, signal: Signal, folder: Option<&Path>) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::null()).spawn()?;
        let keeper = Command::new("/bin/sh")
            .args(["-c", KEEPER, &child.id().to_string(), &signal.as_raw().to_string()])
            .arg(folder.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match keeper {
            Ok(keeper) => Ok(Self { child, keeper }),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Waits for its end, for at most `patience`.
    pub fn wait(&mut self, patience: Duration) -> io::Result<Option<ExitStatus>> {
        let began = Instant::now();
        loop {
            match self.ended()? {
                None if began.elapsed() < patience => std::thread::sleep(Duration::from_millis(2)),
                outcome => return Ok(outcome),
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The keeper first: once the process is waited for, its number may become somebody else's.
        end(&mut self.keeper);
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    // An error means that it has ended already.
    drop(child.kill());
    drop(child.wait());
}

/// A port that nobody listens on just now. Somebody else may be quicker, so whoever uses it must be ready to try again.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("this machine has an address 127.0.0.1");
    listener.local_addr().expect("a listener has an address").port()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_with_the_one_that_started_it() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut process = Process::start(Command::new("sleep").arg("600"), Signal::TERM, Some(folder.path()))?;
        assert_eq!(process.wait(Duration::from_millis(50))?, None);
        // As if this process had died: the pipe closes.
        drop(process.keeper.stdin.take());
        let status = process.wait(Duration::from_secs(10))?.expect("it ended");
        assert!(!status.success());
        process.keeper.wait()?;
        assert!(!folder.path().exists());
        Ok(())
    }
}

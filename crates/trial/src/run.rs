//! Runs a command to its end, with or without measuring what it takes.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::usage::{self, Usage};

/// Between two looks at how much memory a command holds.
const LOOK: Duration = Duration::from_millis(5);

/// A command of ours that sees no setting of whoever runs the tests, and reads nothing.
pub(crate) fn command(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FOLKMOOT_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs `binary` to its end.
///
/// # Panics
/// If it cannot be started.
pub fn run(binary: impl AsRef<Path>, args: &[impl AsRef<OsStr>]) -> Output {
    let binary = binary.as_ref();
    let output = command(binary).args(args).output();
    output.unwrap_or_else(|error| panic!("{} cannot be started: {error}", binary.display()))
}

/// Runs `binary` to its end and measures what it takes; of its children, nothing.
///
/// # Panics
/// If it cannot be started.
pub fn run_measured(binary: impl AsRef<Path>, args: &[impl AsRef<OsStr>]) -> (Output, Usage) {
    let binary = binary.as_ref();
    measure(command(binary).args(args))
        .unwrap_or_else(|error| panic!("{} cannot be run and measured: {error}", binary.display()))
}

fn measure(command: &mut Command) -> io::Result<(Output, Usage)> {
    // Files, so that nobody has to read two pipes while it measures.
    let folder = tempfile::tempdir()?;
    let (out, err) = (folder.path().join("stdout"), folder.path().join("stderr"));
    let began = Instant::now();
    let mut child = command.stdout(fs::File::create(&out)?).stderr(fs::File::create(&err)?).spawn()?;
    let pid = child.id();
    let mut peak_memory_mb = 0.0;
    // Left unwaited for, a process that has ended still tells its CPU time; its memory is known from the last look.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(Pid::from_child(&child)), options)?.is_none() {
        peak_memory_mb = usage::memory_mb(pid, "VmHWM").unwrap_or(peak_memory_mb);
        std::thread::sleep(LOOK);
    }
    let wall = began.elapsed();
    let cpu_seconds = usage::cpu_seconds(pid).unwrap_or_default();
    let status = child.wait()?;
    let output = Output { status, stdout: fs::read(out)?, stderr: fs::read(err)? };
    Ok((output, Usage { wall, cpu_seconds, peak_memory_mb }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_run_and_measured() {
        let (output, usage) =
            run_measured("/bin/sh", &["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i; exit 3"]);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b"200000\n"[..]));
        assert!(usage.cpu_seconds > 0.0 && usage.cpu_seconds < 60.0, "{usage:?}");
        assert!(usage.peak_memory_mb > 0.1 && usage.peak_memory_mb < 100.0, "{usage:?}");
        assert_eq!(run("/bin/sh", &["-c", "echo $FOLKMOOT_LISTEN$0", "it"]).stdout, b"it\n");
    }
}

//! Somebody at the keyboard of w3m: a terminal of its own, keys that are typed, and what is on the screen afterwards.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// w3m in a terminal, which `script` of util-linux lends it.
pub struct Typing {
    process: Child,
    keys: ChildStdin,
    drawn: Arc<Mutex<String>>,
}

impl Typing {
    /// Opens an address; cookies and settings are kept in `home`.
    pub fn open(address: &str, home: &Path) -> Self {
        let w3m = format!("stty rows 60 cols 80; exec w3m -cookie -o display_charset=UTF-8 '{address}'");
        let mut process = Command::new("script")
            .args(["--quiet", "--flush", "--return", "--command", &w3m, "/dev/null"])
            .envs([("TERM", "vt100"), ("LANG", "C.UTF-8")])
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`script`");
        let (keys, mut screen) = (process.stdin.take().expect("keys"), process.stdout.take().expect("a screen"));
        let drawn: Arc<Mutex<String>> = Arc::default();
        let kept = Arc::clone(&drawn);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = screen.read(&mut bytes) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
        });
        Self { process, keys, drawn }
    }

    fn drawn(&self) -> String {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Types keys, and waits until nothing more is drawn.
    pub fn type_keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("it listens");
        let (mut before, mut quiet) = (self.drawn().len(), Instant::now());
        while quiet.elapsed() < Duration::from_millis(250) {
            std::thread::sleep(Duration::from_millis(20));
            let now = self.drawn().len();
            if now != before {
                (before, quiet) = (now, Instant::now());
            }
        }
    }

    /// Goes to where these words stand for that time on the page.
    pub fn find(&mut self, words: &str, time: usize) {
        self.type_keys("g");
        self.type_keys("/");
        self.type_keys(&format!("{words}\r"));
        for _ in 1..time {
            self.type_keys("n");
        }
    }

    /// Goes to where these words stand for that time, and presses what is there.
    pub fn follow(&mut self, words: &str, time: usize) {
        self.find(words, time);
        self.type_keys("\r");
    }

    /// Draws the screen anew until these words stand there.
    ///
    /// # Panics
    /// If they do not come.
    pub fn until(&mut self, words: &str) -> String {
        let began = Instant::now();
        loop {
            self.drawn.lock().unwrap_or_else(PoisonError::into_inner).clear();
            self.type_keys("\u{c}");
            let screen = plain(&self.drawn());
            if screen.contains(words) {
                return screen;
            }
            assert!(began.elapsed() < Duration::from_mins(2), "{words:?} does not come: {screen}");
        }
    }
}

impl Drop for Typing {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// What is drawn without how: control sequences become spaces, and spaces one.
fn plain(drawn: &str) -> String {
    let mut text = String::new();
    let mut chars = drawn.chars();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' => {
                let control = chars.next();
                if control == Some('[') {
                    let _end = chars.find(char::is_ascii_alphabetic);
                } else if matches!(control, Some('(' | ')')) {
                    chars.next();
                }
                text.push(' ');
            }
            char if char.is_control() => text.push(' '),
            char => text.push(char),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! A person at a terminal: a pseudo-terminal with a program of the kit in it.

use rexpect::{
    process::WaitStatus,
    session::{PtySession, spawn_command},
};

/// Milliseconds: long enough for a machine that is busy; no test waits for them to pass.
const PATIENCE: u64 = 60_000;

/// A terminal in which a program runs; the program is ended when it is dropped.
pub(crate) struct Terminal {
    session: PtySession,
    shown: String,
}

impl Terminal {
    /// Runs a program of the kit.
    pub(crate) fn run(program: &str, arguments: &[&str]) -> Self {
        let mut command = fixture::interruptible(fixture::program(program));
        command.args(arguments);
        let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
        session.process_mut().set_kill_timeout(Some(1_000));
        Self {
            session,
            shown: String::new(),
        }
    }

    /// Runs the client against a server.
    pub(crate) fn client(address: impl ToString, arguments: &[&str]) -> Self {
        let address = address.to_string();
        Self::run(
            "client",
            &[&["--connect", address.as_str()], arguments].concat(),
        )
    }

    /// Runs a server on a free port, and gives its address too.
    pub(crate) fn server(program: &str, flags: &[&str]) -> (Self, String) {
        let mut terminal =
            Self::run(program, &[&["--listen", "127.0.0.1:0"], flags].concat());
        terminal.see("listening on ");
        let address = terminal.see("\n").trim().to_owned();
        (terminal, address)
    }

    /// Waits until the program shows `text`, and gives what it showed before it.
    pub(crate) fn see(&mut self, text: &str) -> String {
        let text = text.replace('\n', "\r\n");
        let before = self.session.exp_string(&text).unwrap_or_else(|error| {
            panic!("waited for {text:?} after {:?}: {error}", self.shown)
        });
        self.show(&before);
        self.show(&text);
        before
    }

    /// All that was seen until now, and typed.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// Types a line and Enter. The terminal's echo is off: the line is put down here.
    pub(crate) fn type_line(&mut self, line: &str) {
        self.session.send_line(line).unwrap();
        self.show(&format!("{line}\n"));
    }

    /// Types, and does not press Enter.
    pub(crate) fn type_without_enter(&mut self, text: &str) {
        self.session.send(text).unwrap();
        self.session.flush().unwrap();
        self.show(text);
    }

    /// Presses Ctrl and this letter.
    pub(crate) fn press_control(&mut self, letter: char) {
        self.session.send_control(letter).unwrap();
    }

    /// Waits for the program's end: its exit status, 128+N after signal N, and all that
    /// stood on the terminal.
    pub(crate) fn end(mut self) -> (i32, String) {
        let rest = self.session.exp_eof().unwrap();
        self.show(&rest);
        let status = match self.session.process().wait().unwrap() {
            WaitStatus::Exited(_, status) => status,
            WaitStatus::Signaled(_, signal, _) => 128 + signal as i32,
            other => panic!("it neither exited nor died: {other:?}"),
        };
        (status, self.shown)
    }

    fn show(&mut self, text: &str) {
        self.shown.push_str(&text.replace("\r\n", "\n"));
    }
}

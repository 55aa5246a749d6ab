//! From a command to a server that is listening.

use std::{
    ffi::{OsStr, OsString},
    io::{self, ErrorKind},
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{LaunchError, Server, process::Process, program};

/// The line that every server prints first, up to its address.
const ANNOUNCEMENT: &str = "listening on ";

/// How often it is asked whether to go on waiting.
const GLANCE: Duration = Duration::from_millis(50);

/// What to run, and how. Its arguments are passed on as they are: ask the server for a
/// free port with `--listen 127.0.0.1:0`.
#[derive(Debug)]
pub struct Launch {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    clears_environment: bool,
    folder: Option<PathBuf>,
    announce_within: Duration,
}

impl Launch {
    /// A program. A name without `/` is looked for beside this process's own program,
    /// then in PATH; to start a script that starts the server, let it `exec` it.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: Vec::new(),
            clears_environment: false,
            folder: None,
            announce_within: Duration::from_secs(10),
        }
    }

    /// A program and its arguments as one text, split as a shell splits a line. No shell
    /// runs: quotes and backslashes have a meaning, variables and redirections have none.
    ///
    /// # Errors
    ///
    /// [`LaunchError::BadCommand`] when there is no word, or a quote is not closed.
    ///
    /// ```
    /// let launch = launch::Launch::parse_command("threaded-server --max-clients 2")?;
    /// # Ok::<(), launch::LaunchError>(())
    /// ```
    pub fn parse_command(command: &str) -> Result<Self, LaunchError> {
        let bad = |why| LaunchError::BadCommand {
            command: command.to_owned(),
            why,
        };
        let words = shlex::split(command)
            .ok_or_else(|| bad("a quote is not closed, or it ends with a backslash"))?;
        let (program, arguments) = words
            .split_first()
            .ok_or_else(|| bad("it names no program"))?;
        Ok(Self::new(program).args(arguments))
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(self, argument: impl AsRef<OsStr>) -> Self {
        self.args([argument])
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(
        mut self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Self {
        let arguments = arguments.into_iter();
        self.arguments
            .extend(arguments.map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable of the server's environment, which is this process's otherwise.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Leaves this process's environment out: the server gets what [`env`](Self::env)
    /// sets.
    #[must_use]
    pub fn clear_env(mut self) -> Self {
        self.clears_environment = true;
        self
    }

    /// The server's folder, from which its path counts, too; this process's otherwise.
    #[must_use]
    pub fn current_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// How long the server has to print its first line: 10 s unless set.
    #[must_use]
    pub fn announce_within(mut self, within: Duration) -> Self {
        self.announce_within = within;
        self
    }

    /// Starts the server in a process group of its own, without standard input, and waits
    /// for its address. Nothing connects to it: to a server that serves one client at a
    /// time, a probe would be a client.
    ///
    /// # Errors
    ///
    /// A [`LaunchError`]; no process is left behind then.
    pub fn start(self) -> Result<Server, LaunchError> {
        self.start_while(|| true)
    }

    /// [`start`](Self::start)s it, and gives up as soon as `on` returns false: after
    /// Ctrl-C nobody waits for a server that is slow.
    ///
    /// # Errors
    ///
    /// A [`LaunchError`]; no process is left behind then.
    pub fn start_while(self, on: impl Fn() -> bool) -> Result<Server, LaunchError> {
        self.start_watched(|_| on())
    }

    /// The same, and shows `on` the server that has not said its first line yet.
    ///
    /// # Errors
    ///
    /// A [`LaunchError`]; no process is left behind then.
    pub fn start_watched(
        self,
        on: impl Fn(&Server) -> bool,
    ) -> Result<Server, LaunchError> {
        let process = self.spawn().map_err(|source| self.cannot_start(source))?;
        let mut server = Server::watch(process, self.name())?;
        let line = self.first_line(&mut server, on)?;
        let address = line.strip_prefix(ANNOUNCEMENT).map(str::trim_end);
        let Some(address) = address.and_then(|text| text.parse().ok()) else {
            server.kill()?;
            let (program, output) = (self.name(), server.output());
            return Err(LaunchError::BadAnnouncement {
                program,
                line,
                output,
            });
        };
        server.set_address(address);
        Ok(server)
    }

    /// Starts a program that announces nothing, such as redis-server: the caller knows at
    /// which `address` it will listen, and has to find out when it does.
    ///
    /// # Errors
    ///
    /// [`LaunchError::NotFound`], [`LaunchError::NoFile`] and
    /// [`LaunchError::CannotStart`].
    pub fn start_at(self, address: SocketAddr) -> Result<Server, LaunchError> {
        let process = self.spawn().map_err(|source| self.cannot_start(source))?;
        let mut server = Server::watch(process, self.name())?;
        if server.has_started(self.announce_within) {
            server.set_address(address);
            return Ok(server);
        }
        server.kill()?;
        let refused = server.refused();
        Err(self.cannot_start(refused.unwrap_or_else(|| ErrorKind::TimedOut.into())))
    }

    fn first_line(
        &self,
        server: &mut Server,
        on: impl Fn(&Server) -> bool,
    ) -> Result<String, LaunchError> {
        let (within, start) = (self.announce_within, Instant::now());
        let mut goes_on = true;
        while goes_on && !server.has_exited() && start.elapsed() < within {
            let left = within.saturating_sub(start.elapsed());
            if let Some(line) = server.first_line(left.min(GLANCE)) {
                return Ok(line);
            }
            goes_on = on(server);
        }
        let has_exited = server.has_exited();
        let status = server.kill()?;
        if let Some(refused) = server.refused() {
            return Err(self.cannot_start(refused));
        }
        let (program, output) = (self.name(), server.output());
        // What it printed before it exited may have been read only now.
        match (has_exited, server.first_line(Duration::ZERO)) {
            (true, Some(line)) => Ok(line),
            (true, None) => Err(LaunchError::ExitedEarly {
                program,
                status,
                output,
            }),
            (false, _) if !goes_on => Err(LaunchError::GivenUp { program }),
            (false, _) => Err(LaunchError::NotAnnounced {
                program,
                within,
                output,
            }),
        }
    }

    fn spawn(&self) -> io::Result<Process> {
        Process::start(&self.found(), |command| {
            if self.clears_environment {
                command.env_clear();
            }
            command
                .args(&self.arguments)
                .envs(self.environment.iter().map(|(name, value)| (name, value)));
            if let Some(folder) = &self.folder {
                command.current_dir(folder);
            }
        })
    }

    fn cannot_start(&self, source: io::Error) -> LaunchError {
        let (program, found) = (self.name(), self.found());
        match source.kind() == ErrorKind::NotFound && !found.exists() {
            true if program::is_path(&self.program) => LaunchError::NoFile { found },
            true => LaunchError::NotFound { program },
            false => LaunchError::CannotStart { program, source },
        }
    }

    fn found(&self) -> PathBuf {
        program::find(&self.program, self.folder.as_deref())
    }

    fn name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }
}

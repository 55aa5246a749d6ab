//! The command line of every server of the kit.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    num::NonZeroUsize,
    path::PathBuf,
    time::Duration,
};

use clap::{Args, Command, FromArgMatches};

use crate::plain::{self, Plain};

const TIME_LIMITS: &str = "Time limits (write 500ms, 2s or 1m; at most a day)";

/// The examples come first: a person who asks for help wants to start the server.
const HELP: &str = "\
{about}

Examples:
  NAME
  NAME --listen 127.0.0.1:0
  NAME --log requests.jsonl --quiet

{usage-heading} {usage}

{all-args}

Ctrl-C or SIGTERM stops the server: it first answers the requests that run. A
second one stops it immediately. docs/protocol.md explains the commands.";

/// The command line of a server. All servers take the same options, so that two servers
/// differ only in their threads.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Listen on ADDR; port 0 takes a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12000")]
    #[arg(value_parser = address)]
    pub listen: SocketAddr,

    /// Serve at most N clients at the same time; the next waits in
    /// the backlog. single-server serves one, and pool-server at
    /// most one for each worker
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clients)]
    #[arg(verbatim_doc_comment)]
    pub max_clients: NonZeroUsize,

    /// Let N clients wait in the backlog; when it is full, a
    /// connect hangs
    #[arg(long, value_name = "N", default_value = "4096", value_parser = backlog)]
    #[arg(verbatim_doc_comment)]
    pub backlog: u16,

    /// Close the client that holds most memory, once the requests
    /// and replies of all clients take more than MIB mebibytes
    #[arg(long, value_name = "MIB", default_value = "64")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    #[arg(verbatim_doc_comment)]
    pub max_client_memory: u32,

    /// Append one line of JSON for each request to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub log: Option<PathBuf>,

    /// Print only the address, warnings and the last line
    #[arg(long, help_heading = "Output")]
    pub quiet: bool,

    /// Answer SAY with TEXT
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "Hello from the server",
        help_heading = "Commands"
    )]
    pub greeting: String,

    /// Let a person here answer each SAY; a line with only a dot
    /// ends the conversation
    #[arg(long, help_heading = "Commands", verbatim_doc_comment)]
    pub operator: bool,

    /// Serve clients that send text without frames, as nc does;
    /// each message is the text of one command: say (the default),
    /// run or register
    #[arg(long, value_name = "COMMAND", num_args = 0..=1, default_missing_value = "say")]
    #[arg(value_parser = plain::parser(), hide_possible_values = true)]
    #[arg(help_heading = "Commands")]
    #[arg(verbatim_doc_comment)]
    pub plain: Option<Plain>,

    /// Keep the roster in FILE, as JSON, across restarts
    #[arg(long, value_name = "FILE", help_heading = "Commands")]
    pub roster: Option<PathBuf>,

    /// Let INCR read, wait 1 ms and write, without a lock: if
    /// several threads serve, updates are lost
    #[arg(long, help_heading = "Commands", verbatim_doc_comment)]
    pub unlocked: bool,

    /// Close each connection after one reply
    #[arg(long, help_heading = "Commands")]
    pub once: bool,

    /// Let RUN start NAME with any arguments. Every client can then
    /// do, with your rights, whatever NAME can do: `--allow sh`
    /// gives your account to every client
    #[arg(long, value_name = "NAME", value_parser = program_name)]
    #[arg(help_heading = "Commands")]
    #[arg(verbatim_doc_comment)]
    pub allow: Vec<String>,

    /// Accept --allow on an address that other machines can reach
    #[arg(long, help_heading = "Commands")]
    pub expose_commands: bool,

    /// Stop a program of RUN after this time
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    #[arg(help_heading = TIME_LIMITS)]
    pub run_timeout: Duration,

    /// Refuse a longer SLEEP
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    #[arg(help_heading = TIME_LIMITS)]
    pub max_sleep: Duration,

    /// Let the first client of a MEET wait this long
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    #[arg(help_heading = TIME_LIMITS)]
    pub meet_timeout: Duration,

    /// Close a connection that is idle this long; 0: no limit
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = time)]
    #[arg(help_heading = TIME_LIMITS)]
    pub idle_timeout: Duration,

    /// Let requests run this long after Ctrl-C or SIGTERM
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    #[arg(help_heading = TIME_LIMITS)]
    pub grace: Duration,

    /// The program's name, which HELLO returns.
    #[arg(skip)]
    pub(crate) program: String,
}

impl Options {
    /// Reads the command line of the program `name`. Ends the process, as clap does,
    /// after `--help` (status 0) and after a usage error (status 2).
    #[must_use]
    pub fn from_command_line(name: &'static str, about: &'static str) -> Self {
        Self::read(name, about, std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// The same for a program that has options of its own beside these.
    #[must_use]
    pub fn from_command_line_with<T: Args>(
        name: &'static str,
        about: &'static str,
    ) -> (Self, T) {
        let command = T::augment_args(Self::command(name, about));
        // Clap takes the documentation of `T` for that of the program.
        let command = command.about(about).long_about(None);
        let matches = command.get_matches();
        let read = Self::from_arg_matches(&matches)
            .and_then(|options| Ok((options, T::from_arg_matches(&matches)?)));
        let (mut options, more) = read.unwrap_or_else(|error| error.exit());
        name.clone_into(&mut options.program);
        (options, more)
    }

    /// Reads options from words, the program's own name first.
    ///
    /// # Errors
    ///
    /// Those of clap: a usage error, or the text that `--help` asked for.
    pub fn read<I, T>(
        name: &'static str,
        about: &'static str,
        words: I,
    ) -> clap::error::Result<Self>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        let command = Self::command(name, about);
        let matches = command.try_get_matches_from(words)?;
        let mut options = Self::from_arg_matches(&matches)?;
        name.clone_into(&mut options.program);
        Ok(options)
    }

    /// The command line of the program `name` as clap knows it, for what is made from it.
    #[must_use]
    pub fn command(name: &'static str, about: &'static str) -> Command {
        Self::augment_args(Command::new(name))
            .about(about)
            .long_about(None)
            .version(env!("CARGO_PKG_VERSION"))
            .help_template(HELP.replace("NAME", name))
            .term_width(0) // alike with and without the feature `wrap_help`
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let hint = "expected HOST:PORT, as in 127.0.0.1:12000";
    let mut found = text.to_socket_addrs().map_err(|_| hint.to_owned())?;
    found.next().ok_or_else(|| hint.to_owned())
}

fn clients(text: &str) -> Result<NonZeroUsize, String> {
    let expected = |_| "expected a number of clients, 1 or more".to_owned();
    text.parse().map_err(expected)
}

fn backlog(text: &str) -> Result<u16, String> {
    let expected = |_| "expected a number of clients, 0 to 65535".to_owned();
    text.parse().map_err(expected)
}

fn time(text: &str) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    match proto::parse_duration(text) {
        Some(time) if time <= DAY => Ok(time),
        Some(_) => Err("at most a day".to_owned()),
        None => Err("expected a time, as in 500ms, 2s or 1m".to_owned()),
    }
}

fn program_name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('/') {
        return Err("expected the bare name of a program, as in ls".to_owned());
    }
    Ok(text.to_owned())
}

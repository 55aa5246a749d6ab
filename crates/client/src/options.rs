//! The program's options.

use std::{ffi::OsString, time::Duration};

use clap::{Args, Parser, builder::NonEmptyStringValueParser};

const EXAMPLES: &str = "\
Sends requests to a server of the kit and prints its replies.

Examples:
  client PING               is somebody there?
  client RUN date -u        run a command on the server: its output, its exit status
  client 'SLEEP 2s'         an argument alone is a line, as at the prompt
  client TIMED SLEEP 500ms  and say what it cost, on standard error
  client                    a prompt; each line gets a connection of its own
  client --keep             a prompt that holds one connection open
  client --chat 'Hello'     say hello, show the answer, ask whether to go on
  client --chat             talk: each line is sent, '.' ends
  client --register         send a name, a student id and a GitHub user; asks for them

{usage-heading} {usage}

{all-args}

Exit status: that of the command that RUN ran; 0 for other replies, 1 for an error
reply; 255 for a failure of this program and for wrong options.";

/// What a person asked this program for.
#[derive(Debug, Parser)]
#[command(name = "client", version, help_template = EXAMPLES)]
pub(crate) struct Options {
    /// A request, its words as they stand; without one: a prompt
    #[arg(trailing_var_arg = true)]
    pub(crate) request: Vec<OsString>,

    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12000")]
    pub(crate) connect: String,

    /// How long each request may take; 0: no limit
    #[arg(long, value_name = "DURATION", default_value = "90s", value_parser = timeout)]
    pub(crate) timeout: Duration,

    /// At the prompt, make one connection for all requests
    #[arg(long, conflicts_with_all = ["request", "chat", "register"])]
    pub(crate) keep: bool,

    /// Talk to whoever answers there, over one connection
    #[arg(long, value_name = "MESSAGE", num_args = 0..=1)]
    #[arg(conflicts_with_all = ["request", "register"])]
    pub(crate) chat: Option<Option<String>>,

    /// Put a student on the server's roster
    #[arg(long, conflicts_with = "request")]
    pub(crate) register: bool,

    /// Who is registered.
    #[command(flatten)]
    pub(crate) student: StudentOptions,
}

/// What `--register` need not ask for.
#[derive(Debug, Args)]
pub(crate) struct StudentOptions {
    /// With --register: the student's name
    #[arg(long, requires = "register", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: Option<String>,

    /// With --register: the student's id
    #[arg(long, value_name = "ID", requires = "register")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) student_id: Option<String>,

    /// With --register: the student's name on GitHub
    #[arg(long, value_name = "USER", requires = "register")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) github: Option<String>,
}

fn timeout(text: &str) -> Result<Duration, String> {
    match proto::parse_duration(text) {
        Some(Duration::ZERO) => Ok(Duration::MAX),
        Some(timeout) => Ok(timeout),
        None => Err("try 500ms, 2s or 1m".to_owned()),
    }
}

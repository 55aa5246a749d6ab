//! The command line of the program.

use std::{ffi::OsString, time::Duration};

use clap::{Args, Parser, builder::NonEmptyStringValueParser};

const EXAMPLES: &str = "\
Sends requests to a server of the kit and prints its replies.

Examples:
  client PING               check whether a server answers
  client RUN date -u        run a command on the server and print its output
  client 'SLEEP 2s'         send one line, as at the prompt
  client TIMED SLEEP 500ms  also print how long the server worked on it
  client                    show a prompt; each line gets a connection of its own
  client --keep             show a prompt on one connection
  client --chat 'Hello'     say hello, show the answer, ask whether to go on
  client --chat             chat: send each line; '.' ends, Ctrl-C leaves at any time
  client --register         ask for a name, a student id and a GitHub user, and send them

{usage-heading} {usage}

{all-args}

Exit status: for RUN, the status of its command; for other replies 0; for an error
reply 1; for a failure of this program or for wrong options 255.";

/// The command line of the client.
#[derive(Debug, Parser)]
#[command(name = "client", version, help_template = EXAMPLES, term_width = 0)]
pub struct Options {
    /// The words of a request; without them, client shows a prompt
    #[arg(trailing_var_arg = true)]
    pub request: Vec<OsString>,

    /// Connect to the server at HOST:PORT
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12000")]
    pub connect: String,

    /// Wait at most TIME (500ms, 2s or 1m) for each reply; 0 sets no limit
    /// [default: 90s, and no limit for --chat, where a person may answer]
    #[arg(long, value_name = "TIME", value_parser = timeout, verbatim_doc_comment)]
    pub timeout: Option<Duration>,

    /// At the prompt, send all requests over one connection
    #[arg(long, conflicts_with_all = ["request", "chat", "register"])]
    pub keep: bool,

    /// Chat over one connection: send each line with SAY, and print the answer
    #[arg(long, value_name = "MESSAGE", num_args = 0..=1)]
    #[arg(conflicts_with_all = ["request", "register"])]
    pub chat: Option<Option<String>>,

    /// Register a student on the server's roster
    #[arg(long, conflicts_with = "request")]
    pub register: bool,

    /// The student to register.
    #[command(flatten)]
    pub student: StudentOptions,
}

/// The student that `--register` sends; it asks for what is missing.
#[derive(Debug, Args)]
pub struct StudentOptions {
    /// With --register: the student's name
    #[arg(long, requires = "register", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    /// With --register: the student's id
    #[arg(long, value_name = "ID", requires = "register")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub student_id: Option<String>,

    /// With --register: the student's name on GitHub
    #[arg(long, value_name = "USER", requires = "register")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub github: Option<String>,
}

fn timeout(text: &str) -> Result<Duration, String> {
    match proto::parse_duration(text) {
        Some(Duration::ZERO) => Ok(Duration::MAX),
        Some(timeout) => Ok(timeout),
        None => Err("try 500ms, 2s or 1m".to_owned()),
    }
}

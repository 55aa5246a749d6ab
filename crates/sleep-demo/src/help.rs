//! What `--help` prints around the options.

/// The heading of what changes a drawing.
pub(crate) const DRAWING: &str = "Drawing";
/// The heading of what is written to files.
pub(crate) const EXPORTS: &str = "Exports (of one scenario; - means standard output)";

/// The examples before the options, and the exit statuses after them.
pub(crate) const HELP: &str = "\
{about}

Examples:
  sleep-demo                           play one slow request on two servers
  sleep-demo --predict                 guess the waits first
  sleep-demo thread-limit lost-update  play other scenarios; --list prints them
  sleep-demo --svg picture.svg         also write a picture for a slide
  sleep-demo --replay head-of-line     show a recorded run if a live one fails
  sleep-demo --server threaded-server='my-server --flag'
                                       play your server instead of ours

{usage-heading} {usage}

{all-args}

Exit status:
  0    the servers did what the scenario expects
  1    a server did not do what the scenario expects
  2    wrong usage, or a scenario or record that cannot be read
  3    the environment: a program is missing, a file cannot be written
  4    a server crashed, or never printed its address
  130  Ctrl-C";

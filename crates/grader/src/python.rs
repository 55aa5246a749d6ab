//! A Python server, started so that its threads take turns all the time.
//!
//! The interpreter lets a thread run for five milliseconds before another one has its
//! turn: long enough for most races to hide. With an interval of a microsecond they show.

use std::path::Path;

use crate::pulse::Pulse;

/// Runs a script as `python3 script` does, with a tiny switch interval. It runs in
/// `__main__` itself, so that threads which outlive the script's last line keep their
/// names.
const PREAMBLE: &str = "\
import sys, os; sys.setswitchinterval(1e-6); sys.argv = sys.argv[1:]; \
__file__ = sys.argv[0]; sys.path[0] = os.path.dirname(os.path.realpath(__file__)); \
exec(compile(open(__file__, 'rb').read(), __file__, 'exec'))";

/// The command of such a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TightSwitching {
    pub(crate) words: Vec<String>,
}

impl TightSwitching {
    /// How to start the server again whose process this is; `None` if no script of
    /// Python's runs in it.
    pub(crate) fn of(pulse: Pulse) -> Option<Self> {
        let find = |(pid, words): (u32, Vec<String>)| {
            let folder = std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
            Self::from_command(&words, &folder)
        };
        pulse.commands().into_iter().find_map(find)
    }

    fn from_command(words: &[String], folder: &Path) -> Option<Self> {
        let (interpreter, arguments) = words.split_first()?;
        let name = Path::new(interpreter).file_name()?.to_str()?;
        if !name.starts_with("python") {
            return None;
        }
        let takes_no_value = |word: &&String| {
            let letters = word.strip_prefix('-').unwrap_or_default();
            !letters.is_empty()
                && letters.chars().all(|letter| "BEIOPsSuvx".contains(letter))
        };
        let options = arguments.iter().take_while(takes_no_value).count();
        let (options, rest) = arguments.split_at_checked(options)?;
        let (script, rest) = rest.split_first()?;
        if script.starts_with('-') {
            return None; // a module, or an option that is not known here
        }
        let script = folder.join(script).to_str()?.to_owned();
        let mut words = vec![interpreter.clone()];
        words.extend_from_slice(options);
        words.extend(["-c".to_owned(), PREAMBLE.to_owned(), script]);
        words.extend_from_slice(rest);
        Some(Self { words })
    }
}

#[cfg(test)]
mod tests {
    use super::{PREAMBLE, TightSwitching};
    use std::path::Path;

    fn tight(command: &str) -> Option<Vec<String>> {
        let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        TightSwitching::from_command(&words, Path::new("/home/ben"))
            .map(|tight| tight.words)
    }

    #[test]
    fn a_script_is_started_again_with_its_arguments() {
        let words =
            tight("/usr/bin/python3 -u -B server.py --listen 127.0.0.1:0").unwrap();
        let script = "/home/ben/server.py";
        let due = ["/usr/bin/python3", "-u", "-B", "-c", PREAMBLE, script];
        assert_eq!(words[..6], due);
        assert_eq!(words[6..], ["--listen", "127.0.0.1:0"]);
    }

    #[test]
    fn what_is_no_script_is_left_alone() {
        for command in ["node server.js", "python3 -m server", "python3", "./server"] {
            assert_eq!(tight(command), None, "{command}");
        }
    }
}

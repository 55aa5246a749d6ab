//! Which programs RUN starts, and with which arguments.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsStr,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::PathBuf,
};

/// Where programs are looked for, and the PATH that they get.
pub(crate) const DEFAULT_PATH: &str =
    "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// Which arguments a program may be given.
#[derive(Clone, Copy, Debug)]
enum Accepts {
    Any,
    /// Only these, and words that start with `+` where `format` says so.
    Only {
        words: &'static [&'static str],
        format: bool,
    },
}

/// The programs that are harmless with the arguments listed here. `date -s` sets the
/// clock and `date -f` prints files; `hostname NAME` renames the machine.
const HARMLESS: &[(&str, Accepts)] = &[
    (
        "date",
        Accepts::Only {
            words: &["-u"],
            format: true,
        },
    ),
    ("echo", Accepts::Any),
    ("false", Accepts::Any),
    (
        "hostname",
        Accepts::Only {
            words: &[],
            format: false,
        },
    ),
    (
        "id",
        Accepts::Only {
            words: &["-u", "-g", "-G", "-n", "-un", "-gn"],
            format: false,
        },
    ),
    (
        "pwd",
        Accepts::Only {
            words: &["-L", "-P"],
            format: false,
        },
    ),
    ("sleep", Accepts::Any),
    ("true", Accepts::Any),
    (
        "uname",
        Accepts::Only {
            words: &["-a", "-m", "-n", "-o", "-r", "-s", "-v"],
            format: false,
        },
    ),
    (
        "uptime",
        Accepts::Only {
            words: &["-p", "-s"],
            format: false,
        },
    ),
    (
        "whoami",
        Accepts::Only {
            words: &[],
            format: false,
        },
    ),
];

/// The allowlist, resolved to absolute paths when the server starts.
#[derive(Debug)]
pub(crate) struct Allowlist {
    programs: BTreeMap<String, (Option<PathBuf>, Accepts)>,
}

/// Why a program is not started.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// It is not on the list.
    Program,
    /// This argument is not.
    Argument(Vec<u8>),
    /// It was not found when the server started.
    NotInstalled,
}

impl Allowlist {
    /// The harmless programs, and `more` with any arguments.
    pub(crate) fn resolve(more: &[String]) -> Self {
        let harmless = HARMLESS
            .iter()
            .map(|(name, accepts)| ((*name).to_owned(), *accepts));
        let more = more.iter().map(|name| (name.clone(), Accepts::Any));
        let programs = harmless
            .chain(more)
            .map(|(name, accepts)| (name.clone(), (find(&name), accepts)));
        Self {
            programs: programs.collect(),
        }
    }

    /// Those of `names` that were not found: RUN answers that they are not installed.
    pub(crate) fn missing<'n>(
        &self,
        names: &'n [String],
    ) -> impl Iterator<Item = &'n String> {
        names
            .iter()
            .filter(|name| self.path(name.as_bytes(), &[]) == Err(Denied::NotInstalled))
    }

    /// The path of a program that may be started with these arguments.
    pub(crate) fn path(
        &self,
        program: &[u8],
        arguments: &[Vec<u8>],
    ) -> Result<&PathBuf, Denied> {
        let name = str::from_utf8(program).map_err(|_| Denied::Program)?;
        let (path, accepts) = self.programs.get(name).ok_or(Denied::Program)?;
        if let Some(argument) = arguments.iter().find(|argument| !accepts.takes(argument))
        {
            return Err(Denied::Argument(argument.clone()));
        }
        path.as_ref().ok_or(Denied::NotInstalled)
    }

    /// The names on the list, in order.
    pub(crate) fn names(&self) -> String {
        self.programs.keys().cloned().collect::<Vec<_>>().join(", ")
    }
}

impl Accepts {
    fn takes(self, argument: &[u8]) -> bool {
        match self {
            Self::Any => !argument.contains(&0),
            Self::Only { words, format } => {
                words.iter().any(|word| word.as_bytes() == argument)
                    || (format && argument.starts_with(b"+") && !argument.contains(&0))
            }
        }
    }
}

fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_else(|| OsStr::new(DEFAULT_PATH).to_owned());
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(OsStr::from_bytes(name.as_bytes())))
        .find(|file| {
            file.metadata().is_ok_and(|found| {
                found.is_file() && found.permissions().mode() & 0o111 != 0
            })
        })
}

#[cfg(test)]
mod tests {
    use super::{Allowlist, Denied};

    fn words(words: &[&str]) -> Vec<Vec<u8>> {
        words.iter().map(|word| word.as_bytes().to_vec()).collect()
    }

    fn path(program: &str, arguments: &[&str]) -> Result<(), Denied> {
        let list = Allowlist::resolve(&["sh".to_owned()]);
        list.path(program.as_bytes(), &words(arguments)).map(|_| ())
    }

    #[test]
    fn a_listed_program_is_started() {
        assert_eq!(path("date", &[]), Ok(()));
        assert_eq!(path("date", &["-u", "+%s"]), Ok(()));
        assert_eq!(path("echo", &["anything", "-n"]), Ok(()));
        assert_eq!(path("sh", &["-c", "true"]), Ok(()));
    }

    #[test]
    fn no_other_program_is_started() {
        for program in [
            "rm",
            "/bin/date",
            "../date",
            "",
            "date\0",
            "DATE",
            "dat\u{e9}",
        ] {
            assert_eq!(path(program, &[]), Err(Denied::Program), "{program}");
        }
    }

    #[test]
    fn no_other_argument_is_passed_on() {
        for (program, argument) in [
            ("date", "-f/etc/passwd"),
            ("date", "-s"),
            ("date", "--set=0"),
            ("hostname", "other"),
            ("whoami", "--help"),
            ("echo", "nul\0"),
        ] {
            let denied = Err(Denied::Argument(argument.as_bytes().to_vec()));
            assert_eq!(path(program, &[argument]), denied, "{argument}");
        }
    }
}

//! A Python server, started so that its threads take turns all the time.
//!
//! The interpreter lets a thread run for five milliseconds before another one has its
//! turn: long enough for most races to hide. With an interval of a microsecond they show.
//! The command stays as it is: the interpreter imports `sitecustomize` wherever it finds
//! it, and `PYTHONPATH` says where.

use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

use crate::{pulse::Pulse, temporary::Temporary};

/// What the interpreter imports before the program.
const SITE: &str = "import sys\nsys.setswitchinterval(1e-6)\n";

/// The folder in which the interpreter finds it.
#[derive(Debug)]
pub(crate) struct TightSwitching(Temporary);

impl TightSwitching {
    /// For a server of which a process is Python's; `None` where there is none, or no
    /// room for the folder.
    pub(crate) fn of(pulse: Pulse) -> Option<Self> {
        let is_python = pulse.programs().iter().any(|name| is_interpreter(name));
        is_python.then(|| Self::make().ok()).flatten()
    }

    /// Everybody may read it: a confined server runs as somebody else.
    fn make() -> io::Result<Self> {
        let folder = Temporary::make(0o755)?;
        let site = folder.path().join("sitecustomize.py");
        fs::write(&site, SITE)?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        fs::set_permissions(&site, fs::Permissions::from_mode(0o644))?;
        Ok(Self(folder))
    }

    /// What `PYTHONPATH` has to be.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }
}

fn is_interpreter(program: &str) -> bool {
    let name = Path::new(program).file_name();
    name.is_some_and(|name| name.to_string_lossy().starts_with("python"))
}

#[cfg(test)]
mod tests {
    use super::{SITE, TightSwitching, is_interpreter};
    use std::fs;

    #[test]
    fn python_is_known_by_its_interpreter() {
        for (program, due) in [
            ("/usr/bin/python3", true),
            ("python3.14t", true),
            ("node", false),
            ("/python3/server", false),
        ] {
            assert_eq!(is_interpreter(program), due, "{program}");
        }
    }

    #[test]
    fn the_folder_is_there_as_long_as_it_is_needed() {
        let tight = TightSwitching::make().unwrap();
        let folder = tight.folder().to_owned();
        let site = fs::read_to_string(folder.join("sitecustomize.py"));
        assert_eq!(site.unwrap(), SITE);
        drop(tight);
        assert!(!folder.exists());
    }
}

//! A place to build in: a copy of the kit and what is built of it, for one build at a
//! time.
//!
//! Places stay for the next run. Each has a lock, so that two runs never share one.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use launch::{Interrupt, Launch};

use crate::{
    building::{self, Built},
    confinement::Confinement,
    files, kit,
    limited::{self, Ended},
};

/// A crowd of runs on one host; more of them wait for nobody, and are refused.
const MOST: u32 = 1000;
const WARM_UP: Duration = Duration::from_secs(900);

#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) number: u32,
    folder: PathBuf,
    pub(crate) confinement: Confinement,
    /// Held as long as the place is ours.
    _lock: File,
}

impl Place {
    /// The first place that nobody is in, with everything built that submissions need.
    pub(crate) fn take(
        confinement: Confinement,
        interrupt: &Interrupt,
    ) -> Result<Self, String> {
        let failed = |error: io::Error| {
            format!("no place to build in {}: {error}", kit::work().display())
        };
        let place = Self::first_free(confinement).map_err(failed)?;
        let place = place.ok_or_else(|| format!("all of {MOST} places are taken"))?;
        let stamp = kit::stamp().map_err(failed)?;
        let stamp = format!("{stamp}{confinement}\n");
        if place.is_warm(&stamp) {
            return Ok(place);
        }
        // The first that warms up saves the others most of the work.
        let turn = File::create(kit::work().join("warm-up.lock")).map_err(failed)?;
        turn.lock().map_err(failed)?;
        place.begin_with_another(&stamp).map_err(failed)?;
        place.warm_up(interrupt)?;
        place.try_out(interrupt)?;
        files::replace(&place.folder.join("stamp"), &stamp).map_err(failed)?;
        Ok(place)
    }

    fn first_free(confinement: Confinement) -> io::Result<Option<Self>> {
        for number in 1..MOST {
            let folder = kit::work().join(format!("place-{number}"));
            fs::create_dir_all(&folder)?;
            let lock = File::create(folder.join("lock"))?;
            match lock.try_lock() {
                Err(fs::TryLockError::WouldBlock) => {}
                Err(fs::TryLockError::Error(error)) => return Err(error),
                Ok(()) => {
                    return Ok(Some(Self {
                        number,
                        folder,
                        confinement,
                        _lock: lock,
                    }));
                }
            }
        }
        Ok(None)
    }

    fn is_warm(&self, stamp: &str) -> bool {
        let built = fs::read_to_string(self.folder.join("stamp"));
        built.is_ok_and(|built| built == stamp)
    }

    /// Takes over what another place has built, all of which but the kit's crates is of
    /// use.
    fn begin_with_another(&self, stamp: &str) -> io::Result<()> {
        files::remove(&self.target())?;
        let own = self.folder.join("built");
        for number in (1..MOST).filter(|number| *number != self.number) {
            let other = kit::work().join(format!("place-{number}"));
            if !other.is_dir() {
                break;
            }
            let built = fs::read_to_string(other.join("stamp"));
            if built.is_ok_and(|built| built == stamp) {
                return files::copy_all(&other.join("built"), &self.target());
            }
        }
        // What was built of an older kit saves most of the work as well.
        match own.is_dir() {
            true => files::copy_all(&own, &self.target()),
            false => Ok(()),
        }
    }

    pub(crate) fn kit(&self) -> PathBuf {
        self.folder.join("kit")
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Lays out the kit and what was built of it anew, with the submission among its
    /// crates.
    pub(crate) fn receive(&self, submission: &Path) -> io::Result<()> {
        files::remove(&self.target())?;
        files::copy_all(&self.folder.join("built"), &self.target())?;
        kit::lay_out(&self.kit(), "crates/submission")?;
        files::copy(submission, &self.kit().join("crates/submission"))?;
        if let Some(user) = self.confinement.builder(self.number) {
            files::give(&self.kit(), user)?;
            files::give(&self.target(), user)?;
        }
        Ok(())
    }

    /// Builds a small package as a submission is built: what fails here is not a
    /// student's.
    fn try_out(&self, interrupt: &Interrupt) -> Result<(), String> {
        let trial = self.folder.join("trial");
        let failed = |error: io::Error| format!("{}: {error}", trial.display());
        kit::lay_out_warm_up(&trial).map_err(failed)?;
        match building::build(&trial.join("crates/warm-up"), self, interrupt)? {
            Built::Server(_) => files::remove(&trial).map_err(failed),
            Built::Interrupted => Err("interrupted".to_owned()),
            Built::Not(text) => Err(format!(
                "a package of the kit does not build, confined by: {}. Can everybody \
                 read \
                 CARGO_HOME, RUSTUP_HOME and {}?\n{text}",
                self.confinement,
                self.folder.display()
            )),
        }
    }

    /// Builds what submissions need, which is the kit's own and trusted.
    fn warm_up(&self, interrupt: &Interrupt) -> Result<(), String> {
        let failed = |error: io::Error| format!("what submissions need: {error}");
        let _ = fs::remove_file(self.folder.join("stamp"));
        kit::lay_out_warm_up(&self.kit()).map_err(failed)?;
        let fetch = building::cargo_fetch(&self.kit());
        // Without a network it fails, and the build may have what it needs all the same.
        let (_, fetched) = run_trusted(fetch, interrupt)?;
        let package = self.kit().join("crates/warm-up");
        let build = building::cargo_build(&package, &self.target());
        let (is_built, text) = run_trusted(build, interrupt)?;
        if !is_built {
            let what = "what submissions need does not build";
            return Err(format!("{what}:\n{fetched}{text}"));
        }
        let (made, built) = (self.folder.join("built.new"), self.folder.join("built"));
        files::remove(&made).map_err(failed)?;
        files::copy_all(&self.target(), &made).map_err(failed)?;
        files::remove(&built).map_err(failed)?;
        fs::rename(made, built).map_err(failed)
    }
}

/// Runs a command on the kit alone: whether it succeeded, and what it printed.
fn run_trusted(command: Launch, interrupt: &Interrupt) -> Result<(bool, String), String> {
    match limited::run(command, WARM_UP, interrupt) {
        Ok(Ended::Itself(status, text)) => Ok((status.success(), text)),
        Ok(Ended::Late(text)) => Ok((false, text)),
        Ok(Ended::Interrupted) => Err("interrupted".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

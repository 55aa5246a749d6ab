//! What an output says, once, when its lines are lost or come late.

use std::{
    io::{self, ErrorKind},
    sync::atomic::Ordering::Relaxed,
};

use super::Output;

impl Output {
    /// Says once that lines are lost; the summary counts them.
    pub(super) fn warn_of(&self, failed: io::Result<()>) {
        if let (Err(error), Some(warnings)) = (failed, &self.warnings)
            && !self.warned.swap(true, Relaxed)
        {
            let name = self.name;
            let warning = match error.kind() {
                ErrorKind::WouldBlock => {
                    format!("nobody reads {name}, its lines are lost")
                }
                _ => format!("{name} can't be written ({error})"),
            };
            warnings.print(format!("warning: {warning}; serving goes on\n").as_bytes());
        }
    }

    /// Says once that lines have no thread that waits for their reader.
    pub(super) fn warn_of_lateness(&self, error: &io::Error) {
        if let Some(warnings) = &self.warnings
            && !self.warned_of_lateness.swap(true, Relaxed)
        {
            let name = self.name;
            let warning = format!(
                "warning: no thread waits for the reader of {name} ({error}); its \
                 lines come \
                 late\n"
            );
            warnings.print(warning.as_bytes());
        }
    }
}

//! The program from end to end, against the real servers. Judged by order and counts.

mod designs;
pub(crate) mod lesson;
mod misuse;
mod modes;
mod observer_figures;
mod places;
mod playing;
mod replaying;
mod several;
mod staying;

//! What a request does to counters: which one it adds to, and which it may have written.

use proto::Request as Typed;

use crate::record::Request;

/// Which counter a request adds to, and how much.
pub(crate) fn update(request: &Request) -> Option<(Vec<u8>, i64)> {
    let arguments = proto::split_line(request.request.as_bytes()).ok()?;
    match Typed::parse(&arguments).ok()? {
        Typed::IncrBy { counter, amount } => Some((counter, amount)),
        _ => None,
    }
}

/// Which counter a GET has read, and its number.
pub(crate) fn read(request: &Request) -> Option<(Vec<u8>, i64)> {
    let arguments = proto::split_line(request.request.as_bytes()).ok()?;
    let number = request.reply.as_deref()?.strip_prefix([':', '$'])?;
    match arguments.as_slice() {
        [_, name] if request.is("GET") => Some((name.clone(), number.parse().ok()?)),
        _ => None,
    }
}

/// Which counters a request that is no update may have written.
pub(crate) enum Writes {
    Nothing,
    /// Those of these names: the kit does not know the command.
    AnyOf(Vec<Vec<u8>>),
    /// It names nothing (FLUSHALL), or runs a script.
    Anything,
}

impl Writes {
    pub(crate) fn of(request: &Request) -> Self {
        let read = proto::split_line(request.request.as_bytes());
        let Ok(mut arguments) = read else {
            return Self::Nothing;
        };
        if request.sent_us.is_none() || is_refused(request) {
            return Self::Nothing;
        }
        match Typed::parse(&arguments) {
            Ok(Typed::Timed(_)) | Err(_) => {}
            Ok(_) => return Self::Nothing,
        }
        let name = arguments.first().map(|name| name.to_ascii_uppercase());
        let is_script =
            name.is_some_and(|name| name.starts_with(b"EVAL") || name == b"FCALL");
        if is_script || arguments.len() < 2 {
            return Self::Anything;
        }
        arguments.remove(0);
        Self::AnyOf(arguments)
    }
}

/// An error says that nothing was added.
pub(crate) fn is_refused(request: &Request) -> bool {
    request
        .reply
        .as_deref()
        .is_some_and(|reply| reply.starts_with('-'))
}

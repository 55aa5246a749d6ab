//! Requests out of what a client sends: frames, or with `--plain` text as it is.

use std::io::{self, Read};

use proto::{Arguments, ProtocolError, Reply, RequestDecoder, Version};

use crate::plain::{self, Plain, PlainDecoder};

/// How one client's bytes become requests, and replies its bytes.
#[derive(Debug)]
pub(crate) enum Incoming {
    Framed(RequestDecoder),
    Plain(PlainDecoder),
}

impl Incoming {
    pub(crate) fn new(plain: Option<Plain>) -> Self {
        match plain {
            None => Self::Framed(RequestDecoder::new()),
            Some(command) => Self::Plain(PlainDecoder::new(command)),
        }
    }

    /// The next request that has arrived whole.
    pub(crate) fn next_request(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        match self {
            Self::Framed(decoder) => decoder.next_request(),
            Self::Plain(decoder) => Ok(decoder.next_request()),
        }
    }

    /// Reads once; see [`Read::read`].
    pub(crate) fn read_from(&mut self, source: &mut dyn Read) -> io::Result<usize> {
        match self {
            Self::Framed(decoder) => decoder.read_from(source),
            Self::Plain(decoder) => decoder.read_from(source),
        }
    }

    /// Whether a request has begun that must arrive whole within its deadline.
    pub(crate) fn is_mid_request(&self) -> bool {
        match self {
            Self::Framed(decoder) => decoder.is_mid_request(),
            Self::Plain(decoder) => decoder.is_mid_message(),
        }
    }

    /// Whether a silence of the client ends its message.
    pub(crate) fn is_mid_message(&self) -> bool {
        matches!(self, Self::Plain(decoder) if decoder.is_mid_message())
    }

    /// The client is silent: what is there is a message, where there are no frames.
    pub(crate) fn end_message(&mut self) {
        if let Self::Plain(decoder) = self {
            decoder.end_message();
        }
    }

    /// The client has sent all it will. Returns whether that makes a message of what is
    /// there.
    pub(crate) fn end(&mut self) -> bool {
        match self {
            Self::Framed(_) => false,
            Self::Plain(decoder) => decoder.end(),
        }
    }

    /// Bytes of memory that are held for the client.
    pub(crate) fn held(&self) -> usize {
        match self {
            Self::Framed(decoder) => decoder.held(),
            Self::Plain(decoder) => decoder.held(),
        }
    }

    /// Forgets what the client has sent: nothing of it is read any more.
    pub(crate) fn forget(&mut self) {
        match self {
            Self::Framed(decoder) => *decoder = RequestDecoder::new(),
            Self::Plain(decoder) => decoder.forget(),
        }
    }

    /// Appends a reply as its bytes.
    pub(crate) fn encode(&self, reply: &Reply, version: Version, bytes: &mut Vec<u8>) {
        match self {
            Self::Framed(_) => reply.encode(version, bytes),
            Self::Plain(decoder) => bytes.extend(plain::text(reply, decoder.was_line)),
        }
    }
}

//! Requests to bytes, for clients.

/// Appends a request as an array of bulk strings, which carries any bytes.
///
/// The dual of [`RequestDecoder`](crate::RequestDecoder).
///
/// ```
/// let mut bytes = Vec::new();
/// proto::encode_request(&["ECHO", "hi"], &mut bytes);
/// assert_eq!(bytes, b"*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n");
/// ```
pub fn encode_request(arguments: &[impl AsRef<[u8]>], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("*{}\r\n", arguments.len()).as_bytes());
    for argument in arguments {
        let argument = argument.as_ref();
        out.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
        out.extend_from_slice(argument);
        out.extend_from_slice(b"\r\n");
    }
}

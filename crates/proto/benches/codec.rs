//! What the codec costs: nanoseconds a request, and bytes a second. `cargo bench -p proto`
#![allow(clippy::unwrap_used, reason = "a benchmark stops by panicking")]

use divan::{
    Bencher, black_box,
    counter::{BytesCount, ItemsCount},
};
use proto::{
    Arguments, Reply, ReplyDecoder, Request, RequestDecoder, Version, encode_request,
    split_line,
};

const PIPELINE: usize = 16;

fn main() {
    divan::main();
}

fn ping() -> Vec<u8> {
    b"*1\r\n$4\r\nPING\r\n".to_vec()
}

/// Decodes every request that `bytes` hold, as a server does with what one read gave it.
fn decode(bencher: Bencher, bytes: &[u8], requests: usize) {
    let mut decoder = RequestDecoder::new();
    bencher
        .counter(BytesCount::new(bytes.len()))
        .counter(ItemsCount::new(requests))
        .bench_local(|| {
            decoder.feed(black_box(bytes));
            while let Some(arguments) = decoder.next_request().unwrap() {
                black_box(arguments);
            }
        });
}

#[divan::bench]
fn decode_a_ping(bencher: Bencher) {
    decode(bencher, &ping(), 1);
}

#[divan::bench]
fn decode_a_pipeline_of_16(bencher: Bencher) {
    decode(bencher, &ping().repeat(PIPELINE), PIPELINE);
}

#[divan::bench]
fn decode_a_typed_line(bencher: Bencher) {
    decode(bencher, b"ECHO \"two words\" and one\r\n", 1);
}

#[divan::bench(args = [16, 1_024, 65_536, 1_048_576])]
fn decode_an_echo(bencher: Bencher, length: usize) {
    let mut bytes = Vec::new();
    encode_request(&[b"ECHO".as_slice(), &vec![b'x'; length]], &mut bytes);
    decode(bencher, &bytes, 1);
}

#[divan::bench]
fn decode_a_ping_in_single_bytes(bencher: Bencher) {
    let bytes = ping();
    let mut decoder = RequestDecoder::new();
    bencher.bench_local(|| {
        for byte in &bytes {
            decoder.feed(&[*byte]);
            black_box(decoder.next_request().unwrap());
        }
    });
}

#[divan::bench(args = ["PING", "SLEEP 150ms", "TIMED INCR visits", "QUIT", "unknown"])]
fn parse(bencher: Bencher, line: &str) {
    let arguments: Arguments = split_line(line.as_bytes()).unwrap();
    bencher.bench_local(|| Request::parse(black_box(&arguments)));
}

#[divan::bench]
fn encode_a_pong(bencher: Bencher) {
    encode(bencher, &Reply::Simple(b"PONG".to_vec()));
}

#[divan::bench]
fn encode_what_run_answers(bencher: Bencher) {
    let output = Reply::text("Fri Nov 21 10:02:11 UTC 2025\n");
    encode(
        bencher,
        &Reply::Array(vec![Reply::Integer(0), output, Reply::text("")]),
    );
}

fn encode(bencher: Bencher, reply: &Reply) {
    let mut bytes = Vec::new();
    bencher.bench_local(|| {
        bytes.clear();
        black_box(reply).encode(Version::Resp2, black_box(&mut bytes));
    });
}

#[divan::bench]
fn decode_16_pongs(bencher: Bencher) {
    let bytes = b"+PONG\r\n".repeat(PIPELINE);
    let mut decoder = ReplyDecoder::new();
    bencher.counter(ItemsCount::new(PIPELINE)).bench_local(|| {
        decoder.feed(black_box(&bytes));
        while let Some(reply) = decoder.next_reply().unwrap() {
            black_box(reply);
        }
    });
}

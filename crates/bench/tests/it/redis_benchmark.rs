//! What redis-benchmark prints, read; and how it is asked.

use bench::redis_benchmark::{Load, rate};

const HEADER: &str = "\"test\",\"rps\",\"avg_latency_ms\",\"min_latency_ms\",\
                      \"p50_latency_ms\",\"p95_latency_ms\",\"p99_latency_ms\",\
                      \"max_latency_ms\"";

#[test]
fn the_rate_stands_under_its_name() {
    let table = format!(
        "{HEADER}\n\"PING\",\"125786.16\",\"0.252\",\"0.048\",\"0.247\",\"0.367\",\
         \"0.407\",\"2.639\"\n"
    );
    assert_eq!(rate(&table), Some(125_786.16));
}

#[test]
fn another_version_may_order_its_columns_in_another_way() {
    assert_eq!(
        rate("\"test\",\"p50\",\"rps\"\r\n\"PING\",\"0.2\",\"10.5\"\r\n"),
        Some(10.5)
    );
}

#[test]
fn a_warning_before_the_table_is_passed_over() {
    let table =
        format!("WARNING: Could not fetch server CONFIG\n\n{HEADER}\n\"PING\",\"7.0\"\n");
    assert_eq!(rate(&table), Some(7.0));
}

#[test]
fn what_is_no_table_has_no_rate() {
    for text in [
        "",
        "Could not connect to Redis at 127.0.0.1:1: Connection refused",
        HEADER,
        "\"test\",\"latency\"\n\"PING\",\"7.0\"\n",
        "\"test\",\"rps\"\n\"PING\"\n",
        "\"test\",\"rps\"\n\"PING\",\"many\"\n",
        "\"test\",\"rps\"\n\"PING\",\"0.00\"\n",
        "\"test\",\"rps\"\n\"PING\",\"inf\"\n",
        "\"test\",\"rps\"\n\"PING\",\"nan\"\n",
    ] {
        assert_eq!(rate(text), None, "{text:?}");
    }
}

#[test]
fn a_load_names_its_generator_and_its_threads() {
    assert_eq!(
        Load::new(1, 1, 1).to_string(),
        "1 client, pipeline 1 · redis-benchmark, 1 thread"
    );
    assert_eq!(
        Load::new(50, 16, 2).to_string(),
        "50 clients, pipeline 16 · redis-benchmark, 2 threads"
    );
}

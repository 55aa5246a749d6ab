//! Redis clients that nobody here wrote talk to both servers. Each test that lacks its
//! client says so and is skipped; `scripts/install-test-tools.sh` installs them.

use crate::talking::{BOTH, SINGLE, THREADED, ask_alone, port, run, text};
use proto::Reply;

#[test]
fn redis_cli_asks_and_is_answered() {
    if !fixture::has("redis-cli") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let port = port(&server);
        let one = |words: &[&str]| {
            let output = run("redis-cli", &[&["-p", &port], words].concat(), "");
            (text(&output.stdout), output.status.success())
        };
        assert_eq!(one(&["PING"]), ("PONG\n".into(), true), "{name}");
        assert_eq!(one(&["INCR", "cli"]), ("1\n".into(), true), "{name}");
        assert_eq!(
            one(&["-3", "ECHO", "a b"]),
            ("a b\n".into(), true),
            "{name}"
        );
        let (ran, _) = one(&["RUN", "echo", "hi"]);
        assert_eq!(ran, "0\nhi\n\n\n", "{name}");
        let (unknown, _) = one(&["NOPE"]);
        assert!(
            unknown.starts_with("ERR unknown command 'NOPE'"),
            "{unknown}"
        );
        let typed = run(
            "redis-cli",
            &["-p", &port],
            "PING\nINCRBY cli 41\nGET cli\n",
        );
        assert_eq!(text(&typed.stdout), "PONG\n42\n42\n", "{name}");
    }
}

#[test]
fn redis_benchmark_runs_to_its_end() {
    if !fixture::has("redis-benchmark") {
        return;
    }
    // Connections that stay open and idle would block the others of the single server.
    let runs: [(&str, &[&str]); 3] = [
        (
            THREADED,
            &["-t", "ping,incr", "-c", "50", "-P", "16", "-n", "20000"],
        ),
        (SINGLE, &["-t", "ping,incr", "-c", "1", "-n", "2000"]),
        (SINGLE, &["-t", "ping,incr", "-k", "0", "-n", "1000"]),
    ];
    for (name, flags) in runs {
        let server = fixture::start(name, &["--quiet"]);
        let port = port(&server);
        let all = [&["-q", "-p", &port], flags].concat();
        let output = run("redis-benchmark", &all, "");
        assert!(output.status.success(), "{name} {flags:?}: {output:?}");
        let printed = text(&output.stdout);
        for test in ["PING_INLINE", "PING_MBULK", "INCR"] {
            let ended = format!("{test}: ");
            assert!(
                printed.contains(&ended) && printed.contains("requests per second"),
                "{printed}"
            );
        }
        let asked: i64 = flags.last().unwrap().parse().unwrap();
        let counter = ask_alone(&server, "GET counter:__rand_int__");
        assert!(
            matches!(counter, Reply::Integer(n) if n >= asked),
            "{counter:?}"
        );
    }
}

const PYTHON: &str = r#"
import sys, redis
client = redis.Redis(port=int(sys.argv[1]), protocol=int(sys.argv[2]))
assert client.ping() is True
assert client.echo("h\u00e9") == "h\u00e9".encode()
assert client.incr("python", 41) == 41 and client.incr("python") == 42
answers = client.pipeline(transaction=False).ping().incr("python").ping().execute()
assert answers == [True, 43, True], answers
assert client.execute_command("RUN", "echo", "hi") == [0, b"hi\n", b""]
try:
    client.execute_command("NOPE")
    sys.exit("NOPE was answered")
except redis.ResponseError as error:
    assert "unknown command 'NOPE'" in str(error), error
client.close()
print(redis.__version__)
"#;

#[test]
fn redis_py_asks_and_is_answered_in_both_versions_of_the_protocol() {
    for (client, version) in [("redis-py-current", ""), ("redis-py-5", "5.")] {
        let Some(python) = fixture::python_with(client) else {
            continue;
        };
        for name in BOTH {
            let server = fixture::start(name, &[]);
            for protocol in ["2", "3"] {
                let arguments = ["-c", PYTHON, &port(&server), protocol];
                let output = run(python.to_str().unwrap(), &arguments, "");
                assert!(
                    output.status.success(),
                    "{client} {name}: {}",
                    text(&output.stderr)
                );
                assert!(text(&output.stdout).starts_with(version), "{client}");
                // The next run counts from 0 again.
                ask_alone(&server, "INCRBY python -43");
            }
        }
    }
}

#[test]
fn the_redis_crate_asks_and_is_answered_in_both_versions_of_the_protocol() {
    for name in BOTH {
        let server = fixture::start(name, &[]);
        for parameters in ["", "?protocol=resp3"] {
            let address = format!("redis://{}/{parameters}", server.address());
            let client = redis::Client::open(address).unwrap();
            let mut connection = client.get_connection().unwrap();
            let ask = |words: &[&str], connection: &mut redis::Connection| {
                let mut command = redis::cmd(words[0]);
                command.arg(&words[1..]).query::<redis::Value>(connection)
            };
            let pong = redis::Value::SimpleString("PONG".into());
            assert_eq!(ask(&["PING"], &mut connection).unwrap(), pong);
            let echoed = redis::Value::BulkString(b"a\r\nb".to_vec());
            assert_eq!(ask(&["ECHO", "a\r\nb"], &mut connection).unwrap(), echoed);
            let added = ask(&["INCRBY", "crate", "0"], &mut connection).unwrap();
            assert_eq!(added, redis::Value::Int(0));
            assert!(ask(&["NOPE"], &mut connection).is_err());
            let (first, second): (String, i64) = redis::pipe()
                .cmd("PING")
                .cmd("INCRBY")
                .arg("crate")
                .arg(0)
                .query(&mut connection)
                .unwrap();
            assert_eq!((first.as_str(), second), ("PONG", 0));
        }
    }
}

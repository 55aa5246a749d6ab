//! A class that is judged on two machines, one of which dies: network namespaces with an
//! sshd of their own stand for the machines.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

const NAMES: [&str; 6] = ["anna", "ben", "cl eo", "do\nra", "-ela", "$(finn)"];

/// Makes the network of three: the teacher's machine, host-a and host-b.
const NETWORK: &str = r#"
set -e
ip netns add $N-t; ip netns add $N-a; ip netns add $N-b
ip -n $N-t link add hub type bridge; ip -n $N-t link set hub up
ip -n $N-t addr add 10.77.0.1/24 dev hub
for host in a:2 b:3; do
    ip -n $N-t link add port-${host%:*} type veth peer name eth0 netns $N-${host%:*}
    ip -n $N-t link set port-${host%:*} master hub up
    ip -n $N-${host%:*} addr add 10.77.0.${host#*:}/24 dev eth0
    ip -n $N-${host%:*} link set eth0 up; ip -n $N-${host%:*} link set lo up
done
ssh-keygen -q -t ed25519 -N '' -f key; cp key.pub authorized
ssh-keygen -q -t ed25519 -N '' -f host-key
"#;

/// A machine: its own name, processes, home and network.
const HOST: &str = "hostname $1 && mount -t tmpfs none $HOME && mount -t tmpfs none /run \
                    && mkdir /run/sshd && exec $(command -v sshd) -D -e -f $2";

struct Network {
    folder: TempDir,
    name: String,
    hosts: Vec<Child>,
}

impl Network {
    fn new() -> Self {
        let mut network = Self {
            folder: TempDir::new().unwrap(),
            name: format!("kit{}", std::process::id()),
            hosts: Vec::new(),
        };
        let mut bash = Command::new("bash");
        bash.args(["-c", NETWORK]).env("N", &network.name);
        let made = bash.current_dir(network.folder.path()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        network.configure();
        for host in ["a", "b"] {
            network.start(host);
        }
        network
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes what sshd and ssh read, and a program `ssh` that reads no other file.
    fn configure(&self) {
        let here = self.folder.path().display();
        let grader = env!("CARGO_BIN_EXE_grader");
        let sshd = format!(
            "HostKey {here}/host-key\nAuthorizedKeysFile {here}/authorized\nUsePAM no\n\
             StrictModes no\nPidFile none\nPermitRootLogin prohibit-password\n\
             SetEnv GRADER={grader} CARGO_TARGET_DIR={here}/target\n"
        );
        fs::write(self.path("sshd.conf"), sshd).unwrap();
        let ssh = format!(
            "Host host-a\nHostName 10.77.0.2\nHost host-b\nHostName 10.77.0.3\nHost *\n\
             User root\nIdentityFile {here}/key\nStrictHostKeyChecking no\n\
             UserKnownHostsFile /dev/null\nLogLevel ERROR\n"
        );
        fs::write(self.path("ssh.conf"), ssh).unwrap();
        let real = launch::find_in_path("ssh").unwrap();
        let wrapper = format!(
            "#!/bin/sh\nexec {} -F {here}/ssh.conf \"$@\"\n",
            real.display()
        );
        write_program(&self.path("bin/ssh"), &wrapper);
    }

    fn start(&mut self, host: &str) {
        let log = fs::File::create(self.path(&format!("{host}.log"))).unwrap();
        let mut unshare = Command::new("ip");
        unshare.args(["netns", "exec", &format!("{}-{host}", self.name)]);
        unshare.args(["unshare", "-m", "-u", "-p", "--fork", "--kill-child"]);
        unshare.args(["--mount-proc", "sh", "-c", HOST, "sh"]);
        unshare
            .arg(format!("host-{host}"))
            .arg(self.path("sshd.conf"));
        unshare
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.hosts.push(unshare.spawn().unwrap());
        let log = self.path(&format!("{host}.log"));
        wait_until(|| fs::read_to_string(&log).unwrap().contains("listening"));
    }

    /// Takes host-b from the network, as if its cable was cut, and ends it.
    fn kill_b(&mut self) {
        let cut = [
            "-n",
            &format!("{}-b", self.name),
            "link",
            "set",
            "eth0",
            "down",
        ];
        assert!(Command::new("ip").args(cut).status().unwrap().success());
        let host = &mut self.hosts[1];
        host.kill().unwrap();
        host.wait().unwrap();
    }

    /// `grade-class` on the teacher's machine.
    fn grade_class(&self, options: &[&str]) -> Command {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &format!("{}-t", self.name)]);
        command.arg(env!("CARGO_BIN_EXE_grade-class"));
        command.args([self.path("class"), self.path("reports")]);
        command
            .args(["--only=answers", "--kit"])
            .arg(fixture::workspace());
        command
            .args(options)
            .env("CARGO_TARGET_DIR", self.path("teacher"));
        command.env("PATH", format!("{}:{path}", self.path("bin").display()));
        command
    }

    fn report(&self, name: &str) -> Value {
        let path = self.path("reports").join(format!("{name}.json"));
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for host in &mut self.hosts {
            let _ = host.kill();
            let _ = host.wait();
        }
        for host in ["a", "b", "t"] {
            let name = format!("{}-{host}", self.name);
            let _ = Command::new("ip").args(["netns", "del", &name]).status();
        }
    }
}

fn write_program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn wait_until(is_true: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_true() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it did not come in 50 s");
}

fn can_run() -> bool {
    let tools = ["ip", "sshd", "ssh", "ssh-keygen", "unshare"];
    let is_root = || {
        let id = Command::new("id").arg("-u").output().unwrap();
        id.stdout == b"0\n" || fixture::skip("it takes root to make namespaces")
    };
    tools.into_iter().all(fixture::has) && is_root()
}

#[test]
#[ignore = "takes half a minute, root, sshd and network namespaces (docs/grading.md)"]
fn each_submission_is_judged_once_though_a_host_dies_and_else_is_marked() {
    if !can_run() {
        return;
    }
    let mut network = Network::new();
    let right = fixture::program("threaded-server");
    assert!(fixture::program("single-server").exists());
    // On host-b it begins and never listens, so that no report comes from there.
    let began = network.path("began");
    let server = format!(
        "#!/bin/sh\n[ $(uname -n) = host-a ] && exec {} \"$@\"\n: > {}\nexec sleep 100\n",
        right.display(),
        began.display()
    );
    for name in NAMES {
        write_program(&network.path("class").join(name).join("server"), &server);
    }
    let mut class = network.grade_class(&["--on", "host-a,host-b", "--report"]);
    let class = class
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until(|| began.exists());
    network.kill_b();
    let output = class.wait_with_output().unwrap();
    let text = text_of(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("host-b sent no reports"), "{text}");
    assert!(text.contains("6 of 6 got full marks"), "{text}");
    for name in NAMES {
        let report = network.report(name);
        let about = &report["submission"];
        assert_eq!(about["verdict"], "graded", "{about}");
        assert_eq!(about["host"], "host-a", "{about}");
        let class = network.path("class");
        let server = report["server"].as_str().unwrap();
        assert!(server.contains(class.to_str().unwrap()), "{server}");
    }
    // Without a host that lives, each is marked.
    let output = network.grade_class(&["--on=host-b"]).output().unwrap();
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("6 submissions, 6 to regrade"), "{text}");
}

/// A program `ssh` that runs the command here, except on a host called `dead`.
const HERE: &str = r#"#!/bin/sh
while [ "$1" != -- ]; do shift; done
[ "$2" != dead ] || { echo "ssh: dead: no route" >&2; exit 255; }
exec sh -c "$3"
"#;

#[test]
fn the_options_and_the_weights_go_along_and_reports_name_the_folder_here() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_program(&path("bin/ssh"), HERE);
    let text = "#!/bin/sh\nexec PROGRAM \"$@\"\n";
    let right = fixture::program("single-server");
    let right = text.replace("PROGRAM", right.to_str().unwrap());
    write_program(&path("class/anna/server"), &right);
    fs::create_dir(path("class/ben")).unwrap();
    assert!(fixture::program("threaded-server").exists());
    fs::write(path("w.json"), r#"{"at-once": 7}"#).unwrap();
    let search = std::env::var("PATH").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .args([path("class"), path("reports")])
        .args(["--only=at-once", "--on=dead,alive", "--kit"])
        .arg(fixture::workspace())
        .arg("--weights")
        .arg(path("w.json"))
        .env("PATH", format!("{}:{search}", path("bin").display()))
        .env("GRADER", env!("CARGO_BIN_EXE_grader"))
        .env("CARGO_TARGET_DIR", path("target"))
        .output()
        .unwrap();
    let text = text_of(&output);
    assert!(output.status.success(), "{text}");
    let gradebook = fs::read_to_string(path("reports/gradebook.csv")).unwrap();
    assert!(
        gradebook.contains("\"anna\",graded,0,7,\"at-once\""),
        "{gradebook}"
    );
    assert!(gradebook.contains("\"ben\",no-submission"), "{gradebook}");
    let report = fs::read_to_string(path("reports/anna.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let repeat = report["checks"][0]["failure"]["repeat"].as_str().unwrap();
    let weights = format!("--weights {}", path("w.json").display());
    let folder = format!("scripts/grade.sh {}", path("class/anna").display());
    assert!(
        repeat.starts_with(&folder) && repeat.contains(&weights),
        "{repeat}"
    );
}

#[test]
fn a_host_that_is_an_option_of_ssh_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .args([".", "reports", "--on=host1,-oProxyCommand=id"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text_of(&output));
}

fn text_of(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

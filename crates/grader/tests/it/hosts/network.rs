//! Network namespaces with an sshd of their own, which stand for machines.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

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

/// The three machines, which end with this value.
pub(super) struct Network {
    folder: TempDir,
    name: String,
    hosts: Vec<Child>,
}

impl Network {
    pub(super) fn new() -> Self {
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

    pub(super) fn path(&self, name: &str) -> PathBuf {
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
    pub(super) fn kill_b(&mut self) {
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
    pub(super) fn grade_class(&self, options: &[&str]) -> Command {
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

    pub(super) fn report(&self, name: &str) -> Value {
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

pub(super) fn write_program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

pub(super) fn wait_until(is_true: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_true() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it did not come in 50 s");
}

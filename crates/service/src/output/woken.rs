//! A thread waits until its line is out. Another thread may write it, and then wakes it.

use super::{Output, Sink, lock};
use std::{sync::mpsc, thread, time::Duration};

#[test]
fn whose_line_another_writes_waits_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::open(&folder.path().join("log")).unwrap();
    let output = Output {
        name: "the log",
        sink,
        patience: Duration::from_secs(3_600),
        print_lock: Default::default(),
        moved: Default::default(),
        warnings: None,
        warned: Default::default(),
        warned_of_lateness: Default::default(),
    };
    let (is_out, out) = mpsc::channel();
    let (waits, waiting) = mpsc::channel();
    thread::scope(|scope| {
        let waiter = || {
            let mut queue = lock(&output.print_lock);
            queue.enter(b"mine\n").unwrap();
            let end = queue.entered;
            waits.send(()).unwrap();
            drop(output.wait_unless_behind(queue, |queue| queue.left < end));
            is_out.send(()).unwrap();
        };
        thread::Builder::new().spawn_scoped(scope, waiter).unwrap();
        waiting.recv().unwrap();
        let mut queue = lock(&output.print_lock); // the other one waits now
        output.advance(&mut queue).unwrap();
        drop(queue);
        let woken = out.recv_timeout(Duration::from_secs(60));
        output.moved.notify_all(); // so that a failure ends, too
        woken.expect("it is woken");
    });
}
